"""What the studio of the page is told: branches, other words, a choice that settles, lanes; over a model that is a table, without a browser."""

import json

import pytest
import tiny

from dlm_editor.tasks import Editor
from dlm_editor.ui.gate import Gate
from dlm_editor.ui.handlers import handle_fill
from dlm_editor.ui.models import Models
from dlm_editor.ui.runs import Runs
from dlm_editor.ui.studio import handle_branch, handle_compare, handle_settle, handle_slots

TEXT = "The cat sat on the mat, and the dog said nothing about it at all."
FIELDS = {"run": 7, "text": TEXT, "spans": [{"start": 4, "end": 14}, {"start": 28, "end": 35, "length": "3"}]}


@pytest.fixture(scope="module")
def tell():
    """tell(handler, **fields) gives the messages of a request."""
    models = Models(lambda model, tell: Editor(tiny.TableDenoiser.of(tiny.vocabulary("with-null"))), "bundled")
    runs = Runs(models, Gate())

    def told(handle, **fields):
        found = [json.loads(message) for message in handle(runs, json.dumps({**FIELDS, **fields}))]
        assert all(message["run"] == 7 for message in found)
        return [message for message in found if message["type"] != "wait"]

    return told


@pytest.fixture(scope="module")
def draft(tell):
    return tell(handle_fill)[-1]["suggestions"][0]["drafts"]


def test_a_fill_tells_the_lengths_that_were_weighed(tell):
    first, *_, last = tell(handle_fill)
    assert first["lengths"][1] is None and first["lengths"][0]["by"] == "probability" and last["lengths"][0]["taken"] in range(1, 20)


def test_a_branch_gives_the_tokens_that_the_next_fill_goes_on_from(tell, draft):
    hands = [{"mark": 0, "pieces": [0], "do": "type", "text": "it was"}, {"mark": 1, "pieces": [0], "do": "open"}, {"mark": 1, "pieces": [1], "do": "keep"}]
    (found,) = tell(handle_branch, draft=draft, hands=hands)
    assert found["type"] == "branch" and found["pins"][1][0] is None and found["draft"][0][0][:3] == ["it", 1.0, "settled"]
    *_, last = tell(handle_fill, pins=found["pins"])
    assert last["suggestions"][0]["after"][0].startswith("it was")
    spans = [{**span, "pins": pins} for span, pins in zip(FIELDS["spans"], found["pins"])]
    *_, beside = tell(handle_fill, spans=spans)
    assert beside["suggestions"][0]["after"] == last["suggestions"][0]["after"]
    assert "both" in tell(handle_fill, spans=spans, pins=found["pins"])[-1]["message"]


def test_other_words_and_the_one_that_is_chosen(tell, draft):
    (found,) = tell(handle_slots, draft=draft, mark=0, pieces=[0])
    assert found["type"] == "slots" and found["mark"] == 0 and [choice["is_current"] for choice in found["choices"]].count(True) == 1
    choice = next(choice for choice in found["choices"] if not choice["is_current"])
    begin, *steps, last = tell(handle_settle, draft=draft, mark=0, pieces=[0], tokens=choice["tokens"], threshold=0.5)
    assert begin["type"] == "settle" and begin["draft"][0][0][3] == choice["tokens"][:1] and len(begin["reopened"]) == 2
    assert {step["type"] for step in steps} == {"step"} and last["type"] == "suggestions"
    kept = [[token for piece in pieces for token in piece[3]] for pieces in last["suggestions"][0]["drafts"]]
    assert all(pin in (None, token) for pins, tokens in zip(begin["pins"], kept) for pin, token in zip(pins, tokens))


def test_lanes_and_a_lane_that_fails(tell):
    found = tell(handle_compare, lanes=[{"label": "A"}, {"label": "B", "sampler": "nonsense"}, {"label": "C", "steps": "2"}])
    assert [message["type"] for message in found if message["type"] != "lane_step"] == ["lane", "lane_error", "lane", "done"]
    first, failed, last, _ = [message for message in found if message["type"] != "lane_step"]
    assert first["judge"] == "bundled" and first["score"] == first["scores"][0] < 0 and last["steps"] == 2 and "nonsense" in failed["message"]
    assert [message["lane"] for message in found if message["type"] == "lane_step"][-1] == 2 and first["suggestions"][0]["after"]


@pytest.mark.parametrize(("handle", "fields", "words"), [
    (handle_branch, {"draft": [[["a", 1, "settled"]]]}, "A piece of a draft is"), (handle_branch, {"draft": [[["a", 1, "sold", []]]]}, "its state open, new, settled"),
    (handle_branch, {"draft": []}, "each of the 2 marks"), (handle_branch, {"draft": [[], []], "hands": [{"mark": 0}]}, "A hand is"),
    (handle_branch, {"draft": [[], []], "hands": [{"mark": 0, "pieces": [0], "do": "type"}]}, "text is what was typed"), (handle_branch, {}, "draft is wrong"),
    (handle_slots, {"draft": [[], []], "mark": -1, "pieces": [0]}, "mark is a whole number"), (handle_slots, {"draft": [[], []], "mark": 0, "pieces": [0], "pins": [[], []]}, "pins beside it"),
    (handle_branch, {"draft": [[], []], "model": "openai:gpt"}, "openai"), (handle_compare, {"lanes": [{}]}, "2 to 6 lanes"),
])
def test_what_the_page_would_not_send_is_refused_in_words(tell, handle, fields, words):
    (found,) = tell(handle, **fields)
    assert found["type"] == "error" and words in found["message"]
