"""Fill with a hosted model, seen from outside: consent, several spans, borders, what it refuses, and that nothing else changes."""

import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from remote_server import completions, ollama, serving
from strategies import documents

from dlm_editor.canvas.border import find_border
from dlm_editor.errors import AbilityError, AgreementError, DocumentError, OptionError
from dlm_editor.sampling import SAMPLERS
from dlm_editor.tasks import FillOptions, Suggestion
from dlm_editor.tasks.remote import RemoteInfiller, TextStep
from dlm_editor.tasks.remote.context import CONTEXT, fit
from dlm_editor.tasks.requests import fill_record, step_record
from dlm_editor.text import Document, Mark, Span, Tokens, Words, parse_marked

AGREED = FillOptions(agree=True)
THREE = parse_marked("One [[cat]] sat, two [[dogs]] ran and three [[birds]] flew.")


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("INCEPTION_API_KEY", "sk-key")
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with serving() as found:
        yield found


def suggestions_of(infiller, document, options=AGREED):
    return [event for event in infiller.fill(document, options) if isinstance(event, Suggestion)]


@pytest.mark.parametrize("model", ["mercury", "mercury:edit", "mercury:chat", "openai:m", "ollama:m"])
def test_nothing_is_sent_before_the_user_agrees(server, model):
    infiller = server.open(model)
    with pytest.raises(AgreementError) as caught:
        next(iter(infiller.fill(THREE)))
    requests = infiller.preview(THREE)
    assert server.asked == [] and len(requests) == 3
    characters = sum(request.characters for request in requests)
    assert all(part in str(caught.value) for part in (f"{characters} characters", "3 requests", infiller.backend.endpoint.host, "--send", '"agree": true', "`bundled`"))
    assert isinstance(caught.value, OptionError)


def test_a_preview_shows_every_request_to_the_letter_but_for_earlier_fills(server):
    infiller = server.open("openai:m")
    requests = infiller.preview(THREE, FillOptions(temperature=0.5))
    server.answers = [completions([word]) for word in ("cat", "dogs", "birds")]  # what stood there: then the previews hold for all three
    suggestions_of(infiller, THREE, FillOptions(temperature=0.5, agree=True))
    assert [asked.raw.decode() for asked in server.asked] == [request.body for request in requests]
    assert [asked.path for asked in server.asked] == ["/v1/completions"] * 3 and {request.url for request in requests} == {f"{server.url}/v1/completions"}
    record = requests[1].record()
    assert json.loads(json.dumps(record)) == record and record["span"] == {"start": 17, "end": 21} and record["key_name"] == "OPENAI_API_KEY"
    assert record["characters"] == len(json.loads(record["body"])["prompt"] + json.loads(record["body"])["suffix"])


def test_one_span_after_another_each_seeing_the_earlier_fills(server):
    server.answers = [completions(["dragon"]), completions(["small", " cats"]), completions(["owls"])]
    infiller = server.open("openai:m")
    events = list(infiller.fill(THREE, AGREED))
    assert events[-1].text == "One dragon sat, two small cats ran and three owls flew."
    assert [(edit.before, edit.after) for edit in events[-1].edits] == [("cat", "dragon"), ("dogs", "small cats"), ("birds", "owls")]
    assert THREE.apply(*events[-1].edits).text == events[-1].text
    prompts = [(asked.body["prompt"], asked.body["suffix"]) for asked in server.asked]
    assert prompts[1] == ("One dragon sat, two ", " ran and three birds flew.")
    assert prompts[2] == ("One dragon sat, two small cats ran and three ", " flew.")
    steps = [event for event in events if isinstance(event, TextStep)]
    assert [step.mark for step in steps] == sorted(step.mark for step in steps) and {step.mark for step in steps} == {0, 1, 2}


def test_steps_are_drawn_like_those_of_a_model_that_runs_here_but_without_certainty(server):
    server.answers = [completions(["dragon"]), completions(["small", " cats"]), completions(["owls"])]
    *steps, suggestion = server.open("openai:m").fill(THREE, AGREED)
    record = step_record(steps[-1])
    assert set(record) == {"step", "of", "seconds", "drafts"} and record["of"] is None
    assert json.loads(json.dumps(record)) == record
    (marks,) = record["drafts"]
    assert ["".join(piece[0] for piece in pieces) for pieces in marks] == ["dragon", "small cats", "owls"]
    assert {piece[1] for pieces in marks for piece in pieces} == {None}
    first = step_record(steps[0])["drafts"][0]
    assert first[1] == first[2] == [["", None, "open", []]]
    written = fill_record(THREE, [suggestion], "openai:m", 0)
    assert written["suggestions"][0]["mean_logprob"] is None and "NaN" not in json.dumps(written)
    assert "".join(piece.text for draft in suggestion.drafts for piece in draft) == "dragonsmall catsowls"


def test_only_the_text_near_a_span_is_sent(server):
    secret = "the safe opens with 1234. "
    text = secret + "x" * CONTEXT + " The cat sat on the mat. " + "y" * CONTEXT + secret
    at = text.index("sat")
    for model in ("mercury", "mercury:edit", "mercury:chat", "openai:m", "ollama:m"):
        (request,) = server.open(model).preview(Document(text, (Mark(Span(at, at + 3)),)))
        assert "1234" not in request.body and request.characters <= 2 * CONTEXT + 3
        assert "The cat" in request.body and "on the mat" in request.body


BORDERS = [
    ("The cat [[sat]] on.", " stood", "stood"), ("The cat [[sat]] on.", "stood ", "stood"), ("The cat [[sat]] on.", "  stood\n", "stood"),
    ("The cat[[ sat]] on.", "stood", " stood"), ("The cat[[ sat]] on.", " stood", " stood"), ("The cat [[sat ]]on.", "stood", "stood "),
    ("The [[]] cat", " small", "small"), ("The [[]]cat", "small", "small "), ("The[[]] cat", "small", " small"), ("The cat[[]].", " slept", " slept"),
    ("The cat[[]].", ", asleep", ", asleep"), ("The cat[[]]", ".", "."), ("un[[happ]]y", "luck", "luck"), ("un[[happ]]y", " luck ", "luck"), ("“[[Hello]]”", " Bye ", "Bye"),
    ("[[The]] cat", " A", "A"), ("[[]]The cat", "Once ", "Once "), ("a [[b]]\r\nc", "one\ntwo\n", "one\r\ntwo"), ("def f():\n[[]]\n", "    return 1\n", "    return 1"),
    ("def f():\r\n[[]]\r\n", "    x = 1\n    return x", "    x = 1\r\n    return x"),
    ("def f():\n    [[]]\n", "    return 1\n", "return 1"), ("The [[cat]] sat", "", ""), ("The [[cat]] sat", " \n ", ""), ("The [[cat]]", "dog\x1b[31m\x00", "dog[31m"),
    ("f([[x]])", " y", "y"), ("猫[[坐]]在", "站", "站"), ("مرحبا [[يا]] عالم", " ايها ", "ايها"),
]


@pytest.mark.parametrize(("marked", "written", "expected"), BORDERS)
def test_a_fill_is_fitted_to_both_sides(marked, written, expected):
    document = parse_marked(marked)
    (mark,) = document.marks
    assert fit(written, find_border(document.text, mark.span), document.text) == expected


@given(documents(), st.lists(st.text(max_size=12), min_size=6, max_size=6))
def test_text_outside_the_spans_is_identical_whatever_a_model_writes(document, written):
    class Said:
        """A backend's answers without a network."""

        def __init__(self):
            self.left = list(written)

    said, infiller = Said(), RemoteInfiller.of("ollama:m")
    if not document.text or not document.marks:
        with pytest.raises((DocumentError, OptionError)):
            infiller.preview(document)
        return
    from dlm_editor.tasks.remote import infiller as module
    from dlm_editor.tasks.remote.backend import Reading

    run = module._Run(infiller, document, AGREED, None, 0.0)
    object.__setattr__(run, "_read", lambda text, mark, row: (reading for reading in [Reading(said.left.pop(0))]))
    *_, suggestion = run.row(0)
    kept, at = [], 0
    for mark in document.marks:
        kept.append(document.text[at:mark.span.start])
        at = mark.span.end
    kept.append(document.text[at:])
    parts = [part for pair in zip(kept, [edit.after for edit in suggestion.edits] + [""]) for part in pair]
    assert suggestion.text == "".join(parts)
    assert all(edit.before == document[mark.span] for edit, mark in zip(suggestion.edits, document.marks))


@pytest.mark.parametrize(("length", "words", "finish", "violations"), [
    (Words(2), ["one", " two"], "stop", ()), (Words(3), ["one", " two"], "stop", ("3 words were asked for; the model wrote 2",)),
    (Tokens(2), ["one", " two"], "length", ()), (Tokens(9), ["one", " two"], "stop", ("9 tokens were asked for; the model stopped before",)),
    (None, ["one", " two"], "length", ("cut off",)), (None, [], "stop", ("wrote nothing",)),
])
@pytest.mark.parametrize("model", ["openai:m", "ollama:m"])
def test_what_was_asked_for_and_is_not_met_is_listed(server, model, length, words, finish, violations):
    mark = Mark(Span(4, 7)) if length is None else Mark(Span(4, 7), length)
    server.answers = [(completions if model == "openai:m" else ollama)(words, finish)]
    (suggestion,) = suggestions_of(server.open(model), Document("The cat sat.", (mark,)))
    assert len(suggestion.violations) == len(violations) and all(told in found for told, found in zip(violations, suggestion.violations))
    assert all(found.startswith("Span 1: ") for found in suggestion.violations)
    body = server.asked[0].body
    assert (body.get("max_tokens") or body["options"]["num_predict"]) == {Words(2): 24, Words(3): 28, Tokens(2): 2, Tokens(9): 9}.get(length, 64)


def test_alternatives_differ_in_their_seed_and_same_texts_come_once(server):
    server.answers = [completions([word]) for word in ("dog", "fox", "dog", "owl")]
    document, options = parse_marked("A [[cat]]."), FillOptions(agree=True, alternatives=4, temperature=0.8, seed=7)
    found = suggestions_of(server.open("openai:m"), document, options)
    assert [suggestion.text for suggestion in found] == ["A dog.", "A fox.", "A owl."] and [suggestion.row for suggestion in found] == [0, 1, 3]
    assert [asked.body["seed"] for asked in server.asked] == [7, 8, 9, 10]
    assert server.open("openai:m").preview(document, options)[0].times == 4


def test_options_go_to_where_they_mean_something(server):
    options = FillOptions(agree=True, temperature=0.7, top_p=0.9, seed=5)
    document = parse_marked("A [[sat]].")
    suggestions_of(server.open("openai:m"), document, options)
    suggestions_of(server.open("ollama:m"), document, options)
    suggestions_of(server.open("mercury"), document, FillOptions(agree=True, temperature=0.7, top_p=0.9))
    suggestions_of(server.open("mercury:chat"), document, FillOptions(agree=True, temperature=0.7, instruction="in capitals"))
    completion, generate, fim, diffusing = (asked.body for asked in server.asked)
    assert (completion["temperature"], completion["top_p"], completion["seed"]) == (0.7, 0.9, 5)
    assert (generate["options"]["temperature"], generate["options"]["top_p"], generate["options"]["seed"]) == (0.7, 0.9, 5)
    assert (fim["temperature"], fim["top_p"]) == (0.7, 0.9) and "seed" not in fim
    assert "exactly 1 word." in server.open("mercury:chat").preview(parse_marked("A [[sat|1w]]."))[0].body
    assert diffusing["temperature"] == 0.7 and "in capitals" in diffusing["messages"][0]["content"]


@pytest.mark.parametrize(("model", "options", "error", "words"), [
    ("openai:m", {"steps": 8}, OptionError, "got steps"), ("openai:m", {"window": 64}, OptionError, "got window"),
    ("openai:m", {"block_length": 4}, OptionError, "got block_length"), ("openai:m", {"pins": ((1,),)}, OptionError, "got pins"),
    ("openai:m", {"sampler": SAMPLERS["margin"]()}, OptionError, "got sampler"), ("mercury", {"seed": 3}, OptionError, "takes no seed; got 3"),
    ("mercury:chat", {"top_p": 0.5}, OptionError, "takes no top_p; got 0.5"), ("mercury:chat", {"temperature": 0.2}, OptionError, "0.5 to 1; got 0.2"),
    ("mercury", {"temperature": 1.5}, OptionError, "0 to 1; got 1.5"), ("openai:m", {"alternatives": 2}, OptionError, "temperature above 0"),
    ("openai:m", {"instruction": "shout"}, AbilityError, "follow instructions"), ("mercury", {"instruction": "shout"}, AbilityError, "follow instructions"),
])
def test_what_does_not_apply_is_refused_before_anything_is_sent(server, model, options, error, words):
    with pytest.raises(error, match=words):
        next(iter(server.open(model).fill(THREE, FillOptions(agree=True, **options))))
    assert server.asked == []


def test_constraints_are_refused_with_the_reason_and_a_model_that_can(server):
    @dataclasses.dataclass(frozen=True)
    class Constrained(FillOptions):
        include: tuple[str, ...] = ()

    with pytest.raises(AbilityError, match="text and no probabilities.*include.*'openai:m@.*'bundled'"):
        server.open("openai:m").preview(THREE, Constrained(include=("moon",), agree=True))


def test_a_rewrite_is_refused_with_a_model_that_can(server):
    with pytest.raises(AbilityError, match="'ollama:m@.*'bundled'"):
        server.open("ollama:m").rewrite(Document("The cat.", (Mark(Span(4, 7)),)), None)


def test_a_poem_is_refused_with_a_model_that_can(server):
    with pytest.raises(AbilityError, match="held to constraints; 'ollama:m@.*'bundled'"):
        server.open("ollama:m").poem(None)


def test_documents_that_cannot_be_filled_are_refused_as_elsewhere(server):
    infiller = server.open("ollama:m")
    for document, error in ((Document(""), DocumentError), (Document("abc"), OptionError), (Document("x" * (9 * 2**20), (Mark(Span(0, 1)),)), DocumentError)):
        with pytest.raises(error):
            infiller.preview(document)


def test_half_a_character_in_the_document_is_not_sent_but_stays(server):
    server.answers = [ollama(["dog"])]
    (suggestion,) = suggestions_of(server.open("ollama:m"), Document("a \ud800 cat", (Mark(Span(4, 7)),)))
    assert suggestion.text == "a \ud800 dog" and server.asked[0].body["prompt"] == "a \ufffd "


def test_neighbouring_and_empty_fills_keep_their_places(server):
    server.answers = [ollama([]), ollama(["two"]), ollama([]), ollama(["4"])]
    document = Document("abcd", (Mark(Span(0, 1)), Mark(Span(1, 1)), Mark(Span(1, 2)), Mark(Span(3, 4))))
    (suggestion,) = suggestions_of(server.open("ollama:m"), document)
    assert [edit.after for edit in suggestion.edits][0] == "" and suggestion.text.startswith("two") and suggestion.text.endswith("c4")
