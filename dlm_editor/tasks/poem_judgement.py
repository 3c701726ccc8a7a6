"""How probable a finished poem is to the model: every word masked, some far from it too, while the rest stands."""

import numpy as np
import torch

from ..canvas import FIXED, Canvas
from ..denoisers import Denoiser
from .poem_row import Spot, predict

GROUPS = 3       # every third word is masked at once
WORST = -20.0    # nats, at least


def judge(denoiser: Denoiser, canvas: Canvas, spots: list[list[Spot]]) -> list[np.ndarray]:
    """The log-probability of every spot of each row, (spots,): pseudo-log-likelihood in GROUPS passes (cf. arXiv:1910.14659)."""
    ordered = [sorted(range(len(row)), key=lambda k, row=row: int(row[k].positions[0, 0])) for row in spots]
    masked = torch.zeros((len(spots) * GROUPS, canvas.token_ids.shape[1]), dtype=torch.bool)
    for number, order in enumerate(ordered):
        for place, k in enumerate(order):
            masked[number * GROUPS + place % GROUPS, spots[number][k].positions.reshape(-1)] = True
    every = torch.arange(len(spots)).repeat_interleave(GROUPS)
    probe = Canvas(canvas.token_ids[every], canvas.valid[every], torch.where(masked, 0, FIXED), torch.zeros_like(masked))
    values, where = predict(denoiser, denoiser.noise(probe, np.random.default_rng(0)), 1 / GROUPS)
    null = denoiser.vocabulary.null_id
    found = [np.zeros(len(row)) for row in spots]
    for number, order in enumerate(ordered):
        for place, k in enumerate(order):
            spot = spots[number][k]
            rows = values[where[number * GROUPS + place % GROUPS, spot.positions[0]]]
            logp = rows[np.arange(len(rows)), list(spot.tokens)]
            if null is not None:
                logp = logp - np.log1p(-np.exp(np.minimum(rows[:, null], -1e-4)))
            found[number][k] = max(WORST, float(logp.sum()))
    return found


def mean_score(scores: np.ndarray, spots: list[Spot]) -> float:
    """Nats a token."""
    return float(scores.sum() / max(1, sum(len(spot.tokens) for spot in spots)))
