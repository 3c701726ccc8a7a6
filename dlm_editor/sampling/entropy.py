"""Lowest entropy first."""

from dataclasses import dataclass

from .sampler import QuotaSampler
from .schedule import LinearSchedule, Schedule


@dataclass(frozen=True)
class Entropy(QuotaSampler):
    """Commits the quota of positions with the lowest entropy H = −Σ p log p (Dream 7B, arXiv:2508.15487, order `entropy`)."""

    schedule: Schedule = LinearSchedule()

    def rank(self, proposal):
        return -proposal.entropy
