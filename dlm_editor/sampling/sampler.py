"""What a sampler is: one step that decides which positions of a proposal to commit."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
import torch

from ..canvas import Canvas
from ..denoisers import Info
from .proposal import Proposal
from .schedule import LinearSchedule, Tick

Ask = Callable[[np.ndarray], Proposal]  # a proposal from log p(x_0 | x_t) at the open positions, (open, vocab) float32 in row-major order


class Sampler(Protocol):
    """Stateless; what evolves is passed in and returned."""

    schedule: LinearSchedule
    with_margin: bool

    def auto_steps(self, masked: int) -> int:
        """The most steps that `steps=auto` takes for so many masked positions."""

    def check(self, info: Info) -> None:
        """Raises AbilityError where the model is of a kind that this sampler cannot work with."""

    def start(self, canvas: Canvas) -> Any:
        """The state before the first step: None, or a tensor or tuple of tensors of which each row belongs to a row of the canvas."""

    def reopen(self, canvas: Canvas, given: torch.Tensor, active: torch.Tensor) -> Canvas:
        """The canvas with those committed positions open again about which the model is asked once more. `given`, `active`: (rows, length) bool, what was
        committed before the first step and never opens, and the block that this step works on."""

    def propose(self, ask: Ask, values: np.ndarray, canvas: Canvas, opened: Canvas) -> Proposal:
        """What `ask` makes of the prediction, or of a prediction that is weighed first. `opened`: what `reopen` made of `canvas`."""

    def lingers(self, canvas: Canvas, state: Any) -> torch.Tensor:
        """Rows that want another step though nothing is masked, (rows,) bool."""

    def step(self, proposal: Proposal, canvas: Canvas, ticks: tuple[Tick, ...], state: Any, rngs: tuple[np.random.Generator, ...]) -> tuple[Canvas, Any]:
        """The canvas after one step. `ticks` and `rngs`: one for each row. Commits every eligible position of a row at its last tick."""


class Forward:
    """What samplers share that settle each position once: what is committed is not asked about again, and a row without masks is done."""

    schedule = LinearSchedule()
    with_margin = False

    def check(self, info: Info) -> None:
        """Any model will do."""
        return None

    def start(self, canvas: Canvas) -> None:
        """Nothing to remember."""
        return None

    def reopen(self, canvas: Canvas, given: torch.Tensor, active: torch.Tensor) -> Canvas:
        return canvas

    def propose(self, ask: Ask, values: np.ndarray, canvas: Canvas, opened: Canvas) -> Proposal:
        return ask(values)

    def lingers(self, canvas: Canvas, state: Any) -> torch.Tensor:
        return torch.zeros(len(canvas.token_ids), dtype=torch.bool)


class QuotaSampler(Forward, ABC):
    """Commits, in each row, the tick's quota of eligible positions with the highest `rank`. Subclasses give the rank."""

    @abstractmethod
    def rank(self, proposal: Proposal) -> torch.Tensor:
        """(rows, length) float: what is committed first is highest."""

    def auto_steps(self, masked: int) -> int:
        """One position a step."""
        return masked

    def step(self, proposal, canvas, ticks, state, rngs):
        quotas = [tick.quota for tick in ticks]
        return canvas.commit(highest(self.rank(proposal), proposal.eligible(canvas), quotas) | proposal.required, proposal.tokens), state


def highest(rank: torch.Tensor, eligible: torch.Tensor, quotas: list[int]) -> torch.Tensor:
    """The `quotas[row]` eligible positions of the highest rank in each row, the earlier of equals first; (rows, length) bool."""
    chosen = torch.zeros_like(eligible)
    order = rank.masked_fill(~eligible, -torch.inf).argsort(dim=1, descending=True, stable=True)
    for row, quota in enumerate(quotas):
        chosen[row, order[row, :quota]] = True
    return chosen & eligible
