"""Each sampler's own rule, and what all of them promise."""

import dataclasses

import numpy as np
import pytest
import tiny
import torch

from dlm_editor.canvas import Canvas
from dlm_editor.errors import OptionError
from dlm_editor.sampling import (
    SAMPLERS,
    Ancestral,
    Confidence,
    Entropy,
    EntropyBound,
    Factor,
    LinearSchedule,
    Margin,
    Proposal,
    Remasking,
    Tick,
)
from dlm_editor.tasks import FillOptions, RefinementStep, fill
from dlm_editor.text import Document, Mark, Span, Tokens


def case(certainty=None, entropy=None, margin=None):
    """One row: a fixed position, then open ones with the given figures."""
    given = next(values for values in (certainty, entropy, margin) if values is not None)
    length = len(given) + 1
    gaps = torch.tensor([[-1] + [0] * len(given)])
    canvas = Canvas(torch.zeros(1, length, dtype=torch.int64), torch.ones(1, length, dtype=torch.bool), gaps, torch.zeros(1, length, dtype=torch.bool))
    row = lambda values: torch.tensor([[0.0, *(values or [0.0] * len(given))]])
    tokens = torch.arange(10, 10 + length)[None]
    return canvas, Proposal(tokens, row(certainty), row(entropy), row(margin), row(None), canvas.editable, torch.zeros_like(canvas.committed))


def committed(sampler, canvas, proposal, tick):
    after, _ = sampler.step(proposal, canvas, (tick,), sampler.start(canvas), (np.random.default_rng(0),))
    return (after.committed[0].nonzero()[:, 0] - 1).tolist()


def test_confidence_takes_the_most_probable():
    assert committed(Confidence(), *case(certainty=[0.1, 0.9, 0.5, 0.8]), Tick(1.0, 0.5, 2)) == [1, 3]


def test_entropy_takes_the_least_spread():
    assert committed(Entropy(), *case(entropy=[3.0, 0.2, 1.0, 0.1]), Tick(1.0, 0.5, 2)) == [1, 3]


def test_margin_takes_the_clearest_lead():
    assert committed(Margin(), *case(margin=[0.3, 0.0, 0.4, 0.1]), Tick(1.0, 0.5, 2)) == [0, 2]


@pytest.mark.parametrize(("bound", "expected"), [(0.0, [1]), (0.25, [1, 3]), (0.35, [1, 3]), (1.5, [1, 2, 3]), (50.0, [0, 1, 2, 3])])
def test_entropy_bound_takes_all_whose_predecessors_stay_below_the_bound(bound, expected):
    # Rising entropies 0.1, 0.2, 1.0, 3.0: sums before each are 0, 0.1, 0.3, 1.3. Zero bound admits the first alone.
    entropies = [3.0, 0.1, 1.0, 0.2]
    taken = committed(EntropyBound(bound), *case(entropy=entropies), Tick(1.0, 0.5, 1, is_minimum=True))
    sums = {1: 0.0, 3: 0.1, 2: 0.3, 0: 1.3}
    assert taken == sorted(i for i in range(4) if sums[i] <= bound)
    assert set(expected) >= {1}


@pytest.mark.parametrize(("certainty", "expected"), [
    ([0.40, 0.30, 0.20, 0.10], [0]),       # one at least
    ([0.51, 0.30, 0.20, 0.10], [0]),
    ([0.70, 0.30, 0.67, 0.10], [0, 2]),    # two, where the second is surer than 2/3
    ([0.70, 0.30, 0.66, 0.10], [0]),
    ([0.99, 0.76, 0.98, 0.10], [0, 1, 2]), # three, where the third is surer than 3/4
    ([0.99, 0.81, 0.98, 0.97], [0, 1, 2, 3]),
])
def test_factor_commits_the_more_the_surer_each_is(certainty, expected):
    assert committed(Factor(1.0), *case(certainty=certainty), Tick(1.0, 0.5, 1, is_minimum=True)) == expected


def test_factor_keeps_to_the_quota_where_steps_are_given():
    assert committed(Factor(1.0), *case(certainty=[0.99, 0.81, 0.98, 0.97]), Tick(1.0, 0.5, 2)) == [0, 2]


def test_entropy_bound_keeps_to_the_quota_where_steps_are_given():
    assert committed(EntropyBound(50.0), *case(entropy=[3.0, 0.1, 1.0, 0.2]), Tick(1.0, 0.5, 2)) == [1, 3]


def test_ancestral_commits_about_the_share_of_the_time_that_passed():
    canvas, proposal = case(certainty=[0.5] * 4000)
    share = len(committed(Ancestral(), canvas, proposal, Tick(0.8, 0.6, 0))) / 4000
    assert share == pytest.approx(0.25, abs=0.03)
    assert len(committed(Ancestral(), canvas, proposal, Tick(0.2, 0.0, 0))) == 4000


def test_remasking_takes_back_the_doubtful_and_keeps_the_schedule():
    canvas, proposal = case(certainty=[0.5] * 200)
    sampler, rng = Remasking(eta=0.5), np.random.default_rng(0)
    state, taken_back, exposed = sampler.start(canvas), np.zeros(200), np.zeros(200)
    ticks = LinearSchedule().ticks(200, 20)
    proposal = dataclasses.replace(proposal, certainty=torch.where(torch.arange(201) % 2 == 0, 0.05, 0.95)[None])
    for number, tick in enumerate(ticks, 1):
        after, state = sampler.step(proposal, canvas, (tick,), state, (rng,))
        exposed += canvas.committed[0, 1:].numpy()
        taken_back += (canvas.committed & ~after.committed)[0, 1:].numpy()
        canvas = after
        assert int(canvas.committed.sum()) == 10 * number
    doubtful_rate, sure_rate = taken_back[1::2].sum() / exposed[1::2].sum(), taken_back[::2].sum() / exposed[::2].sum()
    assert doubtful_rate > 1.3 * sure_rate > 0


@pytest.mark.parametrize("name", sorted(SAMPLERS))
@pytest.mark.parametrize("steps", [None, 1, 3, 8, 40])
@pytest.mark.parametrize("block", [None, 4])
def test_every_sampler_ends_with_nothing_open_in_the_promised_steps(name, steps, block):
    if block and steps in (1, 3):
        steps = 5
    denoiser = tiny.TableDenoiser.of(tiny.vocabulary("roberta"))
    document = Document("The cat sat on the mat. " * 3, (Mark(Span(4, 7), Tokens(7)), Mark(Span(30, 33), Tokens(11))))
    options = FillOptions(sampler=SAMPLERS[name](), steps=steps, block_length=block, alternatives=3)
    seen = [event for event in fill(denoiser, document, options) if isinstance(event, RefinementStep)]
    assert not seen[-1].canvas.masked.any()
    assert [step.index for step in seen] == list(range(1, len(seen) + 1))
    assert len(seen) == steps if steps else len(seen) <= seen[0].total


def test_blocks_are_settled_from_left_to_right():
    denoiser = tiny.TableDenoiser.of(tiny.vocabulary("roberta"))
    document = Document("The cat sat.", (Mark(Span(4, 7), Tokens(12)),))
    for name in SAMPLERS:
        for event in fill(denoiser, document, FillOptions(sampler=SAMPLERS[name](), block_length=4, alternatives=4)):
            if isinstance(event, RefinementStep):
                for row in range(len(event.canvas.token_ids)):
                    settled = event.canvas.committed[row][event.canvas.editable[row]].reshape(3, 4).sum(1).tolist()
                    assert settled[1] == 0 or settled[0] == 4, name
                    assert settled[2] == 0 or settled[1] == 4, name


def test_auto_needs_at_most_a_third_of_the_steps():
    for masked in range(24, 200):
        assert EntropyBound().auto_steps(masked) <= masked / 3


@pytest.mark.parametrize("make", [lambda: EntropyBound(-1), lambda: EntropyBound(1000), lambda: Remasking(eta=2), lambda: Factor(0)])
def test_parameters_out_of_range_are_refused(make):
    with pytest.raises(OptionError, match="got"):
        make()
