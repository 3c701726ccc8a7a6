"""The exact dynamic program of a gap whose words come from a dictionary: positions × states, with words of one or more tokens as arcs.

The score of a word is the sum of its tokens' log-probabilities; words of a class are reduced to their maximum, or to the logarithm of their sum, before
the walk over the states. So the most probable run of words, exact samples and exact marginals of the tokens cost about as much as reading the
probabilities of all words at all positions.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..canvas import Segments
from .choice import FLOOR, Choice, temper, top

NEVER = -np.inf


@dataclass(frozen=True, eq=False)
class TokenMarginals:
    """What the constraint makes of the prediction at each position, as a table over the tokens in use."""

    used: np.ndarray     # (tokens in use,) rising
    table: np.ndarray    # (positions, tokens in use) float64
    entropy: np.ndarray  # (positions,) float64, nats; 0 at committed positions

    def probability(self, position: int, token: int) -> float:
        """p(token | x_t, constraint)."""
        return min(1.0, float(self.table[position, np.searchsorted(self.used, token)]))

    def margin(self, position: int) -> float:
        """Probability of the best token less that of the second."""
        best = self.table[position, top(self.table[position], 2)]
        return float(best[0] - best[1]) if len(best) > 1 else float(best[0])

    def ranked(self, position: int, rank: int) -> int | None:
        """The token of that rank, 0 = best; None where so many are not admitted."""
        row = self.table[position]
        if rank >= len(row):
            return None
        found = int(top(row, rank + 1)[rank])
        return int(self.used[found]) if row[found] > 0 else None

    def best(self, position: int, count: int) -> list[tuple[int, float]]:
        """At most so many admitted tokens at an open position with their probabilities, best first."""
        row = self.table[position]
        return [(int(self.used[place]), min(1.0, float(row[place]))) for place in top(row, min(count, len(row))) if row[place] > 0]


class SegmentLattice:
    """The open and committed positions of one gap in one row, against its segments."""

    def __init__(self, segments: Segments, rows: np.ndarray, fixed: dict[int, int], null_id: int | None = None):
        """`rows`: log p of the tokens in use, (positions, tokens in use) float64; those at `fixed` positions are not read."""
        self.segments, self.rows, self.fixed_tokens, self.null_id = segments, rows, fixed, null_id
        self.length = len(rows)
        self._scores = self._score(np.maximum(rows, np.log(FLOOR)))

    @classmethod
    def of(cls, segments: Segments, values: np.ndarray, is_open: np.ndarray, tokens: np.ndarray, null_id: int | None = None) -> "SegmentLattice":
        """See `Lattice.of`."""
        rows = np.zeros((len(tokens), len(segments.used)))
        rows[is_open] = values[:, segments.used]
        return cls(segments, rows, {i: int(token) for i, token in enumerate(tokens) if not is_open[i]}, null_id)

    def fixed(self, position: int, token: int) -> "SegmentLattice":
        """The lattice with `token` chosen at `position`."""
        return SegmentLattice(self.segments, self.rows, self.fixed_tokens | {position: token}, self.null_id)

    def best(self) -> np.ndarray:
        """The most probable admitted tokens, (positions,) int64; of the median length where positions may stay empty, as in `Lattice.best`."""
        scores = self._scores if self.null_id is None else self._at_median_length()
        peaks = self._reduced(scores, np.maximum)
        ahead = self._backward(peaks, np.maximum)
        state, at, chosen = self.segments.start, 0, []
        while at < self.length:
            choices = self._choices(peaks, ahead, at, state)
            assert choices.max() > NEVER, "a lattice whose length was checked has an admitted path"
            state, at, arc = self._take(scores, at, state, int(choices.argmax()), lambda inner: int(inner.argmax()))
            chosen += arc
        return np.array(chosen)

    def sample(self, choice: Choice, rng: np.random.Generator) -> np.ndarray:
        """An exact sample of the tempered prediction within the segments, (positions,) int64."""
        tempered = np.log(np.stack([temper(row, choice) for row in np.maximum(self.rows, np.log(FLOOR))]))
        scores = self._score(tempered)
        sums = self._reduced(scores, np.logaddexp)
        ahead = self._backward(sums, np.logaddexp)
        draw = lambda inner: int(rng.choice(len(inner), p=_normalised(inner)))
        state, at, chosen = self.segments.start, 0, []
        while at < self.length:
            state, at, arc = self._take(scores, at, state, draw(self._choices(sums, ahead, at, state)), draw)
            chosen += arc
        return np.array(chosen)

    @cached_property
    def marginals(self) -> TokenMarginals:
        """Forward–backward."""
        sums = self._reduced(self._scores, np.logaddexp)
        ahead = self._backward(sums, np.logaddexp)
        reach = self._forward(sums)
        total = ahead[0, self.segments.start]
        froms, classes, to = self.segments.edges
        table = np.zeros((self.length, len(self.segments.used)))
        for at in range(self.length):
            for span, width in enumerate(self.segments.widths, 1):
                if (at, span) not in sums:
                    continue
                flow = reach[at, froms] + ahead[at + span, to]
                favour = _reduced_by(flow, classes, self.segments.arcs.shape[1])
                sizes = np.diff(np.append(width.starts, len(width.tokens)))
                weights = np.exp(self._scores[at, span] + np.repeat(favour[width.classes], sizes) - total)
                for column in range(span):
                    table[at + column] += np.bincount(self.segments.columns[span - 1][:, column], weights, len(self.segments.used))
        logs = np.log(table, where=table > 0, out=np.zeros_like(table))
        entropy = -(table * logs).sum(1).clip(max=0)
        entropy[list(self.fixed_tokens)] = 0.0
        return TokenMarginals(self.segments.used, table, entropy)

    def _score(self, rows: np.ndarray) -> dict[tuple[int, int], np.ndarray]:
        """Log-probability of every arc by where it begins and how many tokens it has, (arcs,) each."""
        rows = rows.copy()
        for position, token in self.fixed_tokens.items():
            rows[position] = np.where(self.segments.used == token, 0.0, NEVER)
        found = {}
        for span, columns in enumerate(self.segments.columns, 1):
            for at in range(self.length - span + 1 if len(columns) else 0):
                score = rows[at][columns[:, 0]]
                for j in range(1, span):
                    score = score + rows[at + j][columns[:, j]]
                found[at, span] = score
        return found

    def emptiness(self) -> np.ndarray:
        """As `Lattice.emptiness`."""
        found = self.marginals.table[:, self.segments.used == self.null_id]
        return found[:, 0] if found.shape[1] else np.zeros(self.length)

    def _at_median_length(self) -> dict[tuple[int, int], np.ndarray]:
        """The scores with the emptiness of every position decided: empty from the first that is so with probability ½ on."""
        if self.null_id not in self.segments.used:
            return self._scores
        null, is_empty = np.searchsorted(self.segments.used, self.null_id), self.emptiness() >= 0.5
        found = {}
        for (at, span), score in self._scores.items():
            is_null = self.segments.columns[span - 1][:, 0] == null
            found[at, span] = np.where(is_null == is_empty[at] if span == 1 else not is_empty[at:at + span].any(), score, NEVER)
        return found

    def _reduced(self, scores, reduce) -> dict[tuple[int, int], np.ndarray]:
        """One number for each class of arcs at each place, (classes,) each."""
        found = {}
        for (at, span), score in scores.items():
            width = self.segments.widths[span - 1]
            if score.max() > NEVER:
                found[at, span] = np.full(self.segments.arcs.shape[1], NEVER)
                if reduce is np.maximum:
                    found[at, span][width.classes] = np.maximum.reduceat(score, width.starts)
                else:
                    peak = np.maximum.reduceat(score, width.starts)
                    safe = np.where(peak > NEVER, peak, 0.0)
                    shifted = np.exp(score - np.repeat(safe, np.diff(np.append(width.starts, len(score)))))
                    with np.errstate(divide="ignore"):
                        found[at, span][width.classes] = safe + np.log(np.add.reduceat(shifted, width.starts))
        return found

    def _backward(self, reduced, reduce) -> np.ndarray:
        """Log value of each state before each position and after the last, (positions + 1, states)."""
        froms, classes, to = self.segments.edges
        ahead = np.full((self.length + 1, len(self.segments.arcs)), NEVER)
        ahead[-1] = np.where(self.segments.accepting, 0.0, NEVER)
        for at in reversed(range(self.length)):
            for span in range(1, len(self.segments.widths) + 1):
                if (at, span) in reduced and ahead[at + span].max() > NEVER:
                    flow = reduced[at, span][classes] + ahead[at + span, to]
                    ahead[at] = reduce(ahead[at], _reduced_by(flow, froms, len(ahead[at]), reduce))
        return ahead

    def _forward(self, reduced) -> np.ndarray:
        froms, classes, to = self.segments.edges
        reach = np.full((self.length + 1, len(self.segments.arcs)), NEVER)
        reach[0, self.segments.start] = 0.0
        for at in range(self.length):
            for span in range(1, len(self.segments.widths) + 1):
                if (at, span) in reduced and reach[at].max() > NEVER:
                    flow = reach[at, froms] + reduced[at, span][classes]
                    reach[at + span] = np.logaddexp(reach[at + span], _reduced_by(flow, to, reach.shape[1]))
        return reach

    def _choices(self, reduced, ahead, at, state) -> np.ndarray:
        """Log value of every (span, class) from a state on, flat."""
        arcs = self.segments.arcs[state]
        found = np.full((len(self.segments.widths), len(arcs)), NEVER)
        for span in range(1, len(found) + 1):
            if (at, span) in reduced:
                found[span - 1] = np.where(arcs >= 0, reduced[at, span] + ahead[at + span, arcs], NEVER)
        return found.ravel()

    def _take(self, scores, at, state, number, pick) -> tuple[int, int, list[int]]:
        """State and position after an arc of the chosen (span, class), and its tokens."""
        span, chosen = number // self.segments.arcs.shape[1] + 1, number % self.segments.arcs.shape[1]
        width = self.segments.widths[span - 1]
        place = int(np.searchsorted(width.classes, chosen))
        piece = slice(width.starts[place], width.starts[place + 1] if place + 1 < len(width.starts) else len(width.tokens))
        arc = width.tokens[piece][pick(scores[at, span][piece])]
        return int(self.segments.arcs[state, chosen]), at + span, arc.tolist()


def _reduced_by(values: np.ndarray, groups: np.ndarray, count: int, reduce=np.logaddexp) -> np.ndarray:
    """max or log-sum of the values of each group, (count,)."""
    found = np.full(count, NEVER)
    np.maximum.at(found, groups, values)
    if reduce is np.maximum:
        return found
    safe = np.where(found > NEVER, found, 0.0)
    with np.errstate(divide="ignore"):
        return safe + np.log(np.bincount(groups, np.exp(values - safe[groups]), count))


def _normalised(logs: np.ndarray) -> np.ndarray:
    weights = np.exp(logs - logs.max())
    return weights / weights.sum()
