"""Token editing where the whole prediction is known: a table that wishes for other tokens once the text stands."""

import dataclasses

import numpy as np
import pytest
import tiny
import tiny_blocks
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from dlm_editor.canvas import DEAD
from dlm_editor.denoisers import Prediction
from dlm_editor.errors import AbilityError, OptionError
from dlm_editor.sampling import RefineOptions, refine
from dlm_editor.sampling.token_editing import EditingSchedule, TokenEditing

HOLES = 4


class Wishful:
    """Predicts `first` where a mask stands, and where a token stands, `later`; each a list of (token, probability) by place."""

    def __init__(self, first, later, edits_tokens=True):
        self.table = tiny.TableDenoiser.of(tiny.vocabulary("roberta"))
        self.vocabulary, self.first, self.later = self.table.vocabulary, first, later
        self.info = dataclasses.replace(self.table.info, edits_tokens=edits_tokens)
        self.start, self.noise, self.asked = self.table.start, self.table.noise, []

    def predict(self, canvas, positions, t, cache):
        self.asked.append(positions.sum().item())
        rows = []
        for row, place in positions.nonzero().tolist():
            wishes = self.first if canvas.masked[row, place] else self.later
            token, p = wishes[place - 1]
            allowed = ~torch.from_numpy(self.vocabulary.forbidden)
            values = torch.full((self.vocabulary.size,), -torch.inf).masked_fill(allowed, np.log((1 - p) / (int(allowed.sum()) - 1)))
            values[token] = np.log(p)
            rows.append(values)
        return Prediction("x0", torch.stack(rows)), cache


def run(denoiser, sampler, gap=None, pinned=(), steps=None):
    canvas = tiny_blocks.row_canvas([7], HOLES, denoiser.vocabulary.mask_id)
    for place, token in pinned:
        chosen = torch.zeros_like(canvas.committed)
        chosen[0, place + 1] = True
        canvas = canvas.commit(chosen, torch.full_like(canvas.token_ids, token))
    return list(refine(denoiser, canvas, (gap or tiny_blocks.free_gap(denoiser.vocabulary),), RefineOptions(sampler, steps)))


FIRST = [(101, 0.9), (102, 0.9), (103, 0.9), (104, 0.9)]


def test_a_token_is_replaced_where_the_model_is_sure_of_another():
    denoiser = Wishful(FIRST, [(101, 0.9), (202, 0.8), (203, 0.4), (104, 0.9)])
    first, second, third = run(denoiser, TokenEditing(0.7, 0.5, 4))
    assert first.canvas.token_ids[0, 1:].tolist() == [101, 102, 103, 104]
    assert second.canvas.token_ids[0, 1:].tolist() == third.canvas.token_ids[0, 1:].tolist() == [101, 202, 103, 104]
    assert second.changed[0].tolist() == [False, False, True, False, False] and not third.changed.any()
    assert second.certainty[0, 2].item() == pytest.approx(0.8, abs=1e-3) and second.logprob[0, 2].item() == pytest.approx(np.log(0.8), abs=1e-3)
    assert second.certainty[0, 1].item() == first.certainty[0, 1].item()  # what stays keeps its figures


def test_a_run_that_never_agrees_with_itself_ends_after_the_promised_steps():
    class Fickle(Wishful):
        def predict(self, canvas, positions, t, cache):
            self.later = [(201 + len(self.asked) % 2, 0.9)] * HOLES
            return super().predict(canvas, positions, t, cache)

    for post_steps in (0, 3):
        steps = run(Fickle(FIRST, []), TokenEditing(0.7, 0.5, post_steps))
        assert len(steps) == 1 + post_steps and steps[-1].total == HOLES + post_steps


def test_what_the_user_pinned_is_neither_asked_about_nor_edited():
    denoiser = Wishful(FIRST, [(201, 0.9)] * HOLES)
    *_, last = run(denoiser, TokenEditing(0.7, 0.5, 2), pinned=[(1, 150)])
    assert last.canvas.token_ids[0, 1:].tolist() == [201, 150, 201, 201] and denoiser.asked == [3, 3, 3]


def without_neighbours(vocabulary, one, other):
    """Admits any tokens but `one` directly before `other`."""
    gap = tiny_blocks.free_gap(vocabulary)
    classes = gap.automaton.classes.copy()
    classes[one], classes[other] = 2, 3
    arcs = np.array([[DEAD, 0, 1, 0], [DEAD, 0, 1, DEAD]], np.int32)
    return dataclasses.replace(gap, automaton=dataclasses.replace(gap.automaton, classes=classes, arcs=arcs, accepting=np.array([True, True])))


def test_edits_that_the_constraint_does_not_admit_together_are_not_both_made():
    denoiser = Wishful(FIRST, [(201, 0.9), (202, 0.9), (203, 0.9), (104, 0.9)])
    *_, last = run(denoiser, TokenEditing(0.7, 0.5, 4), without_neighbours(denoiser.vocabulary, 201, 202))
    assert last.canvas.token_ids[0, 1:].tolist() in ([201, 102, 203, 104], [101, 202, 203, 104])


@settings(max_examples=40, deadline=None, database=None)
@given(wishes=st.lists(st.tuples(st.sampled_from([201, 202, 104]), st.sampled_from([0.3, 0.6, 0.95])), min_size=2 * HOLES, max_size=2 * HOLES),
       sampler=st.builds(TokenEditing, st.sampled_from([0.2, 0.7, 1.0]), st.sampled_from([0.2, 0.5, 0.9]), st.integers(0, 3)), steps=st.sampled_from([None, 1, 6]))
def test_whatever_it_wishes_every_text_is_admitted_and_nothing_stays_open(wishes, sampler, steps):
    denoiser = Wishful(wishes[:HOLES], wishes[HOLES:])
    gap = without_neighbours(denoiser.vocabulary, 201, 202)
    events = run(denoiser, sampler, gap, steps=steps)
    for step in events:
        tokens = [None if is_open else token for token, is_open in zip(step.canvas.token_ids[0, 1:].tolist(), step.canvas.masked[0, 1:].tolist())]
        assert gap.admits(tokens)
        assert step.canvas.token_ids[0, 0] == 7
    assert not events[-1].canvas.masked.any() and len(events) <= (steps or HOLES + sampler.post_steps)


@pytest.mark.parametrize("masked", [1, 3, 16])
@pytest.mark.parametrize("post", [0, 2, 16])
def test_quotas_sum_to_the_masks_before_the_steps_that_only_edit(masked, post):
    ticks = EditingSchedule(post).ticks(masked, masked + post)
    assert sum(tick.quota for tick in ticks) == masked and len(ticks) == masked + post
    assert all(tick.quota == 0 for tick in ticks[masked:])
    fixed = dataclasses.replace(EditingSchedule(post), is_minimum=False).ticks(masked, 2)
    assert len(fixed) == 2 and sum(tick.quota for tick in fixed) == masked and fixed[-1].is_last


def test_a_model_that_was_not_trained_for_it_is_refused():
    with pytest.raises(AbilityError, match="correct its own tokens; 'table' was not.*LLaDA2.1-mini"):
        run(Wishful(FIRST, FIRST, edits_tokens=False), TokenEditing())


@pytest.mark.parametrize("options", [{"threshold": 2}, {"editing_threshold": -1}, {"post_steps": -1}, {"post_steps": 1.5}, {"post_steps": 1000}])
def test_options_out_of_range_are_refused(options):
    with pytest.raises(OptionError, match="got"):
        TokenEditing(**options)
