"""Masked language models of transformers as denoisers, on tiny checkpoints in the real format."""

import pytest
import tiny
import torch
from transformers import AutoModelForMaskedLM, AutoTokenizer

from dlm_editor.canvas import Frame, lay_out
from dlm_editor.denoisers.masked_lm import MaskedLMDenoiser
from dlm_editor.tasks import FillOptions, RefinementStep, Suggestion, fill
from dlm_editor.text import Document, Mark, Span, parse_length


def load(kind):
    folder = tiny.checkpoint(kind)
    return MaskedLMDenoiser(AutoModelForMaskedLM.from_pretrained(folder), AutoTokenizer.from_pretrained(folder), kind)


@pytest.mark.parametrize("kind", sorted(tiny.BUILDERS))
def test_predictions_are_the_models_own_at_the_asked_positions(kind):
    denoiser = load(kind)
    ids = denoiser.vocabulary.encode("The cat sat on the mat")
    pieces = ((*denoiser.vocabulary.prefix_ids, *ids[:3]), (*ids[4:], *denoiser.vocabulary.suffix_ids))
    gap = object()
    canvas = denoiser.noise(lay_out((Frame(pieces, (gap,)),) * 3, ((2,), (2,), (4,)), 0), None)
    prediction, _ = denoiser.predict(canvas, canvas.masked, 1.0, denoiser.start(canvas))
    model = AutoModelForMaskedLM.from_pretrained(tiny.checkpoint(kind)).eval()
    with torch.inference_mode():
        logits = model(input_ids=canvas.token_ids, attention_mask=canvas.valid.long()).logits[canvas.masked]
    allowed = ~torch.from_numpy(denoiser.vocabulary.forbidden)
    if denoiser.vocabulary.null_id is not None:
        allowed[denoiser.vocabulary.null_id] = True
    expected = torch.log_softmax(logits[:, allowed], -1)
    assert prediction.values.shape == (8, denoiser.vocabulary.size)
    assert torch.allclose(prediction.values[:, allowed], expected, atol=1e-4)
    assert (prediction.values[:, ~allowed] == -torch.inf).all()


@pytest.mark.parametrize("kind", sorted(tiny.BUILDERS))
def test_three_spans_are_filled_through_the_same_path(kind):
    denoiser = load(kind)
    text = "The cat sat on the mat, and the dog said nothing about it at all."
    document = Document(text, tuple(Mark(Span(a, b), parse_length(n)) for a, b, n in [(4, 7, "1w"), (19, 22, "auto"), (60, 60, "3")]))
    events = list(fill(denoiser, document, FillOptions(alternatives=3)))
    suggestions = [event for event in events if isinstance(event, Suggestion)]
    assert len(suggestions) == 3 and len({s.text for s in suggestions}) == 3
    assert [s.mean_logprob for s in suggestions] and all(s.text.startswith("The ") and s.text.endswith(" all.") for s in suggestions)
    assert any(isinstance(event, RefinementStep) for event in events)


def test_the_cost_of_a_step_does_not_depend_on_the_document():
    short, long = [], []
    for calls, copies in ((short, 40), (long, 4000)):
        denoiser = tiny.TableDenoiser.of(tiny.vocabulary("roberta"))
        text = "The cat sat on the mat, and the dog said nothing. " * copies
        at = len(text) // 2
        start = text.index("dog", at)
        list(fill(denoiser, Document(text, (Mark(Span(start, start + 3)),)), FillOptions()))
        calls += denoiser.calls
    assert short == long


def test_spans_far_apart_get_canvases_of_their_own_that_see_the_earlier_ones_filled():
    denoiser = tiny.TableDenoiser.of(tiny.vocabulary("roberta"))
    text = "The cat sat on the mat. " * 30
    far = Document(text, (Mark(Span(4, 7)), Mark(Span(12, 14)), Mark(Span(604, 607))))
    shapes = {event.canvas.gaps.max().item() + 1 for event in fill(denoiser, far, FillOptions()) if isinstance(event, RefinementStep)}
    assert shapes == {2, 1}
