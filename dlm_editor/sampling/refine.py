"""The one refinement loop."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
import torch

from ..canvas import Canvas, Gap
from ..denoisers import Denoiser
from ..errors import OptionError
from ..text.length import is_whole
from .entropy_bound import EntropyBound
from .lattice import Choice
from .proposal import propose
from .sampler import Sampler
from .schedule import Tick, block_steps
from .weighing import Weighed, from_emptiness

MAX_STEPS = 1024


@dataclass(frozen=True)
class Piece:
    """One token of a fill, or several that share a character, as it stands at a step."""

    text: str                # "" while open, and where a position stays empty
    state: str               # open | new (chosen or changed at this step) | settled
    certainty: float         # the model's probability of the token, given the constraints, when it was chosen, 0 to 1; 0 while open, 1 if pinned
    tokens: tuple[int, ...]  # the mask's id while open


Draft = tuple[Piece, ...]


@dataclass(frozen=True, eq=False)
class RefinementStep:
    """What one step made of a canvas. `drafts[alternative][mark]` shows it as text, over all marks of the document, where a task draws it so."""

    index: int                 # from 1, over the whole run
    total: int | None          # the most that `index` can reach, None if that is not known yet
    canvas: Canvas
    changed: torch.Tensor      # (rows, length) bool: chosen, changed or taken back at this step
    certainty: torch.Tensor    # (rows, length) float32: of committed positions, 1 where the user chose; 0 elsewhere
    logprob: torch.Tensor      # (rows, length) float32: log p(token | x_t) when it was committed; NaN where the user chose, 0 elsewhere
    drafts: tuple[tuple[Draft, ...], ...] = ()
    seconds: float = 0.0
    lengths: tuple[Weighed | None, ...] = field(default=(), kw_only=True)  # of each gap in the first row, at the step that weighed them; over all marks where a task says so


@dataclass(frozen=True)
class RefineOptions:
    """How a canvas is refined."""

    sampler: Sampler = EntropyBound()
    steps: int | None = None         # None: as many as the sampler finds right
    choice: Choice = Choice()
    seed: int = 0
    block_length: int | None = None  # None: anywhere on the canvas; a number: blocks of so many open positions from left to right
    variants: tuple[int, ...] = ()   # per row, see `propose`
    first: int = 0                   # the number of the first row, which its generators are seeded with

    def __post_init__(self):
        if self.steps is not None and (not is_whole(self.steps) or not 1 <= self.steps <= MAX_STEPS):
            raise OptionError(f"Steps are auto or 1 to {MAX_STEPS}; got {self.steps}. Ask for auto, or a whole number in that range.")
        if self.block_length is not None and (not is_whole(self.block_length) or not 1 <= self.block_length <= 512):
            raise OptionError(f"A block is 1 to 512 tokens long; got {self.block_length}. Leave it out to fill anywhere on the canvas.")


def refine(denoiser: Denoiser, canvas: Canvas, gaps: tuple[Gap, ...], options: RefineOptions) -> Iterator[RefinementStep]:
    """Fills every masked position, one RefinementStep after another; closing the generator stops the work after the current step.

    Rows are independent: each has a schedule and, at every step, a generator seeded with (seed, row, step). With a fixed number of steps that many
    are taken in any case; with `None` the run ends when nothing is masked and no row lingers. A canvas on which all is committed takes one step, which changes nothing.
    """
    sampler = options.sampler
    sampler.check(denoiser.info)
    blocks = _blocks(canvas, options.block_length, denoiser.info.block_length)
    plans = [_plan(canvas, blocks, row, options) for row in range(len(canvas.token_ids))]
    total = max(1, *map(len, plans))
    canvas = denoiser.noise(canvas, np.random.default_rng([options.seed, 0]))
    cache, state = denoiser.start(canvas), sampler.start(canvas)
    certainty = canvas.committed.float()
    logprob = torch.zeros(canvas.token_ids.shape).masked_fill(canvas.committed, torch.nan)
    choice = replace(options.choice, with_margin=sampler.with_margin)
    given, ahead = canvas.committed, [0] * len(plans)  # ahead: how many ticks of its plan a row has behind it
    for index in range(1, total + 1):
        lingers = sampler.lingers(canvas, state)
        busy = (canvas.masked.any(1) | lingers) & torch.tensor([done < len(plan) for done, plan in zip(ahead, plans)])
        if options.steps is None and index > 1 and not busy.any():
            return
        before = canvas
        rows = busy.nonzero()[:, 0]
        if len(rows):
            part, ticks, active = canvas.take(rows), [], []
            for row in rows.tolist():
                block, tick, ahead[row] = _next(plans[row], ahead[row], canvas.masked[row] | lingers[row], blocks[row])
                active.append(blocks[row] == block)
                ticks.append(replace(tick, quota=int((canvas.masked[row] & active[-1]).sum())) if tick.is_last else tick)
            rngs = tuple(np.random.default_rng([options.seed, options.first + row, index]) for row in rows.tolist())
            opened = sampler.reopen(part, given[rows], torch.stack(active))
            prediction, known = denoiser.predict(part, opened.masked, torch.tensor([tick.t for tick in ticks]), _take(cache, rows))
            cache = _put(cache, rows, known)
            variants = tuple(options.variants[row] for row in rows.tolist()) if options.variants and index == 1 else ()
            ask = partial(propose, canvas=opened, active=torch.stack(active), gaps=gaps, choice=replace(choice, with_lengths=index == 1), rngs=rngs, variants=variants)
            proposal = sampler.propose(ask, prediction.x0.cpu().numpy(), part, opened)
            if prediction.mass is not None:
                mass = torch.zeros(part.token_ids.shape).masked_scatter(opened.masked, prediction.mass.cpu())
                proposal = replace(proposal, mass=mass)
            after, known = sampler.step(proposal, part, tuple(ticks), _take(state, rows), rngs)
            state = _put(state, rows, known)
            canvas = denoiser.noise(canvas.put(rows, after), np.random.default_rng([options.seed, 1, index]))
            fresh = canvas.committed & (~before.committed | (canvas.token_ids != before.token_ids))
            certainty = _renewed(certainty, proposal.certainty, rows, fresh, canvas.committed)
            logprob = _renewed(logprob, proposal.logprob, rows, fresh, canvas.committed)
        changed = canvas.editable & ((canvas.committed != before.committed) | (canvas.token_ids != before.token_ids))
        yield RefinementStep(index, total, canvas, changed, certainty, logprob, lengths=from_emptiness(proposal.emptiness) if index == 1 and len(rows) else ())


def _blocks(canvas: Canvas, length: int | None, own: int | None) -> torch.Tensor:
    """The block of every open position, (rows, length) int64, rising from left to right; -1 elsewhere. `own`: of the blocks that the model works in."""
    ordinal = canvas.editable.long().cumsum(1) - 1
    width = ordinal.shape[1]
    blocks = torch.arange(width) // own * width if own else torch.zeros(width, dtype=torch.int64)
    return torch.where(canvas.editable, blocks + (ordinal // length if length else 0), -1)


def _plan(canvas, blocks, row, options) -> tuple[tuple[int, Tick], ...]:
    """The ticks of one row, block after block. Raises OptionError where there are fewer steps than blocks."""
    sizes = {block: int(((blocks[row] == block) & canvas.masked[row]).sum()) for block in sorted(set(blocks[row].tolist()) - {-1})}
    sizes = {block: size for block, size in sizes.items() if size}
    schedule = options.sampler.schedule
    if options.steps is None:
        counts = [min(MAX_STEPS, options.sampler.auto_steps(size)) for size in sizes.values()]
    else:
        if options.steps < len(sizes):
            raise OptionError(f"There must be a step for each of the {len(sizes)} blocks; got {options.steps} steps. Raise the steps or the block length.")
        counts = block_steps(tuple(sizes.values()), options.steps) if sizes else (options.steps,)
        schedule = replace(schedule, is_minimum=False)
        sizes = sizes or {0: 0}
    return tuple((block, tick) for (block, size), count in zip(sizes.items(), counts) for tick in schedule.ticks(size, count))


def _next(plan, position, waiting, blocks):
    """Block, tick and the position after it: ticks of a block in which nothing waits, (length,) bool, are passed over."""
    while position + 1 < len(plan) and not (waiting & (blocks == plan[position][0])).any():
        position += 1
    return *plan[position], position + 1


def _renewed(figures, proposed, rows, fresh, committed):
    """Figures of commits: those of this step's where `fresh`, earlier ones where still committed, 0 elsewhere; all (rows, length)."""
    kept = torch.where(committed, figures, 0.0)
    return torch.where(fresh, kept.index_copy(0, rows, proposed), kept)


def _take(known, rows):
    """Some rows of a sampler's state or a denoiser's cache: nothing, a tensor, a tuple of such, or what can `take` and `put` rows itself."""
    if known is None:
        return None
    if isinstance(known, tuple):
        return tuple(_take(part, rows) for part in known)
    return known[rows] if isinstance(known, torch.Tensor) else known.take(rows)


def _put(known, rows, other):
    """`known` with the rows of `other` in place of its own."""
    if known is None:
        return None
    if isinstance(known, tuple):
        return tuple(_put(part, rows, new) for part, new in zip(known, other))
    return known.index_copy(0, rows, other) if isinstance(known, torch.Tensor) else known.put(rows, other)
