"""Insertions of open length: a word, a phrase or a clause."""

import dataclasses

import numpy as np
import pytest
import tiny

from dlm_editor.canvas import count_words
from dlm_editor.constraints import EndsSentence, Include
from dlm_editor.errors import UnknownModelError
from dlm_editor.sampling.sizes import FEATURES, SIZES, size_shares
from dlm_editor.tasks import FillOptions, RefinementStep, Suggestion, fill
from dlm_editor.tasks.sizing import sized
from dlm_editor.text import AUTO, Document, Mark, Span, Tokens, Words

TEXT = "The cat sat on the mat, and the dog said nothing about it at all."
WORD, PHRASE = FEATURES - 2, FEATURES - 1  # features that are 1 for this size alone


def weights(**given):
    found = [0.0] * FEATURES
    for name, value in given.items():
        found[globals()[name]] = value
    return tuple(found)


class Telling(tiny.TableDenoiser):
    size_weights = weights()

    @property
    def info(self):
        return dataclasses.replace(super().info, size_weights=self.size_weights)


def telling(size_weights):
    denoiser = Telling.of(tiny.vocabulary("with-null"))
    denoiser.size_weights = size_weights
    return denoiser


def insertion(at, text=TEXT, length=AUTO):
    return Document(text, (Mark(Span(at, at), length),))


@pytest.mark.parametrize(("size_weights", "size"), [(weights(WORD=9.0), 1), (weights(PHRASE=9.0), 3), (weights(WORD=-9.0, PHRASE=-9.0), 7)])
def test_an_insertion_gets_as_many_words_as_the_model_tells_and_says_what_was_weighed(size_weights, size):
    events = list(fill(telling(size_weights), insertion(8), FillOptions(alternatives=3)))
    steps, suggestions = ([event for event in events if isinstance(event, kind)] for kind in (RefinementStep, Suggestion))
    (weighed,) = steps[0].lengths
    assert [tried for tried, _ in weighed.tried] == list(SIZES) and weighed.taken == size
    assert sum(share for _, share in weighed.tried) == pytest.approx(1, abs=1e-3)
    assert not any(step.lengths for step in steps[1:])
    for suggestion in suggestions:
        assert count_words(suggestion.edits[0].after) == size, suggestion.edits[0]
        assert suggestion.text.startswith("The cat ") and suggestion.text.endswith(TEXT[8:])


@pytest.mark.parametrize("document", [
    insertion(len(TEXT)),                                                     # the end: nothing tells how much is missing
    insertion(6),                                                             # inside a word
    insertion(7),                                                             # right after one: a mark may be missing
    insertion(8, length=Tokens(4)), insertion(8, length=Words(2)),            # given
    Document(TEXT, (Mark(Span(8, 11)),)),                                     # as long as what it replaces
])
def test_other_marks_stay_as_they_are(document):
    assert sized(telling(weights(WORD=9.0)), document, FillOptions()) == (document, FillOptions(), {})


@pytest.mark.parametrize("options", [FillOptions(constraints=(Include("river"),)), FillOptions(pins=((None, None),))])
def test_insertions_that_are_bound_otherwise_stay_open(options):
    document = insertion(8)
    assert sized(telling(weights(WORD=9.0)), document, options) == (document, options, {})


def test_every_open_insertion_of_a_document_is_weighed_by_itself():
    document = Document(TEXT, (Mark(Span(8, 8)), Mark(Span(28, 35)), Mark(Span(49, 49))))
    found, options, weighed = sized(telling(weights(PHRASE=9.0)), document, FillOptions())
    assert options == FillOptions()
    assert [mark.length for mark in found.marks] == [Words(3), AUTO, Words(3)] and set(weighed) == {0, 2}
    assert [mark.span for mark in found.marks] == [mark.span for mark in document.marks]


def test_a_model_without_weights_leaves_insertions_open():
    document = insertion(8)
    assert sized(tiny.TableDenoiser.of(tiny.vocabulary("with-null")), document, FillOptions()) == (document, FillOptions(), {})


def test_what_is_inserted_between_sentences_ends_as_one():
    text = "The cat sat on the mat. The dog “said nothing.” But it slept."
    for at in (0, text.index("The dog"), text.index("But")):
        *_, suggestion = fill(telling(weights(WORD=-9.0, PHRASE=-9.0)), insertion(at, text), FillOptions())
        assert suggestion.edits[0].after.rstrip()[-1] in ".!?…”\"’')]" and not EndsSentence().violations(suggestion.edits[0].after)
        assert not suggestion.violations
    inside = insertion(text.index("sat"), text)
    assert sized(telling(weights(WORD=-9.0, PHRASE=-9.0)), inside, FillOptions())[1] == FillOptions()


def test_weights_of_another_number_are_refused():
    with pytest.raises(UnknownModelError, match="its size_weights are 3"):
        list(fill(telling((1.0, 2.0, 3.0)), insertion(8)))


def test_shares_follow_the_scores():
    shares = size_shares(np.eye(len(SIZES), FEATURES), (*np.log([1.0, 2.0, 5.0]), *[0.0] * (FEATURES - len(SIZES))))
    assert shares == pytest.approx([0.125, 0.25, 0.625])
