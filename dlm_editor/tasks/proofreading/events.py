"""What a proofreading tells as it goes on, and what it ends with."""

from dataclasses import dataclass

from ...text import Edit, Span


@dataclass(frozen=True)
class Correction:
    """An edit of the document, with the chance that it is right and the kind of mistake."""

    edit: Edit
    certainty: float
    reason: str  # spelling, missing word, extra word, doubled word, wrong word, agreement, verb form, word form, article, preposition, punctuation, capital letter, spacing


@dataclass(frozen=True)
class ProofreadStep:
    """A part of the document has been read; parts come in order."""

    checked: Span
    corrections: tuple[Correction, ...]  # those in this part, in order
    total: int                           # code points of the document


@dataclass(frozen=True)
class Proofreading:
    """All corrections, in order, none overlapping. Positions count in `text`; applying all edits gives `corrected`."""

    text: str
    corrected: str
    corrections: tuple[Correction, ...]
    seconds: float
