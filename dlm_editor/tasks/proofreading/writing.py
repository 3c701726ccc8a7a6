"""A correction as a change of characters: spaces, apostrophes and capitals as the text has them."""

import re
from collections.abc import Sequence

from .candidates import DOUBLED, JOIN, Candidate
from .composing import Change
from .units import Unit, is_set_apart

_CONTRACTION = re.compile(r"(?<=\w)(?=n't\b|'(?:s|m|re|ve|ll|d)\b)")


def write(candidate: Candidate, certainty: float, reason: str, units: Sequence[Unit], text: str) -> Change:
    """The change of `text`, which has these units."""
    apart = is_set_apart(units)
    after = " ".join(_as_print(word, apart, text) for word in candidate.after)
    if candidate.first == candidate.last:
        at = units[candidate.first].span.start
        if candidate.after == (",",):
            end = units[candidate.first - 1].span.end
            return Change(end, end, " ," if apart else ",", certainty, reason)
        return Change(at, at, after + " ", certainty, reason)
    if candidate.kind == DOUBLED:  # the first stays, with its capital and the space before it
        return Change(units[candidate.first].span.end, units[candidate.first + 1].span.end, "", certainty, reason)
    start, end = units[candidate.first].span.start, units[candidate.last - 1].span.end
    if not candidate.after:
        if start and text[start - 1].isspace():
            start -= 1
        elif end < len(text) and text[end].isspace():
            end += 1
    elif candidate.kind == JOIN and "'" not in after:
        after = text[start:units[candidate.first].span.end] + text[units[candidate.last - 1].span.start:end]
    return Change(start, end, after, certainty, reason)


def _as_print(word: str, apart: bool, text: str) -> str:
    """With the text's own apostrophes; in a tokenised text what contractions are made of stands apart."""
    if apart:
        word = _CONTRACTION.sub(" ", word)
    return word.replace("'", "’") if text.count("’") > text.count("'") else word
