"""Lengths that were weighed for a gap, to be shown."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

LEAST = 0.002  # share of a length that is worth showing


@dataclass(frozen=True)
class Weighed:
    """How much speaks for each length in tokens."""

    by: str                                # probability: the model's own, for one that leaves positions empty | score: the softmax of `fair_scores`
    tried: tuple[tuple[int, float], ...]   # tokens and share, in order of tokens; a length of next to no probability is left out
    taken: int                             # tokens


def from_scores(lengths: Sequence[int], scores: np.ndarray, taken: int) -> Weighed:
    """Of candidate lengths, each with its score."""
    shares = np.exp(scores - scores.max())
    shares /= shares.sum()
    return Weighed("score", tuple(sorted((int(length), round(float(share), 4)) for length, share in zip(lengths, shares))), taken)


def from_emptiness(gaps: tuple[np.ndarray | None, ...]) -> tuple[Weighed | None, ...]:
    """Of gaps whose positions are empty with these probabilities, each (positions,). Empty positions stand last, so the probability that position i is
    empty is that of at most i tokens."""
    found: list[Weighed | None] = []
    for empty in gaps:
        if empty is None:
            found.append(None)
            continue
        at_most = np.append(np.maximum.accumulate(empty.clip(0, 1)), 1.0)
        shares = np.diff(at_most, prepend=0.0)
        shares[0], taken = at_most[0], int((at_most >= 0.5).argmax())
        found.append(Weighed("probability", tuple((length, round(float(share), 4)) for length, share in enumerate(shares) if share >= LEAST), taken))
    return tuple(found)
