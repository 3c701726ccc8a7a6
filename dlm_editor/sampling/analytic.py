"""SEDD's own sampler."""

from dataclasses import dataclass

import torch

from .sampler import Forward


@dataclass(frozen=True)
class Analytic(Forward):
    """Commits each eligible position with probability min(1, m · (t − s) / t), all at the last step (SEDD, arXiv:2310.16834, Sec. 4.2).

    From noise σ down to σ − Δσ the exact reverse of the absorbing process puts token y in place of a mask with probability
    score(y) · (e^Δσ − 1). The tokens together have the sum of these, and which one it is has p(x_0 | x_t): at temperature 1 this is SEDD's
    step. With σ(t) = −log(1 − (1 − ε) t) the factor is (e^σ − 1) (t − s) / t, so m = (e^σ − 1) Σ_y score(y) is the prediction's `mass`.
    Where a model gives probabilities m = 1, and this is `Ancestral`. The last step is the original's removal of the remaining noise. Fixed
    tokens need no projection: a canvas changes at its masked positions alone.
    """

    def auto_steps(self, masked: int) -> int:
        """As many steps as positions."""
        return masked

    def step(self, proposal, canvas, ticks, state, rngs):
        draws = torch.stack([torch.from_numpy(rng.random(canvas.token_ids.shape[1])) for rng in rngs])
        share = torch.tensor([(tick.t - tick.s) / tick.t for tick in ticks])[:, None]
        chance = share if proposal.mass is None else share * proposal.mass
        is_last = torch.tensor([tick.is_last for tick in ticks])[:, None]
        return canvas.commit(proposal.eligible(canvas) & ((draws < chance) | is_last) | proposal.required, proposal.tokens), state
