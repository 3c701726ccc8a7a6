"""Records from outside: whatever is no record is refused with one sentence, and text in one is text."""

import copy
import json
import time

import pytest
import recorded
from hypothesis import given, settings
from hypothesis import strategies as st
from recorded import fields

from dlm_editor.errors import RecordError
from dlm_editor.history.record import MAX_BYTES, encode_record, endings, read_record, replay

SCRIPT = "</script><script>alert(1)</script><!-- \u2028 ${7*7} {{x}}"


@pytest.fixture(scope="module")
def good() -> dict:
    return json.loads(encode_record(recorded.record(fields(alternatives=2, temperature=1.0))))


def put(record: dict, path: tuple, value) -> bytes:
    """The record with a value at a path; as bytes, also where it is no record any more."""
    changed = copy.deepcopy(record)
    at = changed
    for name in path[:-1]:
        at = at[name]
    at[path[-1]] = value
    return json.dumps(changed).encode()


@pytest.mark.parametrize(("path", "value", "message"), [
    (("format",), "other", "got 'other'. Choose a file"),
    (("version",), 2, "version 1 can be read; got version 2. Open it with the program that made it, 'dlm-editor'"),
    (("version",), True, "got version True"),
    (("more",), 1, "got 'one named more'"),
    (("text",), 5, "text is a string; got 5"),
    (("verb",), "run", "fill, rewrite; got 'run'"),
    (("verb",), ["fill"], "got a list of 1"),
    (("finish",), None, "done, stopped; got None"),
    (("seed",), -1, "seed is a whole number"),
    (("seed",), 1.5, "got 1.5"),
    (("options",), [], "options is an object; got a list of 0"),
    (("rows",), 10**6, "rows is a whole number from 0 to 64"),
    (("rows",), 0, "of a record with rows"),
    (("spans", 0), [1, 2], r"spans\[0\] has start, end and length"),
    (("spans", 0, "end"), 10**9, "spans: "),
    (("spans", 1, "start"), 0, "order"),
    (("spans", 0, "start"), "0", r"spans\[0\]: "),
    (("spans", 0, "length"), "9999w", "got 9999"),
    (("steps",), {}, "steps is a list"),
    (("steps", 0), None, r"steps\[0\] is an object"),
    (("steps", 1, "step"), 7, "is step 2; got 7"),
    (("steps", 1, "seconds"), -1, "seconds is a number"),
    (("steps", 1, "of"), "9", "of is a whole number"),
    (("steps", 0, "changes", 0, 0), 99, "in one of"),
    (("steps", 0, "changes", 0, 1), -1, "in one of"),
    (("steps", 0, "changes", 0, 3), 1, "within a draft of 0 pieces; got '1 from 0'"),
    (("steps", 1, "changes", 0, 2), 9999, "from 9999"),
    (("steps", 1, "changes", 0, 2), -1, "from -1"),
    (("steps", 0, "changes", 0), [0, 0, 0, 0], "A change in"),
    (("steps", 0, "changes", 0, 4), [["x", 2, "new", []]], "certainty 0 to 1 or null"),
    (("steps", 0, "changes", 0, 4), [["x", 1, "run", []]], "A piece in"),
    (("steps", 0, "changes", 0, 4), [["x", 1, ["new"], []]], "A piece in"),
    (("steps", 0, "changes", 0, 4), [True], "A piece in"),
    (("suggestions", 0, "row"), 63, "row is a whole number"),
    (("suggestions", 0, "after"), ["one"], "a text for each of the 3 spans"),
    (("suggestions", 0, "mean_logprob"), "x", "mean_logprob is a number"),
    (("suggestions", 0, "changes"), [7], "a list of lists"),
    (("suggestions", 0, "changes"), [[0, 0, 99, []]], "from 0"),
])
def test_a_damaged_record_is_refused_with_what_is_wrong(good, path, value, message):
    with pytest.raises(RecordError, match=message) as caught:
        read_record(put(good, path, value))
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 500


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"null", b"7", b"nonsense", b"\xff\xfe", b"[" * 10**6, b'{"format": NaN}', b'{"format": "dlm-editor-record", "version": ' + b"9" * 5000 + b"}",
                                  b'{"format": "dlm-editor-record", "version": 1, "text": "\\ud800"}', b"\x1f\x8b\x08\x00", b" " * (MAX_BYTES + 1)], ids=lambda data: repr(data[:20]))
def test_what_is_no_record_is_refused(data):
    with pytest.raises(RecordError):
        read_record(data)


def test_a_small_file_that_would_take_forever_to_play_is_refused_at_once(good):
    many = [[0, 0, 0, 0, [3] * 100_000]]
    steps = [{"step": 1, "of": None, "seconds": 0, "changes": many}] + [{"step": n + 2, "of": None, "seconds": 0, "changes": [[0, 0, 0, 0, []]]} for n in range(100_000)]
    began = time.process_time()
    with pytest.raises(RecordError, match="moves"):
        read_record(json.dumps({**good, "steps": steps, "suggestions": []}).encode())
    assert time.process_time() - began < 20


@settings(max_examples=150)
@given(st.data())
def test_a_record_with_anything_anywhere_is_refused_or_plays(good, data):
    def places(value, path=()):
        parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for name, part in parts:
            yield (*path, name)
            yield from places(part, (*path, name))

    path = data.draw(st.sampled_from(list(places({**good, "text": good["text"], "steps": good["steps"][:2]}))))
    value = data.draw(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=4), st.just([]), st.just({}), st.just([[0, 0, 0, 0, [1]]])))
    try:
        back = read_record(put(good, path, value))
    except RecordError:
        return
    assert len(list(replay(back))) == len(back["steps"]) and len(endings(back)) == len(back["suggestions"])


def test_script_in_the_texts_of_a_record_stays_text(good):
    changed = json.loads(put(good, ("text",), good["text"] + SCRIPT))
    changed["suggestions"][0]["after"][0] = changed["model"] = changed["options"]["instruction"] = SCRIPT
    changed["steps"][0]["changes"][0][4] = [[SCRIPT, 1.0, "settled", []]]
    changed["steps"] = changed["steps"][:1]
    changed["suggestions"] = []
    back = read_record(json.dumps(changed).encode())
    assert back["text"].endswith(SCRIPT) and next(replay(back))["drafts"][0][0] == [[SCRIPT, 1.0, "settled", []]]
