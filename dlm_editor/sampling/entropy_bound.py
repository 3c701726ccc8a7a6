"""As many positions at once as their entropies allow."""

from dataclasses import dataclass

import torch

from ..errors import OptionError
from .sampler import Forward, highest
from .schedule import LinearSchedule

AUTO_SHARE = 3.0  # at a bound of 1: positions a step at least, on average, where steps are auto …
FEW = 8.0         # … and there are more than these

WAIT = 1e4        # nats: after all others


@dataclass(frozen=True)
class EntropyBound(Forward):
    """Commits positions in order of rising entropy H while Σ H − H_last ≤ bound (EB-sampler, arXiv:2505.24857, Eq. 9).

    The sum bounds how far the product of marginals can lie from the joint distribution: certain positions are committed together, doubtful ones
    one by one. Departure: at least the schedule's quota is committed, so that the promised number of steps suffices. That number grows as 1/√bound:
    a weak model's entropies are all large, and the bound alone would then settle one position a step whatever it is. With a fixed number of steps the
    quota alone decides. Of two neighbours that say the same word, neither knowing of the other, one waits.
    """

    bound: float = 1.0  # nats
    schedule = LinearSchedule(is_minimum=True)

    def __post_init__(self):
        if not 0 <= self.bound <= 100:
            raise OptionError(f"The entropy bound is 0 to 100 nats; got {self.bound}. Lower is slower and more careful.")

    def auto_steps(self, masked: int) -> int:
        scale = max(self.bound, 1e-9) ** 0.5
        return min(masked, max(1, int(max(FEW / scale, masked / (AUTO_SHARE * scale)))))

    def step(self, proposal, canvas, ticks, state, rngs):
        eligible = proposal.eligible(canvas)
        wait = 0 if proposal.repeats is None else WAIT * proposal.repeats
        cost = (proposal.entropy + wait).masked_fill(~eligible, torch.inf)
        order = cost.argsort(dim=1, stable=True)
        rising = cost.gather(1, order)
        before = rising.nan_to_num(posinf=0.0).cumsum(1) - rising.nan_to_num(posinf=0.0)
        within = torch.zeros_like(eligible).scatter(1, order, (before <= self.bound) & rising.isfinite())
        open_bound = torch.tensor([tick.is_minimum for tick in ticks])[:, None]
        quota = highest(-cost, eligible, [tick.quota for tick in ticks])
        return canvas.commit(within & open_bound | quota | proposal.required, proposal.tokens), state
