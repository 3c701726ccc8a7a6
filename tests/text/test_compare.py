"""Edits between two texts: they lead from one to the other, by whole words, and leave alone what is the same."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import TEXTS

from dlm_editor.text import Document, Edit, Span, changes

WORDS = st.lists(st.sampled_from(["the", "cat", "don’t", "e\u0301te\u0301", " ", " ", ".", "\n", "sat", "🌊"]), max_size=30).map("".join)


@given(st.one_of(st.tuples(TEXTS, TEXTS), st.tuples(WORDS, WORDS)))
def test_changes_lead_from_one_text_to_the_other(texts):
    before, after = texts
    assert Document(before).apply(*changes(before, after)).text == after


@pytest.mark.parametrize(("before", "after", "expected"), [
    ("The cat sat.", "The cat slept.", ["sat>slept"]),
    ("one two three four", "one 2 3 four", ["two three>2 3"]),
    ("Don’t go.", "Do go.", ["Don’t>Do"]),
    ("a e\u0301te b", "a e\u0300te b", ["e\u0301te>e\u0300te"]),
    ("one\ntwo\nthree\n", "one\n2\nthree\n", ["two>2"]),
    ("same", "same", []),
    ("", "new", [">new"]),
    ("a\nb\nc", "a\nc", ["b\n>"]),
])
def test_whole_words_are_replaced_and_nothing_else(before, after, expected):
    assert [f"{edit.before}>{edit.after}" for edit in changes(before, after)] == expected


def test_one_word_of_a_long_document_is_one_small_edit():
    text = "".join(f"Line {number} of many, all of them different.\n" for number in range(20_000))
    began = time.monotonic()
    assert changes(text, text.replace("Line 9000 of", "Line 9000 out of")) == (Edit(Span(at := text.index("9000 ") + 5, at), "", "out "),)
    assert time.monotonic() - began < 5


def test_two_texts_without_a_word_in_common_do_not_take_forever(monkeypatch):
    monkeypatch.setattr("dlm_editor.text.compare.PATIENCE_S", 0.2)
    before, after = (" ".join(f"{letter}{number}" for number in range(20_000)) for letter in "ab")
    began = time.monotonic()
    assert Document(before).apply(*changes(before, after)).text == after
    assert time.monotonic() - began < 3
