"""What the handlers of models and poems answer, without a browser."""

import json
import time

import pytest
from fake_editor import FakeEditor

from dlm_editor.constraints.prosody import meter_pattern
from dlm_editor.errors import ResourceError
from dlm_editor.tasks.poem_forms import FORMS
from dlm_editor.tasks.poem_plan import plan_poem
from dlm_editor.tasks.poem_requests import parse_poem
from dlm_editor.ui import verse
from dlm_editor.ui.gate import Gate
from dlm_editor.ui.models import Models
from dlm_editor.ui.poems import handle_poem, handle_word
from dlm_editor.ui.runs import Runs
from dlm_editor.ui.server import offered
from dlm_editor.ui.switching import handle_model

LINES = ["Morning on the pond,", "", "a heron stands in the reeds,", "waiting for the day."]


def make_runs(editor=FakeEditor):
    return Runs(Models(lambda *_: editor(), "fake"), Gate())


def told(messages) -> list[dict]:
    return [message for message in map(json.loads, messages) if message["type"] != "wait"]


def test_a_switch_tells_its_progress_and_that_it_is_done():
    def load(model_id, tell):
        tell("Downloading", 1.0, 4.0)
        time.sleep(0.3)
        tell("Reading the weights")
        time.sleep(0.3)
        return FakeEditor()

    *progress, ready, catalog = map(json.loads, handle_model(Models(load, "fake"), lambda: [{"id": "a"}], json.dumps({"run": 3, "model": "a"})))
    assert {"run": 3, "type": "progress", "model": "a", "stage": "Downloading", "done": 1.0, "total": 4.0} in progress
    assert progress[-1]["stage"] == "Reading the weights" and progress[-1]["total"] is None
    assert ready == {"run": 3, "type": "ready", "model": "a"} and catalog["models"] == [{"id": "a"}]


def test_a_switch_that_fails_says_why():
    def load(*_):
        raise ResourceError("The model needs 9 GB of memory; 1 GB is free. Choose a smaller model.")

    last = list(map(json.loads, handle_model(Models(load, "fake"), list, json.dumps({"run": 3, "model": "a"}))))[-1]
    assert last["type"] == "error" and "Choose a smaller model" in last["message"]


@pytest.mark.parametrize("payload", ["", "[]", '{"model": "a"}', '{"run": "x"}'])
def test_a_payload_that_names_no_run_gets_no_answer(payload):
    runs = make_runs()
    assert [*handle_model(Models(lambda *_: None, "fake"), list, payload), *handle_poem(runs, payload), *handle_word(runs, payload)] == []


@pytest.mark.parametrize("fields, named", [({"shell": "rm"}, "shell"), ({"model": ["a"]}, "model"), ({"model": "a" * 2000}, "model")])
def test_what_the_page_would_not_send_is_refused_by_name(fields, named):
    runs, payload = make_runs(), json.dumps({"run": 1, **fields})
    for messages in (handle_model(Models(lambda *_: None, "fake"), list, payload), handle_poem(runs, payload), handle_word(runs, payload)):
        (message,) = map(json.loads, messages)
        assert message["type"] == "error" and message["run"] == 1
    (message,) = map(json.loads, handle_poem(runs, json.dumps({"run": 1, **fields})))
    assert named in message["message"]


def test_an_old_model_makes_room_before_the_new_one_is_loaded():
    seen = []

    def load(model_id, _tell):
        seen.append((model_id, sorted(models._loadings)))
        return model_id

    models = Models(load, "small")
    for model_id in ("small", "large", "larger"):
        models.get(model_id).result(5)
    assert seen[-1] == ("larger", ["larger", "small"])


def test_a_public_page_offers_its_own_model_and_what_fits_but_no_hosted_ones():
    records = [{"id": "bundled"}, {"id": "mercury", "hosted": True}]
    assert [record["id"] for record in offered([*records, {"id": "huge", "fits": False}], "bundled", False)] == ["bundled"]
    ids = lambda *given: [record["id"] for record in offered(records, *given)]
    assert ids("bundled", True) == ["bundled", "mercury"] and ids("bundled", False) == ["bundled"]
    assert ids("mercury", False) == ["bundled", "mercury"] and ids("/some/folder", True) == ["/some/folder", "bundled", "mercury"]


def test_a_poem_is_told_step_by_step_with_badges():
    *steps, last = told(handle_poem(make_runs(), json.dumps({"run": 7, "form": "haiku", "alternatives": 2})))
    assert [step["step"] for step in steps] == list(range(1, 9)) and all(len(step["poems"]) == 2 for step in steps)
    assert steps[0]["poems"][0]["lines"][0]["badge"]["is_open"] and last["type"] == "poems" and last["seconds"] > 0
    assert [line["text"] for line in last["poems"][0]["lines"]] == [text for text in LINES if text]


def test_other_words_come_with_the_poem_that_they_make_and_its_stanzas():
    asked = {"run": 7, "form": "haiku", "title": "Pond", "poem": LINES, "line": 1, "word": 1}
    (message,) = told(handle_word(make_runs(Counting), json.dumps(asked)))
    first = message["words"][0]
    assert first["text"] == "silver" and first["poem"]["title"] == "Pond" and (first["line"], first["word"]) == (1, 1)
    assert [(line["text"], line["opens_stanza"]) for line in first["poem"]["lines"]] == [(LINES[0], False), ("a silver stands in the reeds,", True), (LINES[3], False)]


class Counting(FakeEditor):
    """Lines are counted without the blank ones, as the real editor does."""

    def other_words(self, options, lines, line, word):
        return super().other_words(options, tuple(text for text in lines if text), line, word)


@pytest.mark.parametrize("fields, said", [({"form": "epic"}, "A form is one of"), ({"acrostic": "ABC"}, "must begin"), ({"rhyme": "A*"}, "A rhyme scheme is")])
def test_a_poem_that_cannot_be_is_an_error_with_its_reason(fields, said):
    (message,) = told(handle_poem(make_runs(), json.dumps({"run": 7, **fields})))
    assert message["type"] == "error" and said in message["message"]


def test_the_forms_of_the_panel_are_those_of_the_task():
    assert set(verse.FORMS) - {""} == set(FORMS) - {"quatrain"}  # which is the first of the three by another name
    for meter in verse.METERS:
        meter_pattern(meter, 8)
    for name in set(verse.FORMS) - {"acrostic", "lipogram"}:
        assert plan_poem(parse_poem({"form": name})[0]).lines
