"""`models` on the command line."""

import json

import pytest

from dlm_editor.denoisers import catalog, machine

PROMISED = {"id", "family", "parameters", "license", "corruption", "sees_suffix", "variable_length", "edits_tokens", "memory_gb"}


def records(cli, *arguments):
    return json.loads(cli("models", "--json", *arguments).out)


def test_json_lists_the_catalog(cli):
    assert PROMISED <= set(records(cli)[0])


def test_a_table_lists_the_same_models(cli):
    rows = cli("models").out.decode().splitlines()
    assert rows[0].split()[:2] == ["id", "family"]
    assert [row.split()[0] for row in rows[1:rows.index("")]] == [record["id"] for record in records(cli)]


def test_family_and_memory_narrow_the_list(cli):
    assert [record["id"] for record in records(cli, "--family", "roberta")] == ["FacebookAI/roberta-base"]
    assert all(record["memory_gb"] <= 1 for record in records(cli, "--fits", "1"))
    assert {record["family"] for record in records(cli, "--family", "llada", "--fits", "50")} == {"llada"}
    assert records(cli, "--family", "llada", "--fits", "2") == []


def test_precision_changes_the_memory_that_is_counted(cli):
    full, halved = (records(cli, "--family", "dream", "--precision", precision)[0] for precision in ("float32", "bf16"))
    assert full["precision"] == "float32" and halved["precision"] == "bfloat16" and full["memory_gb"] > 1.5 * halved["memory_gb"]
    assert any(record["family"] == "dream" for record in records(cli, "--fits", "18", "--precision", "bfloat16"))
    assert not any(record["family"] == "dream" for record in records(cli, "--fits", "18", "--precision", "float32"))


def test_the_table_marks_what_fits_this_machine_and_what_is_there(cli, monkeypatch):
    for module in (catalog, __import__("dlm_editor.cli.models", fromlist=["_"])):
        monkeypatch.setattr(module, "machine_memory", lambda: machine.Memory("cpu", 2.0))
    rows = {row.split()[0]: row for row in cli("models").out.decode().splitlines() if row}
    assert "  *+  " in rows["bundled"] and "  *   " in rows["FacebookAI/roberta-base"] and "  -   " in rows["GSAI-ML/LLaDA-8B-Base"]
    assert " hosted " in rows["mercury"] and "*" not in rows["mercury"]
    assert cli("models").out.decode().splitlines()[-1] == "memory in float32; * fits into the 2.0 GB free on cpu; + is on this machine"


@pytest.mark.parametrize(("arguments", "words"), [
    (("--family", "nonsense"), "A family is one of bert"), (("--fits", "-1"), "above 0; got '-1'"), (("--fits", "much"), "got 'much'"),
    (("--precision", "int3"), "got 'int3'"),
])
def test_what_cannot_be_asked_is_refused(cli, arguments, words):
    done = cli("models", *arguments)
    assert done.code == 2 and words in done.err
