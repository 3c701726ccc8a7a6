"""What the canvas needs to know of a tokenizer: text → ids, the bytes that each token writes, and which tokens may be proposed.

A byte-level or SentencePiece token writes the same bytes wherever it stands. A WordPiece token writes a space before itself unless what
came before forbids it: so a token's bytes depend on a small mode (GLUED or SPACED), and a token leaves a mode behind it. Byte-level
vocabularies have one mode only. Decoding and compiling constraints use the same tables, so they cannot disagree.
"""

import copy
import json
import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..errors import UnknownModelError
from .characters import JOINERS, OPENER, kind, well_formed

GLUED, SPACED = 0, 1  # modes of a WordPiece text: no space wanted before the next token, or one

_RESERVED = re.compile(r"\[unused\d+\]|<unused\d+>|<reserved_\d+>|madeupword\d+|<\|.*\|>|\|\|\|.*\|\|\|")
_NO_SPACE_BEFORE = set(".,;:!?)]}%…’”»/–—") | JOINERS
_NO_SPACE_AFTER = set("/–—") | JOINERS


def _byte_alphabet() -> dict[str, int]:
    """The printable stand-ins that byte-level BPE writes for the 256 bytes (GPT-2)."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    rest = [b for b in range(256) if b not in printable]
    return {chr(b): b for b in printable} | {chr(256 + i): b for i, b in enumerate(rest)}


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Tables over a tokenizer. `written[mode][token]` are bytes, `modes[mode][token]` the mode after it; forbidden tokens write nothing."""

    written: tuple[tuple[bytes, ...], ...]
    modes: np.ndarray        # (modes, vocab) int8
    forbidden: np.ndarray    # (vocab,) bool: special, reserved, or of no bytes; the null token is among them
    mask_id: int
    null_id: int | None
    prefix_ids: tuple[int, ...]  # what stands before and after every canvas, e.g. [CLS] and [SEP]
    suffix_ids: tuple[int, ...]
    is_uncased: bool
    backend: object          # tokenizers.Tokenizer, which reads special tokens in a text as plain text
    frames_document: bool = False  # prefix and suffix stand only where the window reaches the document's start and end
    context_ids: tuple[int, ...] = ()  # what stands before the text on every canvas, after the prefix: an example of style

    @property
    def size(self) -> int:
        return len(self.forbidden)

    @property
    def is_spaced(self) -> bool:
        """True where the space before a word is written by the joining of tokens, not by a token (WordPiece)."""
        return len(self.written) > 1

    @cached_property
    def byte_tables(self) -> tuple[tuple[np.ndarray, np.ndarray, np.ndarray], ...]:
        """Per mode: tokens by falling length (vocab,), their bytes (vocab, longest) uint8, and how many are longer than j (longest,)."""
        return tuple(_byte_table(mode) for mode in self.written)

    def behind(self, context_ids: tuple[int, ...]) -> "Vocabulary":
        """The same with other `context_ids`; what was computed of it is kept."""
        other = copy.copy(self)
        object.__setattr__(other, "context_ids", context_ids)
        return other

    def encode(self, text: str, continues: bool = False) -> list[int]:
        """Token ids of a stretch of text, without special tokens; `<mask>` in the text is text. `continues`: other text stands before it."""
        text = well_formed(text)
        if continues and self.starts_with_space and text and not text[0].isspace():
            whole = self.backend.encode("a" + text, add_special_tokens=False)
            kept = [token for token, (start, _) in zip(whole.ids, whole.offsets) if start >= 1]
            if self.write(kept).decode("utf-8", "replace") == text:  # the stand-in did not merge with the text
                return kept
        ids = self.backend.encode(text, add_special_tokens=False).ids
        return [token for token in ids if token not in self._framing]  # a Unigram model may know `<mask>` as a piece

    @cached_property
    def _framing(self) -> frozenset[int]:
        special = {self.mask_id, self.null_id, *self.prefix_ids, *self.suffix_ids} - {None}
        return frozenset(token for token in special if self.forbidden[token])  # a chat frame holds ordinary words too

    @cached_property
    def starts_with_space(self) -> bool:
        """True where the tokenizer puts a space before every text (SentencePiece)."""
        return not self.is_spaced and self.write(self.backend.encode("a", add_special_tokens=False).ids).startswith(b" ")

    def normalise(self, text: str) -> str:
        """Kept text as its tokens can write it: an uncased vocabulary has no capitals."""
        normalizer = self.backend.normalizer
        return normalizer.normalize_str(text) if self.is_spaced and normalizer is not None and text else text

    def write(self, tokens, mode: int = GLUED) -> bytes:
        """The bytes that a run of tokens writes from `mode` on; null and forbidden tokens write nothing."""
        parts = []
        for token in tokens:
            if not self.forbidden[token]:
                parts.append(self.written[mode][token])
                mode = int(self.modes[mode][token])
        return b"".join(parts)


def _byte_table(written):
    lengths = np.array([len(b) for b in written], dtype=np.int64)
    order = np.argsort(-lengths, kind="stable")
    longest = int(lengths.max(initial=1))
    table = np.zeros((len(written), longest), np.uint8)
    for row, token in enumerate(order):
        table[row, :lengths[token]] = np.frombuffer(written[token], np.uint8)
    longer = np.array([(lengths > j).sum() for j in range(longest)], dtype=np.int64)
    return order, table, longer


def read_vocabulary(tokenizer, config, size: int) -> Vocabulary:
    """The tables of a transformers tokenizer with a fast backend; `size` is the model's vocabulary, tokens beyond the tokenizer's are forbidden.

    Raises UnknownModelError where the tokenizer is of a kind whose tokens do not spell text.
    """
    backend = copy.deepcopy(getattr(tokenizer, "backend_tokenizer", None))
    if backend is None:
        raise UnknownModelError(f"The tokenizer must have a fast form (tokenizer.json); got {type(tokenizer).__name__}. Convert it with transformers first.")
    backend.encode_special_tokens = True
    backend.no_truncation()
    backend.no_padding()
    state = json.loads(backend.to_str())
    added = {entry["id"]: entry for entry in state.get("added_tokens", [])}
    tokens = [backend.id_to_token(i) for i in range(size)]
    null_id = getattr(config, "null_token_id", None)
    special = {i for i, entry in added.items() if entry["special"]} | set(getattr(tokenizer, "all_special_ids", [])) | {null_id}
    forbidden = np.array([i in special or token is None or bool(_RESERVED.fullmatch(token)) for i, token in enumerate(tokens)])
    spell = _speller(state)
    plain = [b"" if forbidden[i] else (added[i]["content"].encode() if i in added else spell(token)) for i, token in enumerate(tokens)]
    forbidden |= np.array([not b for b in plain])
    mask_id = tokenizer.mask_token_id
    mask_id = getattr(config, "mask_token_id", None) if mask_id is None else mask_id
    if mask_id is None or mask_id >= size:
        raise UnknownModelError(f"A masked language model needs a mask token among its {size} tokens; this tokenizer names {mask_id}. Choose another model.")
    written, modes = _wordpiece_tables(tokens, plain, state) if state["model"]["type"] == "WordPiece" else ((tuple(plain),), np.zeros((1, size), np.int8))
    prefix, suffix = _frame(tokenizer)
    return Vocabulary(written, modes, forbidden, mask_id, null_id, prefix, suffix, _is_uncased(state), backend,
                      frames_document=getattr(config, "frame", None) == "document")


def _frame(tokenizer):
    """What the tokenizer puts around a single text."""
    ids = tokenizer("a", add_special_tokens=True)["input_ids"]
    inner = tokenizer("a", add_special_tokens=False)["input_ids"]
    at = next((i for i in range(len(ids)) if ids[i:i + len(inner)] == inner), 0)
    return tuple(ids[:at]), tuple(ids[at + len(inner):])


def _is_uncased(state) -> bool:
    return '"lowercase": true' in json.dumps(state.get("normalizer") or {}) or '"type": "Lowercase"' in json.dumps(state.get("normalizer") or {})


def _speller(state):
    """Token → bytes, by how the tokenizer spells: byte-level, SentencePiece with byte fallback, or WordPiece."""
    parts = json.dumps([state.get("decoder"), state.get("pre_tokenizer")])
    if '"ByteLevel"' in parts:
        alphabet = _byte_alphabet()
        return lambda token: bytes(alphabet[c] for c in token) if all(c in alphabet for c in token) else token.encode()
    if state["model"]["type"] == "WordPiece":
        marker = state["model"].get("continuing_subword_prefix", "##")
        return lambda token: token.removeprefix(marker).encode()
    if "Metaspace" in parts or "▁" in parts:
        def spell(token):
            byte = re.fullmatch(r"<0x([0-9A-F]{2})>", token)
            return bytes([int(byte[1], 16)]) if byte else token.replace("▁", " ").encode()
        return spell
    raise UnknownModelError(f"Supported tokenizers are byte-level BPE, WordPiece and SentencePiece; got {state['model']['type']}. Choose another model.")


def _wordpiece_tables(tokens, plain, state):
    """Words get a space before them; `##` pieces and closing marks none; nothing follows an opening mark with a space."""
    marker = state["model"].get("continuing_subword_prefix", "##")
    spaced, after = [], np.full((2, len(tokens)), SPACED, np.int8)
    for i, (token, text) in enumerate(zip(tokens, plain)):
        joined = not text or token.startswith(marker) and len(token) > len(marker) or token in _NO_SPACE_BEFORE
        spaced.append(text if joined else b" " + text)
        if token and len(token) == 1 and (token in _NO_SPACE_AFTER or kind(token) == OPENER or token == '"'):
            after[:, i] = GLUED
    return (tuple(plain), tuple(spaced)), after
