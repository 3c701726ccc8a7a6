"""How tokens are chosen from a prediction."""

from dataclasses import dataclass

import numpy as np

FLOOR = 1e-30  # least probability of a token, so that what a constraint demands stays possible


@dataclass(frozen=True)
class Choice:
    """How tokens are chosen from the prediction."""

    temperature: float = 0.0  # 0: the most probable completion; above: an exact sample of p^(1/temperature)
    top_p: float = 1.0        # mass of the nucleus; tokens outside are used only where the constraint leaves nothing else
    with_margin: bool = False
    with_marginals: bool = True  # without: tokens and their log-probabilities only
    with_lengths: bool = False   # how likely each length is, where positions may stay empty


def top(scores, count):
    """Indices of the `count` greatest, in falling order, ties by index."""
    count = min(count, len(scores))
    part = np.argpartition(-scores, count - 1)[:count]
    return part[np.lexsort((part, -scores[part]))]


def temper(row, choice):
    """Weights p^(1/T) of the admitted tokens, those outside the nucleus nearly none."""
    scaled = row / choice.temperature
    weights = np.exp(scaled - scaled.max())
    weights /= weights.sum()
    if choice.top_p < 1:
        order = np.argsort(-weights, kind="stable")
        before = np.cumsum(weights[order]) - weights[order]
        weights[order[before >= choice.top_p]] *= FLOOR
    return np.maximum(weights, FLOOR * FLOOR)
