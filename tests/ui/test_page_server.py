"""The parts behind the page, without a browser."""

import json
import re
import socket
import subprocess
import sys
import threading
import time
from hashlib import sha256

import pytest
from fake_editor import FakeEditor
from gradio_client import Client
from page_process import ROOT, start, stop

import app
from dlm_editor.errors import OptionError, ResourceError, UnknownModelError
from dlm_editor.sampling import SAMPLERS
from dlm_editor.ui import settings
from dlm_editor.ui.gate import Gate
from dlm_editor.ui.handlers import handle_fill
from dlm_editor.ui.models import Models
from dlm_editor.ui.runs import Runs
from dlm_editor.ui.samples import load_samples
from dlm_editor.ui.server import free_port

UI = ROOT / "dlm_editor/ui"


def make_runs(load=lambda *_: FakeEditor(), **gate):
    return Runs(Models(load, "fake"), Gate(**gate))


def messages(runs, **payload):
    sent = json.dumps({"run": 7, "text": "one two three", "spans": [{"start": 4, "end": 7}], **payload})
    return [message for message in map(json.loads, handle_fill(runs, sent)) if message["type"] != "wait"]


def test_the_bundle_belongs_to_its_sources():
    names = [*sorted(f"src/{path.name}" for path in (UI / "src").iterdir()), "package-lock.json", "package.json", "build.mjs"]
    digest = sha256()
    for name in names:
        digest.update(name.encode() + b"\0" + (UI / name).read_bytes() + b"\0")
    built_from = re.search(r"sources sha256:(\w+)", (UI / "static/editor.js").read_text("utf-8")[:300])[1]
    assert digest.hexdigest() == built_from, "run `npm ci && npm run build` in dlm_editor/ui"


def test_the_bundle_is_what_the_build_makes(tmp_path):
    if not (UI / "node_modules/esbuild").exists():
        pytest.skip("the bundle's tools are not installed (npm ci in dlm_editor/ui)")
    made = tmp_path / "editor.js"
    subprocess.run(["node", "build.mjs", str(made)], cwd=UI, check=True)
    assert made.read_bytes() == (UI / "static/editor.js").read_bytes()


def test_a_run_is_told_step_by_step_and_ends_with_suggestions():
    *steps, last = messages(make_runs(), alternatives=2, steps=4)
    assert [step["step"] for step in steps] == [1, 2, 3, 4] and all(message["run"] == 7 for message in (*steps, last))
    assert last["type"] == "suggestions" and len(last["suggestions"]) == 2
    for suggestion in last["suggestions"]:
        assert suggestion["after"] == ["".join(piece[0] for piece in suggestion["drafts"][0])]


@pytest.mark.parametrize("payload", ["", "[]", "{", '{"run": "x", "text": "a", "spans": []}', "null", '{"text": "a"}'])
def test_a_payload_that_names_no_run_gets_no_answer(payload):
    assert list(handle_fill(make_runs(), payload)) == []


@pytest.mark.parametrize("fields, named", [({}, "text"), ({"text": "a", "spans": [], "shell": "rm"}, "shell"), ({"text": "a", "spans": [{"start": 0, "end": "x"}]}, "spans.0.end")])
def test_a_payload_that_is_not_the_pages_is_refused(fields, named):
    (message,) = map(json.loads, handle_fill(make_runs(), json.dumps({"run": 1, **fields})))
    assert message["type"] == "error" and named in message["message"]


@pytest.mark.parametrize("wrong", [{"spans": [{"start": 4, "end": 70}]}, {"steps": 0}, {"temperature": 9}, {"spans": [{"start": 4, "end": 7, "length": "0"}]}, {"seed": -1}])
def test_a_wrong_field_is_an_error_message_with_rule_and_value(wrong):
    (message,) = messages(make_runs(), **wrong)
    assert message["type"] == "error" and "got" in message["message"]


def test_a_model_that_cannot_be_loaded_is_told_and_tried_again():
    calls = []

    def load(model_id, _tell):
        calls.append(model_id)
        if len(calls) == 1:
            raise ResourceError("The model needs the network once; there is none. Go online and try again.")
        return FakeEditor()

    runs = make_runs(load)
    assert messages(runs)[-1]["message"].startswith("The model needs the network once")
    assert messages(runs)[-1]["type"] == "suggestions" and len(calls) == 2


def test_the_first_thing_said_is_that_the_run_was_taken():
    first = next(handle_fill(make_runs(), json.dumps({"run": 7, "text": "one two", "spans": [{"start": 0, "end": 3}]})))
    assert json.loads(first)["type"] == "wait"


def test_a_run_waits_for_the_model_and_says_so():
    ready = threading.Event()

    def load(*_):
        ready.wait(10)
        return FakeEditor()

    records = make_runs(load).fill({"text": "[[x]]"})
    assert next(records).value == "Loading the model…"
    ready.set()
    assert [record.kind for record in records][-1] == "result"


def test_closing_a_run_stops_the_editor_and_frees_the_place():
    stopped, gate = [], Gate()

    class Watched(FakeEditor):
        def fill(self, document, options):
            try:
                yield from super().fill(document, options)
            finally:
                stopped.append(True)

    runs = Runs(Models(lambda *_: Watched(), "fake"), gate)
    records = runs.fill({"text": "[[x]]", "steps": 50})
    while next(records).kind == "wait":
        pass
    records.close()
    assert stopped and gate.wait(gate.take(), 0) == 0


def test_the_gate_lets_pass_in_order_and_refuses_a_crowd():
    gate = Gate(at_once=1, most_waiting=2)
    first, second, third = gate.take(), gate.take(), gate.take()
    assert [gate.wait(ticket, 0) for ticket in (first, second, third)] == [0, 1, 2]
    with pytest.raises(ResourceError, match="At most 2 runs may wait"):
        gate.take()
    gate.leave(second)
    gate.leave(first)
    assert gate.wait(third, 0) == 0


def test_few_models_stay_loaded_and_each_is_loaded_once_for_all():
    loaded = []

    def load(model_id, _tell):
        time.sleep(0.02)
        loaded.append(model_id)
        return model_id

    models = Models(load, "a")
    asked = [models.get(name) for name in "aabab"]
    assert [future.result(5) for future in asked] == list("aabab") and sorted(loaded) == ["a", "b"]
    models.get("c").result(5)
    models.get("a").result(5)
    models.get("b").result(5)
    assert sorted(loaded) == ["a", "b", "b", "c"]  # b made room for c, the default stayed


def test_visitors_of_a_public_page_cannot_name_other_models():
    with pytest.raises(UnknownModelError, match="got '/etc'"):
        Models(lambda *_: None, "fake", frozenset({"fake"})).get("/etc")


def test_a_port_in_use_gives_the_next_one():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert free_port("127.0.0.1", port) > port


def test_no_free_port_is_an_error_that_names_the_way_out():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 65535))
        taken.listen()
        with pytest.raises(OptionError, match="--port"):
            free_port("127.0.0.1", 65535)


def test_the_settings_offer_every_sampler():
    assert set(settings.SAMPLERS) == set(SAMPLERS)


def test_every_setting_has_a_default_and_one_line_of_help():
    for setting in settings.page_settings("bundled"):
        assert setting["help"].endswith(".") and len(setting["help"]) < 110 and "default" in setting


def test_three_samples_have_marks_that_lie_in_their_text_and_the_one_with_mistakes_has_none():
    spans, lengths = ({sample["name"]: found(sample) for sample in load_samples()} for found in (lambda one: one["spans"], lambda one: len(one["text"])))
    assert set(spans) == {"letter", "story", "poem", "mistakes"} and spans.pop("mistakes") == []
    for name, marks in spans.items():
        assert marks and all(0 <= span["start"] <= span["end"] <= lengths[name] for span in marks)
    assert any(span["start"] == span["end"] for span in spans["poem"])  # its gap


def test_the_page_listens_on_this_machine_only_unless_it_is_a_space(monkeypatch):
    monkeypatch.delenv("SPACE_ID", raising=False)
    monkeypatch.setenv("DLM_EDITOR_MODEL", "some/model")
    given = app.parse_arguments([])
    assert given.host == "127.0.0.1" and given.model == "some/model"
    monkeypatch.setenv("SPACE_ID", "someone/space")
    assert app.parse_arguments([]).host == "0.0.0.0"


def test_a_window_without_pywebview_is_a_clear_error(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "webview", None)
    assert app.main(["--window"]) == 2
    assert "pip install pywebview" in capsys.readouterr().err


STAND_IN = """
import functools
from pathlib import Path
def GPU(function):
    @functools.wraps(function)
    def on_gpu(*arguments):
        with Path(__file__).with_name("used").open("a") as used:
            used.write("x")
        yield from function(*arguments)
    return on_gpu
"""


def test_the_page_asks_for_a_gpu_where_spaces_gives_one(tmp_path):
    (tmp_path / "spaces.py").write_text(STAND_IN)
    process, url = start([str(ROOT / "tests/ui/fake_app.py")], tmp_path / "log", PYTHONPATH=str(tmp_path))
    try:
        record = Client(url, verbose=False).predict("one [[two]] three", api_name="/fill")
    finally:
        stop(process)
    assert record["suggestions"] and (tmp_path / "used").read_text() == "x"
