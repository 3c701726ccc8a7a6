"""Fills as plain JSON: every field is read or refused by name, and records say what INTERFACES promise."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import documents

from dlm_editor.constraints import (
    Ban,
    BanLetters,
    CharacterCount,
    EndsSentence,
    Include,
    Initials,
    LineInitials,
    NoRepeats,
    OnlyWords,
    Regex,
    TokenCount,
    WordCount,
)
from dlm_editor.errors import DocumentError, InputError, OptionError, SpanError
from dlm_editor.sampling import SAMPLERS, Confidence, EntropyBound, Piece, RefinementStep
from dlm_editor.tasks import FillOptions, Suggestion
from dlm_editor.tasks.requests import FIELDS, draft_record, fill_record, parse_fill, step_record
from dlm_editor.text import AUTO, Document, Edit, Mark, Span, Tokens, Words, render_marked

MARKED = "The cat [[sat]] on."


def test_marks_in_the_text_are_read_where_no_spans_are_given():
    assert parse_fill({"text": MARKED}) == (Document("The cat sat on.", (Mark(Span(8, 11)),)), FillOptions(), "bundled")


def test_with_spans_brackets_are_plain_text():
    spans = [{"start": 8, "end": 15, "length": "3w"}, {"start": 0, "end": 3}, "16:18:8"]
    document, _, _ = parse_fill({"text": MARKED, "spans": spans})
    assert document == Document(MARKED, (Mark(Span(0, 3), AUTO), Mark(Span(8, 15), Words(3)), Mark(Span(16, 18), Tokens(8))))
    assert parse_fill({"text": MARKED, "spans": []})[0] == Document(MARKED)


def test_every_option_is_read_also_where_its_number_is_a_string():
    _, options, model = parse_fill({"text": MARKED, "alternatives": "4", "steps": 8.0, "temperature": "0.5", "top_p": 1, "seed": "7",
                                    "sampler": "confidence", "block_length": 16, "window": 256, "pins": [[1, None]], "model": "other"})
    assert options == FillOptions(4, 8, Confidence(), 0.5, 1.0, 7, 16, 256, ((1, None),))
    assert model == "other"
    assert parse_fill({"text": MARKED, "bound": 2.5, "steps": "auto"})[1].sampler == EntropyBound(2.5)


def test_null_means_left_out():
    assert parse_fill({"text": MARKED, **dict.fromkeys(FIELDS[1:])}) == parse_fill({"text": MARKED})


@pytest.mark.parametrize("name", SAMPLERS)
def test_every_sampler_is_known_by_its_name(name):
    assert type(parse_fill({"text": MARKED, "sampler": name})[1].sampler) is SAMPLERS[name]


def test_unknown_fields_are_refused_with_the_known_ones():
    with pytest.raises(OptionError, match="text, spans, .*got 'temprature'. Did you mean temperature"):
        parse_fill({"text": MARKED, "temprature": 1})


@pytest.mark.parametrize(
    ("fields", "error", "message"),
    [
        ({"text": None}, OptionError, "text is a string, and needed; got None"),
        ({"text": 5}, OptionError, "text is a string"),
        ({"text": "a\ud800[[b]]"}, DocumentError, r"'\\ud800', at position 1"),
        ({"text": "a [[b"}, DocumentError, "position 2"),
        ({"alternatives": 0}, OptionError, "Alternatives are 1 to 16; got 0"),
        ({"alternatives": 1.5}, OptionError, "alternatives is a whole number; got 1.5"),
        ({"alternatives": True}, OptionError, "alternatives is a whole number; got True"),
        ({"steps": 0}, OptionError, "got 0"),
        ({"steps": "many"}, OptionError, "steps is auto or a whole number; got 'many'"),
        ({"temperature": -1}, OptionError, "temperature is 0 to 2; got -1"),
        ({"temperature": "nan"}, OptionError, "temperature is a number; got 'nan'"),
        ({"temperature": float("inf")}, OptionError, "temperature is a number; got inf"),
        ({"top_p": 0}, OptionError, "top_p"),
        ({"seed": -1}, OptionError, "seed .* got -1"),
        ({"seed": 10**30}, OptionError, "seed"),
        ({"seed": []}, OptionError, r"seed is a whole number; got \[\]"),
        ({"sampler": "magic"}, OptionError, "sampler is one of entropy-bound, .*; got 'magic'"),
        ({"sampler": 3}, OptionError, "sampler is a string"),
        ({"bound": 1, "sampler": "margin"}, OptionError, "bound belongs to the sampler entropy-bound; got it with margin"),
        ({"bound": -1}, OptionError, "bound"),
        ({"block_length": 0}, OptionError, "got 0"),
        ({"window": 3}, OptionError, "got 3"),
        ({"pins": 3}, OptionError, "pins"),
        ({"pins": [["x"]]}, OptionError, "pins is a whole number"),
        ({"model": 3}, OptionError, "model is a string"),
        ({"spans": "0:1"}, OptionError, "spans is a list"),
        ({"spans": ["0-1"]}, OptionError, r"spans\[0\]: A span is START:END"),
        ({"spans": [{"start": 0}]}, OptionError, r"spans\[0\]: A span is"),
        ({"spans": [{"start": 0, "end": 1, "len": 3}]}, OptionError, r"spans\[0\]: A span is"),
        ({"spans": [{"start": 0, "end": 1}, {"start": "x", "end": 1}]}, OptionError, r"spans\[1\]: start is a whole number; got 'x'"),
        ({"spans": ["2:1"]}, SpanError, r"spans\[0\]: .* got 2:1"),
        ({"spans": ["-2:1"]}, SpanError, r"spans\[0\]: .* got -2:1"),
        ({"spans": ["0:99"]}, SpanError, "19 characters; got 0:99"),
        ({"spans": ["0:3", "2:5"]}, SpanError, "must not overlap; got 0:3 and 2:5"),
        ({"spans": ["0:3:0"]}, OptionError, r"spans\[0\]: A length .* got 0"),
        ({"spans": ["0:3:long"]}, OptionError, r"spans\[0\]: A length .* got 'long'"),
    ],
)
def test_bad_fields_are_refused_with_rule_value_and_name(fields, error, message):
    with pytest.raises(error, match=message):
        parse_fill({"text": MARKED, **fields})


@pytest.mark.parametrize(("fields", "constraints"), [
    ({"regex": r"\d+"}, (Regex(r"\d+"),)),
    ({"include": "river"}, (Include("river"),)),
    ({"include": ["river", "old stone@2"]}, (Include("river"), Include("old stone", 2))),
    ({"ban": ["a", "b"], "ban_letters": "e"}, (Ban(("a", "b")), BanLetters("e"))),
    ({"words": 3}, (WordCount(3, 3),)), ({"words": "3-5"}, (WordCount(3, 5),)), ({"words": " 3 - "}, (WordCount(3),)), ({"characters": "-40"}, (CharacterCount(0, 40),)),
    ({"tokens": "2–4"}, (TokenCount(2, 4),)), ({"initials": "abc", "line_initials": "xy"}, (Initials("abc"), LineInitials("xy"))),
    ({"no_repeats": True}, (NoRepeats(),)), ({"no_repeats": False}, ()),
    ({"ends_sentence": True}, (EndsSentence(),)), ({"ends_sentence": False, "include": [], "ban": []}, ()), ({"only_words": ["a", "b"]}, (OnlyWords(("a", "b")),)),
])
def test_constraints_are_read_for_all_spans_or_for_one(fields, constraints):
    _, options, _ = parse_fill({"text": MARKED, **fields})
    assert options == FillOptions(constraints=constraints)
    spans = [{"start": 5, "end": 6, **fields}, {"start": 0, "end": 1}]
    _, options, _ = parse_fill({"text": MARKED, "spans": spans})
    assert options == FillOptions(mark_constraints=((), constraints) if constraints else ())  # in order of the marks
    assert json.loads(json.dumps(fields)) == fields


@pytest.mark.parametrize(("fields", "message"), [
    ({"regex": "("}, r"regex: A pattern is a regular expression of Python; '\(' is none"), ({"regex": 3}, "regex: It is a string; got '3'"),
    ({"words": "many"}, "words: A count is 3, 3-5, 3- or -5; got 'many'"), ({"words": True}, "words: A count"), ({"words": "-"}, "words: A count"), ({"words": "5-3"}, "words: .* the least before the most"),
    ({"include": 3}, "include: include is a word or a list of words"), ({"include": ["..."]}, "include: A word to include or ban"), ({"include": "x@0"}, "include: The place of a word"),
    ({"ban_letters": "a b"}, "ban_letters: Letters to ban"), ({"ends_sentence": "yes"}, "ends_sentence: ends_sentence is true or false"),
    ({"no_repeats": 1}, "no_repeats: no_repeats is true or false"), ({"only_words": ["a b"]}, "only_words: A dictionary"),
])
def test_a_constraint_that_is_none_is_refused_by_the_name_of_its_field(fields, message):
    with pytest.raises(OptionError, match=message):
        parse_fill({"text": MARKED, **fields})
    with pytest.raises(OptionError, match=r"spans\[1\]\." + message):
        parse_fill({"text": MARKED, "spans": [{"start": 0, "end": 1}, {"start": 4, "end": 6, **fields}]})


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=5)


@given(st.dictionaries(st.sampled_from(FIELDS[1:]), JSON | st.just("auto") | st.integers(0, 9)))
def test_any_json_is_read_or_refused_and_nothing_else_is_raised(fields):
    try:
        document, options, model = parse_fill({"text": MARKED, **fields})
    except InputError:
        return
    assert isinstance(document, Document) and isinstance(options, FillOptions) and isinstance(model, str)


@given(documents())
def test_spans_and_marks_say_the_same(document):
    spans = [{"start": mark.span.start, "end": mark.span.end, "length": str(mark.length)} for mark in document.marks]
    assert parse_fill({"text": document.text, "spans": json.loads(json.dumps(spans))})[0] == document
    assert parse_fill({"text": render_marked(document)})[0] == document


def test_records_hold_what_scripts_rely_on():
    document = Document("a b", (Mark(Span(2, 3)),))
    pieces = ((Piece("x", "new", 0.5, (7,)), Piece("", "open", 0.0, (3,))),)
    suggestion = Suggestion("a x", (Edit(Span(2, 3), "b", "x"),), -1.5, 2, 0.25, 0, pieces)
    assert fill_record(document, [suggestion], "bundled", 3) == {"text": "a b", "model": "bundled", "seed": 3, "suggestions": [
        {"text": "a x", "edits": [{"start": 2, "end": 3, "before": "b", "after": "x"}], "mean_logprob": -1.5, "steps": 2, "seconds": 0.25,
         "violations": []}]}
    step = RefinementStep(1, None, None, None, None, None, (pieces,), 0.12345)
    assert step_record(step) == {"step": 1, "of": None, "seconds": 0.1235, "drafts": [draft_record(pieces)]}
    assert draft_record(pieces) == [[["x", 0.5, "new", [7]], ["", 0.0, "open", [3]]]]
