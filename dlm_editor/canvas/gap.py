"""One marked span on a canvas: its border and the automaton that its tokens must follow."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from ..errors import UnsatisfiableError
from ..text import Auto, Length, Tokens, Words
from .automaton import DEAD, Automaton, compile_bytes
from .border import Border, border_bytes
from .characters import SPACE, is_space
from .segments import Segments
from .vocabulary import GLUED, SPACED, Vocabulary
from .words import word_automaton

LONGEST_COUNTED = 8192  # characters of a marked text whose tokens are counted; those of a longer one are guessed


@dataclass(frozen=True, eq=False)
class Gap:
    """A mark of the document, opened."""

    mark: int           # its number in Document.marks
    border: Border
    length: Length
    automaton: Automaton | Segments
    mode: int           # of the vocabulary, before the first open token
    prefix: bytes       # what the tokens write again before and after the fill
    suffix: bytes
    capital: bool       # the vocabulary has no capitals, and the fill stands where one is due
    old_tokens: int     # of the marked text with its kept halves, 0 for an insertion
    shortest: int       # the least number of tokens that fits
    newline: str        # how lines end around it
    null_id: int | None = None  # the token of positions that stay empty, where the length is left to the model

    def inner(self, written: bytes) -> str:
        """The fill in what the open tokens wrote. Unfinished text may lack a part of its rims."""
        text = written.removeprefix(self.prefix)
        text = (text.removesuffix(self.suffix) if self.suffix else text).decode("utf-8", "replace")
        return (text[:1].upper() + text[1:] if self.capital else text).replace("\n", self.newline)

    def result(self, written: bytes) -> str:
        """What takes the place of the marked text."""
        border = self.border
        return border.lead + self.inner(written) + (" " if border.space_after else "") + border.trail

    def admits(self, tokens: Sequence[int | None]) -> bool:
        """True where the open positions, None, can be filled so that the automaton accepts."""
        return self.automaton.admits(tokens)


def open_gap(mark: int, border: Border, length: Length, text: str, vocabulary: Vocabulary) -> Gap:
    """The gap of a mark. Where the tokens cannot write a kept half (a rare character), the half stays fixed instead of being re-opened.

    Raises UnsatisfiableError where no tokens meet the border and the length.
    """
    for candidate in dict.fromkeys([border, replace(border, prefix="", suffix="")]):
        gap = _gap(mark, candidate, length, text, vocabulary)
        lengths = gap.automaton.lengths(_limit(length))
        if lengths.any():
            return replace(gap, shortest=int(lengths.argmax()))
    raise UnsatisfiableError(f"A fill must meet its border and its length; no {length} of this model's tokens fit at {border.span.start}:{border.span.end}. "
                             "Choose another length, or mark the whole word.")


def _limit(length):
    return length.count + 64 if isinstance(length, Tokens) else 4 * length.count + 64 if isinstance(length, Words) else 64


def _gap(mark, border, length, text, vocabulary):
    prefix, suffix = border.prefix, border.suffix
    if vocabulary.is_spaced:
        prefix = prefix.lstrip(" ")
    elif vocabulary.starts_with_space and not prefix and border.opens_word(text):
        prefix = " "
    prefix, suffix = (vocabulary.normalise(part).encode("utf-8", "replace") for part in (prefix, suffix))
    glued = prefix or border.prefix or SPACE not in border.first
    mode = GLUED if glued or not vocabulary.is_spaced else SPACED
    null_id = None if isinstance(length, Tokens) else vocabulary.null_id
    automaton = _border_automaton(vocabulary, prefix, suffix, border.first, border.last, border.may_break, border.may_camel, mode, null_id is not None)
    if isinstance(length, Words):
        automaton = automaton.intersect(word_automaton(vocabulary, length.count, mode))
    return Gap(mark, border, length, automaton, mode, prefix, suffix, vocabulary.is_uncased and _wants_capital(text, border), _old_tokens(text, border, vocabulary), 0,
               _newline(text, border), null_id)


def _newline(text, border):
    """CRLF where the nearest line ends so."""
    at = text.find("\n", border.span.start)
    at = text.rfind("\n", 0, border.span.start) if at == -1 else at
    return "\r\n" if text[max(0, at - 1):at + 1] == "\r\n" else "\n"


def _old_tokens(text, border, vocabulary):
    if not len(border.core):
        return 0
    old = text[border.fixed_until:border.fixed_from]
    return len(vocabulary.encode(old, continues=True)) if len(old) <= LONGEST_COUNTED else len(old) // 4


def _wants_capital(text, border):
    old = text[border.core.start:border.core.end]
    before = text[max(0, border.core.start - 200):border.core.start].rstrip(" \t\"'“‘(")
    starts = before == "" or before[-1] in ".!?\n" or is_space(before[-1])
    return old[:1].isupper() if old else starts and border.prefix.strip() == ""


@lru_cache(maxsize=64)
def _border_automaton(vocabulary, prefix, suffix, first, last, may_break, may_camel, mode, has_null):
    automaton = compile_bytes(border_bytes(prefix, suffix, first, last, may_break, may_camel), vocabulary, mode)
    if vocabulary.null_id is None:
        return automaton
    return automaton.intersect(_nulls_last(vocabulary)) if has_null else automaton.without(vocabulary.null_id)


@lru_cache(maxsize=8)
def _nulls_last(vocabulary):
    """Once a position stays empty, all after it do: the form in which lengths are learnt, and the only one of each text."""
    classes = np.ones(vocabulary.size, np.int32)
    classes[vocabulary.null_id] = 2
    return Automaton(classes, np.array([[DEAD, 0, 1], [DEAD, DEAD, 1]], np.int32), np.array([True, True]))


def is_open_length(length: Length) -> bool:
    """True where the number of tokens has to be found."""
    return isinstance(length, Auto | Words)
