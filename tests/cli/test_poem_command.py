"""`poem` on the command line: text, JSON, batches, and refusals in one line."""

import json

import pytest

from dlm_editor.benchmarks.poem_checker import faults

QUICK = ("--steps", "3", "--refine", "0", "--candidates", "1")


def test_a_poem_is_printed_line_by_line(cli):
    done = cli("poem", "--syllables", "3,4,3", *QUICK)
    assert done.code == 0, done.err
    assert faults(done.out.decode().splitlines(), {"syllables": "3,4,3"}) == [] and done.out.endswith(b"\n")


def test_json_holds_the_poem_its_lines_badges_and_candidates(cli):
    done = cli("poem", "--rhyme", "AA", "--syllables", "4", "--include", "sun", "--ban", "the", "--json", *QUICK)
    record = json.loads(done.out)
    assert {"text", "lines", "violations", "seconds", "badges", "candidates", "model", "seed", "unknown_words"} <= set(record)
    assert record["violations"] == [] and record["text"] == "\n".join(record["lines"]) and record["candidates"][0]["text"] == record["text"]
    assert faults(record["lines"], {"rhyme": "AA", "syllables": "4", "include": ["sun"], "ban": ["the"]}) == []
    assert [badge["rhyme"] for badge in record["badges"]] == ["A", "A"] and all(badge["has_rhyme"] for badge in record["badges"])


def test_a_draft_keeps_its_lines(cli, tmp_path):
    (tmp_path / "draft.txt").write_text("The sun is low,\n[[]]\n", encoding="utf-8")
    done = cli("poem", "--draft", str(tmp_path / "draft.txt"), "--syllables", "4", *QUICK)
    assert done.code == 0 and done.out.decode().startswith("The sun is low,\n"), done.err
    piped = cli("poem", "--draft", "-", "--syllables", "4", *QUICK, stdin=b"Oh zxor [[]]")
    assert piped.out.decode().startswith("Oh zxor ") and "lacks zxor" in piped.err


@pytest.mark.parametrize(("arguments", "reason"), [
    (("--form", "ode"), "A form is one of"), (("--syllables", "5,x"), "whole number"), (("--lines", "2", "--rhyme", "ABA"), "number of lines"),
    (("--form", "haiku", "--include", "moon", "--ban-letters", "m"), "banned"), (("--batch", "in.jsonl"), "--out"), (("--draft", "nowhere.txt"), "nowhere.txt"),
])
def test_what_is_wrong_is_said_in_one_line_with_exit_code_2(cli, arguments, reason):
    done = cli("poem", *arguments)
    assert done.code == 2 and done.out == b"" and reason in done.err and done.err.count("\n") == 1


def test_a_batch_answers_every_line_in_order(cli, tmp_path):
    lines = [{"id": "a", "syllables": "3,3"}, {"id": "b", "lines": 2, "syllables": "1,2,3"}, {"acrostic": "as", "syllables": "3"}]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    done = cli("poem", "--batch", str(tmp_path / "in.jsonl"), "--out", str(tmp_path / "out.jsonl"), *QUICK)
    found = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert done.code == 0 and [record["id"] for record in found] == ["a", "b", 3]
    assert "number of lines" in found[1]["error"] and faults(found[0]["lines"], {"syllables": "3,3"}) == []
    assert faults(found[2]["lines"], {"acrostic": "as", "syllables": "3"}) == []
