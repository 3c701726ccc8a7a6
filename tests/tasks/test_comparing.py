"""Lanes: one after another, each judged by the same model."""

import math

import pytest
import tiny

from dlm_editor.errors import OptionError
from dlm_editor.sampling import SAMPLERS
from dlm_editor.tasks import Editor, FillOptions, fill
from dlm_editor.tasks.branching_requests import parse_lanes
from dlm_editor.tasks.comparing import Lane, LaneResult, LaneStep, compare, judged
from dlm_editor.text import Document, Mark, Span, Tokens

TEXT = "The cat sat on the mat, and the dog said nothing about it at all."
MARKED = Document(TEXT, (Mark(Span(4, 7), Tokens(2)), Mark(Span(28, 35), Tokens(3))))


def test_lanes_run_one_after_another_and_are_scored_by_one_model():
    judge = tiny.TableDenoiser.of(tiny.vocabulary("roberta"))
    other = tiny.TableDenoiser.of(tiny.vocabulary("with-null"), seed=1)
    lanes = (Lane("A", Editor(judge)), Lane("B", Editor(judge), FillOptions(sampler=SAMPLERS["confidence"](), alternatives=2)), Lane("C", Editor(other)))
    events = list(compare(MARKED, lanes, judge))
    assert [event.lane for event in events] == sorted(event.lane for event in events)
    results = [event for event in events if isinstance(event, LaneResult)]
    assert [len(result.suggestions) for result in results] == [1, 2, 1] and all(isinstance(event, LaneStep | LaneResult) for event in events)
    for result in results:
        assert len(result.scores) == len(result.suggestions) and all(score < 0 for score in result.scores)
    assert [result.scores for result in compare(MARKED, lanes[:1]) if isinstance(result, LaneResult)] == [(None,)]


def test_the_score_is_the_mean_over_the_tokens_of_their_probability_with_themselves_open():
    judge = tiny.TableDenoiser.of(tiny.vocabulary("roberta"))
    document = Document(TEXT, (Mark(Span(8, 11)),))
    (ids,) = (judge.vocabulary.encode(" dog", continues=True),)
    *_, done = fill(judge, document, FillOptions(pins=(tuple(ids),)))
    before = len(judge.vocabulary.prefix_ids) + len(judge.vocabulary.encode("The cat"))
    assert judged(judge, document, done) == pytest.approx(float(judge.table[before % 31, ids[0]]), abs=1e-5) and math.isfinite(judged(judge, document, done))


def test_a_lane_states_its_settings_whole_and_shares_the_rest():
    fields = {"text": TEXT, "spans": [{"start": 4, "end": 7}], "temperature": 0.7, "seed": 3, "model": "x", "lanes": [{"label": "A"}, {"sampler": "confidence", "model": "y", "seed": 4}]}
    (first, own), (second, other) = parse_lanes(fields)
    assert (first, second) == ("A", "Lane 2")
    assert own == {"text": TEXT, "spans": fields["spans"], "seed": 3, "model": "x"} and other == own | {"sampler": "confidence", "model": "y", "seed": 4}


@pytest.mark.parametrize(("lanes", "words"), [([], "2 to 6 lanes; got 0"), ([{}], "got 1"), ([{}, {"pins": []}], r"lanes\[1\] has pins"), ([{}, 3], r"lanes\[1\] has 3"), ("ab", "lanes is a list")])
def test_lanes_are_read_strictly(lanes, words):
    with pytest.raises(OptionError, match=words):
        parse_lanes({"text": TEXT, "lanes": lanes})
