"""Corrections in plain words."""

from collections.abc import Sequence

from .candidates import (
    APOSTROPHE,
    ARTICLE,
    CAPITAL,
    CONFUSION,
    DOUBLED,
    EXTRA_MARK,
    EXTRA_WORD,
    GRADE,
    JOIN,
    MISSING_ARTICLE,
    MISSING_COMMA,
    MISSING_PREPOSITION,
    MISSING_WORD,
    NUMBER,
    PREPOSITION,
    SOUND,
    SPELLING,
    SPLIT,
    TYPO,
    VERB,
    Candidate,
)
from .confusions import ARTICLES, PREPOSITIONS
from .units import Unit

_REASONS = {SPELLING: "spelling", TYPO: "wrong word", SOUND: "wrong word", CONFUSION: "wrong word", ARTICLE: "article", PREPOSITION: "preposition", NUMBER: "agreement", VERB: "verb form", GRADE: "word form",
            APOSTROPHE: "punctuation", SPLIT: "spacing", JOIN: "spacing", CAPITAL: "capital letter", DOUBLED: "doubled word", EXTRA_MARK: "punctuation", MISSING_ARTICLE: "article",
            MISSING_PREPOSITION: "missing word", MISSING_WORD: "missing word", MISSING_COMMA: "punctuation"}


def reason_of(candidate: Candidate, units: Sequence[Unit]) -> str:
    """The kind of mistake, in two words at most."""
    if candidate.kind == EXTRA_WORD:
        low = units[candidate.first].plain.lower()
        return "article" if low in ARTICLES else "preposition" if low in PREPOSITIONS else "extra word"
    return _REASONS[candidate.kind]
