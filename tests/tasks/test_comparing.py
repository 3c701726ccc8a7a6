"""Lanes: one after another, each judged by the same model."""

import math
from dataclasses import dataclass, replace

import pytest
import tiny

from dlm_editor.errors import OptionError
from dlm_editor.sampling import SAMPLERS, Piece
from dlm_editor.tasks import Editor, FillOptions, Suggestion, fill
from dlm_editor.tasks.branching_requests import parse_lanes
from dlm_editor.tasks.comparing import Lane, LaneResult, LaneStep, compare, judged
from dlm_editor.tasks.remote import TextStep
from dlm_editor.tasks.requests import step_record
from dlm_editor.text import Document, Edit, Mark, Span, Tokens

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


@dataclass(frozen=True)
class Hosted:
    """Writes a word at a time, from left to right, and tells no probability."""

    def fill(self, document, options):
        words, edits = ["dog", " lay"], tuple(Edit(mark.span, document[mark.span], "dog lay") for mark in document.marks)
        for index in (1, 2):
            yield TextStep(index, 0, 0, "".join(words[:index]), (((Piece("".join(words[:index]), "new", None, ()),),) * len(document.marks),))
        yield Suggestion(document.apply(*edits).text, edits, None, 2, 0.1, 0, ((Piece("dog lay", "settled", None, ()),),) * len(document.marks))


def test_a_hosted_model_that_writes_from_left_to_right_is_scored_by_the_same_judge():
    judge = tiny.TableDenoiser.of(tiny.vocabulary("roberta"))
    *steps, result = compare(MARKED, (Lane("hosted", Hosted()),), judge)
    assert [step_record(event.step)["step"] for event in steps] == [1, 2]
    assert result.suggestions[0].mean_logprob is None and result.scores[0] < 0
    unwritten = tiny.TableDenoiser.of(tiny.vocabulary("bert-uncased"))
    capital = replace(result.suggestions[0], edits=tuple(replace(edit, after="字") for edit in result.suggestions[0].edits), text=TEXT[:4] + "字" + TEXT[7:28] + "字" + TEXT[35:])
    assert judged(unwritten, MARKED, capital) is None, "a text that the judge cannot write has no score"


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
