"""The laws of documents and edits: applied edits can be undone, and marks stay on their characters."""

from bisect import bisect_right

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import documents, edits, spans

from dlm_editor.errors import SpanError, StaleEditError
from dlm_editor.text import Document, Edit, Mark, Span, inverse, map_span


@given(st.data())
def test_edits_and_their_inverse_restore_the_text(data):
    document = data.draw(documents())
    made = data.draw(edits(document.text))
    assert document.apply(*made).apply(*inverse(made)).text == document.text


@given(st.data())
def test_one_edit_and_its_own_inverse_restore_the_text(data):
    document = data.draw(documents())
    for edit in data.draw(edits(document.text)):
        assert document.apply(edit).apply(edit.inverse()).text == document.text


@given(st.data())
def test_edits_give_the_same_text_one_by_one_from_the_end(data):
    document = data.draw(documents())
    made, expected = data.draw(edits(document.text)), document
    for edit in sorted(made, key=lambda edit: edit.span, reverse=True):
        expected = expected.apply(edit)
    assert document.apply(*made).text == expected.text


@given(st.data())
def test_marks_outside_the_edits_stay_on_the_same_characters(data):
    document = data.draw(documents())
    made = data.draw(edits(document.text))
    after = document.apply(*made)
    untouched = [mark for mark in document.marks if not any(edit.span.overlaps(mark.span) for edit in made)]
    places = {map_span(mark.span, made) for mark in untouched}
    assert {mark.span for mark in after.marks} == places
    assert [after[mark.span] for mark in after.marks if mark.span] == [document[mark.span] for mark in untouched if mark.span]
    assert {mark.length for mark in after.marks} <= {mark.length for mark in untouched}


@given(st.data())
def test_marked_characters_are_followed_by_what_followed_them(data):
    """Not only equal characters: the very same ones, told apart by numbering every character of the document."""
    size = data.draw(st.integers(0, 60))
    text = "".join(chr(0x4E00 + i) for i in range(size))
    document = Document(text, tuple(map(Mark, data.draw(spans(text)))))
    after = document.apply(*data.draw(edits(text, st.text("xyz", max_size=5))))
    originals = {document[mark.span] for mark in document.marks}
    assert all(after[mark.span] in originals for mark in after.marks)


def test_an_insertion_at_the_border_of_a_mark_stays_outside():
    document = Document("abcd", (Mark(Span(1, 3)),))
    assert document.apply(Edit(Span(1, 1), "", "X"), Edit(Span(3, 3), "", "Y")) == Document("aXbcYd", (Mark(Span(2, 4)),))


def test_two_insertions_that_come_to_stand_at_one_place_become_one():
    document = Document("abcd", (Mark(Span(1, 1)), Mark(Span(3, 3))))
    assert document.apply(Edit(Span(1, 3), "bc", "")) == Document("ad", (Mark(Span(1, 1)),))


def test_a_mark_that_an_edit_touches_is_dropped():
    assert Document("abcd", (Mark(Span(1, 3)),)).apply(Edit(Span(2, 4), "cd", "X")) == Document("abX")


@given(st.data())
def test_a_stale_edit_is_refused_and_nothing_is_applied(data):
    document = data.draw(documents())
    start = data.draw(st.integers(0, len(document.text)))
    before = data.draw(st.text(st.characters(exclude_categories=["Cs"]), max_size=8))
    edit = Edit(Span(start, start + len(before)), before, "x")
    if document.text[start:start + len(before)] == before:
        assert document.apply(edit).text == document.text[:start] + "x" + document.text[start + len(before):]
    else:
        with pytest.raises(StaleEditError, match="still stands"):
            document.apply(edit)


def test_overlapping_edits_are_refused():
    with pytest.raises(SpanError, match="0:2 and 1:3"):
        Document("abcd").apply(Edit(Span(0, 2), "ab", ""), Edit(Span(1, 3), "bc", ""))


def test_an_insertion_beside_a_replaced_text_applies_before_it():
    made = (Edit(Span(1, 3), "bc", "Y"), Edit(Span(1, 1), "", "X"), Edit(Span(3, 3), "", "Z"))
    assert Document("abcd").apply(*made).text == "aXYZd"


@pytest.mark.parametrize(("start", "end"), [(3, 2), (-1, 2), (True, 2), (1.0, 2), ("1", 2)])
def test_a_span_that_is_no_range_is_refused(start, end):
    with pytest.raises(SpanError, match="got"):
        Span(start, end)


def test_a_mark_outside_the_text_is_refused():
    with pytest.raises(SpanError, match="3 characters; got 2:4"):
        Document("abc", (Mark(Span(2, 4)),))


@given(st.lists(st.builds(lambda start, size: Span(start, start + size), st.integers(0, 12), st.integers(0, 4)), min_size=2, max_size=4))
def test_documents_refuse_exactly_the_overlapping_marks(found):
    overlap = any(left.overlaps(right) for i, left in enumerate(found) for right in found[i + 1:])
    try:
        document = Document("x" * 16, tuple(map(Mark, found)))
    except SpanError:
        assert overlap
    else:
        assert not overlap
        assert [mark.span for mark in document.marks] == sorted(found)
        assert bisect_right([mark.span for mark in document.marks], Span(16, 16)) == len(found)

