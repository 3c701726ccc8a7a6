"""Records of runs: small, exact, the same for the same run."""

import copy
import json

import pytest
import recorded
from hypothesis import given, settings
from recorded import HEAD, fields, runs

from dlm_editor.history.record import Recorder, encode_record, endings, read_record, replay, write_record
from dlm_editor.tasks import Suggestion
from dlm_editor.tasks.requests import draft_record, step_record


def plain(value):
    return json.loads(json.dumps(value))


def without_seconds(value):
    if isinstance(value, dict):
        return {name: without_seconds(part) for name, part in value.items() if name != "seconds"}
    return [without_seconds(part) for part in value] if isinstance(value, list) else value


@settings(max_examples=60)
@given(runs())
def test_every_step_comes_back_as_it_was_through_json(steps):
    given = copy.deepcopy(steps)
    recorder = Recorder({**HEAD, "text": "abc", "spans": [{"start": i, "end": i, "length": "auto"} for i in range(len(steps[0]["drafts"][0]))]})
    for step in steps:
        recorder.add(step)
    ending = {"row": 0, "after": ["x"] * len(steps[0]["drafts"][0]), "mean_logprob": None, "steps": 2, "seconds": 0.5, "violations": [], "drafts": steps[0]["drafts"][0]}
    back = read_record(encode_record(recorder.record([ending])))
    assert list(replay(back)) == given == steps
    assert endings(back) == [ending]


@pytest.mark.parametrize("options", [{}, {"alternatives": 3, "temperature": 1.0}, {"steps": 9, "sampler": "remasking"}, {"block_length": 2}, {"no_repeats": True, "alternatives": 2}, {"window": 32}])
def test_a_run_comes_back_as_it_was(options):
    given = fields(**options)
    events = recorded.events_of(given)
    back = read_record(encode_record(recorded.record(given)))
    assert without_seconds(list(replay(back))) == without_seconds([plain(step_record(event)) for event in events if not isinstance(event, Suggestion)])
    kept = [event for event in events if isinstance(event, Suggestion)]
    assert [ending["drafts"] for ending in endings(back)] == [plain(draft_record(event.drafts)) for event in kept]
    assert [(ending["after"], ending["row"], ending["mean_logprob"]) for ending in endings(back)] == [([edit.after for edit in event.edits], event.row, event.mean_logprob) for event in kept]


@pytest.mark.parametrize("strength", [0, 0.5, 1])
def test_a_rewrite_is_recorded_too(strength):
    given = fields(strength=strength)
    back = read_record(encode_record(recorded.record(given, "rewrite")))
    steps = [event for event in recorded.events_of(given, "rewrite") if not isinstance(event, Suggestion)]
    assert (back["verb"], back["options"], len(back["steps"])) == ("rewrite", {"strength": strength}, len(steps))
    assert "".join(piece[0] for piece in endings(back)[0]["drafts"][0]) == endings(back)[0]["after"][0]


def test_64_steps_of_three_spans_are_below_300_kb():
    record = recorded.record(fields(40, steps=64, alternatives=3, sampler="remasking", temperature=1.0))  # the sampler that changes most
    assert len(record["steps"]) == 64 and len(record["spans"]) == 3
    assert len(encode_record(record)) < 300_000


def test_the_same_run_gives_the_same_record_and_another_seed_another():
    first, again, other = (without_seconds(recorded.record(fields(alternatives=3, temperature=1.0, seed=seed))) for seed in (7, 7, 8))
    assert first == again and first["steps"] != other["steps"]


def test_a_record_can_be_given_back_as_a_batch_line():
    record = recorded.record(fields(alternatives=2, seed=5, include=["x"]))
    line = {name: record[name] for name in ("text", "spans", "model", "seed")} | record["options"]
    assert without_seconds(recorded.record(line)) == without_seconds(record)


def test_constraints_of_a_span_stand_beside_it():
    record = recorded.record({"text": "one two", "spans": [{"start": 4, "end": 7, "words": "1"}, {"start": 0, "end": 3, "length": "2w"}]})
    assert record["spans"] == [{"start": 0, "end": 3, "length": "2w"}, {"start": 4, "end": 7, "length": "auto", "words": "1"}]


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path, monkeypatch):
    record = recorded.record(fields())
    write_record(record, tmp_path / "run.json")
    before = (tmp_path / "run.json").read_bytes()
    assert read_record(before) == plain(record) and [path.name for path in tmp_path.iterdir()] == ["run.json"]

    def breaks(descriptor):
        raise OSError("the disk is full")

    monkeypatch.setattr("os.fsync", breaks)
    with pytest.raises(OSError, match="full"):
        write_record({**record, "seed": 99}, tmp_path / "run.json")
    assert (tmp_path / "run.json").read_bytes() == before and [path.name for path in tmp_path.iterdir()] == ["run.json"]
