"""Constraints on the command line and in batch files."""

import json
import re

import pytest

SENTENCE = b"The cat [[sat]] on the mat.\n"


def after(done):
    """The new text of the first mark."""
    assert done.code == 0, done.err
    return json.loads(done.out)["suggestions"][0]["edits"][0]["after"]


def words(text):
    return re.findall(r"[^\W_]+", text.lower())


@pytest.mark.parametrize(("options", "holds"), [
    (("--regex", r"\d\d:\d\d"), lambda text: re.fullmatch(r"\d\d:\d\d", text)),
    (("--include", "dog", "--include", "cold"), lambda text: {"dog", "cold"} <= set(words(text))),
    (("--include", "dog@2", "--words", "2-3"), lambda text: words(text)[1] == "dog"),
    (("--ban", "a", "--ban-letters", "ei"), lambda text: not set("ei") & set(text.lower()) and "a" not in words(text)),
    (("--initials", "abc"), lambda text: [word[0] for word in words(text)] == list("abc")),
    (("--characters", "5", "--tokens", "2-5"), lambda text: len(text) == 5),
])
def test_options_that_say_what_a_fill_must_be(cli, options, holds):
    for seed in ("0", "1"):
        assert holds(after(cli("fill", "-", "--json", "--seed", seed, "--temperature", "1", *options, stdin=SENTENCE)))


def test_a_dictionary_is_a_file(cli, tmp_path):
    (tmp_path / "words.txt").write_text("cat dog\nriver")
    assert set(words(after(cli("fill", "-", "--json", "--only-words", str(tmp_path / "words.txt"), stdin=SENTENCE)))) <= {"cat", "dog", "river"}


def test_a_batch_holds_each_line_to_its_own_and_to_those_of_all(cli, tmp_path):
    lines = [{"id": 1, "text": "at [[]] sharp", "regex": r"\d\d"}, {"id": 2, "text": "a b", "spans": [{"start": 2, "end": 3, "include": ["dog"]}]}, {"id": 3, "text": "a [[b]]", "ban_letters": "x", "regex": "x"}]
    (tmp_path / "in.jsonl").write_text("\n".join(map(json.dumps, lines)))
    done = cli("fill", "--batch", str(tmp_path / "in.jsonl"), "--out", str(tmp_path / "out.jsonl"), "--characters", "-9")
    assert done.code == 0
    first, second, third = map(json.loads, (tmp_path / "out.jsonl").read_text().splitlines())
    assert re.fullmatch(r"\d\d", first["suggestions"][0]["edits"][0]["after"]) and "dog" in words(second["suggestions"][0]["edits"][0]["after"])
    assert third["error"].startswith("spans[0]: The fill of 2:3 must “match x” and “ban the letters x”; no text can")
