"""Widest margin first."""

from dataclasses import dataclass

from .sampler import QuotaSampler


@dataclass(frozen=True)
class Margin(QuotaSampler):
    """Commits the quota of positions with the widest margin p(best) − p(second) (top-k margin, Kim et al., arXiv:2502.06768, Sec. 4)."""

    with_margin = True

    def rank(self, proposal):
        return proposal.margin
