"""All that is certain enough, at once."""

from dataclasses import dataclass

import torch

from ..errors import OptionError
from .sampler import Forward, highest
from .schedule import LinearSchedule


@dataclass(frozen=True)
class Threshold(Forward):
    """Commits every position with p(token) > τ, and at least the tick's quota of those with the highest p (Fast-dLLM, arXiv:2505.22618; LLaDA2.0).

    With a fixed number of steps the quota alone decides.
    """

    threshold: float = 0.9
    schedule = LinearSchedule(is_minimum=True)

    def __post_init__(self):
        check_probability("threshold", self.threshold)

    def auto_steps(self, masked: int) -> int:
        """One position a step at the least."""
        return masked

    def step(self, proposal, canvas, ticks, state, rngs):
        return canvas.commit(certain(proposal, canvas, ticks, self.threshold), proposal.tokens), state


def certain(proposal, canvas, ticks, threshold) -> torch.Tensor:
    """What the rule commits, (rows, length) bool."""
    eligible = proposal.eligible(canvas)
    is_minimum = torch.tensor([tick.is_minimum for tick in ticks])[:, None]
    quota = highest(proposal.certainty, eligible, [tick.quota for tick in ticks])
    return quota | (proposal.certainty > threshold) & eligible & is_minimum | proposal.required


def check_probability(name: str, value: float) -> None:
    """Raises OptionError."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise OptionError(f"The {name} is a probability, 0 to 1; got {value}. Higher is slower and more careful.")
