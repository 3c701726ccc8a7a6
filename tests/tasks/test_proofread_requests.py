"""Proofreadings as plain JSON: every field is read or refused by name, and records say what INTERFACES promise."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlm_editor.errors import AbilityError, DocumentError, InputError, OptionError, SpanError
from dlm_editor.tasks import Correction, Proofreading, ProofreadOptions, ProofreadStep
from dlm_editor.tasks.proofread_requests import FIELDS, parse_proofread, proofread_record, proofread_step_record
from dlm_editor.tasks.remote import RemoteInfiller
from dlm_editor.text import Document, Edit, Mark, Span

TEXT = "I saw teh [[cat]]\r\non teh\0 mat 👩‍🔬."


def test_text_alone_is_read_whole_and_brackets_are_text():
    assert parse_proofread({"text": TEXT}) == (Document(TEXT), ProofreadOptions(), "bundled")
    assert parse_proofread({"text": TEXT, **dict.fromkeys(FIELDS[1:])}) == parse_proofread({"text": TEXT, "spans": []}) == parse_proofread({"text": TEXT})
    assert parse_proofread({"text": ""})[0] == Document("")


def test_every_field_is_read_also_where_its_number_is_a_string():
    document, options, model = parse_proofread({"text": TEXT, "spans": [{"start": 19, "end": "25"}, "0:9"], "threshold": "0.5", "dictionary": ["teh", "Łódź"],
                                                "ignore": [["teh", "the"], ("", ",")], "seed": "7", "model": "other"})
    assert document == Document(TEXT, (Mark(Span(0, 9)), Mark(Span(19, 25))))
    assert (options, model) == (ProofreadOptions(0.5, ("teh", "Łódź"), (("teh", "the"), ("", ","))), "other")
    assert parse_proofread({"text": TEXT, "dictionary": "teh"})[1].dictionary == ("teh",)


@pytest.mark.parametrize(("fields", "error", "message"), [
    ({"text": None}, OptionError, "text is a string, and needed; got None"), ({"text": 5}, OptionError, "text is a string"),
    ({"text": "a\ud800"}, DocumentError, r"'\\ud800', at position 1"), ({"text": "a" * (9 * 2**20)}, DocumentError, "at most 8 MiB; got 9.0 MiB"),
    ({"threshold": 1.5}, OptionError, "0 to 1; got 1.5"), ({"threshold": "sure"}, OptionError, "threshold is a number; got 'sure'"), ({"threshold": True}, OptionError, "got True"),
    ({"dictionary": 3}, OptionError, "dictionary is a word or a list of words; got 3"), ({"dictionary": [3]}, OptionError, r"got \[3\]"), ({"dictionary": [" "]}, OptionError, "tuple of words"),
    ({"ignore": "teh"}, OptionError, r"ignore is a list of pairs \[before, after\]; got 'teh'"), ({"ignore": [["teh"]]}, OptionError, r"got \['teh'\] in it"),
    ({"ignore": [["teh", None]]}, OptionError, "None"), ({"ignore": ["te"]}, OptionError, "got 'te' in it"), ({"seed": "x"}, OptionError, "seed is a whole number"),
    ({"spans": "0:1"}, OptionError, "spans is a list"), ({"spans": ["0:1:3w"]}, OptionError, r"spans\[0\]: .*'0:1:3w'.* takes no length"),
    ({"spans": ["0:1", {"start": 2, "end": 3, "length": "auto"}]}, OptionError, r"spans\[1\]: A span to proofread"), ({"spans": [{"start": 0}]}, OptionError, r"spans\[0\]"),
    ({"spans": [{"start": 0, "end": "x"}]}, OptionError, r"spans\[0\]: end is a whole number; got 'x'"), ({"spans": ["2:1"]}, SpanError, r"spans\[0\]: .* got 2:1"),
    ({"spans": ["0:99"]}, SpanError, "characters; got 0:99"), ({"spans": ["0:3", "2:5"]}, SpanError, "must not overlap"), ({"model": 3}, OptionError, "model is a string"),
    ({"treshold": 1}, OptionError, "A proofreading has the fields text, spans, .*; got 'treshold'. Did you mean threshold"), ({"colour": 1}, OptionError, "Leave it out"),
])
def test_bad_fields_are_refused_with_rule_value_and_name(fields, error, message):
    with pytest.raises(error, match=message):
        parse_proofread({"text": TEXT, **fields})


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=5)


@given(st.dictionaries(st.sampled_from(FIELDS), JSON | st.just("0:3") | st.just(["0:3"]) | st.floats(0, 1)))
def test_any_json_is_read_or_refused_and_nothing_else_is_raised(fields):
    try:
        document, options, model = parse_proofread({"text": TEXT, **fields})
    except InputError:
        return
    assert isinstance(document, Document) and isinstance(options, ProofreadOptions) and isinstance(model, str)


def test_records_hold_what_scripts_rely_on():
    correction = Correction(Edit(Span(6, 9), "teh", "the"), 0.912345, "spelling")
    edit = {"start": 6, "end": 9, "before": "teh", "after": "the", "certainty": 0.9123, "reason": "spelling"}
    assert proofread_step_record(ProofreadStep(Span(0, 17), (correction,), 31)) == {"start": 0, "end": 17, "edits": [edit], "total": 31}
    record = proofread_record(Proofreading("I saw teh", "I saw the", (correction,), 0.25))
    assert record == {"text": "I saw teh", "corrected": "I saw the", "edits": [edit], "seconds": 0.25} and json.loads(json.dumps(record)) == record


def test_a_hosted_model_is_refused_with_one_that_can():
    with pytest.raises(AbilityError, match="say how probable a word is; 'ollama:m' cannot. Use one that can, like 'bundled'"):
        RemoteInfiller.of("ollama:m").proofread(Document("teh"), ProofreadOptions())
