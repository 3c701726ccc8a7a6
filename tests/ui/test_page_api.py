"""What programs use: the Gradio client, an MCP client and plain HTTP, against the running page."""

import asyncio
import json
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client

TEXT = "🌊 The cat [[sat|3]] on the [[mat|2]]."
PLAIN = "🌊 The cat sat on the mat."


@pytest.fixture(scope="module")
def client(fake_url):
    return Client(fake_url, verbose=False)


def check(record: dict):
    assert record["text"] == PLAIN and record["seed"] == 0 and record["model"] == "fake"
    for suggestion in record["suggestions"]:
        assert set(suggestion) == {"text", "edits", "mean_logprob", "steps", "seconds", "violations"}
        text = PLAIN
        for edit in reversed(suggestion["edits"]):
            assert text[edit["start"]:edit["end"]] == edit["before"]
            text = text[:edit["start"]] + edit["after"] + text[edit["end"]:]
        assert text == suggestion["text"]


def test_fill_takes_marks_in_the_text(client):
    record = client.predict(TEXT, api_name="/fill")
    check(record)
    assert [edit["before"] for edit in record["suggestions"][0]["edits"]] == ["sat", "mat"]


def test_fill_takes_spans_and_options(client):
    record = client.predict(text=PLAIN, spans=[{"start": 10, "end": 13, "length": "4"}], alternatives=3, steps=5, api_name="/fill")
    check(record)
    assert len(record["suggestions"]) == 3 and record["suggestions"][0]["edits"][0]["start"] == 10 and record["suggestions"][0]["steps"] == 5


def test_fill_stream_yields_a_record_for_every_step_and_the_result(client):
    job = client.submit(text=TEXT, steps=6, api_name="/fill_stream")
    job.result(timeout=30)
    *steps, result = job.outputs()
    assert [step["step"] for step in steps] == [1, 2, 3, 4, 5, 6] and steps[0]["of"] == 6
    check(result)


def test_models_are_listed(client):
    assert client.predict(api_name="/models")[0]["id"] == "fake"


@pytest.mark.parametrize("fields, said", [
    ({"text": "no marks"}, "something to fill"),
    ({"text": PLAIN, "spans": [{"start": 5, "end": 99}]}, "within the document's"),
    ({"text": TEXT, "steps": 0}, "Steps are auto or 1 to"),
    ({"text": TEXT, "sampler": "magic"}, "sampler is one of"),
    ({"text": "TOO BIG [[x]]"}, "2.0 GB"),
    ({"text": "BOOM [[x|4]]"}, "a tensor of the wrong shape"),
])
def test_errors_reach_the_caller_in_their_own_words(client, fields, said):
    with pytest.raises(AppError, match=said):
        client.predict(**fields, api_name="/fill")


def test_constraints_reach_a_fill(client):
    with pytest.raises(AppError, match="regular expression"):
        client.predict(TEXT, regex="[0-9", api_name="/fill")
    with pytest.raises(AppError, match="A count is 3, 3-5"):
        client.predict(text=PLAIN, spans=[{"start": 10, "end": 13, "words": "few"}], api_name="/fill")
    check(client.predict(TEXT, include=["river"], words="3-5", ban_letters="q", ends_sentence=True, api_name="/fill"))


def test_a_poem_is_its_text_and_lines(client):
    record = client.predict(form="haiku", alternatives=2, api_name="/poem")
    assert record["lines"] == record["text"].split("\n") and len(record["lines"]) == 3 and record["violations"] == [] and record["seconds"] > 0
    assert record["badges"][1]["syllables"] == 7 and len(record["candidates"]) == 2
    drafted = client.predict(draft="Old [[]] pond\nstill water", include="moon", api_name="/poem")
    assert drafted["text"].startswith("Old silver pond")


@pytest.mark.parametrize("fields, said", [({"form": "epic"}, "A form is one of"), ({"acrostic": "ABC"}, "must begin with"), ({"syllables": "five"}, "syllables is a whole number")])
def test_a_poem_that_cannot_be_is_explained(client, fields, said):
    with pytest.raises(AppError, match=said):
        client.predict(**fields, api_name="/poem")


MISTAKEN = "🌊 I recieve a apple.\r\n[[teh]] end, he walk"


def test_proofread_gives_the_corrected_text_and_its_edits(client):
    record = client.predict(MISTAKEN, api_name="/proofread")
    assert set(record) == {"text", "corrected", "edits", "seconds"} and (record["text"], record["corrected"]) == (MISTAKEN, "🌊 I receive an apple.\r\n[[the]] end, he walks")
    assert record["edits"][0] == {"start": 4, "end": 11, "before": "recieve", "after": "receive", "certainty": 0.95, "reason": "spelling"}
    assert [edit["reason"] for edit in record["edits"]] == ["spelling", "article", "spelling", "agreement"]


def test_proofread_takes_what_the_command_line_takes(client):
    record = client.predict(text=MISTAKEN, threshold=0.9, dictionary=["teh"], ignore=[["a apple", "an apple"]], api_name="/proofread")
    assert record["corrected"] == MISTAKEN.replace("recieve", "receive")
    record = client.predict(text=MISTAKEN, spans=[{"start": 22, "end": 30}], model="fake", seed=3, api_name="/proofread")
    assert record["corrected"] == MISTAKEN.replace("teh", "the")


def test_proofread_stream_yields_a_record_for_every_part_and_the_result(client):
    job = client.submit(MISTAKEN, api_name="/proofread_stream")
    job.result(timeout=30)
    first, second, result = job.outputs()
    assert (first["start"], first["end"], second["end"], second["total"]) == (0, 20, len(MISTAKEN), len(MISTAKEN))
    assert first["edits"] + second["edits"] == result["edits"] and result["corrected"].endswith("walks")


def test_rewrite_is_a_fill_of_doubtful_words(client):
    check(client.predict(TEXT, strength=0.7, keep=["cat"], alternatives=2, style="A dog ran.", api_name="/rewrite"))
    job = client.submit(text=TEXT, steps=4, api_name="/rewrite_stream")
    job.result(timeout=30)
    *steps, result = job.outputs()
    assert [step["step"] for step in steps] == [1, 2, 3, 4]
    check(result)


@pytest.mark.parametrize("verb, fields, said", [
    ("proofread", {"text": "a", "threshold": 2}, "0 to 1; got 2"), ("proofread", {"text": "a", "spans": [{"start": 0, "end": 9}]}, "within the document's"),
    ("proofread", {"text": "a", "ignore": [["teh"]]}, "pairs .before, after."), ("proofread", {"text": "TOO BIG"}, "2.0 GB"),
    ("proofread", {"text": "teh\nBOOM"}, "a tensor of the wrong shape"), ("proofread", {"text": "a", "model": "ollama:m"}, "how probable a word is"),
    ("rewrite", {"text": TEXT, "strength": 2}, "0 to 1; got 2"), ("rewrite", {"text": "no marks"}, "something to fill"), ("rewrite", {"text": TEXT, "model": "ollama:m"}, "how probable a word is"),
])
def test_a_proofreading_or_rewrite_that_cannot_be_is_explained(client, verb, fields, said):
    with pytest.raises(AppError, match=said):
        client.predict(**fields, api_name=f"/{verb}")


def test_nothing_but_the_functions_of_the_interface_is_public(client):
    assert set(client.view_api(return_format="dict")["named_endpoints"]) == {
        "/fill", "/fill_stream", "/rewrite", "/rewrite_stream", "/proofread", "/proofread_stream", "/poem", "/slots", "/compare", "/models"}


def test_health_names_the_model(fake_url):
    with urllib.request.urlopen(f"{fake_url}/health") as answer:
        assert json.load(answer) == {"status": "ok", "model": "fake"}


def test_an_mcp_client_lists_and_calls_the_tools(fake_url):
    async def talk():
        patient = httpx.AsyncClient(timeout=120, follow_redirects=True)
        async with patient, streamable_http_client(f"{fake_url}/gradio_api/mcp/", http_client=patient) as (read, write, _), ClientSession(read, write) as session:
            await session.initialize()
            tools = {tool.name: tool for tool in (await session.list_tools()).tools}
            filled = await session.call_tool(_name(tools, "fill"), {"text": TEXT, "steps": 4})
            streamed = await session.call_tool(_name(tools, "fill_stream"), {"text": TEXT, "steps": 4})
            poem = await session.call_tool(_name(tools, "poem"), {"form": "haiku"})
            proofread = await session.call_tool(_name(tools, "proofread"), {"text": MISTAKEN, "threshold": 0.9})
            parts = await session.call_tool(_name(tools, "proofread_stream"), {"text": MISTAKEN})
            rewritten = await session.call_tool(_name(tools, "rewrite"), {"text": TEXT, "strength": 0.5})
            refused = await session.call_tool(_name(tools, "fill"), {"text": "no marks"})
            return tools, filled, streamed, poem, proofread, parts, rewritten, refused

    tools, filled, streamed, poem, proofread, parts, rewritten, refused = _apart(lambda: asyncio.run(talk()))
    described = tools[_name(tools, "fill")]
    assert "half-open" in json.dumps(described.inputSchema) and "[[old words]]" in json.dumps(described.inputSchema)
    check(json.loads(filled.content[0].text))
    assert not streamed.isError and json.loads(streamed.content[-1].text)["suggestions"]
    assert len(json.loads(poem.content[0].text)["lines"]) == 3
    assert json.loads(proofread.content[0].text)["corrected"].endswith("[[the]] end, he walk") and json.loads(parts.content[-1].text)["corrected"].endswith("he walks")
    assert "half-open" in json.dumps(tools[_name(tools, "proofread")].inputSchema)
    check(json.loads(rewritten.content[0].text))
    assert refused.isError and "something to fill" in refused.content[0].text


def _apart(work):
    """In a thread of its own: a browser that another test of this process opened keeps an event loop running here."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


def _name(tools: dict, function: str) -> str:
    """Gradio may put the app's name before a function's."""
    return next(name for name in tools if name == function or name.endswith(f"_{function}"))
