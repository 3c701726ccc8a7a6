"""One position after another, in random order."""

from dataclasses import dataclass

import torch

from .sampler import Forward, highest


@dataclass(frozen=True)
class FirstHitting(Forward):
    """Commits one position, drawn uniformly from those eligible (first-hitting sampler, Zheng et al., arXiv:2409.02908, Alg. 1; BD3LM,
    arXiv:2503.09573).

    The steps at which the reverse process commits nothing are left out: with n masks at time t the next commit happens at t · u^(1/n), u
    uniform. A model that does not look at the time needs no such draw; departure: one that does is given the time of the schedule. With
    fewer steps than positions the quota of each step is drawn at random.
    """

    def auto_steps(self, masked: int) -> int:
        """One position a step."""
        return masked

    def step(self, proposal, canvas, ticks, state, rngs):
        draws = torch.stack([torch.from_numpy(rng.random(canvas.token_ids.shape[1])) for rng in rngs])
        chosen = highest(draws, proposal.eligible(canvas), [tick.quota for tick in ticks])
        return canvas.commit(chosen | proposal.required, proposal.tokens), state
