"""The exact dynamic program of a gap: positions × states of its token automaton.

Given x_t, a masked diffusion model predicts its open positions independently. So the most probable completion under a regular constraint is a
shortest path over positions × states (Viterbi), an exact sample comes by backward filtering and forward sampling, and the exact marginals by
forward–backward (cf. DINGO, arXiv:2505.23061). All run on classes of tokens: first a class is chosen, then a token within it.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..canvas import DEAD, Automaton, Segments
from .choice import FLOOR, Choice, temper, top
from .segment_lattice import SegmentLattice


@dataclass(frozen=True, eq=False)
class Marginals:
    """What the constraint makes of the prediction at each position."""

    lattice: "Lattice"
    factors: np.ndarray  # (positions, classes) float64: how much the constraint favours a class
    entropy: np.ndarray  # (positions,) float64, nats; 0 at committed positions

    def probability(self, position: int, token: int) -> float:
        """p(token | x_t, constraint) at an open position."""
        automaton = self.lattice.automaton
        row = self.lattice.logp[position][automaton.columns.places[token]]
        return min(1.0, float(np.exp(row) * self.factors[position, automaton.classes[token]]))

    def margin(self, position: int) -> float:
        """Probability of the best token less that of the second."""
        scores = self._scores(position)
        best = np.exp(scores[top(scores, 2)])
        return float(best[0] - best[1]) if len(best) > 1 else float(best[0])

    def ranked(self, position: int, rank: int) -> int | None:
        """The token of that rank, 0 = best; None where so many are not admitted."""
        scores = self._scores(position)
        if rank >= len(scores):
            return None
        found = int(top(scores, rank + 1)[rank])
        return int(self.lattice.automaton.columns.tokens[found]) if scores[found] > -np.inf else None

    def best(self, position: int, count: int) -> list[tuple[int, float]]:
        """At most so many admitted tokens at an open position with their probabilities, best first."""
        scores = self._scores(position)
        tokens = self.lattice.automaton.columns.tokens
        return [(int(tokens[place]), min(1.0, float(np.exp(scores[place])))) for place in top(scores, min(count, len(scores))) if scores[place] > -np.inf]

    def _scores(self, position):
        """log of the marginals, (admitted tokens,)."""
        columns = self.lattice.automaton.columns
        with np.errstate(divide="ignore"):
            factors = np.log(self.factors[position, columns.classes])
        return self.lattice.logp[position] + np.repeat(factors, columns.ends - columns.starts)


class Lattice:
    """The open and committed positions of one gap in one row, against its automaton."""

    def __init__(self, automaton: Automaton, logp: dict[int, np.ndarray], fixed: dict[int, int], length: int, null_id: int | None = None):
        self.automaton, self.logp, self.fixed_tokens, self.length, self.null_id = automaton, logp, fixed, length, null_id
        self.columns = automaton.columns
        self._arcs = automaton.table
        # Log weights of every class at every position: the class's best token, and its sum.
        classes = automaton.arcs.shape[1]
        self.peak = np.full((length, classes), -np.inf)
        self.mass = np.zeros((length, classes))
        self.spread = np.zeros((length, classes))  # Σ p·log p within the class
        for i in range(length):
            if i in fixed:
                self.peak[i, automaton.classes[fixed[i]]], self.mass[i, automaton.classes[fixed[i]]] = 0.0, 1.0
        if logp:
            where = list(logp)
            table = np.stack([logp[i] for i in where])  # (open, admitted tokens) in class order
            p = np.exp(table)
            cut = self.columns.starts
            self.peak[np.ix_(where, self.columns.classes)] = np.maximum(np.maximum.reduceat(table, cut, axis=1), np.log(FLOOR))
            self.mass[np.ix_(where, self.columns.classes)] = np.maximum(np.add.reduceat(p, cut, axis=1), FLOOR)
            self.spread[np.ix_(where, self.columns.classes)] = np.add.reduceat(np.where(p > 0, p * table, 0), cut, axis=1)
        self._moves = automaton.moves
        self._reachable = np.zeros((length + 1, len(automaton.arcs)), bool)  # before each position; keeps the scaling of sums to what matters
        self._reachable[0, automaton.start] = True
        for i in range(length):
            if i in fixed:
                after = automaton.arcs[self._reachable[i], automaton.classes[fixed[i]]]
                self._reachable[i + 1, after[after != DEAD]] = True
            else:
                self._reachable[i + 1, self._moves.to[self._reachable[i][self._moves.froms]]] = True

    @classmethod
    def of(cls, automaton: Automaton, values: np.ndarray, is_open: np.ndarray, tokens: np.ndarray, null_id: int | None = None) -> "Lattice":
        """`values`: (open positions, vocab); `is_open`, `tokens`: (positions,); `null_id`: where positions may stay empty."""
        admitted = automaton.columns.tokens
        places = np.flatnonzero(is_open)
        logp = {int(i): np.ascontiguousarray(row) for i, row in zip(places, values[:, admitted].astype(np.float64))}
        return cls(automaton, logp, {i: int(token) for i, token in enumerate(tokens) if not is_open[i]}, len(tokens), null_id)

    def fixed(self, position: int, token: int) -> "Lattice":
        """The lattice with `token` chosen at `position`."""
        rest = {i: row for i, row in self.logp.items() if i != position}
        return Lattice(self.automaton, rest, self.fixed_tokens | {position: token}, self.length, self.null_id)

    def best(self) -> np.ndarray:
        """The most probable admitted tokens, (positions,) int64; of the median length where positions may stay empty.

        The length is chosen before the tokens: the single most probable text is nearly always a short one, for each token multiplies in its own
        improbability and an empty position none.
        """
        peak = self.peak if self.null_id is None else self._at_median_length()
        ahead = self._backward(peak, maximum=True)
        state, chosen = self.automaton.start, []
        for i in range(self.length):
            score = peak[i] + ahead[i + 1][self._arcs[state]]
            best = int(score.argmax())
            assert score[best] > -np.inf, "a lattice whose length was checked has an admitted path"
            chosen.append(self._best_token(i, best))
            state = self._arcs[state, best]
        return np.array(chosen)

    def emptiness(self) -> np.ndarray:
        """The probability that each position stays empty, (positions,) float64; needs a null token."""
        null = self.automaton.classes[self.null_id]
        return self.marginals.factors[:, null] * self.mass[:, null]

    def _at_median_length(self):
        """The log weights with the emptiness of every position decided: empty from the first that is so with probability ½ on."""
        null, is_empty = self.automaton.classes[self.null_id], self.emptiness() >= 0.5
        peak = np.full_like(self.peak, -np.inf)
        peak[is_empty, null] = self.peak[is_empty, null]
        others = np.arange(peak.shape[1]) != null
        peak[np.ix_(~is_empty, others)] = self.peak[np.ix_(~is_empty, others)]
        return peak

    def sample(self, choice: Choice, rng: np.random.Generator) -> np.ndarray:
        """An exact sample of the tempered prediction within the automaton, (positions,) int64."""
        weights, mass = {}, self.mass.copy()
        for i, row in self.logp.items():
            weights[i] = temper(row, choice)
            mass[i] = 0.0
            mass[i, self.columns.classes] = np.add.reduceat(weights[i], self.columns.starts)
        ahead = self._backward(mass, maximum=False)
        state, chosen = self.automaton.start, []
        for i in range(self.length):
            score = mass[i] * ahead[i + 1][self._arcs[state]]
            picked = int(rng.choice(len(score), p=score / score.sum()))
            if i in self.fixed_tokens:
                chosen.append(self.fixed_tokens[i])
            else:
                piece = self._slice(picked)
                inner = weights[i][piece]
                chosen.append(int(self.columns.tokens[piece][rng.choice(len(inner), p=inner / inner.sum())]))
            state = self._arcs[state, picked]
        return np.array(chosen)

    @cached_property
    def marginals(self) -> Marginals:
        """Forward–backward."""
        ahead = self._backward(self.mass, maximum=False)
        moves, states, classes = self._moves, len(self.automaton.arcs), self.mass.shape[1]
        sizes = np.diff(np.append(moves.starts, len(moves.members)))
        weights = self._of_sets(self.mass, np.add)
        factors = np.zeros((self.length, classes))
        reach = np.zeros(states)
        reach[self.automaton.start] = 1.0
        for i in range(self.length):
            begun = reach[moves.froms]
            favour = np.bincount(moves.sets, begun * ahead[i + 1, moves.to], minlength=len(sizes))
            factors[i] = np.bincount(moves.members, np.repeat(favour, sizes), minlength=classes)
            after = np.bincount(moves.to, begun * weights[i, moves.sets], minlength=states) * (ahead[i + 1, :-1] > 0)
            reach = after / after.sum()
        factors /= (factors * self.mass).sum(1, keepdims=True)
        logs = np.log(factors, where=factors > 0, out=np.zeros_like(factors))
        entropy = -(factors * (self.spread + logs * self.mass)).sum(1)
        return Marginals(self, factors, np.where(np.isin(np.arange(self.length), list(self.logp)), entropy.clip(0), 0.0))

    def _backward(self, weights, maximum):
        """Value of each state before each position, (positions + 1, states + 1): log of the best path, or scaled sum over paths, to acceptance."""
        moves, states = self._moves, len(self.automaton.arcs)
        dead = -np.inf if maximum else 0.0
        ahead = np.full((self.length + 1, states + 1), dead)
        ahead[-1, :-1] = np.where(self.automaton.accepting, 0.0 if maximum else 1.0, dead)
        sums = self._of_sets(weights, np.maximum if maximum else np.add)
        first = np.flatnonzero(np.append(True, moves.froms[1:] != moves.froms[:-1]))
        for i in reversed(range(self.length)):
            if maximum:
                ahead[i, moves.froms[first]] = np.maximum.reduceat(sums[i, moves.sets] + ahead[i + 1, moves.to], first)
            else:
                ahead[i, :-1] = np.bincount(moves.froms, sums[i, moves.sets] * ahead[i + 1, moves.to], minlength=states) * self._reachable[i]
                ahead[i] /= max(ahead[i].max(), 1e-300)
        return ahead

    def _of_sets(self, weights, reduce):
        """Weights of classes (positions, classes) reduced over each set of them that joins two states, (positions, sets)."""
        return reduce.reduceat(weights[:, self._moves.members], self._moves.starts, axis=1)

    def _best_token(self, i, picked):
        if i in self.fixed_tokens:
            return self.fixed_tokens[i]
        piece = self._slice(picked)
        return int(self.columns.tokens[piece][self.logp[i][piece].argmax()])

    def _slice(self, number):
        at = int(np.searchsorted(self.columns.classes, number))
        return slice(self.columns.starts[at], self.columns.ends[at])


def lattice_of(automaton: Automaton | Segments, values: np.ndarray, is_open: np.ndarray, tokens: np.ndarray, null_id: int | None) -> Lattice | SegmentLattice:
    """See `Lattice.of`."""
    kind = SegmentLattice if isinstance(automaton, Segments) else Lattice
    return kind.of(automaton, values, is_open, tokens, null_id)
