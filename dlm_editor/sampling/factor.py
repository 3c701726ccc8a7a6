"""The more positions at once, the surer each must be."""

from dataclasses import dataclass

import torch

from ..errors import OptionError
from .sampler import Forward, highest
from .schedule import LinearSchedule


@dataclass(frozen=True)
class Factor(Forward):
    """Commits the k positions of the highest p, k being how many in order of falling p have p_r ≥ 1 − f / (r + 1), r = 1, 2, …; one at least.

    Fast-dLLM, arXiv:2505.22618, Alg. 2: a product of k marginals is the joint argmax where each is surer than 1 − 1 / (k + 1). With a fixed number of
    steps the quota alone decides.
    """

    factor: float = 1.0
    schedule = LinearSchedule(is_minimum=True)

    def __post_init__(self):
        if isinstance(self.factor, bool) or not isinstance(self.factor, int | float) or not 0 < self.factor <= 100:
            raise OptionError(f"The factor is above 0 and at most 100; got {self.factor}. Lower is slower and more careful.")

    def auto_steps(self, masked: int) -> int:
        """One position a step at the least."""
        return masked

    def step(self, proposal, canvas, ticks, state, rngs):
        eligible = proposal.eligible(canvas)
        falling = proposal.certainty.masked_fill(~eligible, -torch.inf).sort(dim=1, descending=True).values
        least = 1 - self.factor / (torch.arange(falling.shape[1]) + 2)
        passed = (falling >= least).sum(1).tolist()
        quotas = [max(tick.quota, count if tick.is_minimum else 0) for tick, count in zip(ticks, passed)]
        return canvas.commit(highest(proposal.certainty, eligible, quotas) | proposal.required, proposal.tokens), state
