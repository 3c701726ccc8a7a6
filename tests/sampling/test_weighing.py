"""The lengths that were weighed for a mark, as they are shown."""

import dataclasses

import numpy as np
import pytest
import tiny
import torch

from dlm_editor.sampling import Weighed
from dlm_editor.sampling.weighing import from_emptiness, from_scores
from dlm_editor.tasks import FillOptions, RefinementStep, Suggestion, fill
from dlm_editor.text import Document, Mark, Span, Tokens, Words

TEXT = "The cat sat on the mat, and the dog said nothing about it at all."
MARKED = Document(TEXT, (Mark(Span(4, 7)), Mark(Span(28, 35)), Mark(Span(52, 54), Tokens(2))))


def run(denoiser, document=MARKED, **options):
    events = list(fill(denoiser, document, FillOptions(**options)))
    return [event for event in events if isinstance(event, RefinementStep)], [event for event in events if isinstance(event, Suggestion)]


def test_emptiness_becomes_the_probability_of_each_length():
    (found,) = from_emptiness((np.array([0.1, 0.4, 0.9, 0.9]),))
    assert found.tried == ((0, 0.1), (1, 0.3), (2, 0.5), (4, 0.1)) and found.taken == 2 and found.by == "probability"
    assert from_emptiness((None,)) == (None,)


def test_scores_become_shares_in_order_of_length():
    found = from_scores([4, 2, 8], np.log([0.5, 0.25, 0.25]) - 3, 4)
    assert found == Weighed("score", ((2, 0.25), (4, 0.5), (8, 0.25)), 4)


@pytest.mark.parametrize(("kind", "by"), [("roberta", "score"), ("with-null", "probability")])
def test_the_first_step_and_the_suggestions_tell_what_was_weighed_and_taken(kind, by):
    steps, suggestions = run(tiny.TableDenoiser.of(tiny.vocabulary(kind)), alternatives=2)
    assert not any(step.lengths for step in steps[1:])
    first, second, given = steps[0].lengths
    assert given is None and {first.by, second.by} == {by}
    assert sum(share for _, share in first.tried) == pytest.approx(1, abs=0.02) and first.taken in dict(first.tried)
    null = tiny.vocabulary(kind).null_id
    for suggestion in suggestions:
        sizes = [sum(token != null for piece in draft for token in piece.tokens) for draft in suggestion.drafts]
        assert [known and known.taken for known in suggestion.lengths] == [sizes[0], sizes[1], None]


def test_a_model_that_leaves_more_empty_is_seen_to_expect_fewer_tokens():
    plain = tiny.TableDenoiser.of(tiny.vocabulary("with-null"))
    gain = torch.zeros(plain.table.shape[1]).index_fill(0, torch.tensor(plain.vocabulary.null_id), 4.0)
    denoiser = dataclasses.replace(plain, table=torch.log_softmax(plain.table + gain, -1))
    document = Document(TEXT, (Mark(Span(4, 7)),))
    steps, _ = run(denoiser, document)
    at_once, _ = run(plain, document)
    mean = lambda found: sum(length * share for length, share in found.tried)
    assert mean(steps[0].lengths[0]) < mean(at_once[0].lengths[0])


def test_lengths_that_are_given_or_gone_on_from_are_not_weighed():
    denoiser = tiny.TableDenoiser.of(tiny.vocabulary("with-null"))
    _, (done,) = run(denoiser)
    pins = tuple(tuple(token for piece in draft for token in piece.tokens) for draft in done.drafts)
    steps, (again,) = run(denoiser, pins=pins)
    assert not any(step.lengths for step in steps) and again.lengths == ()
    steps, (again,) = run(denoiser, pins=((), *pins[1:]))
    assert steps[0].lengths[0] and steps[0].lengths[1:] == (None, None) and again.text.endswith(done.text[-20:])


def test_a_length_is_searched_with_the_tokens_of_the_other_marks_in_place():
    denoiser, seen = tiny.TableDenoiser.of(tiny.vocabulary("roberta")), []
    document = Document(TEXT, (Mark(Span(4, 7)), Mark(Span(28, 35), Words(1))))
    _, (done,) = run(denoiser, document)
    tokens = tuple(token for piece in done.drafts[1] for token in piece.tokens)

    class Watching(tiny.TableDenoiser):
        def predict(self, canvas, positions, t, cache):
            seen.append(canvas)
            return super().predict(canvas, positions, t, cache)

    watching = Watching(denoiser.vocabulary, denoiser.table, 128, [])
    run(watching, document, pins=((), tokens))
    rows = seen[0].token_ids.tolist()
    assert len(rows) > 1 and all(any(row[at:at + len(tokens)] == list(tokens) for at in range(len(row))) for row in rows)
