"""Settling: a word of a draft is chosen, and only what it makes doubtful around it is found anew."""

import math
from dataclasses import dataclass

from ..denoisers import Denoiser
from ..errors import OptionError
from ..sampling import Draft
from ..text import Document
from .branching import Branching, Put, marks_of
from .branching_words import words_of
from .fill import FillOptions
from .slots import token_range
from .staging import Stage, Tokens

THRESHOLD = 0.3  # probability, given the rest, below which a word is doubtful …
LESS = 0.8       # … if it is at most so much of what it was before the choice
NEAREST = 24     # words on each canvas that are asked about, the nearest to the choice first


@dataclass(frozen=True)
class Settling(Branching):
    """Where the fill goes on: everything stays but what is reopened."""

    reopened: tuple[tuple[int, ...], ...]  # pieces of each mark of `draft`


@dataclass(frozen=True)
class _Word:
    """A settled word near the choice."""

    mark: int
    pieces: tuple[int, ...]
    low: int
    high: int
    distance: int


def settle(denoiser: Denoiser, document: Document, draft: tuple[Draft, ...], chosen: Put, kept: tuple[tuple[int, ...], ...] = (),
           options: FillOptions = FillOptions(), threshold: float = THRESHOLD) -> Settling:
    """The tokens to go on from: the choice is pinned, and words on its canvas are open again whose probability, given all the rest with the choice in it,
    is below `threshold` and clearly less than before it: exp of the mean log p of the word's tokens, all of them open. `kept`: pieces of each mark of the
    draft that stay in any case.

    Raises OptionError, and UnsatisfiableError where border or constraints do not admit the choice.
    """
    if not 0 <= threshold <= 1:
        raise OptionError(f"The threshold is 0 to 1; got {threshold}. 0 settles nothing anew.")
    marks = marks_of(denoiser, document, draft, (chosen,), options)
    before = tuple(mark.tokens for mark in marks)
    marks = tuple(mark.typed(chosen).checked() if mark.gap.mark == chosen.mark else mark for mark in marks)
    low, high = token_range(draft, chosen.mark, chosen.pieces, denoiser.vocabulary.null_id)
    stage = Stage.of(denoiser, document, options, before, chosen.mark)
    chosen_stage = Stage.of(denoiser, document, options, tuple(mark.tokens for mark in marks), chosen.mark)
    doubtful = _doubtful(stage, chosen_stage, _words(stage, draft, chosen, (low, high), kept), (low, len(chosen.tokens) - high + low), threshold)
    opened = tuple(mark.opened({piece for word in doubtful if word.mark == mark.gap.mark for piece in word.pieces}, with_empty=False) for mark in marks)
    fresh = tuple(tuple(at for at, (old, new) in enumerate(zip(mark.tokens, after.tokens)) if old != new) for mark, after in zip(marks, opened))
    rims = (bool(mark.gap.border.lead) for mark in marks)
    return Settling(tuple(mark.tokens for mark in opened), tuple(mark.drawn(denoiser.info.mask_id or 0) for mark in opened),
                    tuple(tuple(at + rim for at in places) for places, rim in zip(fresh, rims)))


def _words(stage: Stage, draft: tuple[Draft, ...], chosen: Put, place: tuple[int, int], kept: tuple[tuple[int, ...], ...]) -> list[_Word]:
    """The settled words on the canvas of the choice that may be opened, the nearest first."""
    found, null_id = [], stage.denoiser.vocabulary.null_id
    for mark in stage.marks:
        held = set(kept[mark]) if mark < len(kept) else set()
        starts = [sum(len(piece.tokens) for piece in draft[mark][:number]) for number in range(len(draft[mark]))]
        for pieces in words_of(draft[mark]):
            tokens = [token for piece in pieces for token in draft[mark][piece].tokens if token != null_id]
            low, high = starts[pieces[0]], starts[pieces[0]] + len(tokens)
            is_free = tokens and draft[mark][pieces[0]].state != "open" and not held & set(pieces)
            if is_free and not (mark == chosen.mark and low < place[1] and place[0] < high):
                distance = min(abs(low - place[1]), abs(place[0] - high)) if mark == chosen.mark else 1000 * abs(mark - chosen.mark)
                found.append(_Word(mark, pieces, low, high, distance))
    return sorted(found, key=lambda word: word.distance)[:NEAREST]


def _doubtful(before: Stage, after: Stage, words: list[_Word], moved: tuple[int, int], threshold: float) -> list[_Word]:
    """Those of the words that the choice makes improbable. `moved`: what stands after the first in the chosen mark stands so many tokens later."""
    found = []
    for mark in dict.fromkeys(word.mark for word in words):
        own = [word for word in words if word.mark == mark]
        shifts = [moved[1] if mark == after.marks[after.place] and word.low > moved[0] else 0 for word in own]
        now = _probabilities(after.at(mark), [(word.low + shift, word.high + shift) for word, shift in zip(own, shifts)])
        doubted = [number for number, p in enumerate(now) if p < threshold]
        was = _probabilities(before.at(mark), [(own[number].low, own[number].high) for number in doubted])
        found += [own[number] for number, p in zip(doubted, was) if now[number] < LESS * p]
    return found


def _probabilities(stage: Stage, places: list[tuple[int, int]]) -> list[float]:
    """Of the words at [low, high), each with its own tokens open."""
    tokens = stage.tokens
    rows: list[Tokens] = [(*tokens[:low], *[None] * (high - low), *tokens[high:]) for low, high in places]
    found = []
    for (low, high), said in zip(places, stage.ask(rows)):
        first = sum(token is None for token in said.tokens[:low])
        logs = [float(said.values[first + at, tokens[low + at]]) for at in range(high - low)]
        found.append(math.exp(max(sum(logs) / len(logs), -60.0)))
    return found
