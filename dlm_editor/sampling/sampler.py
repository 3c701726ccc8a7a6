"""What a sampler is: one step that decides which positions of a proposal to commit."""

from abc import ABC, abstractmethod
from typing import Any, Protocol

import numpy as np
import torch

from ..canvas import Canvas
from .proposal import Proposal
from .schedule import LinearSchedule, Tick


class Sampler(Protocol):
    """Stateless; what evolves is passed in and returned."""

    schedule: LinearSchedule
    with_margin: bool

    def auto_steps(self, masked: int) -> int:
        """The most steps that `steps=auto` takes for so many masked positions."""

    def start(self, canvas: Canvas) -> Any:
        """The state before the first step."""

    def step(self, proposal: Proposal, canvas: Canvas, ticks: tuple[Tick, ...], state: Any, rngs: tuple[np.random.Generator, ...]) -> tuple[Canvas, Any]:
        """The canvas after one step. `ticks` and `rngs`: one for each row. Commits every eligible position of a row at its last tick."""


class QuotaSampler(ABC):
    """Commits, in each row, the tick's quota of eligible positions with the highest `rank`. Subclasses give the rank."""

    schedule = LinearSchedule()
    with_margin = False

    @abstractmethod
    def rank(self, proposal: Proposal) -> torch.Tensor:
        """(rows, length) float: what is committed first is highest."""

    def auto_steps(self, masked: int) -> int:
        """One position a step."""
        return masked

    def start(self, canvas: Canvas) -> None:
        """Nothing to remember."""
        return None

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
