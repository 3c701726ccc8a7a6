"""Quotas and blocks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlm_editor.errors import OptionError
from dlm_editor.sampling import DreamSchedule, LinearSchedule
from dlm_editor.sampling.schedule import block_steps


@given(st.integers(0, 500), st.integers(1, 200))
def test_quotas_sum_to_the_masks_and_fall(masked, steps):
    ticks = LinearSchedule().ticks(masked, steps)
    quotas = [tick.quota for tick in ticks]
    assert sum(quotas) == masked and len(ticks) == steps
    assert quotas == sorted(quotas, reverse=True) and quotas[0] - quotas[-1] <= 1
    assert ticks[0].t == 1.0 and ticks[-1].is_last and [tick.is_last for tick in ticks].count(True) == 1
    assert all(a.s == pytest.approx(b.t) for a, b in zip(ticks, ticks[1:]))


@given(st.integers(0, 500), st.integers(1, 200), st.floats(1e-6, 0.9))
def test_quotas_of_dream_sum_to_the_masks_whatever_eps(masked, steps, eps):
    ticks = DreamSchedule(eps).ticks(masked, steps)
    assert sum(tick.quota for tick in ticks) == masked and len(ticks) == steps and min(tick.quota for tick in ticks) >= 0
    assert ticks[0].t == 1.0 and [tick.is_last for tick in ticks] == [False] * (steps - 1) + [True]
    assert all(a.s == b.t for a, b in zip(ticks, ticks[1:]))


@given(st.lists(st.integers(1, 40), min_size=1, max_size=12), st.integers(1, 100))
def test_every_block_gets_a_step_and_together_they_take_all(sizes, steps):
    given_ = block_steps(tuple(sizes), steps)
    assert min(given_) >= 1 and sum(given_) == max(steps, len(sizes))


def test_no_steps_are_refused():
    with pytest.raises(OptionError, match="at least 1"):
        LinearSchedule().ticks(3, 0)
    with pytest.raises(OptionError, match="at least 1"):
        DreamSchedule().ticks(3, 0)
    with pytest.raises(OptionError, match="above 0 and below 1; got 1"):
        DreamSchedule(1)
