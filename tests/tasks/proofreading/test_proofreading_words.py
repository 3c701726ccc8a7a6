"""Units, what is left alone, forms of words, candidates and cues."""

import pytest

from dlm_editor.tasks.proofreading.candidates import at_gap, at_unit
from dlm_editor.tasks.proofreading.cues import cues
from dlm_editor.tasks.proofreading.lexicon import read_lexicon
from dlm_editor.tasks.proofreading.morphology import forms
from dlm_editor.tasks.proofreading.protected import block_spans, inline_spans
from dlm_editor.tasks.proofreading.units import MARK, OTHER, WORD, is_set_apart, split_units


def units_of(text):
    return split_units(text, inline_spans(text))


def offered(text, word):
    units = units_of(text)
    at = next(i for i, unit in enumerate(units) if unit.plain == word)
    return {(" ".join(candidate.after), candidate.kind) for candidate in at_unit(units, at)}


def test_units_lie_in_order_and_hold_all_that_is_no_space():
    text = "“Well,” he said… it’s 3 o'clock; isn't it? (No!) e.g. foo_bar café n't"
    units = units_of(text)
    assert "".join(unit.text for unit in units).replace(" ", "") == text.replace(" ", "")
    assert all(a.span.end <= b.span.start for a, b in zip(units, units[1:])) and all(text[u.span.start:u.span.end] == u.text for u in units)


def test_contractions_are_one_word_however_they_are_set():
    assert [unit.plain for unit in units_of("I do n't know , it 's ca n’t")] == ["I", "don't", "know", ",", "it's", "can't"]
    assert is_set_apart(units_of("Well , it is .")) and not is_set_apart(units_of("Well, it is."))


def test_a_sentence_begins_after_a_stop_and_not_after_a_comma():
    units = units_of("One two. three, four! “five” six")
    assert [unit.text for unit in units if unit.starts and unit.kind == WORD] == ["One", "three", "five"]


@pytest.mark.parametrize("alone", ["`teh code`", "https://x.org/teh?a=1", "me@teh.org", "3.14", "1,000,000", "foo_bar", "camelCase", "call()", "<teh>", "@teh", "#teh", "./teh/x.py", "$teh$", "B2B"])
def test_what_is_not_prose_is_left_alone(alone):
    assert all(unit.kind != WORD for unit in units_of(f"so {alone} so") if unit.text != "so")


def test_fences_and_indented_code_are_blocks_and_an_open_fence_reaches_to_the_end():
    text = "a\n```\nteh\n```\nb\n\n    teh\n\nc\n~~~\nteh"
    assert [text[span.start:span.end].strip() for span in block_spans(text)] == ["```\nteh\n```", "teh", "~~~\nteh"]


@pytest.mark.parametrize("word, other", [("goes", "go"), ("went", "go"), ("child", "children"), ("study", "studied"), ("stop", "stopping"), ("develop", "developed"), ("happy", "happily"),
                                         ("big", "bigger"), ("was", "were"), ("informations", "information")])
def test_forms_of_a_word_are_found_from_each_other(word, other):
    assert other in {found for _, _, found in forms(word)}


def test_forms_are_words_of_the_lexicon():
    assert all(read_lexicon().knows(other) for word in ("make", "nice", "box", "run") for _, _, other in forms(word))


@pytest.mark.parametrize("text, word, meant", [
    ("I recieve it", "recieve", ("receive", "spelling")), ("a alot of", "alot", ("a lot", "split")), ("I dont know", "dont", ("don't", "apostrophe")),
    ("over their now", "their", ("there", "confusion")), ("we go to day again", "to", ("today", "join")), ("the the end", "the", ("", "doubled")),
    ("he like it", "like", ("likes", "number")), ("i am in london", "london", ("London", "capital")), ("And i know", "i", ("I", "capital")), ("an book", "an", ("a", "article")),
    ("Recieve it", "Recieve", ("Receive", "spelling"))])
def test_what_was_meant_is_among_the_candidates(text, word, meant):
    assert meant in offered(text, word)


def test_gaps_offer_small_words_and_a_comma_but_not_before_marks_or_at_a_beginning():
    units = units_of("He went school, then. Home")
    words = {candidate.after for candidate in at_gap(units, 2)}
    assert {("to",), ("the",), (",",)} <= words
    assert [at_gap(units, i) for i in (0, 3, 6)] == [[], [], []]


@pytest.mark.parametrize("text, at, after, rule, told", [
    ("an book", 0, "a", 0, 1.0), ("a hour", 0, "an", 0, 1.0), ("a book", 0, "an", 0, -1.0), ("she go", 1, "goes", 1, 1.0), ("they goes", 1, "go", 2, 1.0), ("can goes", 1, "go", 3, 1.0),
    ("has went", 1, "gone", 4, 0.0), ("has go", 1, "gone", 4, 1.0), ("is go", 1, "going", 5, 1.0), ("a books", 1, "book", 6, 1.0), ("many book", 1, "books", 7, 1.0), ("he always go", 2, "goes", 1, 1.0)])
def test_cues_say_what_the_word_before_asks_for(text, at, after, rule, told):
    units = units_of(text)
    candidate = next(candidate for candidate in at_unit(units, at) if candidate.after == (after,))
    assert cues(candidate, units)[rule] == told


@pytest.mark.parametrize("tag", ["<b>", "</b>", "<br/>", "<br />", "<input disabled>", '<a href="x y">', "<a b='c d' e=f>", "<Foo {...teh}>"])
def test_a_tag_is_left_alone_and_the_words_of_a_comparison_are_not(tag):
    assert [(span.start, span.end) for span in inline_spans(f"so {tag} so")] == [(3, 3 + len(tag))]
    assert not inline_spans("if a<b and teh c>d then")


def test_marks_and_what_is_left_alone_have_their_kinds():
    assert [unit.kind for unit in units_of("Go, 3 !")] == [WORD, MARK, OTHER, MARK]
