"""`fill` on the command line: bytes in, bytes out, one line for every mistake."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from strategies import documents

from dlm_editor.errors import AbilityError, ResourceError, UnknownModelError, UnsafeModelError
from dlm_editor.text import Tokens, render_marked

SENTENCE = b"The cat [[sat]] on the mat.\n"


def test_the_text_comes_back_with_only_the_mark_changed(cli):
    done = cli("fill", "-", stdin=SENTENCE)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(b"The cat ") and done.out.endswith(b" on the mat.\n") and b"[[" not in done.out


def test_no_newline_is_added_and_line_ends_stay(cli):
    done = cli("fill", "-", stdin="\ufeffone\r\n[[two]]\r\nthree".encode())
    assert done.out.startswith("\ufeffone\r\n".encode()) and done.out.endswith(b"\r\nthree")


def test_a_file_and_text_on_the_command_line_give_the_same(cli, tmp_path):
    (tmp_path / "a.txt").write_bytes(SENTENCE)
    assert cli("fill", str(tmp_path / "a.txt")).out == cli("fill", "--text", SENTENCE.decode()).out == cli("fill", "-", stdin=SENTENCE).out


def test_json_holds_what_scripts_rely_on(cli):
    done = cli("fill", "-", "--json", "--alternatives", "4", "--seed", "3", stdin=SENTENCE)
    record = json.loads(done.out)
    assert set(record) == {"text", "model", "seed", "lengths", "suggestions"}
    assert (record["text"], record["model"], record["seed"]) == ("The cat sat on the mat.\n", "bundled", 3)
    assert 1 <= len(record["suggestions"]) <= 4
    for suggestion in record["suggestions"]:
        assert set(suggestion) == {"text", "edits", "mean_logprob", "steps", "seconds", "violations"}
        (edit,) = suggestion["edits"]
        assert (edit["start"], edit["end"], edit["before"]) == (8, 11, "sat")
        assert record["text"][:8] + edit["after"] + record["text"][11:] == suggestion["text"]


def test_spans_are_positions_and_brackets_are_text_then(cli):
    done = cli("fill", "--text", "a [[b]] c d", "--span", "10:11:3w", "--span", "0:1", "--json")
    record = json.loads(done.out)
    assert record["text"] == "a [[b]] c d"
    assert [(edit["start"], edit["end"], edit["before"]) for edit in record["suggestions"][0]["edits"]] == [(0, 1, "a"), (10, 11, "d")]
    assert len(record["suggestions"][0]["edits"][1]["after"].split()) >= 1


@pytest.mark.parametrize("options", [("--steps", "8"), ("--steps", "auto"), ("--temperature", "0.8", "--top-p", "0.9"),
                                     ("--sampler", "margin"), ("--bound", "3"),
                                     ("--block-length", "4"), ("--window", "64"), ("--device", "cpu"), ("--model", "x"), ("--no-repeats",)])
def test_every_option_is_taken(cli, options):
    assert cli("fill", "-", *options, stdin=SENTENCE).code == 0


def test_several_alternatives_print_the_best_and_say_where_the_others_are(cli):
    done = cli("fill", "-", "--alternatives", "3", stdin=SENTENCE)
    best = json.loads(cli("fill", "-", "--alternatives", "3", "--json", stdin=SENTENCE).out)["suggestions"][0]["text"]
    assert done.out.decode() == best and "--json" in done.err


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(documents())
def test_bytes_outside_the_marks_are_identical(cli, document):
    if not document.marks or not document.text or any(isinstance(mark.length, Tokens) and mark.length.count > 8 for mark in document.marks):
        return
    done = cli("fill", "-", stdin=render_marked(document).encode())
    if done.code == 2:
        assert "error:" in done.err
        return
    kept, at = [], 0
    for mark in document.marks:
        kept.append(document.text[at:mark.span.start].encode())
        at = mark.span.end
    kept.append(document.text[at:].encode())
    place = 0
    assert done.out.startswith(kept[0]) and done.out.endswith(kept[-1])
    for part in kept:
        place = done.out.index(part, place) + len(part)


@pytest.mark.parametrize(
    ("arguments", "stdin", "message"),
    [
        ((), b"", "required: VERB"),
        (("nonsense",), b"", "invalid choice: 'nonsense'"),
        (("fill",), b"", "got none. Give exactly one"),
        (("fill", "a", "--text", "b"), b"", "got two. Give exactly one"),
        (("fill", "/nowhere/x.txt"), b"", "got '/nowhere/x.txt': No such file"),
        (("fill", "/"), b"", "Is a directory"),
        (("fill", "-"), b"abc\xff [[x]]", "standard input has the byte 0xff at byte offset 3"),
        (("fill", "--text", "abc\udcff [[x]]"), b"", "--text has the byte 0xff at byte offset 3"),
        (("fill", "-"), b"", "got an empty one"),
        (("fill", "-"), b"nothing marked", "no marked span"),
        (("fill", "-"), b"[[x]]" + b"a" * (9 * 2**20), "at most 8 MiB"),
        (("fill", "-"), b"[[x]]" + b"a" * (17 * 2**20), "At most 16 MiB"),
        (("fill", "-"), b"The [[cat", "position 4 is not closed"),
        (("fill", "-", "--span", "5:2"), b"abcdef", "got 5:2"),
        (("fill", "-", "--span", "-1:2"), b"abcdef", "got -1:2"),
        (("fill", "-", "--span", "0:99"), b"abcdef", "6 characters; got 0:99"),
        (("fill", "-", "--span", "0:3", "--span", "2:4"), b"abcdef", "must not overlap; got 0:3 and 2:4"),
        (("fill", "-", "--span", "0:3:0"), b"abcdef", "got 0"),
        (("fill", "-", "--span", "0:3:500"), b"abcdef", "500"),
        (("fill", "-"), b"[[a|-4]]", "got -4"),
        (("fill", "-", "--steps", "0"), SENTENCE, "got 0"),
        (("fill", "-", "--steps", "-3"), SENTENCE, "got -3"),
        (("fill", "-", "--temperature", "9"), SENTENCE, "got 9"),
        (("fill", "-", "--seed", "x"), SENTENCE, "seed is a whole number; got 'x'"),
        (("fill", "-", "--seed", "-1"), SENTENCE, "got -1"),
        (("fill", "-", "--sampler", "x"), SENTENCE, "entropy-bound, .*; got 'x'"),
        (("fill", "-", "--regex", "(x"), SENTENCE, "regex: A pattern is a regular expression of Python; '.x' is none"),
        (("fill", "-", "--include", "x", "--ban", "x"), SENTENCE, "must “include x” and “ban x”; no text can"),
        (("fill", "-", "--words", "x"), SENTENCE, "words: A count is 3, 3-5, 3- or -5; got 'x'"),
        (("fill", "-", "--only-words", "none.txt"), SENTENCE, "none.txt"),
        (("fill", "-", "--strength", "x"), SENTENCE, "unrecognized arguments: --strength"),
        (("fill", "--batch", "x"), b"", "got only --batch"),
        (("fill", "-", "--resume"), b"", "got only --out or --resume"),
        (("models", "--fits", "x"), b"", "got 'x'"),
        (("models", "--family", "x"), b"", "got 'x'"),
    ],
)
def test_a_mistake_is_one_line_on_standard_error_and_exit_code_2(cli, arguments, stdin, message):
    import re

    done = cli(*arguments, stdin=stdin)
    assert (done.code, done.out) == (2, b"")
    assert done.err.startswith("error: ") and done.err.count("\n") == 1
    assert re.search(message, done.err), done.err


@pytest.mark.parametrize(("error", "code"), [(UnknownModelError, 2), (UnsafeModelError, 2), (ResourceError, 1), (AbilityError, 1),
                                             (RuntimeError, 1)])
def test_a_model_that_cannot_be_had_ends_with_the_right_code(cli, error, code):
    def load(model, device):
        raise error("no such thing")

    done = cli("fill", "-", stdin=SENTENCE, load=load)
    assert (done.code, done.out) == (code, b"") and "error: " in done.err


def test_a_document_of_a_megabyte_is_filled(cli):
    text = b"Some words of a long text, one after another.\n" * 23_000
    assert len(text) > 2**20
    done = cli("fill", "-", stdin=text + b"The [[cat]] sat." + text)
    assert done.code == 0 and done.out.startswith(text) and done.out.endswith(text)
