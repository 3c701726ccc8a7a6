"""How many mistakes there seem to be around a place: a writer who makes some makes more."""

import math
from collections.abc import Sequence

import numpy as np

from .candidates import Candidate
from .units import WORD, Unit

REACH = 40    # units on each side that count
LIKELY = 0.5  # chance from which on a mistake counts as one, below which it is a doubt


def surroundings(found: Sequence[tuple[float, Candidate]], units: Sequence[Unit], corrected: Sequence[int], doubts: float | None = None) -> np.ndarray:
    """For each place (chance, candidate): mistakes and doubts around it, itself left out, (places, 2). `corrected`: numbers of units that were changed already;
    `doubts`: what to tell of doubts where only a few places were asked about."""
    likely, doubted = np.zeros(len(units) + 1), np.zeros(len(units) + 1)
    for chance, candidate in found:
        (likely if chance >= LIKELY else doubted)[candidate.first] += chance
    for number in corrected:
        likely[min(number, len(units))] += 1
    words = _sums(np.array([unit.kind == WORD for unit in units] + [False]))
    likely_sums, doubt_sums = _sums(likely), _sums(doubted)
    rows = []
    for chance, candidate in found:
        low, high = max(0, candidate.first - REACH), min(len(units), candidate.first + REACH) + 1
        total = words[high] - words[low]
        mistakes = likely_sums[high] - likely_sums[low] - (chance if chance >= LIKELY else 0)
        doubtful = doubt_sums[high] - doubt_sums[low] - (chance if chance < LIKELY else 0)
        rows.append((min(2.0, 10 * mistakes / (total + 10)), math.log(max(0.0, doubtful) / (total + 5) + 0.005) + 4.5 if doubts is None else doubts))
    return np.array(rows).reshape(-1, 2)


def _sums(values: np.ndarray) -> np.ndarray:
    return np.concatenate([[0.0], np.cumsum(values)])
