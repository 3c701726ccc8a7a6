"""Random order, as the reverse process of a masked diffusion has it."""

from dataclasses import dataclass

import torch

from .sampler import Forward
from .schedule import LinearSchedule, Schedule


@dataclass(frozen=True)
class Ancestral(Forward):
    """Commits each eligible position with probability (t − s) / t, all at the last step (MDLM, arXiv:2406.07524, Eq. 7, log-linear noise).

    The number committed varies; quotas of the schedule are not used. With DreamSchedule it is Dream's order `origin`.
    """

    schedule: Schedule = LinearSchedule()

    def auto_steps(self, masked: int) -> int:
        """As many steps as positions."""
        return masked

    def step(self, proposal, canvas, ticks, state, rngs):
        length = canvas.token_ids.shape[1]
        draws = torch.stack([torch.from_numpy(rng.random(length)) for rng in rngs])
        chance = torch.tensor([1.0 if tick.is_last else (tick.t - tick.s) / tick.t for tick in ticks])[:, None]
        return canvas.commit(proposal.eligible(canvas) & (draws < chance) | proposal.required, proposal.tokens), state
