"""What is doubtful becomes noise again: for models that know no mask."""

from dataclasses import dataclass, replace

import torch

from ..errors import AbilityError, OptionError
from .sampler import Forward
from .schedule import LinearSchedule, Tick


@dataclass(frozen=True)
class NoiseSchedule:
    """Time falls evenly from 1; nothing has to be settled before the last step."""

    is_minimum: bool = True

    def ticks(self, masked: int, steps: int) -> tuple[Tick, ...]:
        even = LinearSchedule(self.is_minimum).ticks(masked, steps)
        return tuple(replace(tick, quota=masked if tick.is_last else 0) for tick in even)


@dataclass(frozen=True)
class Renoising(Forward):
    """At each step accepts positions in order of rising entropy H while Σ H − H_last ≤ bound (EB-sampler, arXiv:2505.24857, Eq. 9); all others, those
    accepted before too, get new noise. Ends when the best tokens are those of the step before and the mean of H is below `confidence`, or after `steps`.

    DiffusionGemma's own sampler, with these differences: H is that of the prediction under the constraints, and its mean is over the open positions
    alone, where the original counts every position of its canvas; with a temperature the last tokens are drawn, where the original takes the best.
    """

    bound: float = 0.1         # nats
    confidence: float = 0.005  # nats
    steps: int = 48
    schedule = NoiseSchedule()

    def __post_init__(self):
        if not 0 <= self.bound <= 100 or not 0 <= self.confidence <= 100:
            raise OptionError(f"The entropy bound and the confidence are 0 to 100 nats; got {self.bound} and {self.confidence}. Lower is slower and more careful.")
        if not 1 <= self.steps <= 1024:
            raise OptionError(f"Steps of renoising are 1 to 1024; got {self.steps}. 48 is what the model was trained for.")

    def check(self, info):
        if info.corruption == "absorbing":
            raise AbilityError(f"Renoising needs a model whose noise is random tokens; that of {info.name!r} is masks. Choose another sampler, like remasking, "
                               "or a model like google/diffusiongemma-26B-A4B-it.")

    def auto_steps(self, masked: int) -> int:
        return self.steps

    def start(self, canvas):
        """The tokens of the step before, (rows, length) int64; what the user gave, (rows, length) bool; and whether the row lingers, (rows,) bool."""
        return torch.full_like(canvas.token_ids, -1), canvas.committed, torch.zeros(len(canvas.token_ids), dtype=torch.bool)

    def reopen(self, canvas, given, active):
        return replace(canvas, committed=canvas.committed & (given | ~active))

    def step(self, proposal, canvas, ticks, state, rngs):
        last, given, _ = state
        opened = proposal.active & ~given
        cost = proposal.entropy.masked_fill(~opened, torch.inf)
        order = cost.argsort(dim=1, stable=True)
        rising = cost.gather(1, order).nan_to_num(posinf=0.0)
        within = torch.zeros_like(opened).scatter(1, order, rising.cumsum(1) - rising <= self.bound)
        mean = proposal.entropy.masked_fill(~opened, 0.0).sum(1) / opened.sum(1).clamp(min=1)
        is_stable = ((last == proposal.tokens) | ~opened).all(1) & (mean < self.confidence)
        is_done = is_stable | torch.tensor([tick.is_last for tick in ticks])
        accepted = opened & (within | proposal.required | is_done[:, None])
        after = replace(canvas, token_ids=torch.where(accepted, proposal.tokens, canvas.token_ids),
                        committed=canvas.committed & ~opened | accepted)
        return after, (torch.where(opened, proposal.tokens, last), given, ~is_done)

    def lingers(self, canvas, state):
        return state[2]
