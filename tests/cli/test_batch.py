"""Batches: in order, one result a line, whatever single lines hold; and going on after an interruption."""

import json

import pytest

LINES = [
    {"id": "a", "text": "The cat [[sat]] on."},
    {"text": "No id, [[two]] marks [[here]].", "alternatives": 2, "seed": "5"},
    {"id": 7, "text": "a [[b]] c", "spans": [{"start": 8, "end": 9, "length": "2"}], "temperature": 0.5},
]
BAD = [
    (b"not json", "line 1 is not"),
    (b"[1, 2]", "line 1 is not"),
    (b'{"id": 1, "text": "a \xff [[b]]"}', "byte 0xff at byte offset"),
    (b'{"id": 1}', "text is a string, and needed"),
    (b'{"id": 1, "text": "nothing marked"}', "no marked span"),
    (b'{"id": 1, "text": "a [[b]]", "colour": 1}', "got 'colour'"),
    (b'{"id": 1, "text": "a [[b]]", "regex": "x)"}', "regex: A pattern is a regular expression of Python; 'x)' is none"),
    (b'{"id": 1, "text": "a [[b]]", "model": "other"}', "one model"),
    (b'{"id": 1, "text": "a [[b]] \\ud800"}', "half of a character"),
    (b'{"id": 1, "text": "a [[b]]", "seed": ' + b"9" * 5000 + b"}", "line 1 is not"),
    (b"[" * 100_000, "line 1 is not"),
]


@pytest.fixture
def files(tmp_path):
    return tmp_path / "in.jsonl", tmp_path / "out.jsonl"


def write(path, lines):
    path.write_bytes(b"".join((line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in lines))


def read(path):
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def test_every_line_has_its_result_in_order(cli, files):
    write(files[0], LINES)
    done = cli("fill", "--batch", str(files[0]), "--out", str(files[1]), "--seed", "2")
    assert (done.code, done.out) == (0, b"") and "3 filled, 0 with an error" in done.err
    first, second, third = read(files[1])
    assert (first["id"], first["seed"], first["text"]) == ("a", 2, "The cat sat on.")
    assert (second["id"], second["seed"], len(second["suggestions"][0]["edits"])) == (2, 5, 2)
    assert third["id"] == 7 and third["suggestions"][0]["edits"][0]["before"] == "c"
    assert third["suggestions"][0]["text"].startswith("a [[b]] ")


def test_a_line_gives_what_the_same_fill_gives_alone(cli, files):
    write(files[0], LINES[:1])
    cli("fill", "--batch", str(files[0]), "--out", str(files[1]))
    alone = json.loads(cli("fill", "-", "--json", stdin=LINES[0]["text"].encode()).out)
    (line,) = read(files[1])
    for record in (alone, line):
        for suggestion in record["suggestions"]:
            del suggestion["seconds"]
    assert line == {"id": "a", **alone}


@pytest.mark.parametrize(("bad", "message"), BAD)
def test_a_bad_line_becomes_its_error_and_stops_nothing(cli, files, bad, message):
    write(files[0], [bad, LINES[0]])
    done = cli("fill", "--batch", str(files[0]), "--out", str(files[1]))
    assert done.code == 0 and "1 filled, 1 with an error" in done.err
    error, good = read(files[1])
    assert set(error) == {"id", "error"} and error["id"] == 1 and message in error["error"]
    assert good["id"] == "a" and good["suggestions"]


def test_a_failure_inside_the_model_stops_only_its_line(cli, files):
    from dlm_editor.tasks import Editor

    class Failing(Editor):
        def fill(self, document, options):
            if "boom" in document.text:
                raise RuntimeError("a tensor of the wrong shape")
            return super().fill(document, options)

    import tiny

    editor = Failing(tiny.TableDenoiser.of(tiny.vocabulary("with-null")))
    write(files[0], [{"id": 1, "text": "[[boom]]"}, LINES[0]])
    assert cli("fill", "--batch", str(files[0]), "--out", str(files[1]), load=lambda *_: editor).code == 0
    error, good = read(files[1])
    assert "RuntimeError: a tensor of the wrong shape" in error["error"] and good["suggestions"]


def test_blank_lines_are_passed_over(cli, files):
    files[0].write_bytes(b"\n" + json.dumps(LINES[1]).encode() + b"\n\r\n")
    cli("fill", "--batch", str(files[0]), "--out", str(files[1]))
    assert [record["id"] for record in read(files[1])] == [2]


@pytest.mark.parametrize("keep", [0, 1, 2, 3])
@pytest.mark.parametrize("half", [b"", b'{"id": "a", "te', b'{"id": 7}', b"\xc3"])
def test_resuming_gives_what_an_uninterrupted_run_gives(cli, files, keep, half):
    write(files[0], LINES)
    cli("fill", "--batch", str(files[0]), "--out", str(files[1]))
    whole = files[1].read_bytes().splitlines(keepends=True)
    files[1].write_bytes(b"".join(whole[:keep]) + half)
    done = cli("fill", "--batch", str(files[0]), "--out", str(files[1]), "--resume")
    resumed = files[1].read_bytes().splitlines(keepends=True)
    assert done.code == 0 and resumed[:keep] == whole[:keep] and len(resumed) == 3
    assert [json.loads(line)["id"] for line in resumed] == ["a", 2, 7]
    assert f"{3 - keep} filled" in done.err


def test_resuming_without_results_starts_at_the_beginning(cli, files):
    write(files[0], LINES)
    assert cli("fill", "--batch", str(files[0]), "--out", str(files[1]), "--resume").code == 0
    assert len(read(files[1])) == 3


@pytest.mark.parametrize("content", [b'{"id": "other"}\n', b'junk\n{"id": "a"}\n', b'{"id": "a"}\n' * 4])
def test_resuming_with_results_of_another_batch_is_refused_and_they_stay(cli, files, content):
    write(files[0], LINES)
    files[1].write_bytes(content)
    done = cli("fill", "--batch", str(files[0]), "--out", str(files[1]), "--resume")
    assert done.code == 2 and "very batch" in done.err
    assert files[1].read_bytes() == content


def test_without_resume_old_results_are_replaced(cli, files):
    write(files[0], LINES)
    files[1].write_bytes(b"old\n" * 99)
    assert cli("fill", "--batch", str(files[0]), "--out", str(files[1])).code == 0
    assert len(read(files[1])) == 3


def test_files_that_cannot_be_are_refused_before_a_model_is_loaded(cli, files):
    def load(*_):
        pytest.fail("a model was loaded")

    write(files[0], LINES)
    for source, out, message in [("nowhere.jsonl", "x", "is not a file"), (files[0], files[0], "a file of its own"),
                                 (files[0], files[0].parent, "a file of its own"),
                                 (files[0], files[0].parent / "no" / "out", "folder that exists")]:
        done = cli("fill", "--batch", str(source), "--out", str(out), load=load)
        assert done.code == 2 and message in done.err
    assert cli("fill", "--batch", str(files[0]), "--out", "x", "--text", "y", load=load).code == 2


def test_an_interruption_keeps_what_is_done(cli, files):
    def load(model, device):
        class Stopping:
            def fill(self, document, options):
                raise KeyboardInterrupt

        return Stopping()

    write(files[0], LINES)
    done = cli("fill", "--batch", str(files[0]), "--out", str(files[1]), load=load)
    assert done.code == 130 and "stopped before line 1; --resume goes on there" in done.err
    assert cli("fill", "--batch", str(files[0]), "--out", str(files[1]), "--resume").code == 0
