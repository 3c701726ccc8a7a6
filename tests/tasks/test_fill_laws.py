"""The laws of a fill on random documents, marks, options, vocabularies and samplers."""

import dataclasses

import pytest
import tiny
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dlm_editor.errors import UnsatisfiableError
from dlm_editor.sampling import SAMPLERS
from dlm_editor.tasks import FillOptions, RefinementStep, Suggestion, fill
from dlm_editor.text import Document, Mark, Span, Tokens, Words, parse_length

ALPHABET = st.one_of(st.characters(), st.sampled_from("abc the, é́ \n\r\t ’'\"-.x0😀\0\u200d👩字\ud83d"))
TEXTS = st.text(ALPHABET, min_size=1, max_size=60)
LENGTHS = st.sampled_from(["auto", "auto", 1, 2, 5, "1w", "2w", "3w"])
CASES = {"with-null": 7_000, "bert-uncased": 1_000, "roberta": 1_000, "xlm-roberta": 1_000}  # 10,000 random documents together


@st.composite
def documents(draw):
    text = draw(TEXTS)
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=6)))
    marks, at = [], -1
    for start, end in zip(cuts[::2], cuts[1::2]):
        if start > at or start == at and end > start and marks and len(marks[-1].span):
            marks.append(Mark(Span(start, end), parse_length(draw(LENGTHS))))
            at = end
    return Document(text, tuple(marks))


def options(sampler, seed, draws):
    return FillOptions(sampler=SAMPLERS[sampler](), seed=seed, **draws)


@pytest.mark.timeout(1500)
@pytest.mark.parametrize("kind", CASES)
def test_what_is_outside_the_marks_stays_and_the_fill_is_clean(kind):
    vocabulary = tiny.vocabulary(kind)
    denoiser = tiny.TableDenoiser.of(vocabulary)
    specials = [vocabulary.backend.id_to_token(i) for i in range(5)]

    @settings(max_examples=CASES[kind], deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(documents(), st.sampled_from(sorted(SAMPLERS)), st.integers(0, 3), st.sampled_from([{}, {"temperature": 1.0}, {"alternatives": 2}, {"steps": 3}]))
    def holds(document, sampler, seed, draws):
        try:
            suggestions = [event for event in fill(denoiser, document, options(sampler, seed, draws)) if isinstance(event, Suggestion)]
        except UnsatisfiableError:
            assert any(isinstance(mark.length, Words | Tokens) for mark in document.marks)
            return
        assert suggestions
        for suggestion in suggestions:
            _check(document, suggestion, specials)

    holds()


def _check(document, suggestion, specials):
    """Independent of the engine: walks the document and the result side by side."""
    at, out = 0, 0
    for mark, edit in zip(document.marks, suggestion.edits, strict=True):
        kept = document.text[at:mark.span.start]
        assert suggestion.text[out:out + len(kept)] == kept
        out += len(kept)
        assert suggestion.text[out:out + len(edit.after)] == edit.after
        assert (edit.span, edit.before) == (mark.span, document.text[mark.span.start:mark.span.end])
        out += len(edit.after)
        at = mark.span.end
        assert edit.after.encode("utf-8", "surrogatepass").decode("utf-8", "surrogatepass") == edit.after
        assert not any(token in edit.after for token in specials if token not in document.text), edit.after
        assert "\ufffd" not in edit.after or "\ufffd" in edit.before
    assert suggestion.text[out:] == document.text[at:]


@pytest.mark.parametrize("kind", ["bert-uncased", "bert-cased", "roberta", "with-null"])
@settings(max_examples=60, deadline=None, database=None)
@given(document=documents(), sampler=st.sampled_from(sorted(SAMPLERS)), steps=st.sampled_from([None, 1, 4]), block=st.sampled_from([None, 3]))
def test_fixed_positions_are_bit_identical_after_every_step(kind, document, sampler, steps, block):
    denoiser = tiny.TableDenoiser.of(tiny.vocabulary(kind))
    if block and steps:
        steps = 16
    first = None
    try:
        for event in fill(denoiser, document, FillOptions(sampler=SAMPLERS[sampler](), steps=steps, block_length=block)):
            if isinstance(event, RefinementStep) and event.index == 1:
                first = event.canvas
            if isinstance(event, RefinementStep) and event.canvas.token_ids.shape == first.token_ids.shape and bool((event.canvas.gaps == first.gaps).all()):
                fixed = ~first.editable
                assert (event.canvas.token_ids[fixed] == first.token_ids[fixed]).all()
                assert not (event.changed & fixed).any()
    except UnsatisfiableError:
        pass


@settings(max_examples=80, deadline=None, database=None)
@given(document=documents(), sampler=st.sampled_from(sorted(SAMPLERS)), temperature=st.sampled_from([0.0, 1.0]), seed=st.integers(0, 5))
def test_the_same_seed_gives_the_same_run_and_a_row_does_not_depend_on_how_many_there_are(document, sampler, temperature, seed):
    denoiser = tiny.TableDenoiser.of(tiny.vocabulary("with-null"))
    common = FillOptions(sampler=SAMPLERS[sampler](), temperature=temperature, seed=seed, alternatives=2)

    def rows(options):
        last, events = None, []
        for event in fill(denoiser, document, options):
            if isinstance(event, RefinementStep):
                last = event
                events.append(event.drafts)
        return last.drafts, events

    try:
        few, first = rows(common)
    except UnsatisfiableError:
        return
    again = rows(common)
    assert again[1] == first
    many, _ = rows(dataclasses.replace(common, alternatives=6))
    assert [[text(draft) for draft in row] for row in many[:len(few)]] == [[text(draft) for draft in row] for row in few]


def text(draft):
    return "".join(piece.text for piece in draft)


@settings(max_examples=150, deadline=None, database=None)
@given(document=documents(), sampler=st.sampled_from(sorted(SAMPLERS)))
def test_the_last_draft_reads_as_the_suggestion(document, sampler):
    denoiser = tiny.TableDenoiser.of(tiny.vocabulary("roberta"))
    try:
        events = list(fill(denoiser, document, FillOptions(sampler=SAMPLERS[sampler]())))
    except UnsatisfiableError:
        return
    suggestion = events[-1]
    last = [event for event in events if isinstance(event, RefinementStep)][-1]
    for edit, draft, drawn in zip(suggestion.edits, suggestion.drafts, last.drafts[suggestion.row]):
        assert text(draft) == text(drawn) == edit.after
        assert not any(piece.state == "open" for piece in drawn)
