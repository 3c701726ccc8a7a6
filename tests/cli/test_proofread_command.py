"""`proofread` on the command line: the corrected text byte for byte, corrections on standard error, JSON, batches, and refusals in one line."""

import json
import re

import pytest

from dlm_editor.tasks import Correction, Proofreading, ProofreadStep
from dlm_editor.text import Document, Edit, Span

TEXT = "\ufeffI saw teh [[cat]].\r\nIt\tsat 👩‍🔬 on teh mat\u0301.\n\nEnd\r"
FIXED = TEXT.replace("teh", "the")
EDITS = [{"start": 7, "end": 10, "before": "teh", "after": "the", "certainty": 0.9, "reason": "spelling"},
         {"start": 35, "end": 38, "before": "teh", "after": "the", "certainty": 0.9, "reason": "spelling"}]


class Speller:
    """An editor that knows one mistake, and remembers what it was asked."""

    def __init__(self):
        self.asked = []

    def proofread(self, document, options):
        self.asked.append((document, options))
        if "boom" in document.text:
            raise RuntimeError("a tensor of the wrong shape")
        if "stop" in document.text:
            raise KeyboardInterrupt
        spans, found = [mark.span for mark in document.marks] or [Span(0, len(document.text))], []
        for span in spans:
            here = tuple(Correction(Edit(Span(*seen.span()), "teh", "the"), 0.9, "spelling") for seen in re.compile("teh").finditer(document.text, span.start, span.end)
                         if options.threshold <= 0.9 and "teh" not in options.dictionary)
            found += here
            yield ProofreadStep(span, here, len(document.text))
        yield Proofreading(document.text, Document(document.text).apply(*(one.edit for one in found)).text, tuple(found), 0.25)


@pytest.fixture
def speller():
    return Speller()


@pytest.fixture
def proofread(cli, speller):
    return lambda *arguments, **more: cli("proofread", *arguments, load=lambda *_: speller, **more)


def test_the_corrected_text_comes_out_byte_for_byte_and_brackets_are_text(proofread, tmp_path):
    (tmp_path / "letter.txt").write_bytes(TEXT.encode())
    for done in (proofread("-", stdin=TEXT.encode()), proofread("--text", TEXT), proofread(str(tmp_path / "letter.txt"))):
        assert (done.code, done.out, done.err) == (0, FIXED.encode(), "")


def test_json_holds_what_scripts_rely_on(proofread):
    done = proofread("-", "--json", stdin=TEXT.encode())
    assert json.loads(done.out) == {"text": TEXT, "corrected": FIXED, "edits": EDITS, "seconds": 0.25} and done.out.endswith(b"}\n")


def test_corrections_are_listed_where_asked_for_one_a_line(proofread):
    done = proofread("-", "--show", stdin=TEXT.encode())
    assert done.out == FIXED.encode()
    assert done.err.splitlines() == ["7: 'teh' -> 'the', 90%, spelling", "35: 'teh' -> 'the', 90%, spelling"]


def test_corrections_are_listed_on_a_terminal_but_not_beside_json(proofread, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert "7: 'teh' -> 'the', 90%, spelling\n" in proofread("-", stdin=TEXT.encode()).err
    assert "teh" not in proofread("-", "--json", stdin=TEXT.encode()).err


def test_options_reach_the_task(proofread, speller, tmp_path):
    (tmp_path / "words.txt").write_text("Łódź teh\n\nnaïve\n", encoding="utf-8")
    done = proofread("-", "--span", "30:45", "--span", "0:2", "--threshold", "0.95", "--dictionary", str(tmp_path / "words.txt"), "--seed", "4", stdin=TEXT.encode())
    (document, options), = speller.asked
    assert (done.code, done.out) == (0, TEXT.encode())
    assert [mark.span for mark in document.marks] == [Span(0, 2), Span(30, 45)]
    assert (options.threshold, options.dictionary) == (0.95, ("Łódź", "teh", "naïve"))


def test_only_the_spans_are_corrected(proofread):
    assert proofread("-", "--span", "0:20", stdin=TEXT.encode()).out == TEXT.replace("teh", "the", 1).encode()


@pytest.mark.parametrize(("arguments", "stdin", "message"), [
    ((), b"", "got none. Give exactly one"), (("nowhere.txt",), b"", "got 'nowhere.txt': No such file"), (("-",), b"\xff", "byte 0xff at byte offset 0"),
    (("-", "--threshold", "2"), b"a", "0 to 1; got 2.0"), (("-", "--threshold", "high"), b"a", "threshold is a number; got 'high'"), (("-", "--threshold", "-1"), b"a", "got -1.0"),
    (("-", "--span", "0:9"), b"a", "1 characters; got 0:9"), (("-", "--span", "0:1:3w"), b"a", "takes no length"), (("-", "--span", "0:1", "--span", "0:1"), b"a", "must not overlap"),
    (("-", "--dictionary", "nowhere.txt"), b"a", "got 'nowhere.txt'"), (("-", "--seed", "x"), b"a", "seed is a whole number"), (("-", "--strength", "1"), b"a", "unrecognized arguments"),
    (("-",), b"a" * (9 * 2**20), "at most 8 MiB"), (("--batch", "x"), b"", "got only --batch"), (("-", "--resume"), b"a", "got only --out or --resume"),
    (("-", "--batch", "x", "--out", "y"), b"a", "texts and spans from its lines"),
])
def test_a_mistake_is_one_line_on_standard_error_and_exit_code_2(proofread, speller, arguments, stdin, message):
    done = proofread(*arguments, stdin=stdin)
    assert (done.code, done.out, speller.asked) == (2, b"", []) and message in done.err and done.err.count("\n") == 1


def test_a_failure_of_the_model_is_ours(proofread):
    done = proofread("--text", "boom")
    assert (done.code, done.out) == (1, b"") and "RuntimeError" in done.err


LINES = [{"id": "a", "text": "I saw teh cat."}, {"text": "teh [[teh]]", "spans": ["0:3"], "threshold": "0.5"}, {"id": 7, "text": "teh", "dictionary": ["teh"]}]


@pytest.fixture
def batch(proofread, tmp_path):
    """`batch(lines, *options)` gives what was said, and the results."""
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"

    def run(lines, *options):
        source.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        done = proofread("--batch", str(source), "--out", str(out), *options)
        return done, [json.loads(line) for line in out.read_bytes().splitlines()]

    return run


def test_a_batch_has_a_result_for_every_line_in_order(batch):
    done, (first, second, third) = batch(LINES)
    assert (done.code, done.out) == (0, b"") and "3 proofread, 0 with an error" in done.err
    assert first == {"id": "a", "text": "I saw teh cat.", "corrected": "I saw the cat.", "edits": [EDITS[0] | {"start": 6, "end": 9}], "seconds": 0.25}
    assert (second["id"], second["corrected"], third["id"], third["corrected"]) == (2, "the [[teh]]", 7, "teh")


@pytest.mark.parametrize(("line", "message"), [
    ({}, "text is a string, and needed"), ({"text": "a", "strength": 1}, "A proofreading has the fields text, spans, threshold"), ({"text": "a", "treshold": 1}, "Did you mean threshold"),
    ({"text": "a", "model": "other"}, "one model"), ({"text": "boom"}, "a tensor of the wrong shape"), ({"text": "a", "spans": [{"start": 0}]}, "spans[0]: A span to proofread"),
])
def test_a_bad_line_becomes_its_error_and_stops_nothing(batch, line, message):
    done, (bad, good) = batch([{"id": 0, **line}, LINES[0]])
    assert done.code == 0 and "1 proofread, 1 with an error" in done.err
    assert set(bad) == {"id", "error"} and message in bad["error"] and good["corrected"] == "I saw the cat."


def test_a_batch_goes_on_after_an_interruption(batch, speller):
    stopped, results = batch([LINES[0], {"id": "b", "text": "stop"}, LINES[2]])
    assert stopped.code == 130 and "stopped before line 2; --resume goes on there" in stopped.err and len(results) == 1
    asked = len(speller.asked)
    done, results = batch([LINES[0], {"id": "b", "text": "now teh rest"}, LINES[2]], "--resume")
    assert done.code == 0 and [record["corrected"] for record in results] == ["I saw the cat.", "now the rest", "teh"] and len(speller.asked) == asked + 2


def test_options_of_a_batch_hold_for_its_lines_unless_they_say_otherwise(batch):
    _, results = batch([{"text": "teh"}, {"text": "teh", "threshold": 0.1}], "--threshold", "0.99")
    assert [record["corrected"] for record in results] == ["teh", "the"]
