"""The laws of a fill on random documents, with a model that expands and deletes masks."""

import dataclasses

import tiny
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from test_fill_laws import _check, documents, text

from dlm_editor.denoisers import Prediction
from dlm_editor.errors import UnsatisfiableError
from dlm_editor.sampling import SAMPLERS
from dlm_editor.tasks import FillOptions, RefinementStep, Suggestion, fill
from dlm_editor.text import Document, Mark, Span, Tokens, parse_marked

VOCABULARY = tiny.vocabulary("roberta")
EXPAND, DELETE = (VOCABULARY.backend.token_to_id(token) for token in ("<unk>", "</s>"))


@dataclasses.dataclass(frozen=True, eq=False)
class ResizingTable(tiny.TableDenoiser):
    """A table by position and number of tokens on the canvas, in which expanding and deleting are as likely as a strong token."""

    @property
    def info(self):
        return dataclasses.replace(super().info, expand_id=EXPAND, delete_id=DELETE, has_native_length=True)

    def predict(self, canvas, positions, t, cache):
        row, place = positions.nonzero(as_tuple=True)
        values = self.table[(place + 7 * canvas.valid.sum(1)[row]) % len(self.table)].clone()
        values[:, EXPAND], values[:, DELETE] = -1.0 - (place % 3), -1.0 - (place % 5)
        return Prediction("x0", torch.log_softmax(values, -1)), cache


def denoiser(seed):
    return ResizingTable.of(VOCABULARY, seed)


def fixed_tokens(canvas):
    return [canvas.token_ids[row, canvas.valid[row] & ~canvas.editable[row]].tolist() for row in range(len(canvas.token_ids))]


OPTIONS = st.sampled_from([{}, {"temperature": 1.0}, {"alternatives": 3}, {"steps": 1}, {"steps": 4}, {"steps": 30}, {"block_length": 2}])


@settings(max_examples=100, deadline=None, database=None)
@given(documents(), st.sampled_from(["entropy-bound", "confidence", "margin", "ancestral"]), st.integers(0, 3), OPTIONS)
def test_the_laws_hold(document, sampler, seed, given_options):
    options = FillOptions(sampler=SAMPLERS[sampler](), seed=seed, **given_options)
    try:
        events = list(fill(denoiser(seed), document, options))
    except UnsatisfiableError:
        return
    steps = [event for event in events if isinstance(event, RefinementStep)]
    suggestions = [event for event in events if isinstance(event, Suggestion)]
    assert suggestions and not steps[-1].canvas.masked.any()
    for suggestion in suggestions:
        _check(document, suggestion, ["<unk>", "<s>", "</s>", "<pad>", "<mask>"])
    drawn = [text(draft) for draft in steps[-1].drafts[suggestions[0].row]]
    assert drawn == [edit.after for edit in suggestions[0].edits]
    for step in steps:
        assert step.total is None or step.index <= step.total
        assert not (step.changed & ~step.canvas.editable).any()
    if len(document.marks) == 1:  # one canvas
        assert all(fixed_tokens(step.canvas) == fixed_tokens(steps[0].canvas) for step in steps)
    again = list(fill(denoiser(seed), document, options))
    assert [event.text for event in again if isinstance(event, Suggestion)] == [suggestion.text for suggestion in suggestions]


@settings(max_examples=40, deadline=None, database=None)
@given(st.integers(0, 60), st.integers(1, 9), st.integers(0, 5))
def test_a_length_that_the_user_gave_is_kept_beside_one_that_changes(start, count, seed):
    document = Document("The cat sat on the mat, and the dog said: “Hello!” to everyone there.", (Mark(Span(start, start)), Mark(Span(start + 4, start + 6), Tokens(count))))
    steps = [event for event in fill(denoiser(seed), document, FillOptions(seed=seed)) if isinstance(event, RefinementStep)]
    lengths = {int((step.canvas.gaps[0] == 1).sum()) for step in steps}
    assert len(lengths) == 1 and lengths.pop() >= count  # the halves of a cut word may take more
    assert all(int((step.canvas.gaps[0] == 0).sum()) <= 64 and step.canvas.token_ids.shape[1] <= 128 for step in steps)


def test_lengths_do_change():
    steps = [event for event in fill(denoiser(0), parse_marked("The cat [[sat on]] the mat, and [[the dog]] said hello."), FillOptions())
             if isinstance(event, RefinementStep)]
    lengths = [[int((step.canvas.gaps[0] == gap).sum()) for gap in (0, 1)] for step in steps]
    assert any(after > before for one, other in zip(lengths, lengths[1:]) for before, after in zip(one, other))
    assert any(after < before for one, other in zip(lengths, lengths[1:]) for before, after in zip(one, other))
