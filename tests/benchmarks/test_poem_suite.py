"""`bench --suite poem` on a model that knows nothing: every table is there, and what it counts is true."""

import json

import pytest

import dlm_editor
from dlm_editor.benchmarks import main, poem, poem_second_source
from dlm_editor.benchmarks.poem_checker import faults
from dlm_editor.benchmarks.poem_specs import judged_fields, random_spec


@pytest.fixture
def quick(editor, monkeypatch):
    """No sonnet, and few tries."""
    monkeypatch.setattr(dlm_editor, "load", lambda model, device: editor)
    monkeypatch.setattr(poem, "PLAIN", poem.PLAIN[:1])
    monkeypatch.setattr(poem, "PLAIN_STEPS", 2)
    monkeypatch.setattr(poem, "TIMED", ("haiku",))


def test_the_poem_suite_prints_its_four_tables(quick, capsys):
    assert main(["--suite", "poem", "--limit", "2", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    tables = {row["table"].split(":")[0]: [other for other in rows if other["table"] == row["table"]] for row in rows}
    assert set(tables) == {"Poems to read", "Time of a poem", "Random specifications", "Constraints beside the plain way"}
    read = tables["Poems to read"]
    assert len(read) == 2 and all(faults(row["poem"].split(" / "), {"syllables": "5,7,5"}) == [] for row in read)
    judged = tables["Random specifications"][0]
    assert judged["met"] + judged["refused with a reason"] == judged["specifications"] == 2 and judged["broken"] == 0
    assert [row["success %"] for row in tables["Constraints beside the plain way"]][0] == 100
    assert tables["Time of a poem"][0]["form"] == "haiku" and 0 < tables["Time of a poem"][0]["constraints %"] < 100


def test_twenty_poems_in_many_forms_are_to_be_read():
    assert len(poem.PROMPTS) == 20 and len({form for form, _ in poem.PROMPTS}) >= 10


def test_random_specifications_are_the_same_for_a_seed_and_of_every_kind():
    specs = [random_spec(seed) for seed in range(200)]
    assert specs == [random_spec(seed) for seed in range(200)]
    assert {name for spec in specs for name in spec} >= {"form", "rhyme", "syllables", "meter", "acrostic", "include", "ban", "ban_letters", "regex", "draft", "near"}
    assert judged_fields({"form": "haiku", "seed": 1}) == {"syllables": "5,7,5", "seed": 1}


@pytest.mark.skipif(not poem_second_source.is_installed(), reason="espeak-ng is not installed")
def test_the_second_source_counts_and_rhymes_as_speakers_do():
    assert poem_second_source.syllables("The silver river in the garden") == 9
    assert poem_second_source.rhyme("night") == poem_second_source.rhyme("delight") != poem_second_source.rhyme("side")
    found = poem_second_source.agreement([(["the night is long", "a silver light"], [4, 5], [["night", "light"]])])
    assert found == {"lines": 2, "syllables %": 50.0, "rhymes": 1, "rhymes %": 100.0}
