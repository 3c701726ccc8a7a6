"""How many positions each step commits."""

from dataclasses import dataclass

from ..errors import OptionError


@dataclass(frozen=True)
class Tick:
    """One step in time, from t down to s (1 = all masked, 0 = clean). `quota` positions are to be committed, or at least as many where `is_minimum`."""

    t: float
    s: float
    quota: int
    is_minimum: bool = False

    @property
    def is_last(self) -> bool:
        return self.s == 0.0


@dataclass(frozen=True)
class LinearSchedule:
    """Equal commits per step, the remainder on the earliest steps (LLaDA, arXiv:2502.09992, Alg. 4). Quotas sum to `masked`."""

    is_minimum: bool = False

    def ticks(self, masked: int, steps: int) -> tuple[Tick, ...]:
        if steps < 1:
            raise OptionError(f"Steps must be at least 1; got {steps}. Ask for auto or a number from 1 on.")
        share, rest = divmod(masked, steps)
        return tuple(Tick(1 - i / steps, 1 - (i + 1) / steps if i + 1 < steps else 0.0, share + (i < rest), self.is_minimum) for i in range(steps))


@dataclass(frozen=True)
class DreamSchedule:
    """⌊masks · (1 − s/t)⌋ commits per step, all that is left at the last; t falls linearly from 1 to `eps` (Dream 7B, arXiv:2508.15487). Quotas sum to `masked`."""

    eps: float = 1e-3
    is_minimum: bool = False

    def __post_init__(self):
        if not 0 < self.eps < 1:
            raise OptionError(f"eps is above 0 and below 1; got {self.eps}. The original has 0.001.")

    def ticks(self, masked: int, steps: int) -> tuple[Tick, ...]:
        if steps < 1:
            raise OptionError(f"Steps must be at least 1; got {steps}. Ask for auto or a number from 1 on.")
        times = [1 - i * (1 - self.eps) / steps for i in range(steps)] + [0.0]
        ticks = []
        for t, s in zip(times, times[1:]):
            quota = int(masked * (1 - s / t))
            masked -= quota
            ticks.append(Tick(t, s, quota, self.is_minimum))
        return tuple(ticks)


Schedule = LinearSchedule | DreamSchedule


def block_steps(sizes: tuple[int, ...], steps: int) -> tuple[int, ...]:
    """Steps for each block in proportion to its size, at least one each; they sum to max(steps, blocks)."""
    total, given, left = sum(sizes), [], max(steps, len(sizes))
    for number, size in enumerate(sizes):
        rest = len(sizes) - number - 1
        share = left if rest == 0 else min(left - rest, max(1, round(left * size / max(total, 1))))
        given.append(share)
        left, total = left - share, total - size
    return tuple(given)
