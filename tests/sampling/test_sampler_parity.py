"""Our samplers beside the originals of LLaDA, Fast-dLLM and Dream on recorded runs: token for token, where the algorithm is the same."""

import dataclasses

import parity
import pytest

from dlm_editor.sampling import Ancestral, Confidence, DreamSchedule, Entropy, Margin, RefineOptions, refine
from dlm_editor.sampling.threshold import Threshold
from dlm_editor.text import Tokens

LLADA, DREAM = parity.notes("llada"), parity.notes("dream")


def run(denoiser, rows, options, mask):
    canvas = parity.canvas_of(rows, mask)
    gap = parity.free_gap(denoiser.vocabulary.size, Tokens(1))
    *_, last = refine(denoiser, canvas, (gap,), options)
    return [last.canvas.token_ids[row, last.canvas.valid[row]].tolist() for row in range(len(rows))]


def appended(notes, length):
    """The prompt of the runs that write at the end of a text, with its masks."""
    return [notes["input_ids"][0][:8] + [notes["mask_token_id"]] * length]


LLADA_RUNS = {
    "llada_greedy": (Confidence(), 16, 0.0),
    "llada_half_steps": (Confidence(), 8, 0.0),
    "llada_cfg_1.5": (Confidence(), 16, 1.5),
    "fast_threshold_0.2": (Threshold(0.2), None, 0.0),
    "fast_threshold_0.9": (Threshold(0.9), None, 0.0),
}


@pytest.mark.parametrize("name", LLADA_RUNS)
def test_low_confidence_remasking_in_blocks_is_that_of_llada(name):
    sampler, steps, guidance = LLADA_RUNS[name]
    expected = LLADA["sampler_runs"][name]
    assert expected["settings"].get("cfg_scale", 0.0) == guidance
    denoiser = parity.unfiltered("llada", guidance)
    ours = run(denoiser, appended(LLADA, 16), RefineOptions(sampler, steps, block_length=8), LLADA["mask_token_id"])
    assert ours == expected["tokens"]


def holes():
    """The rows with holes in place; the second is shorter, and padded beside the first."""
    return [LLADA["input_ids"][0], LLADA["input_ids"][1][:21]]


@pytest.mark.parametrize(("name", "guidance"), [("dllm_infill_one_block", 0.0), ("dllm_infill_cfg", 1.0)])
def test_holes_in_place_are_filled_as_the_reference_fills_them(name, guidance):
    expected = LLADA["sampler_runs"][name]["tokens"]
    ours = run(parity.unfiltered("llada", guidance), holes(), RefineOptions(Confidence(), 8), LLADA["mask_token_id"])
    assert ours == [expected[0], expected[1][:21]]


def test_holes_that_cross_blocks_are_filled_block_after_block():
    expected = LLADA["sampler_runs"]["dllm_infill_blocks8"]["tokens"]
    denoiser = parity.unfiltered("llada")
    denoiser.info = dataclasses.replace(denoiser.info, block_length=8)  # blocks that count from the start of the row, as the reference has them
    ours = run(denoiser, holes(), RefineOptions(Confidence(), 5), LLADA["mask_token_id"])
    assert ours == [expected[0], expected[1][:21]]


@pytest.mark.parametrize(("name", "sampler"), [("dream_maskgit_greedy", Confidence), ("dream_margin_greedy", Margin), ("dream_entropy_greedy", Entropy)])
def test_the_orders_of_dream_with_its_schedule_are_ours(name, sampler):
    expected = DREAM["sampler_runs"][name]
    schedule = DreamSchedule(expected["settings"]["eps"])
    ours = run(parity.unfiltered("dream"), appended(DREAM, 16), RefineOptions(sampler(schedule=schedule), expected["settings"]["steps"]), DREAM["mask_token_id"])
    assert ours == expected["tokens"]


@pytest.mark.parametrize(("name", "sampler"), [("dllm_infill_entropy", Entropy()), ("dream_infill_via_sample", Entropy(DreamSchedule()))])
def test_holes_in_place_are_filled_as_dream_fills_them(name, sampler):
    expected = DREAM["sampler_runs"][name]
    ours = run(parity.unfiltered("dream"), DREAM["input_ids"][:1], RefineOptions(sampler, 8), DREAM["mask_token_id"])
    assert ours == expected["tokens"]


def test_the_threshold_of_fast_dllm_is_ours_with_dream_too():
    expected = DREAM["sampler_runs"]["dream_confidence_threshold"]
    ours = run(parity.unfiltered("dream"), appended(DREAM, 16), RefineOptions(Threshold(expected["settings"]["threshold"])), DREAM["mask_token_id"])
    assert ours == expected["tokens"]


def test_the_order_origin_of_dream_commits_each_mask_with_its_probability():
    """Its recorded run is stochastic: here the share that a step commits stands for it."""
    denoiser = parity.unfiltered("dream")
    row = [317] + [DREAM["mask_token_id"]] * 240
    canvas, gap = parity.canvas_of([row] * 4, DREAM["mask_token_id"]), parity.free_gap(denoiser.vocabulary.size, Tokens(1))
    first, *_ = refine(denoiser, canvas, (gap,), RefineOptions(Ancestral(DreamSchedule(eps=0.2)), 4))
    assert first.canvas.committed.sum() / 960 == pytest.approx((1 - 0.2) / 4, abs=0.04)
