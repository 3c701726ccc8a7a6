"""Slots: what else could stand in the place of one word of a draft, given everything else.

A word may be written with one token or several. With k masks in its place the model gives p(t_1 | rest), then p(t_2 | t_1, rest), …: their product is the
probability of the word among those of k tokens, each taken under the border and the constraints and among tokens that make one word. Which k is right
that product cannot say, for it always favours few; so each k weighs as the softmax of the fair score of its best word (`sampling.lengths`, the one
place where lengths are compared). Certainty is the product of both, so all that is possible sums up to at most 1.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from ..denoisers import Denoiser
from ..errors import OptionError
from ..sampling import Draft
from ..sampling.lattice import lattice_of
from ..text import Document
from .branching import branch
from .draft import pieces_of
from .fill import FillOptions
from .shapes import Shape, shape_of
from .staging import Asked, Stage, Tokens

WIDEST = 3   # tokens of a word that is looked for
BEAM = 6     # beginnings of a word that are followed
CHOICES = 8
LEAST = 1e-3   # certainty of a word that is worth showing
NEVER = -1e4   # nats; what no path takes


@dataclass(frozen=True)
class SlotChoice:
    """A word that can stand there."""

    text: str
    tokens: tuple[int, ...]
    certainty: float   # the model's probability of it, given everything else; see above
    is_current: bool   # it stands there now


@dataclass(frozen=True)
class Slot:
    """One word of a draft, and what can stand in its place, best first."""

    mark: int
    pieces: tuple[int, ...]
    text: str
    choices: tuple[SlotChoice, ...]


@dataclass(frozen=True)
class _Path:
    """The first tokens of a word."""

    tokens: tuple[int, ...]
    share: float                  # their probability among words of as many tokens
    logprobs: tuple[float, ...]   # log p(token | x_t) of the model, without border and constraints


@dataclass(frozen=True, eq=False)
class _Width:
    """The search for words of so many tokens at [low, high) of the mark."""

    stage: Stage
    low: int
    high: int
    count: int
    current: tuple[int, ...]  # followed in any case

    def row(self, begun: tuple[int, ...] = ()) -> Tokens:
        """The mark with the word begun."""
        tokens = self.stage.tokens
        return (*tokens[:self.low], *begun, *[None] * (self.count - len(begun)), *tokens[self.high:])


def slots(denoiser: Denoiser, document: Document, draft: tuple[Draft, ...], mark: int, pieces: tuple[int, ...],
          options: FillOptions = FillOptions(), most: int = CHOICES) -> Slot:
    """At most `most` words for the place of these pieces, and the one that stands there. A piece that is open takes as many masks as the word needs.

    Raises OptionError where there are no such pieces, and as `branch` does.
    """
    pins = branch(denoiser, document, draft, (), options).pins
    low, high = token_range(draft, mark, pieces, denoiser.vocabulary.null_id)
    stage = Stage.of(denoiser, document, options, pins, mark)
    found: dict[str, SlotChoice] = {}
    for choice in _weighed(stage, low, high):
        if choice.text not in found or choice.certainty > found[choice.text].certainty:
            found[choice.text] = choice
    ranked = sorted(found.values(), key=lambda choice: -choice.certainty)
    kept = [choice for number, choice in enumerate(ranked) if number < most and choice.certainty >= LEAST or choice.is_current]
    return Slot(mark, pieces, "".join(draft[mark][piece].text for piece in pieces).strip(), tuple(kept))


def token_range(draft: tuple[Draft, ...], mark: int, pieces: tuple[int, ...], null_id: int | None) -> tuple[int, int]:
    """The token positions [low, high) of neighbouring pieces, those that stay empty left out. Raises OptionError where there are none."""
    if not 0 <= mark < len(draft) or not pieces or any(not 0 <= piece < len(draft[mark]) for piece in pieces) or len(pieces) != max(pieces) - min(pieces) + 1:
        raise OptionError(f"A word is neighbouring pieces of a mark; got pieces {list(pieces)} of mark {mark}, both from 0. Take those of the draft.")
    before = sum(len(piece.tokens) for piece in draft[mark][:min(pieces)])
    width = sum(token != null_id for piece in pieces for token in draft[mark][piece].tokens)
    if not width:
        raise OptionError(f"A word is made of tokens; pieces {list(pieces)} of mark {mark} hold none. Take others.")
    return before, before + width


def _weighed(stage: Stage, low: int, high: int) -> Iterator[SlotChoice]:
    """Every word found, of all widths, with its certainty."""
    tokens, current = stage.tokens, stage.tokens[low:high]
    is_hole = None in current
    run = next((at for at in range(low, len(tokens)) if tokens[at] is not None), len(tokens)) - low if is_hole else 0
    widths = []
    for count in range(1, (min(WIDEST, run) if is_hole else max(WIDEST, len(current))) + 1):
        known = tuple(token for token in current if token is not None) if count == len(current) and not is_hole else ()
        width = _Width(stage, low, low + count if is_hole else high, count, known)
        if stage.gap.admits(width.row()) and (count <= WIDEST or known):
            widths.append(width)
    shape = shape_of(stage, low, high)
    found = [(width, paths) for width, paths in zip(widths, _searched(widths, shape)) if paths]
    if not found:
        return
    fair = stage.fairly([(width.row(paths[0].tokens), width.low, paths[0].logprobs) for width, paths in found])
    weights = np.exp(fair - fair.max())
    for (width, paths), weight in zip(found, weights / weights.sum()):
        for path in paths:
            yield SlotChoice(_text(width, path.tokens), path.tokens, round(float(weight) * path.share, 6), path.tokens == current)


def _searched(widths: list[_Width], shape: Shape) -> list[list[_Path]]:
    """The words of each width, best first. The beams of all widths are followed together: one call of the model for each token."""
    beams: list[list[_Path]] = [[_Path((), 1.0, ())] for _ in widths]
    for at in range(max((width.count for width in widths), default=0)):
        busy = [number for number, width in enumerate(widths) if width.count > at]
        rows = [(number, path) for number in busy for path in beams[number]]
        asked = widths[0].stage.ask([widths[number].row(path.tokens) for number, path in rows]) if rows else []
        for number in busy:
            grown = [longer for (owner, path), said in zip(rows, asked) if owner == number for longer in _grown(widths[number], path, said, shape)]
            kept = widths[number].current[:at + 1]
            ranked = sorted(grown, key=lambda path: -path.share)
            beams[number] = [path for rank, path in enumerate(ranked) if rank < BEAM or path.tokens == kept]
    return beams


def _grown(width: _Width, path: _Path, said: Asked, shape: Shape) -> Iterator[_Path]:
    """The path with one more token."""
    gap, position = width.stage.gap, width.low + len(path.tokens)
    is_open = np.array([token is None for token in said.tokens])
    place = int(is_open[:position].sum())
    values = said.values.copy()
    for later in range(len(path.tokens), width.count):
        values[place + later - len(path.tokens), ~shape.admitted(path.tokens, later, width.count)] = NEVER
    fixed = np.array([-1 if token is None else token for token in said.tokens])
    marginals = lattice_of(gap.automaton, values, is_open, fixed, gap.null_id).marginals
    follow = dict(marginals.best(position, BEAM))
    if width.current[:len(path.tokens)] == path.tokens and len(width.current) > len(path.tokens):
        token = width.current[len(path.tokens)]
        follow.setdefault(token, marginals.probability(position, token))
    for token, share in follow.items():
        if share > 0:
            yield _Path((*path.tokens, token), path.share * share, (*path.logprobs, float(max(said.values[place, token], -30.0))))


def _text(width: _Width, tokens: tuple[int, ...]) -> str:
    """The word as the draft shows it."""
    gap, vocabulary = width.stage.gap, width.stage.denoiser.vocabulary
    row = width.row(tokens)
    open_ = [token is None for token in row]
    bare = replace(gap, border=replace(gap.border, lead="", trail="", space_after=False))
    drawn = pieces_of([0 if token is None else token for token in row], open_, open_, [0.0] * len(row), bare, vocabulary)
    return "".join(piece.text for piece in drawn[width.low:width.low + len(tokens)]).strip()
