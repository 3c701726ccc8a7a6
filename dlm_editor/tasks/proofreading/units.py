"""A part of a text as words, marks and what is left alone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ...text import Span

WORD, MARK, OTHER = "word", "mark", "other"
LONGEST = 40  # letters of a word

_LETTERS = r"[^\W\d_]"
_UNIT = re.compile(
    rf"(?P<word>{_LETTERS}+(?:['’]{_LETTERS}+)*(?: n['’]t\b| ['’](?:s|m|re|ve|ll|d)\b)?)(?![\w-]*[\d_@-]\w)|(?P<mark>[.,;:!?]+|[()\[\]\"“”‘’'—–…-])|(?P<other>\w[\w-]*|\S)")
_SPLIT_CONTRACTION = re.compile(r" (?=n['’]t$|['’](?:s|m|re|ve|ll|d)$)")
_STOPS = frozenset(".!?…")
_ABBREVIATION = re.compile(r"(?:\b\w\.|\b(?:Mr|Mrs|Ms|Dr|St|etc|vs|cf|No|approx|Prof|Jr|Sr)\.)$")


@dataclass(frozen=True)
class Unit:
    """A word, a mark, or something that is left alone."""

    span: Span         # in the line
    text: str
    kind: str          # WORD, MARK or OTHER; what is protected is OTHER
    has_space: bool    # white space stands before it
    starts: bool       # it begins a sentence

    @property
    def plain(self) -> str:
        """As usual print has it: apostrophes straight, contractions in one piece."""
        return _SPLIT_CONTRACTION.sub("", self.text).replace("’", "'")

    def as_other(self) -> "Unit":
        """The same, left alone."""
        return replace(self, kind=OTHER)


def split_units(text: str, protected: Sequence[Span], begins: bool = True) -> tuple[Unit, ...]:
    """The units of a line. A unit that touches a protected span, or has more than LONGEST letters, is OTHER. `begins`: with a sentence."""
    found, starts, alone = [], begins, bytearray(len(text))
    for other in protected:
        alone[other.start:other.end] = b"\1" * len(other)
    for match in _UNIT.finditer(text):
        span = Span(*match.span())
        kind = OTHER if len(span) > LONGEST or any(alone[span.start:span.end]) else match.lastgroup
        found.append(Unit(span, match[0], kind, not match.start() or text[match.start() - 1].isspace(), starts and kind != MARK))
        if kind == MARK:
            starts = starts or match[0][-1] in _STOPS and not _ABBREVIATION.search(text, 0, match.end())
        else:
            starts = False
    return tuple(found)


def is_set_apart(units: Sequence[Unit]) -> bool:
    """True where marks have spaces before them, as in tokenised corpora: what is put in is set so too."""
    marks = [unit for unit in units if unit.kind == MARK and unit.text[0] in ".,;:!?"]
    return bool(marks) and sum(unit.has_space for unit in marks) > len(marks) / 2
