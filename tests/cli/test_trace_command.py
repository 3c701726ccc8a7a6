"""`--trace` records a run, `trace` looks at one."""

import json
from io import BytesIO

import pytest
import recorded
from PIL import Image

from dlm_editor.history.record import encode_record, endings, read_record, replay
from dlm_editor.tasks import Editor

MARKED = recorded.TEXT.format("auto")


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("records") / "run.json"
    path.write_bytes(encode_record(recorded.record(recorded.fields(alternatives=3, temperature=1.0, seed=4))))
    return path


def test_a_fill_is_recorded_as_it_was_printed(cli, tmp_path):
    done = cli("fill", "--text", MARKED, "--alternatives", "3", "--seed", "2", "--temperature", "1", "--include", "x", "--trace", str(tmp_path / "run.json"), "--json")
    record, printed = read_record((tmp_path / "run.json").read_bytes()), json.loads(done.out)
    assert (record["verb"], record["model"], record["seed"], record["finish"]) == ("fill", "bundled", 2, "done")
    assert record["options"] == {"alternatives": "3", "temperature": "1", "include": ["x"]} and record["text"] == printed["text"]
    assert [ending["after"] for ending in endings(record)] == [[edit["after"] for edit in suggestion["edits"]] for suggestion in printed["suggestions"]]
    assert [step["step"] for step in replay(record)] == list(range(1, printed["suggestions"][0]["steps"] + 1))
    assert [path.name for path in tmp_path.iterdir()] == ["run.json"]


def test_a_rewrite_is_recorded_too(cli, tmp_path):
    assert cli("rewrite", "--text", MARKED, "--strength", "0.5", "--trace", str(tmp_path / "run.json")).code == 0
    record = read_record((tmp_path / "run.json").read_bytes())
    assert (record["verb"], record["options"]) == ("rewrite", {"strength": "0.5"}) and record["steps"]


def test_a_run_that_the_user_stops_is_recorded_up_to_there(cli, tmp_path):
    class Stopping(Editor):
        def fill(self, document, options):
            for event in super().fill(document, options):
                yield event
                if event.index == 2:
                    raise KeyboardInterrupt

    done = cli("fill", "--text", MARKED, "--trace", str(tmp_path / "run.json"), load=lambda model, device: Stopping(recorded.table()))
    record = read_record((tmp_path / "run.json").read_bytes())
    assert done.code == 130 and (record["finish"], len(record["steps"]), record["suggestions"]) == ("stopped", 2, [])
    assert "stopped before its end" in cli("trace", str(tmp_path / "run.json")).out.decode()


def test_the_summary_is_readable_and_its_json_says_what_scripts_rely_on(cli, file):
    record = read_record(file.read_bytes())
    told = json.loads(cli("trace", str(file), "--json").out)
    assert (told["steps"], told["model"]) == (len(record["steps"]), "table")
    assert told["spans"] == [{name: span[name] for name in ("start", "end", "length")} for span in record["spans"]]
    lines = cli("trace", str(file)).out.decode().splitlines()
    assert lines[0].startswith("fill by table, seed 4: ") and "3 spans" in lines[0] and "3 alternatives" in lines[0]
    assert any(line.startswith("1. (-") and " | ".join(record["suggestions"][0]["after"]).replace("\n", "↵")[:10] in line for line in lines)
    assert sum(line.lstrip()[:1].isdigit() and line.count("|") >= 2 for line in lines) <= 12 + 3


def test_every_picture_comes_with_one_command(cli, file, tmp_path):
    outs = {name: tmp_path / f"out.{name}" for name in ("png", "svg", "html", "gif", "webp")}
    done = cli("trace", str(file), "--plot", str(outs["png"]), "--html", str(outs["html"]), "--gif", str(outs["gif"]), "--json")
    assert done.code == 0 and json.loads(done.out)["steps"]
    assert cli("trace", str(file), "--plot", str(outs["svg"]), "--gif", str(outs["webp"])).code == 0
    assert outs["html"].read_bytes().startswith(b"<!doctype html>") and b"<svg" in outs["svg"].read_bytes()
    for name in ("png", "gif", "webp"):
        assert Image.open(BytesIO(outs[name].read_bytes())).format.lower() == name
    assert sorted(tmp_path.iterdir()) == sorted(outs.values())


def test_what_a_record_says_does_not_steer_the_terminal(cli, tmp_path, file):
    record = json.loads(file.read_bytes())
    record["model"] = "\x1b[31mred\x07"
    record["suggestions"][0]["after"][0] = "two\nlines\x1b]0;title\x07"
    (tmp_path / "run.json").write_text(json.dumps(record))
    out = cli("trace", str(tmp_path / "run.json")).out.decode()
    assert "red" in out and "two↵lines" in out and all(char.isprintable() or char == "\n" for char in out)


@pytest.mark.parametrize(("arguments", "message"), [
    (("trace",), "required: FILE"),
    (("trace", "/nowhere.json"), "got '/nowhere.json': No such file"),
    (("trace", __file__), "A record is one JSON object in UTF-8"),
    (("trace", "FILE", "--plot", "out.gif"), "--plot names a file that ends in .png or .svg; got 'out.gif'"),
    (("trace", "FILE", "--gif", "out"), "ends in .gif or .webp"),
    (("trace", "FILE", "--html", "/nowhere/out.html"), "--html names a file in a folder that exists"),
    (("fill", "--text", MARKED, "--trace", "/nowhere/run.json"), "--trace names a file in a folder that exists"),
    (("fill", "--text", MARKED, "--trace", "/"), "--trace names a file in a folder that exists"),
    (("fill", "FILE", "--trace", "FILE"), "--trace names a file of its own"),
    (("fill", "--batch", "in", "--out", "out", "--trace", "x"), "--trace records one run; got it with a batch"),
])
def test_mistakes_are_one_line_and_exit_code_2(cli, file, arguments, message):
    before = file.read_bytes()
    done = cli(*(str(file) if argument == "FILE" else argument for argument in arguments))
    assert (done.code, done.out) == (2, b"") and message in done.err and done.err.count("\n") == 1
    assert file.read_bytes() == before


def test_a_rewrite_that_changed_nothing_has_no_plot_but_a_page_and_an_animation(cli, tmp_path):
    run = tmp_path / "run.json"
    assert cli("rewrite", "--text", MARKED, "--strength", "0", "--trace", str(run)).code == 0
    assert cli("trace", str(run), "--html", str(tmp_path / "a.html"), "--gif", str(tmp_path / "a.gif")).code == 0
    done = cli("trace", str(run), "--plot", str(tmp_path / "a.png"))
    assert done.code == 2 and "Make --html of it instead" in done.err
