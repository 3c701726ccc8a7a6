"""How many tokens each gap gets.

- Fixed: the user's number, or the next one that can write the border.
- Native: the model has a null token and leaves positions empty. Where a text is replaced, or words are counted, it gets about as many as that takes, so
  that all of them are seen beside what surrounds them; some of several alternatives get room for more. An insertion of open length gets plenty.
- Resized: the model has tokens that expand and delete; a gap begins with a few masks.
- Search: any other model; candidate lengths are rows of one batch, ranked by `fair_scores`; several gaps in turn (coordinate search).
"""

from dataclasses import dataclass, replace

import numpy as np
import torch

from ..canvas import FIXED, Canvas, Frame, Gap, is_open_length, lay_out
from ..denoisers import Denoiser, Info
from ..text import Auto, Tokens, Words
from .lattice import Choice
from .proposal import propose
from .weighing import Weighed, from_emptiness, from_scores

CANDIDATES = 8   # lengths tried for a gap …
BUDGET = 64      # … and for all gaps of a window together
KEPT = 2         # lengths refined to the end where one alternative is asked for
NEIGHBOURS = 3   # fixed tokens on each side of a gap whose probability tells whether the length is right
SURPLUS = 6      # positions beyond a first guess for a model that leaves some empty
START = 4        # masks that a gap begins with for a model that expands and deletes them (DreamOn)
BLIND_GUESS = 4  # tokens of an insertion
BLIND_ROOM = 12  # its positions for a model that leaves some empty
TOKENS_A_WORD = 1.15
LONG_WORDS = 0.25  # share of the words for which positions are added that may stay empty
TURNS = (0, 0, 0, 1)  # of alternatives with counted words: those with as many positions as they mostly take, those with room
LIKENESS = 0.5   # nats a token by which twice the old length, or half of it, must be better: 0.35


Pins = tuple[int | None, ...]


@dataclass(frozen=True)
class Lengths:
    """Lengths of the gaps for each rank, and which ranks the rows take in turn."""

    ranked: tuple[tuple[int, ...], ...]
    weighed: tuple[Weighed | None, ...]  # of each gap
    turns: tuple[int, ...] = ()          # ranks; empty: one after the other

    def row(self, number: int) -> tuple[tuple[int, ...], int]:
        """The lengths of row `number`, and which variant it is: how many rows before it take the same rank."""
        turns = self.turns or tuple(range(len(self.ranked)))
        rank = turns[number % len(turns)]
        before = turns[:number % len(turns)].count(rank)
        return self.ranked[rank], number // len(turns) * turns.count(rank) + before


def needs_search(gap: Gap, info: Info) -> bool:
    return is_open_length(gap.length) and gap.null_id is None and info.expand_id is None


def choose_lengths(denoiser: Denoiser, frame: Frame, most: tuple[int, ...], pins: tuple[Pins, ...] = ()) -> Lengths:
    """`most`: the largest number of tokens per gap; `pins`: the tokens that a gap has already, None where open, () where its length is to be chosen."""
    pins = pins or ((),) * len(frame.gaps)
    if all(pins) or denoiser.info.expand_id is not None:
        begun = tuple(len(given) or _beginning(gap, limit) for gap, limit, given in zip(frame.gaps, most, pins))
        return Lengths((begun,), (None,) * len(begun))
    searched = sum(needs_search(gap, denoiser.info) for gap, given in zip(frame.gaps, pins) if not given)
    depth = min(CANDIDATES, BUDGET // max(1, searched))
    options = [[len(given)] if given else _candidates(gap, limit)[:max(1, depth)] for gap, limit, given in zip(frame.gaps, most, pins)]
    best = [candidates[0] for candidates in options]
    rankings = [[candidates[0]] for candidates in options]
    weighed: list[Weighed | None] = [None] * len(options)
    for number, candidates in enumerate(options):
        if frame.gaps[number].null_id is not None:
            rankings[number] = candidates
        elif len(candidates) > 1:
            rows = tuple(tuple(c if i == number else b for i, b in enumerate(best)) for c in candidates)
            scores = _scan(denoiser, frame, rows, number, pins) - _surprise(frame.gaps[number], candidates)
            order = np.argsort(-scores, kind="stable")
            rankings[number] = [candidates[i] for i in order[:KEPT]]
            best[number] = rankings[number][0]
            weighed[number] = from_scores(candidates, scores, best[number])
    if any(isinstance(gap.length, Auto) and len(ranking) > 1 for gap, ranking in zip(frame.gaps, rankings) if gap.null_id is not None):
        told = _emptiness(denoiser, frame, tuple(ranking[-1] for ranking in rankings), pins)
        weighed = [own or searched for own, searched in zip(told, weighed)]
    depth = max(map(len, rankings))
    return Lengths(tuple(tuple(ranking[min(rank, len(ranking) - 1)] for ranking in rankings) for rank in range(depth)), tuple(weighed), TURNS if depth > 1 and not searched else ())


def _emptiness(denoiser: Denoiser, frame: Frame, row: tuple[int, ...], pins: tuple[Pins, ...]) -> tuple[Weighed | None, ...]:
    """How many of a gap's positions the model itself would leave empty, if it had so many of them: of each gap that has a null token and an open length."""
    canvas = denoiser.noise(lay_out((frame,), (row,), denoiser.info.mask_id or 0, denoiser.info.block_length).given((pins,)), np.random.default_rng(0))
    prediction, _ = denoiser.predict(canvas, canvas.masked, 1.0, denoiser.start(canvas))
    proposal = propose(prediction.x0.cpu().numpy(), canvas, canvas.editable, frame.gaps, Choice(with_lengths=True), ())
    return from_emptiness(tuple(empty if isinstance(gap.length, Auto) else None for gap, empty in zip(frame.gaps, proposal.emptiness)))


def _beginning(gap: Gap, most: int) -> int:
    """The masks that a model begins with that expands and deletes them; the user's number where there is one."""
    if not is_open_length(gap.length):
        return _candidates(gap, most)[0]
    admitted = np.flatnonzero(gap.automaton.lengths(max(most, gap.shortest)))
    return int(admitted[np.abs(admitted - max(START, gap.shortest)).argmin()])


def _candidates(gap: Gap, most: int) -> list[int]:
    """Token counts to try, the likeliest first; one where nothing has to be searched."""
    admitted = np.flatnonzero(gap.automaton.lengths(max(most, gap.shortest)))
    at_least = lambda count: int(admitted[min(np.searchsorted(admitted, count), len(admitted) - 1)])
    halves = at_least(1) - 1  # tokens that kept halves, and what constraints ask for, take by themselves
    loose = halves // 3       # … which seldom come to as few
    if isinstance(gap.length, Tokens):
        return [at_least(gap.length.count)]
    if isinstance(gap.length, Words):
        count = gap.length.count
        if gap.null_id is not None:
            roomy = max(count + count // 2 + 2, at_least(1) + 2)
            return list(dict.fromkeys(at_least(min(most, n)) for n in (count + int(LONG_WORDS * count), roomy)))
        wanted = [count + extra for extra in range(0, count // 2 + 3)]
    elif gap.null_id is not None:
        if not gap.old_tokens:
            return [at_least(min(most, halves + BLIND_ROOM))]
        alike, roomy = max(halves + 1, gap.old_tokens + int(LONG_WORDS * gap.old_tokens)), max(halves + loose + 2, gap.old_tokens + SURPLUS)
        return list(dict.fromkeys(at_least(min(most, n)) for n in (alike, roomy)))
    else:
        guess = max(1, min(gap.old_tokens, most) - halves) if gap.old_tokens else BLIND_GUESS
        wanted = sorted({*range(1, 7), 1 + loose, guess - 2, guess - 1, guess, guess + 1, guess + 2, guess + 4}, key=lambda n: (abs(n - guess), n))
    found = list(dict.fromkeys(at_least(n + halves) for n in wanted if n >= 1 and n + halves <= most))
    return found[:CANDIDATES] or [at_least(1)]


def _surprise(gap: Gap, candidates: list[int]) -> np.ndarray:
    """How unlike what is expected each length is: a fill tends to be about as long as the text it replaces, and words to be of few tokens. Zero for
    insertions of open length."""
    expected = gap.length.count * TOKENS_A_WORD if isinstance(gap.length, Words) else gap.old_tokens
    return LIKENESS * np.abs(np.log(np.array(candidates) / expected)) if expected else np.zeros(len(candidates))


def _scan(denoiser: Denoiser, frame: Frame, rows: tuple[tuple[int, ...], ...], number: int, pins: tuple[Pins, ...]) -> np.ndarray:
    """Fair scores of a first guess at gap `number`, whose length differs between the rows, (rows,). The other gaps stay as they are pinned, else masked."""
    laid_out = lay_out((frame,) * len(rows), rows, denoiser.info.mask_id or 0, denoiser.info.block_length).given((pins,) * len(rows))
    canvas = denoiser.noise(laid_out, np.random.default_rng(0))
    canvas = replace(canvas, gaps=torch.where(canvas.gaps == number, 0, FIXED))
    prediction, _ = denoiser.predict(canvas, canvas.masked, 1.0, denoiser.start(canvas))
    proposal = propose(prediction.x0.cpu().numpy(), canvas, canvas.editable, frame.gaps[number:number + 1], Choice(with_marginals=False), ())
    return fair_scores(denoiser, canvas.commit(canvas.masked, proposal.tokens), proposal.logprob)


def fair_scores(denoiser: Denoiser, canvas: Canvas, logprob: torch.Tensor) -> np.ndarray:
    """What rows of different lengths are ranked by, (rows,): the mean log-probability of the fill's tokens, as they were committed, plus that of the
    NEIGHBOURS fixed tokens on each side of every gap, all masked together and seen with the fill in place.

    The sum over a fill's tokens favours short fills of any kind; the mean does not, but says little of the length. The neighbours are the same
    tokens for every length: a fill that is too short or too long makes them improbable.
    """
    means = logprob.nansum(1) / (canvas.editable & ~logprob.isnan()).sum(1).clamp(min=1)
    probe, targets = _neighbours(canvas, torch.from_numpy(denoiser.vocabulary.forbidden))
    if not probe.masked.any():
        return means.numpy()
    noisy = denoiser.noise(probe, np.random.default_rng(0))
    prediction, _ = denoiser.predict(noisy, noisy.masked, 0.1, denoiser.start(noisy))
    found = prediction.x0.cpu().gather(1, targets[noisy.masked][:, None])[:, 0].clamp(min=-30)
    total = torch.zeros(canvas.token_ids.shape, dtype=found.dtype).masked_scatter(noisy.masked, found)
    return (means + total.sum(1) / noisy.masked.sum(1).clamp(min=1)).numpy()


def _neighbours(canvas: Canvas, forbidden: torch.Tensor) -> tuple[Canvas, torch.Tensor]:
    """The canvas with its fill fixed and the fixed tokens next to it masked, and the tokens that stood there."""
    rim = torch.nn.functional.max_pool1d(canvas.editable.float()[:, None], 2 * NEIGHBOURS + 1, 1, NEIGHBOURS)[:, 0] > 0
    rim &= ~canvas.editable & canvas.valid & ~forbidden[canvas.token_ids]
    gaps = torch.where(rim, 0, FIXED)
    return replace(canvas, gaps=gaps, committed=torch.zeros_like(canvas.committed)), canvas.token_ids
