"""LLaDA's low-confidence remasking."""

from dataclasses import dataclass

from .sampler import QuotaSampler
from .schedule import LinearSchedule, Schedule


@dataclass(frozen=True)
class Confidence(QuotaSampler):
    """Commits the quota of positions with the highest p(token) (LLaDA, arXiv:2502.09992, Alg. 5). p is untempered, as in the original."""

    schedule: Schedule = LinearSchedule()

    def rank(self, proposal):
        return proposal.certainty
