import json

import pytest

import dlm_editor
from dlm_editor.benchmarks import command, main, speed
from dlm_editor.benchmarks.speed import batch_rows, dial_rows, latency_rows, long_fills, three_spans
from dlm_editor.benchmarks.texts import long_document, paragraph


@pytest.fixture
def loaded(editor, monkeypatch):
    monkeypatch.setattr(dlm_editor, "load", lambda model, device: editor)
    monkeypatch.setattr(speed, "REPEATS", 1)


def test_the_fill_suite_prints_one_json_object(loaded, data, corpus, capsys):
    assert main(["--suite", "fill", "--data", str(data), "--limit", "1", "--corpus", str(corpus), "--held-out", str(corpus / "own.txt"), "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert {"machine", "models", "rows"} <= set(figures)
    assert {row["table"] for row in figures["rows"]} == {"Floors", "Fill: bundled", "Certainty of committed tokens: bundled"}


def test_the_fill_suite_prints_tables(loaded, data, capsys):
    assert main(["--suite", "fill", "--data", str(data), "--limit", "1", "--model", "one", "--model", "two"]) == 0
    out = capsys.readouterr().out
    assert "Fill: one" in out and "Fill: two" in out and "EM@1" in out and "cores" in out


def test_the_speed_suite_needs_no_data(loaded, monkeypatch, capsys):
    monkeypatch.setattr(command, "memory_rows", lambda model, device: iter([{"what": "memory"}]))
    monkeypatch.setattr(command, "app_rows", lambda model, device: iter([{"what": "app"}]))
    monkeypatch.setattr(speed, "BOUNDS", (1.0,))
    monkeypatch.setattr(speed, "STEPS", (2,))
    monkeypatch.setattr(command, "batch_rows", lambda editor: batch_rows(editor, 2))
    assert main(["--suite", "speed", "--limit", "2", "--json"]) == 0
    assert {row["suite"] for row in json.loads(capsys.readouterr().out)["rows"]} == {"speed"}


def test_thirty_fills_are_printed_to_be_read(loaded, capsys):
    assert main(["--suite", "samples", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert len(rows) == 30 and all("[[" in row["fill"] and "]]" in row["fill"] for row in rows)


@pytest.mark.parametrize("argv, message", [
    (["--suite", "proofread"], "got no --data"), (["--suite", "x"], "got 'x'"),
    (["--suite", "fill"], "no --data"), (["--suite", "fill", "--data", "nowhere"], "has none"), (["--suite", "speed", "--limit", "0"], "--limit is 1 or more"),
    (["--suite", "fill", "--data", "{data}", "--held-out", "nowhere"], "--held-out names")])
def test_wrong_options_are_refused_with_the_way_out(loaded, data, capsys, argv, message):
    assert main([a.format(data=data) for a in argv]) == 2
    assert message in capsys.readouterr().err


def test_texts_have_the_length_that_is_promised():
    assert len(paragraph(200).split()) == 200
    assert 100_000 <= len(long_document().split()) < 101_000


def test_three_spans_of_ten_tokens_lie_apart_on_words():
    document = three_spans(paragraph())
    assert [str(m.length) for m in document.marks] == ["10"] * 3
    assert all(len(document[m.span].split()) == 5 and document.text[m.span.start - 1] == " " for m in document.marks)


def test_the_same_spans_are_marked_in_a_long_document():
    text = long_document(3000)
    short, long = three_spans(paragraph()), three_spans(text, text.index("\n\n" + paragraph()[:40]) + 2)
    assert [short[m.span] for m in short.marks] == [long[m.span] for m in long.marks]


def test_latency_is_measured_in_both_documents(editor, monkeypatch):
    monkeypatch.setattr(speed, "REPEATS", 1)
    rows = list(latency_rows(editor))
    assert len(rows) == 3 and all(row["first step s"] > 0 and row["whole fill s"] > 0 for row in rows)
    assert rows[0]["first step s"] <= rows[0]["whole fill s"]


def test_alternatives_are_timed_as_a_batch_and_as_a_loop(editor, monkeypatch):
    monkeypatch.setattr(speed, "REPEATS", 1)
    rows = list(batch_rows(editor, 2))
    assert rows[2]["whole fill s"] == pytest.approx(2 * rows[0]["whole fill s"])


def test_long_fills_are_of_about_thirty_tokens_spread_over_the_text(editor):
    fills = long_fills(editor, 20)
    assert len({document.text for document, _ in fills}) == 20
    assert all(30 <= len(tokens) <= 34 for _, tokens in fills)


def test_the_dial_compares_with_one_token_a_step(editor, monkeypatch):
    monkeypatch.setattr(speed, "BOUNDS", (1.0,))
    monkeypatch.setattr(speed, "STEPS", (2,))
    rows = {row["setting"]: row for row in dial_rows(editor, 2, 1)}
    assert rows["one token a step"]["steps"] >= 30 and rows["2 steps"]["steps"] == 2
    assert rows["auto : one token a step"]["steps"] == pytest.approx(rows["auto"]["steps"] / rows["one token a step"]["steps"])
