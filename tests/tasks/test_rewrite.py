"""Rewrite: what stays, what is found anew, and that nothing else is touched."""

import re
from dataclasses import dataclass

import pytest
import tiny
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dlm_editor.constraints import Include
from dlm_editor.denoisers import Prediction
from dlm_editor.errors import OptionError
from dlm_editor.tasks import Editor, FillOptions, RefinementStep, RewriteOptions, Suggestion
from dlm_editor.text import Document, Mark, Span, Words

TEXT = "Well: the cat sat on the mat, and the dog said nothing 😀.\r\nIt was cold, dark and quiet."
START, END = TEXT.index("the cat"), TEXT.index(" 😀")
DOCUMENT = Document(TEXT, (Mark(Span(START, END)),))
KINDS = tuple(tiny.BUILDERS)


def rewritten(denoiser, document=DOCUMENT, strength=0.5, keep=(), **options):
    events = list(Editor(denoiser).rewrite(document, RewriteOptions(strength, keep, FillOptions(**options))))
    return [e for e in events if isinstance(e, RefinementStep)], [e for e in events if isinstance(e, Suggestion)]


def table(kind="roberta", **options):
    return tiny.TableDenoiser.of(tiny.vocabulary(kind), **options)


@dataclass(frozen=True, eq=False)
class Doubtful(tiny.TableDenoiser):
    """Finds every token of the text certain, but for one that it has never seen there."""

    known: tuple[int, ...] = ()
    doubted: int = -1

    def predict(self, canvas, positions, t, cache):
        values = self.table[positions.nonzero()[:, 1] % len(self.table)].clone()
        values[:, list(self.known)] += 20
        values[:, self.doubted] -= 40
        return Prediction("x0", torch.log_softmax(values, -1)), cache


@pytest.mark.parametrize("kind", KINDS)
def test_strength_0_changes_nothing_and_asks_nothing(kind):
    denoiser = table(kind)
    steps, (suggestion,) = rewritten(denoiser, strength=0)
    assert (steps, suggestion.text, denoiser.calls) == ([], TEXT, [])
    assert [(edit.before, edit.after) for edit in suggestion.edits] == [(TEXT[START:END],) * 2]


@pytest.mark.parametrize("kind", KINDS)
def test_strength_1_is_a_fill_from_nothing(kind):
    _, (whole,) = rewritten(table(kind), strength=1)
    *_, filled = Editor(table(kind)).fill(DOCUMENT)
    assert whole.text == filled.text != TEXT


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("strength", [0.2, 0.5, 0.8])
def test_the_share_of_words_that_change_is_the_strength(kind, strength):
    steps, (suggestion,) = rewritten(table(kind), strength=strength)
    words = re.findall(r"\w+|[^\w\s]", TEXT[START:END])
    stays = "".join(piece.text for piece in steps[0].drafts[0][0] if not piece.tokens).split()
    assert round(strength * len(words)) == len(words) - len(re.findall(r"\w+|[^\w\s]", " ".join(stays)))
    assert in_order(stays, suggestion.edits[0].after) and suggestion.text != TEXT


def in_order(words, text):
    return re.search(".*?".join(rf"(?<!\w){re.escape(word)}(?!\w)" if word.isalnum() else re.escape(word) for word in words), text, re.DOTALL) is not None


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("strength", [0.4, 1])
def test_words_to_keep_stay_whole_and_in_order_in_any_case(kind, strength):
    _, suggestions = rewritten(table(kind), strength=strength, keep=("DOG", "mat", "nothing"), alternatives=3)
    for suggestion in suggestions:
        assert in_order(["mat", "dog", "nothing"], suggestion.edits[0].after)
        assert suggestion.edits[0].after.endswith("nothing")


def test_drafts_read_as_the_edits_do():
    steps, suggestions = rewritten(table("with-null"), strength=0.4, alternatives=2)
    assert len(suggestions) == 2
    for suggestion in suggestions:
        assert "".join(piece.text for piece in suggestion.drafts[0]) == suggestion.edits[0].after
        assert [piece.text for piece in steps[-1].drafts[suggestion.row][0]] == [piece.text for piece in suggestion.drafts[0]]


def test_the_most_doubtful_words_go_first():
    vocabulary = tiny.vocabulary("roberta")
    known = tuple(vocabulary.encode(" the cat sat on the mat, and the dog said nothing", continues=True))
    (sat, *_) = doubted = vocabulary.encode(" sat", continues=True)
    plain = tiny.TableDenoiser.of(vocabulary)
    denoiser = Doubtful(vocabulary, plain.table, plain.max_length, [], known, sat)
    steps, (suggestion,) = rewritten(denoiser, strength=0.01)
    assert known.count(sat) == 1, doubted
    after = suggestion.edits[0].after
    assert re.search(r"\bsat\b", after) is None
    assert after.startswith("the cat ") and after.endswith(" on the mat, and the dog said nothing")


@pytest.mark.parametrize("kind", ["roberta", "bert-cased", "with-null"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_text_outside_the_marks_is_untouched_whatever_the_strength(kind, data):
    words = st.sampled_from(["the cat", "sat\r\n", "é😀", " \t", "dog.", "don't", "[[", "", "\0", "שלום"])
    text = "".join(data.draw(st.lists(words, min_size=2, max_size=12))) or "x"
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=2)))
    document = Document(text, (Mark(Span(*cuts)),))
    _, suggestions = rewritten(table(kind), document, data.draw(st.sampled_from([0, 0.3, 0.7, 1])), alternatives=data.draw(st.sampled_from([1, 3])))
    for suggestion in suggestions:
        (edit,) = suggestion.edits
        assert suggestion.text == text[:cuts[0]] + edit.after + text[cuts[1]:]
        assert document.apply(edit).apply(edit.inverse()).text == text


def test_an_insertion_beside_a_rewrite_is_filled():
    document = Document(TEXT, (Mark(Span(START, START)), Mark(Span(TEXT.index("dog"), END))))
    _, (suggestion,) = rewritten(table(), document, strength=0.5)
    assert suggestion.edits[0].after.strip() and suggestion.edits[1].after != suggestion.edits[1].before


def test_a_length_in_words_still_holds_for_what_is_written_anew():
    document = Document(TEXT, (Mark(Span(TEXT.index("cat"), TEXT.index(" sat")), Words(2)),))
    _, (suggestion,) = rewritten(table(), document, strength=1)
    assert len(re.findall(r"[\w'’-]+", suggestion.edits[0].after)) == 2


@pytest.mark.parametrize(("options", "message"), [
    ({"strength": 1.5}, "0 to 1; got 1.5"), ({"strength": float("nan")}, "got nan"), ({"strength": True}, "got True"), ({"keep": ("",)}, "tuple of words"),
    ({"keep": ("dog",), "fill": FillOptions(pins=((5,),))}, "got pins"), ({"keep": "dog"}, "tuple of words"), ({"fill": FillOptions(pins=((5,),))}, "got pins"),
])
def test_options_out_of_range_are_refused(options, message):
    with pytest.raises(OptionError, match=message):
        RewriteOptions(**options)


def test_a_word_to_keep_that_is_not_marked_is_refused_before_the_model_is_asked():
    denoiser = table()
    with pytest.raises(OptionError, match="'quiet' does not"):
        rewritten(denoiser, keep=("quiet",))
    assert denoiser.calls == []


def test_constraints_are_for_texts_written_from_nothing():
    with pytest.raises(OptionError, match="strength 0.5 and 0 words"):
        rewritten(table(), constraints=(Include("river"),))
    _, (suggestion,) = rewritten(table(), strength=1, constraints=(Include("river"),))
    assert "river" in suggestion.edits[0].after.casefold()
