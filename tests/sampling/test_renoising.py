"""Renoising beside transformers' own acceptance rule, and on its own."""

import dataclasses

import numpy as np
import pytest
import tiny
import tiny_blocks
import torch
from transformers.models.diffusion_gemma.generation_diffusion_gemma import EntropyBoundSampler, EntropyBoundSamplerConfig

from dlm_editor.denoisers import Prediction
from dlm_editor.errors import AbilityError, OptionError
from dlm_editor.sampling import Proposal, RefineOptions, Tick, refine
from dlm_editor.sampling.renoising import NoiseSchedule, Renoising

MIDDLE = Tick(0.5, 0.4, 0, True)


def proposal_of(logits, canvas):
    """What is proposed without constraints: the best token, and the entropy."""
    p = torch.softmax(logits, -1)
    entropy, nothing = -(torch.xlogy(p, p)).sum(-1), torch.zeros(canvas.token_ids.shape)
    put = lambda values: nothing.masked_scatter(canvas.editable, values.float())
    return Proposal(canvas.token_ids.masked_scatter(canvas.editable, logits.argmax(-1)), put(p.amax(-1)), put(entropy), nothing, nothing, canvas.editable,
                    torch.zeros_like(canvas.committed))


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("bound", [0.01, 0.1, 1.0, 5.0])
def test_it_accepts_what_transformers_accepts(seed, bound):
    logits = torch.randn((12, 30), generator=torch.Generator().manual_seed(seed)) * 6
    canvas = tiny_blocks.row_canvas([3], 12, 0)
    original = EntropyBoundSampler(EntropyBoundSamplerConfig(bound), 12, 30, 48)
    accepted = original.accept_canvas(torch.zeros((1, 12), dtype=torch.int64), logits.argmax(-1)[None], logits[None], 5)
    sampler = Renoising(bound)
    after, _ = sampler.step(proposal_of(logits, canvas), canvas, (MIDDLE,), sampler.start(canvas), ())
    assert (after.committed[0, 1:] == original.accepted_token_mask[0]).all() and 0 < int(after.committed.sum())
    assert (after.token_ids[0, 1:][after.committed[0, 1:]] == accepted[0][after.committed[0, 1:]]).all()


class Noisy:
    """A table for a model without masks: `values` by place, and a memory of what it was asked about. `settles`: certain from that call on."""

    def __init__(self, settles=None, corruption="uniform", seed=0):
        self.table = tiny.TableDenoiser.of(tiny.vocabulary("roberta"), seed=seed)
        self.vocabulary = self.table.vocabulary
        self.info = dataclasses.replace(self.table.info, corruption=corruption, mask_id=None)
        self.asked, self.settles = [], settles

    def start(self, canvas):
        return None

    def noise(self, canvas, rng):
        drawn = np.stack([np.random.default_rng([int(rng.integers(2**31)), row]).integers(self.vocabulary.size, size=canvas.token_ids.shape[1])
                          for row in range(len(canvas.token_ids))])
        return canvas.renoise(torch.from_numpy(drawn))

    def predict(self, canvas, positions, t, cache):
        self.asked.append(int(positions.sum()))
        values = self.table.table[positions.nonzero()[:, 1] % len(self.table.table)]
        if self.settles is not None and len(self.asked) >= self.settles:
            values = torch.log_softmax(values * 1000, -1)
        return Prediction("x0", values), cache


def run(denoiser, sampler=Renoising(), steps=None, holes=5):
    canvas = tiny_blocks.row_canvas([7, 8], holes, 0)
    return list(refine(denoiser, canvas, (tiny_blocks.free_gap(denoiser.vocabulary),), RefineOptions(sampler, steps, seed=1)))


def test_all_positions_are_asked_about_at_every_step_and_what_is_doubtful_gets_new_noise():
    denoiser = Noisy()
    steps = run(denoiser, Renoising(steps=9))
    assert denoiser.asked == [5] * 9 and len(steps) == 9
    for before, after in zip(steps, steps[1:-1]):
        open_ = before.canvas.masked & after.canvas.masked
        assert open_.any() and (before.canvas.token_ids[open_] != after.canvas.token_ids[open_]).any()
        assert (after.canvas.token_ids[0, :2] == torch.tensor([7, 8])).all()
        assert 1 <= int(after.canvas.committed.sum()) < 5
    assert not steps[-1].canvas.masked.any()
    assert (steps[-1].canvas.token_ids[0, 2:] == denoiser.table.table[2:7].argmax(-1)).all()


def test_it_stops_when_the_best_tokens_stay_and_are_certain():
    for settles in (1, 4, 7):
        denoiser = Noisy(settles)
        steps = run(denoiser, Renoising(steps=30))
        assert len(steps) == len(denoiser.asked) == max(2, settles) and not steps[-1].canvas.masked.any()
    assert len(run(Noisy(1), Renoising(confidence=0.0, steps=5))) == 5


@pytest.mark.parametrize("steps", [1, 2, 7])
def test_it_takes_the_steps_that_are_given_at_most(steps):
    events = run(Noisy(), steps=steps)
    assert len(events) == steps and not events[-1].canvas.masked.any()


def test_what_was_given_stays():
    denoiser = Noisy()
    canvas = tiny_blocks.row_canvas([7, 8], 4, 0)
    chosen = torch.zeros_like(canvas.committed)
    chosen[0, 3] = True
    canvas = canvas.commit(chosen, torch.full_like(canvas.token_ids, 99))
    for step in refine(denoiser, canvas, (tiny_blocks.free_gap(denoiser.vocabulary),), RefineOptions(Renoising(steps=6))):
        assert step.canvas.token_ids[0, 3] == 99 and step.canvas.committed[0, 3]
    assert denoiser.asked == [3] * 6


def test_nothing_has_to_be_settled_before_the_last_step():
    assert [tick.quota for tick in NoiseSchedule().ticks(7, 4)] == [0, 0, 0, 7]


def test_a_model_with_masks_is_refused():
    with pytest.raises(AbilityError, match="noise is random tokens; that of 'table' is masks.*diffusiongemma"):
        run(Noisy(corruption="absorbing"))


@pytest.mark.parametrize("options", [{"bound": -1}, {"confidence": -1}, {"steps": 0}, {"steps": 5000}])
def test_options_out_of_range_are_refused(options):
    with pytest.raises(OptionError, match="got"):
        Renoising(**options)
