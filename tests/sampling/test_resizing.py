"""DreamOn's expansion and deletion: token for token what the original generator did, and the laws of a refinement."""

import dataclasses

import numpy as np
import parity
import pytest
import tiny_causal
import torch
from parity import free_gap

from dlm_editor.canvas import Automaton, Canvas
from dlm_editor.denoisers.loading import load_denoiser
from dlm_editor.sampling import Choice, Confidence, Entropy, Margin, RefineOptions, Resizing, refine, refine_resizing
from dlm_editor.text import AUTO, Tokens

REFERENCE = parity.notes("dreamon")
RUNS = REFERENCE["sampler_runs"]
MASK, EOS, EXPAND = REFERENCE["mask_token_id"], REFERENCE["eos"], REFERENCE["expand_token_id"]
ORDERS = {"entropy": Entropy(), "maskgit_plus": Confidence(), "topk_margin": Margin()}
HOLE = 8  # the holes of all runs begin here


def unfiltered(**changes):
    return parity.unfiltered("dreamon", **changes)


def start_of(run):
    token_ids = torch.tensor([run["start"]])
    gaps = torch.where(token_ids == MASK, 0, -1)
    return Canvas(token_ids, torch.ones_like(gaps, dtype=torch.bool), gaps, torch.zeros_like(gaps, dtype=torch.bool))


def our_run(run, denoiser=None):
    settings = run["settings"]
    denoiser = denoiser or unfiltered()
    limits = Resizing((settings["max_gen_len"],), deletes_rest=settings["pad_eos_to_right"])
    gap = free_gap(denoiser.vocabulary.size)
    return list(refine_resizing(denoiser, start_of(run), (gap,), RefineOptions(ORDERS[settings["alg"]]), limits))


def canvases(events, run):
    """The tokens before each call of the model, and at the end."""
    return [run["start"], *(event.canvas.token_ids[0, event.canvas.valid[0]].tolist() for event in events)]


FINISHED = sorted(set(RUNS) - {"few_steps", "delete_kept_eos", "fixed_length_infilling"})


@pytest.mark.parametrize("name", FINISHED)
def test_every_canvas_of_a_run_is_that_of_the_original(name):
    run = RUNS[name]
    ours = canvases(our_run(run), run)
    assert [len(canvas) for canvas in ours] == run["window_lengths"]
    assert ours[:-1] == [step["canvas"] for step in run["steps"]]
    assert ours[-1] == run["final_canvas"]
    grown = sum(len(after) == len(before) + 1 for before, after in zip(ours, ours[1:]))
    shrunk = sum(len(after) < len(before) for before, after in zip(ours, ours[1:]))
    assert (grown, shrunk) == (run["expansions"], run["deletion_steps"])


def test_a_run_that_the_original_breaks_off_is_the_same_until_there_and_goes_on_to_its_end():
    run = RUNS["few_steps"]
    ours = canvases(our_run(run), run)
    assert ours[:len(run["steps"])] == [step["canvas"] for step in run["steps"]]
    assert ours[len(run["steps"])] == run["final_canvas"]
    assert MASK in run["final_canvas"] and MASK not in ours[-1]


def test_without_deletion_the_end_of_text_is_a_token_like_others():
    run = RUNS["delete_kept_eos"]
    whole = unfiltered()
    denoiser = unfiltered(delete=None, expand=None)
    denoiser._banned = torch.zeros_like(denoiser._banned)
    canvas = start_of(run)
    events = list(refine(denoiser, canvas, (free_gap(whole.vocabulary.size, Tokens(4)),), RefineOptions(Entropy(), steps=4)))
    assert canvases(events, run)[-1] == run["final_canvas"]


def test_infilling_of_fixed_length_is_that_of_the_original():
    run = RUNS["fixed_length_infilling"]
    denoiser = unfiltered(delete=None, expand=None)
    denoiser._banned[EXPAND] = True
    first = torch.tensor([run["steps"][0]["canvas"]])
    gaps = torch.where(first == MASK, 0, -1)
    canvas = Canvas(first, torch.ones_like(first, dtype=torch.bool), gaps, torch.zeros_like(first, dtype=torch.bool))
    events = list(refine(denoiser, canvas, (free_gap(denoiser.vocabulary.size, Tokens(6)),), RefineOptions(Entropy(), steps=6)))
    assert events[-1].canvas.token_ids[0, HOLE:HOLE + 6].tolist() == run["generator_public_output"]


@pytest.mark.parametrize("steps", [None, 1, 2, 5, 30])
@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_rows_end_with_nothing_open_within_the_promised_steps_and_what_is_fixed_stays(tmp_path, steps, temperature):
    denoiser = load_denoiser(str(tiny_causal.tiny_dream(tmp_path / "model", expands=True)), "cpu")
    size, mask = denoiser.vocabulary.size, denoiser.info.mask_id
    rows = [[5, 6, mask, mask, mask, mask, 7, 8, mask, mask, 9], [5, 6, mask, 7, 8, mask, mask, mask, 9, mask, mask]]
    numbers = [[-1, -1, 0, 0, 0, 0, -1, -1, 1, 1, -1], [-1, -1, 0, -1, -1, 1, 1, 1, -1, -1, -1]]
    valid = torch.tensor([[True] * 11, [True] * 9 + [False] * 2])
    canvas = Canvas(torch.tensor(rows), valid, torch.tensor(numbers), torch.zeros(2, 11, dtype=torch.bool))
    admitted = dataclasses.replace(free_gap(size).automaton, classes=(~denoiser.vocabulary.forbidden).astype(np.int32))
    gaps = tuple(dataclasses.replace(free_gap(size), automaton=admitted, length=length) for length in (AUTO, Tokens(2)))
    options = RefineOptions(Entropy(), steps=steps, choice=Choice(temperature), seed=3)
    events = list(refine_resizing(denoiser, canvas, gaps, options, Resizing((9, 3))))
    assert len(events) == steps if steps else len(events) <= events[0].total
    assert [event.index for event in events] == list(range(1, len(events) + 1))
    for event in events:
        for row, (fixed, counts) in enumerate([([5, 6, 7, 8, 9], 2), ([5, 6, 7, 8, 9], 3)]):
            seen = event.canvas.gaps[row]
            assert event.canvas.token_ids[row, event.canvas.valid[row] & (seen == -1)].tolist() == fixed
            assert int((seen == 0).sum()) <= 9 and int((seen == 1).sum()) == counts  # a length that the user gave is kept
    last = events[-1].canvas
    assert not last.masked.any()
    assert not torch.from_numpy(denoiser.vocabulary.forbidden)[last.token_ids[last.editable]].any()
    again = list(refine_resizing(denoiser, canvas, gaps, options, Resizing((9, 3))))
    assert all(torch.equal(one.canvas.token_ids, other.canvas.token_ids) for one, other in zip(events, again, strict=True))
    alone = list(refine_resizing(denoiser, canvas.take(torch.tensor([0])), gaps, options, Resizing((9, 3))))
    assert alone[-1].canvas.token_ids[0].tolist() == last.token_ids[0, last.valid[0]].tolist()


def test_an_expansion_that_the_constraint_cannot_meet_is_not_made():
    run = RUNS["expand_0"]
    denoiser = unfiltered()
    size = denoiser.vocabulary.size
    five = Automaton(np.ones(size, np.int32), np.array([[-1, 1], [-1, 2], [-1, 3], [-1, 4], [-1, 5], [-1, -1]], np.int32), np.arange(6) == 5)
    gap = dataclasses.replace(free_gap(size), automaton=five)
    canvas = start_of(run)
    longer = torch.cat([canvas.token_ids[:, :HOLE], torch.full((1, 1), MASK), canvas.token_ids[:, HOLE:]], 1)
    gaps = torch.where(longer == MASK, 0, -1)
    canvas = Canvas(longer, torch.ones_like(gaps, dtype=torch.bool), gaps, torch.zeros_like(gaps, dtype=torch.bool))
    events = list(refine_resizing(denoiser, canvas, (gap,), RefineOptions(Entropy()), Resizing((16,))))
    assert {int((event.canvas.gaps == 0).sum()) for event in events} == {5}
    assert len(events) == 5
