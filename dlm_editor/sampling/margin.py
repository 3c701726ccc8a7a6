"""Widest margin first."""

from dataclasses import dataclass

from .sampler import QuotaSampler
from .schedule import LinearSchedule, Schedule


@dataclass(frozen=True)
class Margin(QuotaSampler):
    """Commits the quota of positions with the widest margin p(best) − p(second) (top-k margin, Kim et al., arXiv:2502.06768, Sec. 4)."""

    schedule: Schedule = LinearSchedule()
    with_margin = True

    def rank(self, proposal):
        return proposal.margin
