"""Commits by a threshold, beside the original samplers of LLaDA2.0 and 2.1 on the network that they were recorded with."""

import dataclasses
import json

import numpy as np
import pytest
import tiny_blocks
import torch
from safetensors.torch import load_file

from dlm_editor.denoisers.loading import load_denoiser
from dlm_editor.errors import OptionError
from dlm_editor.sampling import Proposal, RefineOptions, Tick, refine
from dlm_editor.sampling.threshold import Threshold
from dlm_editor.sampling.token_editing import TokenEditing

RUNS = json.loads((tiny_blocks.PARITY / "reference.json").read_text())


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    """LLaDA2 as it was recorded: blocks of 8, and, as there, every token may be predicted, the mask and the end of the text too."""
    found = load_denoiser(str(tiny_blocks.llada2_parity(tmp_path_factory.mktemp("llada2"))))
    found.info = dataclasses.replace(found.info, block_length=8, edits_tokens=True)
    found._banned = torch.zeros_like(found._banned)
    return found


def run(network, sampler, steps=None):
    prompt = load_file(tiny_blocks.PARITY / "reference.safetensors")["input_ids"][0, :8].tolist()
    gap = tiny_blocks.free_gap(network.vocabulary)
    everything = dataclasses.replace(gap, automaton=dataclasses.replace(gap.automaton, classes=np.ones_like(gap.automaton.classes)))
    steps = list(refine(network, tiny_blocks.row_canvas(prompt, 16, RUNS["mask_token_id"]), (everything,), RefineOptions(sampler, steps)))
    return steps[-1].canvas.token_ids.tolist(), len(steps)


@pytest.mark.parametrize(("name", "sampler", "steps", "taken"), [
    ("llada2_t.95", Threshold(0.95), None, 16), ("llada2_t.12", Threshold(0.12), None, 15), ("llada2_half_steps", Threshold(0.95), 6, 6),
    ("llada21_quality", TokenEditing(0.15, 0.2, 4), None, None), ("llada21_edit_low", TokenEditing(0.12, 0.05, 4), None, 20),
])
def test_greedy_runs_are_token_by_token_those_of_the_original_sampler(network, name, sampler, steps, taken):
    tokens, count = run(network, sampler, steps)
    assert tokens == RUNS["sampler_runs"][name]["tokens"]
    assert taken is None or count == taken


@pytest.mark.parametrize(("name", "wrong"), [("llada21_quality", Threshold(0.15)), ("llada21_edit_low", TokenEditing(0.12, 0.3, 4)),
                                             ("llada21_edit_low", TokenEditing(0.12, 0.05, 2))])
def test_another_rule_gives_other_tokens(network, name, wrong):
    assert run(network, wrong)[0] != RUNS["sampler_runs"][name]["tokens"]


def case(certainty):
    canvas = tiny_blocks.row_canvas([5], len(certainty), 0)
    row = lambda values: torch.tensor([[0.0, *values]])
    none = [0.0] * len(certainty)
    return canvas, Proposal(torch.arange(10, 11 + len(certainty))[None], row(certainty), row(none), row(none), row(none), canvas.editable,
                            torch.zeros_like(canvas.committed))


@pytest.mark.parametrize(("threshold", "quota", "is_minimum", "expected"), [
    (0.7, 1, True, [1, 3]), (0.9, 1, True, [1]), (0.99, 2, True, [1, 3]), (0.7, 3, True, [1, 2, 3]), (0.0, 0, True, [0, 1, 2, 3]), (0.7, 1, False, [1]),
])
def test_what_is_above_the_threshold_is_committed_and_the_quota_at_least(threshold, quota, is_minimum, expected):
    canvas, proposal = case([0.1, 0.9, 0.5, 0.8])
    after, _ = Threshold(threshold).step(proposal, canvas, (Tick(1.0, 0.5, quota, is_minimum),), None, ())
    assert (after.committed[0].nonzero()[:, 0] - 1).tolist() == expected


@pytest.mark.parametrize("value", [-0.1, 1.1, True, "a"])
def test_a_threshold_is_a_probability(value):
    with pytest.raises(OptionError, match="0 to 1; got"):
        Threshold(value)
