"""Where a marked span meets the text beside it: what is kept, what is re-opened, and which characters may stand at the border.

- White space at the rim of a marked text is kept as it is: marking `sat ` for `sat` loses no space, marking a whole line keeps its indentation.
- Tokens own the space before a word, so a space left of the mark is re-opened: the fill must write it again, and it is taken off afterwards.
- A cut word is re-opened as a whole; its kept half is a prefix or suffix that the tokens must write.
- A word that begins right after an insertion gets a space of ours before it, so the fill cannot run into it.
All this is one automaton over bytes, which admits only valid UTF-8 besides.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np

from ..text import Span
from .automaton import ByteAutomaton, determinise
from .characters import CLOSER, OPENER, OTHER, SPACE, STOP, WORD, is_space, is_word, kind

NEAR = 500  # characters on each side that show whether names like lineBreak are at home in the text
LONGEST_HALF = 24  # characters of a cut word that are re-opened; a longer run stays as it is

ANY = frozenset({SPACE, WORD, OPENER, CLOSER, STOP, OTHER})
INK = ANY - {SPACE}


@dataclass(frozen=True)
class Border:
    """How one mark is opened. `core` is what is rewritten; the rest of the marked text, `lead` and `trail`, is kept."""

    span: Span
    core: Span
    lead: str          # white space kept at the rims of the marked text
    trail: str
    prefix: str        # kept text before the core that the tokens write again
    suffix: str
    space_after: bool  # a space of ours between the fill and the word after it
    first: frozenset   # kinds of characters the fill may begin with
    last: frozenset    # … and end with
    may_break: bool    # the fill may hold line breaks
    may_camel: bool    # … and capitals right after small letters, as names in code do

    def opens_word(self, text: str) -> bool:
        """True where the core stands at the start of the text or after white space, of which no space belongs to it."""
        return self.core.start == 0 or is_space(text[self.core.start - 1])

    @property
    def fixed_until(self) -> int:
        """The fixed text before the open tokens ends here."""
        return self.core.start - len(self.prefix)

    @property
    def fixed_from(self) -> int:
        """The fixed text after the open tokens begins here, with a space before it where `space_after`."""
        return self.core.end + len(self.suffix)


def find_border(text: str, span: Span, low: int = 0, high: int | None = None) -> Border:
    """The border of `span`; nothing left of `low` or right of `high` may be re-opened, for it belongs to other marks."""
    high = len(text) if high is None else high
    marked = text[span.start:span.end]
    blank = not marked.strip()
    lead = "" if blank else marked[:len(marked) - len(marked.lstrip())]
    trail = "" if blank else marked[len(marked.rstrip()):]
    core = Span(span.start + len(lead), span.end - len(trail))
    before, after, old = text[core.start - 1:core.start] if core.start else "", text[core.end:core.end + 1], text[core.start:core.end]
    cut_left = is_word(before) and (is_word(old[:1]) or not old and is_word(after))
    cut_right = is_word(after) and (is_word(old[-1:]) or not old and is_word(before))
    prefix = _left_half(text, core.start, max(low, core.start - LONGEST_HALF - 1), cut_left)
    suffix = _right_half(text, core.end, min(high, core.end + LONGEST_HALF + 1)) if cut_right else ""
    apart = before == "" or is_space(before) or bool(old)  # an insertion with space before it wants space after it
    space_after = blank and not cut_right and (is_word(after) or apart and after != "" and kind(after) in (OPENER, OTHER))
    may_break = "\n" in marked or blank and (after == "" or before in ("", "\n") and after == "\n")
    first = _first(text, core, cut_left, blank)
    last = frozenset({WORD}) if cut_right else ANY - {WORD} if is_word(after) and not space_after else _last(after, old)
    may_camel = re.search("[a-z][A-Z]", text[max(0, span.start - NEAR):span.end + NEAR]) is not None
    return Border(span, core, lead, trail, prefix, suffix, space_after, first, last, may_break, may_camel)


def _left_half(text, end, low, is_cut):
    """The half of a cut word before `end` and the space that its token owns, or just that space."""
    start = end
    if is_cut:
        start = low + len(text[low:end]) - len(re.search(r"\w*\Z", text[low:end])[0])
        if start == end or start == low and low > 0 and is_word(text[low - 1]):
            return ""
    if start > low and text[start - 1] == " ":
        start -= 1
    return text[start:end]


def _right_half(text, start, high):
    half = re.match(r"\w*", text[start:high])[0]
    return "" if start + len(half) == high and high < len(text) and is_word(text[high]) else half


def _first(text, core, is_cut, is_blank):
    """Kinds the fill may begin with, so that its spacing to what stands before it is right."""
    before, after = text[core.start - 1:core.start] if core.start else "", text[core.end:core.end + 1]
    if before == "" or is_space(before):
        return _with_old(INK - {CLOSER, STOP}, text[core.start:core.start + 1])
    if is_cut:
        return frozenset({WORD})
    if is_word(before):
        return ANY - {WORD}
    if not is_blank:  # no space stood there
        return _with_old(INK - {STOP} if kind(before) == STOP else INK, text[core.start:core.start + 1])
    opens = kind(before) == OPENER or before in "\"'" and (core.start == 1 or is_space(text[core.start - 2]) or kind(text[core.start - 2]) == OPENER)
    if opens:
        return INK
    return frozenset({SPACE, CLOSER}) if len(core) or after == "" or is_space(after) else ANY


def _last(after, old):
    """Kinds the fill may end with: no opening mark before a space, no two marks of a sentence side by side."""
    if after == "" or is_space(after) or is_word(after):
        return _with_old(INK - {OPENER}, old[-1:])
    return _with_old(INK - {STOP}, old[-1:]) if kind(after) == STOP else INK


def _with_old(kinds, char):
    """What stood there may stand there again."""
    return kinds | {kind(char)} if char and not is_space(char) else kinds


# --- the automaton ------------------------------------------------------------------------------------------------------------------------

_CONTINUATION = range(0x80, 0xC0)
_TRACKED = {b"\xc2", b"\xe1", b"\xe1\x9a", b"\xe2", b"\xe2\x80", b"\xe2\x81", b"\xe3", b"\xe3\x80"}  # leads of the spaces and quotes beyond ASCII


def _next_byte(partial: bytes, byte: int) -> bytes | int | None:
    """A longer partial character, or the kind of the finished one, or None where UTF-8 forbids the byte."""
    if not partial:
        if byte < 0x80:
            return None if byte < 0x20 and byte not in (0x09, 0x0A) or byte == 0x7F else kind(chr(byte))
        if not 0xC2 <= byte <= 0xF4:
            return None
        return bytes([byte]) if bytes([byte]) in _TRACKED else _untracked(byte)
    lead = partial[0]
    if byte not in _CONTINUATION or len(partial) == 1 and (
            lead == 0xE0 and byte < 0xA0 or lead == 0xED and byte > 0x9F or lead == 0xF0 and byte < 0x90 or lead == 0xF4 and byte > 0x8F):
        return None
    if partial == b"\xc2" and byte < 0xA0 or partial == b"\xe2\x80" and byte in (0xA8, 0xA9):
        return None  # control characters, line and paragraph separators
    grown = partial + bytes([byte])
    if len(grown) == (2 if lead < 0xE0 else 3 if lead < 0xF0 else 4):
        return kind(grown.decode()) if partial in _TRACKED else WORD if lead < 0xF0 else OTHER
    return grown if grown in _TRACKED else bytes([_plain_lead(lead), *b"\x80" * (len(grown) - 1)])


def _plain_lead(lead):
    """One lead for all whose remaining bytes are free."""
    return 0xC3 if lead < 0xE0 else 0xE4 if lead < 0xF0 else 0xF1


def _untracked(lead):
    return bytes([lead]) if lead in (0xE0, 0xED, 0xF0, 0xF4) else bytes([_plain_lead(lead)])


@lru_cache(maxsize=256)
def border_bytes(prefix: bytes, suffix: bytes, first: frozenset, last: frozenset, may_break: bool, may_camel: bool) -> ByteAutomaton:
    """Accepts prefix + fill + suffix, where the fill is one or more characters of valid UTF-8, the first of a kind in `first`, the last in `last`.

    States: ("prefix", i) and ("suffix", j) count matched bytes; ("fill", partial character, is the first?, may end here?, after a small letter?).
    The last is kept for ASCII, where `may_camel` is false: two words written together are the commonest slip of a small model.
    """
    def at(name, place):
        """A state and those it reaches without a byte."""
        if name == "prefix" and place == len(prefix):
            return [("fill", b"", True, False, _is_small(prefix[-1:]) and not may_camel)]
        return [(name, place)]

    def step(state, byte):
        if state[0] in ("prefix", "suffix"):
            text = prefix if state[0] == "prefix" else suffix
            return at(state[0], state[1] + 1) if state[1] < len(text) and text[state[1]] == byte else []
        reached = []
        _, partial, is_first, may_end, is_small = state
        if may_end and suffix and byte == suffix[0]:
            reached += at("suffix", 1)
        forbidden = byte == 0x0A and not may_break or is_small and 0x41 <= byte <= 0x5A
        grown = None if forbidden else _next_byte(partial, byte)
        if isinstance(grown, bytes):
            reached.append(("fill", grown, is_first, False, False))
        elif grown is not None and (not is_first or grown in first):
            reached.append(("fill", b"", False, grown in last, _is_small(bytes([byte])) and not may_camel))
        return reached

    def is_final(state):
        return state == ("suffix", len(suffix)) if suffix else state[0] == "fill" and state[3]

    return determinise(at("prefix", 0), step, is_final, _byte_groups(prefix + suffix))


def _is_small(byte: bytes) -> bool:
    return b"a" <= byte <= b"z"


def _byte_groups(literal: bytes) -> np.ndarray:
    """Bytes that every state of the automaton treats alike share a group; (256,) int."""
    keys = {}
    return np.array([keys.setdefault((byte if byte in literal or byte == 0x0A else -1, _case(byte), _behaviour(byte)), len(keys)) for byte in range(256)])


def _case(byte: int) -> int:
    return 1 if 0x41 <= byte <= 0x5A else 2 if 0x61 <= byte <= 0x7A else 0


@cache
def _behaviour(byte: int) -> tuple:
    """What a byte does after every unfinished character."""
    unfinished = (b"", *sorted(_TRACKED), b"\xe0", b"\xed", b"\xf0", b"\xf4", b"\xc3", b"\xe4", b"\xf1", b"\xe4\x80", b"\xf1\x80", b"\xf1\x80\x80")
    return tuple(_next_byte(partial, byte) for partial in unfinished)
