"""`rewrite` as a user types it."""

import json

import pytest

TEXT = "The cat sat on the mat, and the dog said nothing."


def test_strength_0_prints_the_text_byte_for_byte(cli):
    result = cli("rewrite", "--span", "4:22", "--strength", "0", "--text", "The cat [[sat]] on the\r\nmat \\[[")
    assert (result.code, result.out) == (0, b"The cat [[sat]] on the\r\nmat \\[[")


def test_words_to_keep_stay_and_nothing_outside_the_marks_changes(cli):
    result = cli("rewrite", "-", "--keep", "cat", "--keep", "mat", "--strength", "1", "--alternatives", "2", "--json", stdin=b"Well: [[the cat sat on the mat]], they said.\n")
    record = json.loads(result.out)
    assert result.code == 0 and len(record["suggestions"]) == 2
    for suggestion in record["suggestions"]:
        (edit,) = suggestion["edits"]
        assert suggestion["text"] == f"Well: {edit['after']}, they said.\n"
        assert (edit["start"], edit["end"], edit["before"]) == (6, 28, "the cat sat on the mat")
        assert " cat " in f" {edit['after']} " and edit["after"].endswith(" mat")


@pytest.mark.parametrize(("arguments", "words"), [
    (("--strength", "2"), "0 to 1; got 2.0"), (("--strength", "much"), "strength is a number"), (("--keep", "river"), "'river' does not"),
    (("--regex", "a"), "could not be read"),
])
def test_mistakes_are_one_line_and_exit_code_2(cli, arguments, words):
    result = cli("rewrite", "--text", "The [[cat sat]] down.", *arguments)
    assert (result.code, result.out) == (2, b"") and words in result.err and result.err.count("\n") == 1


def test_a_batch_goes_on_after_a_bad_line(cli, tmp_path):
    lines = [{"id": 1, "text": "The [[cat sat on it]] now.", "strength": 0.3, "keep": ["cat"]}, {"id": 2, "text": "The [[cat]].", "strength": 7}, {"id": 3, "text": TEXT,
             "spans": [{"start": 4, "end": 7}], "strength": "0"}]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert cli("rewrite", "--batch", str(tmp_path / "in.jsonl"), "--out", str(tmp_path / "out.jsonl")).code == 0
    first, second, third = map(json.loads, (tmp_path / "out.jsonl").read_text().splitlines())
    assert first["suggestions"][0]["edits"][0]["after"].startswith("cat ") and "got 7" in second["error"]
    assert third["suggestions"][0]["text"] == TEXT


def test_a_style_is_read_from_a_file_by_rewrite_and_fill(cli, tmp_path):
    (tmp_path / "style.txt").write_text("The dog said nothing, and sat on the mat.")
    for verb in ("fill", "rewrite"):
        result = cli(verb, "--text", "The [[cat sat]] down.", "--style", str(tmp_path / "style.txt"))
        assert result.code == 0 and result.out.startswith(b"The ") and result.out.endswith(b" down.") and b"dog said nothing, and sat on" not in result.out
    for style, words in (("nowhere.txt", "got 'nowhere.txt'"), (str(tmp_path / "long.txt"), "Shorten it")):
        (tmp_path / "long.txt").write_text("The dog said nothing. " * 90)
        assert words in cli("fill", "--text", "The [[cat sat]] down.", "--style", style).err


def test_fill_sends_who_asks_for_a_strength_to_rewrite(cli, tmp_path):
    (tmp_path / "in.jsonl").write_text(json.dumps({"id": 1, "text": "The [[cat]].", "strength": 0.3}) + "\n")
    assert cli("fill", "--batch", str(tmp_path / "in.jsonl"), "--out", str(tmp_path / "out.jsonl")).code == 0
    assert "Use rewrite" in json.loads((tmp_path / "out.jsonl").read_text())["error"]
