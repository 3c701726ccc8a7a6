"""What programs use: the Gradio client, an MCP client and plain HTTP, against the running page."""

import asyncio
import json
import urllib.request

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


def test_nothing_but_the_four_functions_is_public(client):
    assert set(client.view_api(return_format="dict")["named_endpoints"]) == {"/fill", "/fill_stream", "/poem", "/models"}


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
            refused = await session.call_tool(_name(tools, "fill"), {"text": "no marks"})
            return tools, filled, streamed, poem, refused

    tools, filled, streamed, poem, refused = asyncio.run(talk())
    described = tools[_name(tools, "fill")]
    assert "half-open" in json.dumps(described.inputSchema) and "[[old words]]" in json.dumps(described.inputSchema)
    check(json.loads(filled.content[0].text))
    assert not streamed.isError and json.loads(streamed.content[-1].text)["suggestions"]
    assert len(json.loads(poem.content[0].text)["lines"]) == 3
    assert refused.isError and "something to fill" in refused.content[0].text


def _name(tools: dict, function: str) -> str:
    """Gradio may put the app's name before a function's."""
    return next(name for name in tools if name == function or name.endswith(f"_{function}") and (function != "fill" or "stream" not in name))
