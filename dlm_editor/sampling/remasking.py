"""Doubtful commits are taken back."""

from dataclasses import dataclass

import torch

from ..errors import OptionError
from .sampler import Forward, highest


@dataclass(frozen=True)
class Remasking(Forward):
    """Confidence order; then each earlier commit is masked again with probability σ·softmax(−p) scaled to σ on average, σ = min(η, (1 − α_s) / α_t).

    ReMDM, arXiv:2503.00307, Sec. 4.1, "cap" with the confidence-based share; α_t = 1 − t. Departures: the softmax is scaled by the number of
    commits, only generated positions are ever masked again, and as many more are committed as were taken back, so that the schedule's share is settled
    after every step.
    """

    eta: float = 0.2

    def __post_init__(self):
        if not 0 <= self.eta <= 1:
            raise OptionError(f"The share of commits taken back is 0 to 1; got {self.eta}. 0.1 to 0.4 works well.")

    def auto_steps(self, masked: int) -> int:
        """One position a step, net of what is taken back."""
        return masked

    def start(self, canvas):
        """Certainty of each commit, (rows, length) float32."""
        return torch.ones(canvas.token_ids.shape)

    def step(self, proposal, canvas, ticks, state, rngs):
        doubted = self._doubted(canvas, proposal.active, ticks, state, rngs)
        back = doubted.sum(1).tolist()
        settled = [tick.quota + count for tick, count in zip(ticks, back)]
        chosen = highest(proposal.certainty, proposal.eligible(canvas), settled) | proposal.required
        after = canvas.commit(chosen, proposal.tokens).remask(doubted)
        return after, torch.where(chosen, proposal.certainty, state)

    def _doubted(self, canvas, active, ticks, state, rngs):
        """Earlier commits to take back, never more than can be committed instead; (rows, length) bool."""
        doubted = torch.zeros_like(canvas.committed)
        for row, (tick, rng) in enumerate(zip(ticks, rngs)):
            places = (canvas.committed & active)[row].nonzero()[:, 0]
            spare = int((canvas.masked & active)[row].sum()) - tick.quota
            if tick.is_last or not len(places) or spare <= 0:
                continue
            sigma = min(self.eta, tick.s / max(1 - tick.t, 1e-9))
            chance = (torch.softmax(-state[row, places], 0) * len(places) * sigma).clamp(max=1)
            drawn = places[torch.from_numpy(rng.random(len(places))) < chance]
            doubted[row, drawn[state[row, drawn].argsort(stable=True)][:spare]] = True
        return doubted
