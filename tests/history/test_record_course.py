"""What became of every token: lines that follow a token, whatever comes in before it."""

import recorded
from hypothesis import given, settings
from recorded import HEAD, fields, runs

from dlm_editor.history.record import Recorder, course, replay

A, B, C = ["a", 0.5, "settled", [1]], ["b", 0.25, "settled", [2]], ["c", 1.0, "new", [3]]
MASK = ["", 0.0, "open", [9]]


def record_of(*drafts) -> dict:
    recorder = Recorder({**HEAD, "text": "", "spans": [{"start": 0, "end": 0, "length": "auto"}]})
    for number, draft in enumerate(drafts, 1):
        recorder.add({"step": number, "of": None, "seconds": 0.5 * number, "drafts": [[draft]]})
    return recorder.record()


def test_a_token_keeps_its_line_where_another_comes_in_before_it_and_where_one_goes():
    (span,) = course(record_of([A, MASK, B], [A, MASK, MASK, B], [C, B])).spans
    assert span.labels == ("c", "b")
    assert span.certainties[1] == (0.25, 0.25, 0.25)
    assert (span.open, span.placed) == ((1, 2, 0), (2, 2, 2))


def test_a_token_that_is_opened_again_is_without_certainty_there():
    (span,) = course(record_of([MASK], [A], [MASK], [B])).spans
    assert span.certainties == ((None, 0.5, None, 0.25),) and span.labels == ("b",)


def test_a_span_that_waits_for_its_turn_has_no_masks_yet():
    found = course(record_of([["", 0.0, "open", []]], [MASK], [A]))
    assert found.spans[0].open == (None, 1, 0) and found.open == (0, 1, 0) and found.seconds == (0.5, 1.0, 1.5)


@settings(max_examples=30)
@given(runs())
def test_counts_are_those_of_the_drafts(steps):
    recorder = Recorder({**HEAD, "text": "", "spans": [{}] * len(steps[0]["drafts"][0])})
    for step in steps:
        recorder.add(step)
    record = recorder.record()
    for row in range(record["rows"]):
        found = course(record, row)
        for place, step in enumerate(replay(record)):
            pieces = [piece for draft in step["drafts"][row] for piece in draft if piece[3]]
            assert found.open[place] == sum(piece[2] == "open" for piece in pieces) and found.placed[place] == len(pieces) - found.open[place]
        last = [piece for draft in steps[-1]["drafts"][row] for piece in draft if piece[3]]
        assert [line[-1] for span in found.spans for line in span.certainties] == [None if piece[2] == "open" else piece[1] for piece in last]


def test_the_best_alternative_is_shown():
    record = recorded.record(fields(alternatives=4, temperature=1.0))
    found = course(record)
    assert found.row == record["suggestions"][0]["row"]
    assert ["".join(span.labels).strip() for span in found.spans] == [after.strip() for after in record["suggestions"][0]["after"]]
