"""The refinement of a model that changes the number of open positions as it fills them (DreamOn, arXiv:2602.01326).

At a masked position such a model predicts a token, or `expand`: two masks in its place, or `delete`: none. The most certain position is settled first,
whatever it asks for. Where a constraint leaves only some tokens, it divides among them what the model gives to tokens; an expansion or deletion after
which the constraint could not be met any more is not made. Departures from the original: it never ends with masks, for the last steps of a fixed
number may not expand; only marks of open length are resized, each within its own most; several rows at once.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import torch

from ..canvas import FIXED, Canvas, Gap, is_open_length
from ..denoisers import Denoiser
from .entropy import Entropy
from .proposal import Proposal, propose
from .refine import MAX_STEPS, RefinementStep, RefineOptions
from .sampler import QuotaSampler, highest


@dataclass(frozen=True)
class Resizing:
    """How far the lengths may go. A tuple has one number for each gap."""

    most: tuple[int, ...]         # tokens
    budget: tuple[int, ...] = ()  # expansions, for expanding and deleting can alternate; empty: as many as `most`
    deletes_rest: bool = False    # a deletion takes all masks after it with it

    def allowance(self, gap: int) -> int:
        return self.budget[gap] if self.budget else self.most[gap]


@dataclass(frozen=True)
class _Row:
    """One alternative. The tuples have one entry for each position."""

    tokens: tuple[int, ...]
    gaps: tuple[int, ...]
    masked: tuple[bool, ...]
    certainty: tuple[float, ...]
    logprob: tuple[float, ...]
    changed: tuple[bool, ...]
    expansions: tuple[int, ...]  # made so far, one number for each gap

    def slots(self, gap: int) -> list[int]:
        return [place for place, number in enumerate(self.gaps) if number == gap]

    def pattern(self, gap: int) -> list[int | None]:
        """The tokens of a gap, None where it is open."""
        return [None if self.masked[place] else self.tokens[place] for place in self.slots(gap)]


def refine_resizing(denoiser: Denoiser, canvas: Canvas, gaps: tuple[Gap, ...], options: RefineOptions, limits: Resizing) -> Iterator[RefinementStep]:
    """As `refine` does for other models. Where steps are auto, one position is settled at each; with a fixed number, as many as it takes.

    The order is that of `options.sampler` where it ranks positions, else that of rising entropy. Of a block, only the leftmost `block_length` masks of
    a row are worked on.
    """
    rows = [_first_row(canvas, row, len(gaps)) for row in range(len(canvas.token_ids))]
    most_steps = max(sum(row.masked) + 2 * sum(limits.allowance(g) for g, gap in enumerate(gaps) if is_open_length(gap.length)) for row in rows)
    total = options.steps or max(1, min(MAX_STEPS, most_steps))
    cache = denoiser.start(canvas)
    for index in range(1, total + 1):
        busy = [number for number, row in enumerate(rows) if any(row.masked)]
        if options.steps is None and index > 1 and not busy:
            return
        rows = [replace(row, changed=(False,) * len(row.tokens)) for row in rows]
        if busy:
            part = denoiser.noise(_lay_out([rows[number] for number in busy], denoiser.info.mask_id), np.random.default_rng([options.seed, 1, index]))
            prediction, cache = denoiser.predict(part, part.masked, 1 - (index - 1) / total, cache)
            ahead = total - index + 1
            step = _Step(denoiser, gaps, options, limits, ahead, index)
            for number, row in zip(busy, step.settle([rows[number] for number in busy], busy, part, prediction.x0.cpu().numpy().astype(np.float64))):
                rows[number] = row
        yield _event(rows, index, total, denoiser.info.mask_id)


@dataclass(frozen=True, eq=False)
class _Step:
    """One step of all rows that still have masks."""

    denoiser: Denoiser
    gaps: tuple[Gap, ...]
    options: RefineOptions
    limits: Resizing
    ahead: int  # steps that are left, this one included
    index: int

    def settle(self, rows: list[_Row], numbers: list[int], canvas: Canvas, values: np.ndarray) -> list[_Row]:
        """`values`: log p at the masked positions in row-major order, (masked, vocab), expansion and deletion among the tokens."""
        plain, actions = self._split(rows, values)
        rngs = tuple(np.random.default_rng([self.options.seed, self.options.first + number, self.index]) for number in numbers)
        variants = tuple(self.options.variants[number] for number in numbers) if self.options.variants and self.index == 1 else ()
        choice = replace(self.options.choice, with_margin=True)
        given = propose(plain, canvas, self._active(canvas), self.gaps, choice, rngs, variants)
        proposal = self._weigh(given, canvas, values, actions, rngs)
        sampler = self.options.sampler if isinstance(self.options.sampler, QuotaSampler) else Entropy()
        quotas = [-(-sum(row.masked) // self.ahead) if self.options.steps else 1 for row in rows]
        chosen = highest(sampler.rank(proposal), proposal.eligible(canvas), quotas) | given.required
        return [self._apply(row, chosen[k, :len(row.tokens)].tolist(), given, proposal, k) for k, row in enumerate(rows)]

    def _active(self, canvas):
        """Masks that may be settled now, (rows, length) bool, with the committed positions."""
        if not self.options.block_length:
            return canvas.editable
        return canvas.editable & (canvas.masked.long().cumsum(1) <= self.options.block_length)

    def _split(self, rows, values):
        """The values of tokens alone, normalised, (masked, vocab) float32; and log p of expanding, deleting, and any token, (masked, 3)."""
        info, number, actions = self.denoiser.info, 0, np.full((len(values), 3), -np.inf)
        for row in rows:
            may = [self._may(row, gap) for gap in range(len(self.gaps))]
            for place, masked in enumerate(row.masked):
                if masked:
                    can_expand, can_delete = may[row.gaps[place]]
                    actions[number, 0] = values[number, info.expand_id] if can_expand else -np.inf
                    actions[number, 1] = values[number, info.delete_id] if can_delete else -np.inf
                    number += 1
        plain = values.copy()
        plain[:, [info.expand_id, info.delete_id]] = -np.inf
        peak = plain.max(1, keepdims=True)
        actions[:, 2] = (peak + np.log(np.exp(plain - peak).sum(1, keepdims=True)))[:, 0]
        top = actions.max(1, keepdims=True)
        whole = top + np.log(np.exp(actions - top).sum(1, keepdims=True))
        return (plain - actions[:, 2:]).astype(np.float32), actions - whole

    def _may(self, row, gap):
        """Whether a gap may expand and delete now, with the steps that are left."""
        masks, pattern = sum(row.masked), row.pattern(gap)
        if not is_open_length(self.gaps[gap].length) or None not in pattern:
            return False, False
        at = pattern.index(None)
        has_time = self.ahead > masks + 1 if self.options.steps is None else self.ahead > 1
        can_expand = (has_time and len(pattern) < self.limits.most[gap] and row.expansions[gap] < self.limits.allowance(gap)
                      and self.gaps[gap].admits([*pattern[:at], None, *pattern[at:]]))
        return can_expand, self.ahead > 1 or masks == 1

    def _weigh(self, given: Proposal, canvas: Canvas, values: np.ndarray, actions: np.ndarray, rngs) -> Proposal:
        """The proposal with expansion and deletion beside the tokens; `tokens` may be those of these two."""
        info, masked = self.denoiser.info, canvas.masked
        p = torch.from_numpy(np.exp(actions))
        best = given.certainty[masked].double() * p[:, 2]
        second = (given.certainty - given.margin)[masked].double().clamp(min=0) * p[:, 2]
        ladder = torch.stack([p[:, 0], p[:, 1], best, second], 1)
        asked = self._asked(values, actions, ladder[:, :3], canvas, rngs)
        names = torch.tensor([info.expand_id, info.delete_id])
        token = torch.where(asked < 2, names[asked.clamp(max=1)], given.tokens[masked])
        entropy = -(torch.xlogy(p, p)).sum(1) + p[:, 2] * given.entropy[masked].double()
        high = ladder.sort(1, descending=True).values
        fill = lambda table, source: torch.zeros(masked.shape, dtype=torch.float64).masked_scatter(masked, source.to(torch.float64)).to(table.dtype)
        return replace(given, tokens=given.tokens.masked_scatter(masked, token), certainty=fill(given.certainty, ladder.gather(1, asked[:, None])[:, 0]),
                       entropy=fill(torch.zeros(0, dtype=torch.float64), entropy), margin=fill(torch.zeros(0, dtype=torch.float64), high[:, 0] - high[:, 1]),
                       logprob=fill(given.logprob, given.logprob[masked] + torch.from_numpy(actions[:, 2])))

    def _asked(self, values, actions, ladder, canvas, rngs):
        """0 expand, 1 delete, 2 a token, for each masked position: the likeliest, or one drawn at a temperature."""
        temperature = self.options.choice.temperature
        if temperature == 0:
            return ladder.argmax(1)
        info, plain = self.denoiser.info, values / temperature
        plain[:, [info.expand_id, info.delete_id]] = -np.inf
        peak = plain.max(1)
        mass = peak + np.log(np.exp(plain - peak[:, None]).sum(1))
        logits = np.stack([np.where(np.isfinite(actions[:, kind]), values[:, token] / temperature, -np.inf)
                           for kind, token in enumerate((info.expand_id, info.delete_id))] + [mass], 1)
        share = np.exp(logits - logits.max(1, keepdims=True)).cumsum(1)
        draws = np.concatenate([rng.random(int(count)) for rng, count in zip(rngs, canvas.masked.sum(1))])
        return torch.from_numpy((draws[:, None] * share[:, -1:] >= share).sum(1))

    def _apply(self, row: _Row, chosen: list[bool], given: Proposal, proposal: Proposal, k: int) -> _Row:
        """The row with what the chosen positions ask for, from right to left."""
        info = self.denoiser.info
        places = [place for place in range(len(chosen)) if chosen[place]]
        for place in places:
            token = int(proposal.tokens[k, place])
            if token not in (info.expand_id, info.delete_id) or bool(given.required[k, place]):
                row = _commit(row, place, int(given.tokens[k, place]), float(proposal.certainty[k, place]), float(proposal.logprob[k, place]))
        for place in reversed(places):
            if not row.masked[place]:
                continue
            resized = self._resized(row, place, int(proposal.tokens[k, place]))
            kept = _commit(row, place, int(given.tokens[k, place]), float(given.certainty[k, place]), float(proposal.logprob[k, place]))
            if resized is not None:
                row = resized
            elif self.gaps[row.gaps[place]].admits(kept.pattern(row.gaps[place])):
                row = kept  # else it waits: another resizing of this step came before it
        return row

    def _resized(self, row: _Row, place: int, action: int) -> _Row | None:
        """The row with `place` expanded or deleted; None where that may not be."""
        gap = row.gaps[place]
        if action == self.denoiser.info.expand_id:
            after = _spliced(row, {place: 2})
            used = tuple(count + (number == gap) for number, count in enumerate(row.expansions))
            is_within = len(after.slots(gap)) <= self.limits.most[gap] and used[gap] <= self.limits.allowance(gap)
            return replace(after, expansions=used) if is_within and self.gaps[gap].admits(after.pattern(gap)) else None
        later = [other for other in row.slots(gap) if other > place and row.masked[other]] if self.limits.deletes_rest else []
        for gone in ([place, *later], [place]):
            after = _spliced(row, dict.fromkeys(gone, 0))
            if self.gaps[gap].admits(after.pattern(gap)):
                return after
        return None


def _first_row(canvas: Canvas, row: int, gaps: int) -> _Row:
    keep = canvas.valid[row].nonzero()[:, 0]
    committed = canvas.committed[row, keep]
    return _Row(tuple(canvas.token_ids[row, keep].tolist()), tuple(canvas.gaps[row, keep].tolist()), tuple(canvas.masked[row, keep].tolist()),
                tuple(committed.float().tolist()), tuple(torch.zeros(len(keep)).masked_fill(committed, torch.nan).tolist()), (False,) * len(keep),
                (0,) * gaps)


def _commit(row: _Row, place: int, token: int, certainty: float, logprob: float) -> _Row:
    put = lambda values, value: (*values[:place], value, *values[place + 1:])
    return replace(row, tokens=put(row.tokens, token), masked=put(row.masked, False), certainty=put(row.certainty, certainty),
                   logprob=put(row.logprob, logprob), changed=put(row.changed, True))


def _spliced(row: _Row, copies: dict[int, int]) -> _Row:
    """The row with so many copies of these positions, marked as changed; the others stay once."""
    repeat = lambda values: tuple(value for place, value in enumerate(values) for _ in range(copies.get(place, 1)))
    changed = tuple(place in copies or value for place, value in enumerate(row.changed))
    return replace(row, tokens=repeat(row.tokens), gaps=repeat(row.gaps), masked=repeat(row.masked), certainty=repeat(row.certainty),
                   logprob=repeat(row.logprob), changed=repeat(changed))


def _lay_out(rows: list[_Row], mask_id: int) -> Canvas:
    """The rows as a canvas, shorter ones padded after their end."""
    token_ids, gaps = _table(rows, "tokens", mask_id), _table(rows, "gaps", FIXED)
    masked, valid = _table(rows, "masked", False), _table([replace(row, masked=(True,) * len(row.tokens)) for row in rows], "masked", False)
    return Canvas(token_ids, valid, gaps, (gaps != FIXED) & ~masked)


def _table(rows, name, padding):
    longest = max(len(row.tokens) for row in rows)
    return torch.tensor([[*getattr(row, name), *[padding] * (longest - len(row.tokens))] for row in rows])


def _event(rows, index, total, mask_id):
    canvas = _lay_out(rows, mask_id)
    canvas = canvas.renoise(torch.tensor(mask_id))
    return RefinementStep(index, total, canvas, _table(rows, "changed", False), _table(rows, "certainty", 0.0), _table(rows, "logprob", 0.0))
