"""How a tokenizer writes the words of a lexicon, within a line and at its start."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from ...canvas import Vocabulary
from .table import word_table

COVER = 0.8       # share of the words that must be writable …
WIDEST = 3, 12    # … with words of so many tokens; at least, at most
NONE = -1


@dataclass(frozen=True, eq=False)
class Spellings:
    """Tokens of every word in one place (within a line, or at its start), columns renumbered over the tokens in use."""

    tokens: np.ndarray  # (words, widest) int32 into `Spelling.columns`, NONE after the word's end
    widths: np.ndarray  # (words,) int: tokens, 0 where the word cannot be written

    @cached_property
    def by_width(self) -> tuple[tuple[np.ndarray, np.ndarray], ...]:
        """For each width from 1 on: the words (n,) and their tokens (n, width)."""
        found = []
        for width in range(1, int(self.widths.max(initial=0)) + 1):
            words = np.flatnonzero(self.widths == width)
            found.append((words, np.ascontiguousarray(self.tokens[words, :width])))
        return tuple(found)


@dataclass(frozen=True, eq=False)
class Spelling:
    """All that words of one lexicon are written with."""

    columns: np.ndarray  # (tokens in use,) int64: their ids
    places: np.ndarray   # (vocab,) int32: where an id stands in `columns`, NONE elsewhere
    inner: Spellings
    start: Spellings


def separator(vocabulary: Vocabulary) -> list[int]:
    """What parts two lines on the canvas: a line break, or a slash for tokenizers that know none."""
    for text in ("\n", "/"):
        tokens = vocabulary.encode(text, continues=True)
        if tokens and not vocabulary.forbidden[tokens].any() and vocabulary.write(tokens).decode("utf-8", "replace").strip(" ") == text:
            return tokens
    return []


@lru_cache(maxsize=16)
def spell(vocabulary: Vocabulary, words: tuple[str, ...]) -> Spelling:
    """The tokens of `words` for a vocabulary. An uncased one writes small letters only."""
    known = _common_tokens(vocabulary)
    missing = tuple(word for word in words if word not in known)
    known = known | _tokens(vocabulary, missing) if missing else known
    inner, start = ([known[word][place] for word in words] for place in (0, 1))
    widest = _widest([tokens for tokens, _ in _common_tokens(vocabulary).values()])
    used = np.unique(np.array([0] + [token for tokens in (*inner, *start) if len(tokens) <= widest for token in tokens], np.int64))
    places = np.full(vocabulary.size, NONE, np.int32)
    places[used] = np.arange(len(used))
    return Spelling(used, places, *(_columns(tokens, places, widest) for tokens in (inner, start)))


@lru_cache(maxsize=8)
def _common_tokens(vocabulary: Vocabulary) -> dict[str, tuple[list[int], list[int]]]:
    return _tokens(vocabulary, word_table().spellings)


def _tokens(vocabulary: Vocabulary, words: tuple[str, ...]) -> dict[str, tuple[list[int], list[int]]]:
    """Of each word, its tokens within a line and at its start; none where it cannot be written."""
    parted = separator(vocabulary)
    head = "\n" if parted and vocabulary.write(parted).endswith(b"\n") else "a /" if vocabulary.is_spaced else "a"
    gap = " " if head != "\n" else ""
    inner = _encode_all(vocabulary, "a", tuple(" " + word for word in words))
    start = _encode_all(vocabulary, head, tuple(gap + word[:1].upper() + word[1:] for word in words))
    # what cannot be written with a capital is capitalised in the text
    return {word: (within, first or within) for word, within, first in zip(words, inner, start)}


def _encode_all(vocabulary: Vocabulary, head: str, parts: tuple[str, ...]) -> list[list[int]]:
    """Tokens of each part after `head`; none where it merges with what stands before it or cannot be written."""
    before = vocabulary.backend.encode(head, add_special_tokens=False).ids
    found = []
    for part, whole in zip(parts, vocabulary.backend.encode_batch([head + part for part in parts], add_special_tokens=False)):
        tokens = whole.ids[len(before):] if whole.ids[:len(before)] == before else []
        wanted = part.strip(" ").lower() if vocabulary.is_uncased else part.strip(" ")
        is_right = tokens and not vocabulary.forbidden[tokens].any() and _written(vocabulary, tokens) == wanted
        found.append(tokens if is_right else [])
    return found


def _written(vocabulary: Vocabulary, tokens: list[int]) -> str:
    """The text of a word's tokens without the space before it; a word of a WordPiece tokenizer that falls apart is no word."""
    mode = int(vocabulary.is_spaced)
    return vocabulary.write(tokens, mode).decode("utf-8", "replace").strip(" ")


def _widest(spelled: list[list[int]]) -> int:
    """The number of tokens that covers most words."""
    counts = np.array([len(tokens) for tokens in spelled if tokens] or [1])
    return int(np.clip(np.quantile(counts, COVER, method="higher"), *WIDEST))


def _columns(spelled: list[list[int]], places: np.ndarray, widest: int) -> Spellings:
    table = np.full((len(spelled), widest), NONE, np.int32)
    widths = np.array([len(tokens) if len(tokens) <= widest else 0 for tokens in spelled], np.int32)
    for row, (tokens, width) in enumerate(zip(spelled, widths)):
        table[row, :width] = places[tokens[:width]]
    return Spellings(table, widths)
