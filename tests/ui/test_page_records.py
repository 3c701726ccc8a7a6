"""What the page's record asks of the server, without a browser: runs become files, files become runs, and anything else a sentence."""

import base64
import json

import pytest

from dlm_editor.history.record import Recorder, head, read_record, replay
from dlm_editor.text import Document, Mark, Span, Tokens
from dlm_editor.ui.studio_handlers import handle_record, handle_replay

TEXT = "one\r\ntwo 🌊 three\r\nfour"
OPEN, RIVER, REED = ["", 0.0, "open", [103]], [" river", 0.5, "new", [7]], [" reed", 0.25, "new", [8]]
STEPS = [[[OPEN, OPEN]], [[RIVER, OPEN]], [[[*RIVER[:2], "settled", [7]], REED]]]


def answer(handle, **payload) -> dict:
    (message,) = handle(json.dumps({"run": 3, **payload}))
    return json.loads(message)


def asked(want="json", **changes) -> dict:
    """A run over `two` as the page has it."""
    steps = [{"seconds": number / 10, "drafts": [drafts]} for number, drafts in enumerate(STEPS)]
    after = {"row": 0, "after": [" river reed"], "mean_logprob": -1.0, "steps": 3, "seconds": 0.2, "violations": [], "drafts": [[[*RIVER[:2], "settled", [7]], [*REED[:2], "settled", [8]]]]}
    fields = {"text": TEXT.replace("\r", ""), "spans": [{"start": 4, "end": 7, "length": "2"}], "seed": 5, "steps": 3}
    return {"want": want, "verb": "fill", "model": "fake", "fields": fields, "finish": "done", "steps": steps, "suggestions": [after], **changes}


def test_a_run_becomes_a_record_that_replays_as_it_was():
    file = answer(handle_record, **asked())
    record = read_record(file["text"].encode())
    assert (file["name"], record["model"], record["seed"], record["options"]) == ("refinement.json", "fake", 5, {"steps": 3})
    assert [step["drafts"] for step in replay(record)] == [[drafts] for drafts in STEPS]
    assert answer(handle_replay, data=file["text"])["record"] == record


@pytest.mark.parametrize("want, begin", [("html", b"<!doctype html>"), ("gif", b"GIF89a")])
def test_a_run_becomes_a_page_and_a_picture(want, begin):
    file = answer(handle_record, **asked(want))
    assert (base64.b64decode(file["base64"]) if want == "gif" else file["text"].encode()).startswith(begin)


def test_a_record_of_a_text_with_other_line_breaks_keeps_its_spans_on_their_words():
    spans = (Span(5, 8), Span(11, 16))
    recorder = Recorder(head("fill", Document(TEXT, tuple(Mark(span, Tokens(1)) for span in spans)), "fake", 0, {}))
    recorder.add({"step": 1, "of": 1, "seconds": 0.0, "drafts": [[[OPEN], [OPEN]]]})
    found = answer(handle_replay, data=json.dumps(recorder.record(finish="stopped")))["record"]
    assert found["text"] == TEXT.replace("\r", "")
    assert [found["text"][span["start"]:span["end"]] for span in found["spans"]] == ["two", "three"]


@pytest.mark.parametrize("data, said", [("{", "A record is one JSON object"), ('{"format": "dlm-editor-record", "version": 2}', "got version 2")])
def test_what_is_no_record_is_refused(data, said):
    message = answer(handle_replay, data=data)
    assert message["type"] == "error" and said in message["message"]


@pytest.mark.parametrize("changes", [{"want": "exe"}, {"steps": [{"seconds": 0, "drafts": [[]]}] * 2}, {"suggestions": [{}]}, {"fields": {"text": "a", "spans": [{"start": 0, "end": 9}]}},
                                     {"steps": [{"seconds": 0, "drafts": [[[["a", 0.5, "done", [1]]]]]}]}])
def test_what_is_no_run_is_refused(changes):
    assert answer(handle_record, **asked(**changes))["type"] == "error"
