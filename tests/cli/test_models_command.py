"""`models` on the command line."""

import json


def test_json_lists_the_catalog(cli):
    records = json.loads(cli("models", "--json").out)
    promised = {"id", "family", "parameters", "license", "corruption", "sees_suffix", "variable_length", "edits_tokens", "memory_gb"}
    assert promised <= set(records[0])


def test_a_table_lists_the_same_models(cli):
    rows = cli("models").out.decode().splitlines()
    assert rows[0].split()[:2] == ["id", "family"]
    assert [row.split()[0] for row in rows[1:]] == [record["id"] for record in json.loads(cli("models", "--json").out)]


def test_family_and_memory_narrow_the_list(cli):
    assert [record["id"] for record in json.loads(cli("models", "--json", "--family", "roberta").out)] == ["FacebookAI/roberta-base"]
    assert all(record["memory_gb"] <= 1 for record in json.loads(cli("models", "--json", "--fits", "1").out))
