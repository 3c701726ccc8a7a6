"""Hosted models over their protocols: what is sent, what comes of the answers, and what of answers that are none."""

import json
import socket
import time

import pytest
from remote_server import END, QUICK, Answer, chat, completions, edited, event, ollama, serving, whole_parts

import dlm_editor
from dlm_editor.errors import OptionError, RemoteError, UnknownModelError
from dlm_editor.tasks import FillOptions, Suggestion
from dlm_editor.tasks.remote import RemoteInfiller, TextStep, is_hosted
from dlm_editor.tasks.remote.diffusing import Diffusing
from dlm_editor.tasks.remote.wire import Endpoint, Limits
from dlm_editor.text import parse_marked

KEY = "sk-a-key-that-is-nowhere"
AGREED = FillOptions(agree=True)
DOCUMENT = parse_marked("The cat [[sat]] on the mat.\r\n")
MODELS = ["mercury", "mercury:edit", "mercury:chat", "openai:some/model-1b", "ollama:coder:7b"]
STREAMED = {"mercury": completions, "openai:m": completions, "ollama:m": ollama, "mercury:chat": chat}


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("INCEPTION_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with serving() as found:
        yield found


def fill(infiller, document=DOCUMENT, options=AGREED):
    events = list(infiller.fill(document, options))
    return [event for event in events if isinstance(event, TextStep)], [event for event in events if isinstance(event, Suggestion)]


def refused(infiller, *parts, document=DOCUMENT, options=AGREED):
    """The error of a run, of which each part must be told and the key must not."""
    with pytest.raises(RemoteError) as caught:
        fill(infiller, document, options)
    assert all(part in str(caught.value) for part in parts), str(caught.value)
    assert KEY not in str(caught.value) and KEY[:8] not in str(caught.value) and "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("model", MODELS)
def test_a_span_is_filled_through_every_protocol(server, model):
    infiller = server.open(model)
    steps, (suggestion,) = fill(infiller)
    assert suggestion.text == "The cat stood still on the mat.\r\n"
    assert [(edit.span.start, edit.before, edit.after) for edit in suggestion.edits] == [(8, "sat", "stood still")]
    assert (suggestion.mean_logprob, suggestion.violations, suggestion.row) == (None, (), 0)
    assert steps[-1].text == "stood still" and [step.index for step in steps] == list(range(1, len(steps) + 1)) and suggestion.steps == len(steps)
    (asked,) = server.asked
    assert asked.raw.decode() == infiller.preview(DOCUMENT)[0].body


@pytest.mark.parametrize("model", MODELS)
def test_a_key_goes_in_its_header_and_nowhere_else(server, model):
    infiller = server.open(model)
    _, (suggestion,) = fill(infiller)
    (asked,) = server.asked
    has_key = not model.startswith("ollama")
    assert (asked.headers.get("Authorization") == f"Bearer {KEY}") == has_key
    told = [asked.raw.decode(), asked.path, repr(infiller), repr(suggestion), repr(infiller.preview(DOCUMENT)), repr(infiller.info)]
    assert not any(KEY in text for text in told)


def test_text_streams_in_as_it_comes(server):
    server.answers = [completions(["st", "ood", " st", "ill"])]
    texts = [step.text for step in fill(server.open("openai:m"))[0]]
    assert list(dict.fromkeys(texts)) == ["", "st", "stood", "stood st", "stood still"] or list(dict.fromkeys(texts)) == ["st", "stood", "stood st", "stood still"]


def test_a_server_that_does_not_stream_gives_its_answer_at_once(server):
    body = json.dumps({"choices": [{"text": " stood", "finish_reason": "stop"}]}, indent=1).encode()
    server.answers = [Answer((body,), length=len(body))]
    assert fill(server.open("openai:m"))[1][0].text == "The cat stood on the mat.\r\n"


@pytest.mark.parametrize(("parts", "text"), [
    (whole_parts("stood very still upon one leg"), "stood very still upon one leg"),
    (["stood", " very", " still", " upon", " one", " leg"], "stood very still upon one leg"),
    (["stood very ", "still upon", " one leg"], "stood very still upon one leg"),
    (["▒▒▒▒▒", "st▒▒d", "stood"], "stood"),
    (["▒▒▒", "red"], "red"),
    (["stood", "stood", "stood"], "stood"),
    (["s", "st", "sto", "stoo", "stood"], "stood"),
    (["stood"], "stood"),
])
def test_parts_of_a_diffusing_stream_replace_or_append(server, parts, text):
    server.answers = [chat(parts)]
    steps, (suggestion,) = fill(server.open("mercury:chat"))
    assert suggestion.edits[0].after == text
    assert len(steps) >= len(parts)


def test_replacing_and_appending_are_told_apart_on_longer_texts():
    texts = ["The river keeps its own slow counsel while morning light moves over the stones.", "He counted the windows twice, then once more, and sat down.",
             "def add(first, second):\n    return first + second\n", "Ένα ποτάμι που δεν βιάζεται ποτέ, κι ένα γεφύρι που περιμένει."]
    for text in texts:
        words = [f" {word}" if i else word for i, word in enumerate(text.split(" "))]
        shown = Diffusing()
        for part in whole_parts(text):
            shown = shown.add(part)
        assert shown.replaces and shown.text == text, text
        for size in (1, 2, 3, 5):
            shown = Diffusing()
            for i in range(0, len(words), size):
                shown = shown.add("".join(words[i:i + size]))
            assert shown.text == text, (size, shown)


def test_an_edit_that_changes_more_than_the_span_is_not_taken(server):
    for region in ("The dog stood on the mat.", "The cat stood on the hat.", "The cat", "stood"):
        server.answers = [edited(region)]
        refused(server.open("mercury:edit"), "Only the marked text may change")
    server.answers = [edited("The cat stood\nup on the mat.\r")]
    assert fill(server.open("mercury:edit"))[1][0].edits[0].after == "stood\r\nup"


def test_an_edit_is_asked_for_with_whole_lines_and_their_surroundings(server):
    server.open("mercury:edit").preview(DOCUMENT)
    document = parse_marked("one\ntwo [[sat]] three\nfour\n")
    server.answers = [edited("two 2 three")]
    assert fill(server.open("mercury:edit"), document)[1][0].text == "one\ntwo 2 three\nfour\n"
    message = server.asked[0].body["messages"][0]["content"]
    assert "one\n<|code_to_edit|>\ntwo sat<|cursor|> three\n<|/code_to_edit|>\nfour\n<|/current_file_content|>" in message


@pytest.mark.parametrize("model", ["mercury", "openai:m"])
@pytest.mark.parametrize("status", [401, 403])
def test_a_wrong_key_is_said_at_once_and_not_repeated(server, model, status):
    server.answers = [Answer((f'{{"error": {{"message": "Incorrect API key provided: {KEY[:8]}…"}}}}'.encode(),), status)]
    refused(server.open(model), f"status {status}", "INCEPTION_API_KEY" if model == "mercury" else "OPENAI_API_KEY")
    assert len(server.asked) == 1


def test_a_model_that_needs_a_key_sends_nothing_without(server, monkeypatch):
    for value in ("", "  ", "two words", "schlüssel", "a\nb"):
        monkeypatch.setenv("INCEPTION_API_KEY", value)
        with pytest.raises(OptionError, match="INCEPTION_API_KEY"):
            fill(server.open("mercury"))
    assert server.asked == []
    monkeypatch.setenv("OPENAI_API_KEY", "")
    fill(server.open("openai:m"))
    assert "Authorization" not in server.asked[0].headers


def test_a_key_never_goes_over_plain_http_to_another_machine(server, monkeypatch):
    with pytest.raises(OptionError, match="https only"):
        fill(RemoteInfiller.of("mercury@http://198.51.100.1"))


@pytest.mark.parametrize("wait", ["0", "Sat, 21 Nov 2020 06:00:00 GMT", "soon", None])
@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_busy_server_is_asked_again(server, status, wait):
    server.answers = [Answer((b"{}",), status, {"Retry-After": wait} if wait else {})] * 2
    assert fill(server.open("ollama:m"))[1][0].edits[0].after == "stood still"
    assert len(server.asked) == 3 and len({asked.raw for asked in server.asked}) == 1


def test_retry_after_is_waited_for(server):
    server.answers = [Answer((b"{}",), 429, {"Retry-After": "1"})]
    began = time.monotonic()
    fill(server.open("ollama:m", Limits(longest_wait_s=2)))
    assert 1 <= time.monotonic() - began < 3


def test_a_server_that_stays_busy_is_given_up_after_a_bounded_number_of_attempts(server):
    server.answers = [Answer((b"{}",), 429)] * 99
    refused(server.open("ollama:m"), "refused 3 in a row", "429")
    assert len(server.asked) == 3
    server.answers = [Answer((b'{"error": "overloaded"}',), 503)] * 99
    refused(server.open("ollama:m"), "status 503 after 3 attempts", "overloaded")


def test_a_server_that_asks_for_a_long_wait_is_not_waited_for(server):
    server.answers = [Answer((b"{}",), 429, {"Retry-After": "3600"})] * 9
    began = time.monotonic()
    refused(server.open("ollama:m"), "Try again in 3600 s")
    assert len(server.asked) == 1 and time.monotonic() - began < 1


def test_other_refusals_are_told_once_with_what_the_server_said_but_not_the_key(server):
    server.answers = [Answer((f'{{"error": "this\nmodel takes no suffix {KEY}"}}'.encode(),), 400)]
    refused(server.open("openai:m"), "status 400", "this model takes no suffix …")
    assert len(server.asked) == 1


def test_a_redirect_is_not_followed(server):
    server.answers = [Answer((), 307, {"Location": f"{server.url}/elsewhere"})]
    refused(server.open("ollama:m"), "status 307", "no other")
    assert len(server.asked) == 1


def test_nobody_listening_is_said(server):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    refused(RemoteInfiller.of(f"ollama:m@http://127.0.0.1:{port}"), "nothing listens", "Start the server")


def test_a_silent_server_is_not_waited_for_forever(server):
    infiller = server.open("ollama:m", Limits(begin_s=0.2, silence_s=0.3, attempts=1))
    server.answers = [lambda asked: time.sleep(0.8) or Answer()]
    refused(infiller, "did not in time")
    for headers in ({}, {"Connection": "close"}):
        server.answers = [Answer(ollama(["one", "two"]).parts, headers=headers, pause_s=0.8)]
        refused(infiller, "fell silent")


def test_an_answer_that_drips_forever_ends(server):
    for parts in (ollama(["a"] * 100).parts, (b" ",) * 100):
        server.answers = [Answer(parts, pause_s=0.05)]
        refused(server.open("ollama:m", Limits(whole_s=0.5)), "done within 0.5 s")


@pytest.mark.parametrize("model", STREAMED)
def test_a_stream_that_breaks_off_is_no_answer(server, model):
    whole = STREAMED[model](["stood", " still"])
    for parts, is_cut in ((whole.parts[:2], True), (whole.parts[:2], False), ((), False), (whole.parts[:1] + (whole.parts[1][:9],), True)):
        server.answers = [Answer(parts, is_cut=is_cut)]
        refused(server.open(model), "")
    whole_body = b"".join(whole.parts)
    server.answers = [Answer((whole_body[:40],), length=len(whole_body))]
    refused(server.open(model), "")


@pytest.mark.parametrize("model", STREAMED)
@pytest.mark.parametrize(("bad", "words"), [
    (b"not json at all", "JSON objects"), (b"[1, 2]", "JSON objects"), (b"<html>nginx</html>", "JSON objects"), (b'{"a": "\xff"}', "UTF-8"),
    (b"[" * 100_000, "JSON objects"), (b'{"error": "the engine\\nfell over"}', "the engine fell over"), (b'{"error": {"message": "out of memory"}}', "out of memory"),
])
def test_what_is_no_answer_is_refused(server, model, bad, words):
    server.answers = [Answer((bad + b"\n",) if model.startswith("ollama") else (b"data: " + bad + b"\n\n", END))]
    refused(server.open(model), words)


def test_a_key_that_a_server_repeats_in_its_stream_is_not_told(server):
    for said in (f'{{"error": "bad key {KEY}"}}', f"{KEY} is no key"):
        server.answers = [Answer((f"data: {said}\n\n".encode(), END))]
        refused(server.open("mercury"), "…")


@pytest.mark.parametrize("cut", range(1, 9))
def test_the_beginning_of_a_key_is_not_told_either_where_a_text_was_cut(server, cut):
    for answer in (Answer((f'data: {{"error": "{"x" * (160 - cut)}{KEY}"}}\n\n'.encode(), END)), Answer((f"data: {'x' * (60 - cut)}{KEY}\n\n".encode(), END)),
                   Answer((b" " * (2000 - cut) + KEY.encode(),), status=400)):
        server.answers = [answer]
        assert KEY[:6] not in refused(server.open("mercury"))


def test_a_key_that_comes_back_as_text_is_not_taken(server, monkeypatch):
    monkeypatch.setenv("INCEPTION_API_KEY", "sk-0123456789abcdef")
    server.answers = [completions([" my ", "sk-01234", "56789abcdef"])]
    refused(server.open("mercury"), "sent the key itself back")


@pytest.mark.parametrize("change", [lambda parts: (b"\xef\xbb\xbf" + parts[1], *parts[2:]), lambda parts: tuple(part.replace(b"\n", b"\r") for part in parts),
                                    lambda parts: tuple(part.replace(b"data: ", b"event: completion\nid: 7\ndata:") for part in parts),
                                    lambda parts: (b"  " + parts[1].removeprefix(b"data: "),)],
                         ids=["byte order mark", "carriage returns", "other fields", "indented JSON"])
def test_streams_are_written_in_more_than_one_way(server, change):
    server.answers = [Answer(change(completions(["stood still"]).parts))]
    assert fill(server.open("mercury"))[1][0].edits[0].after == "stood still"


@pytest.mark.parametrize("said", [b'data: {"object": "error", "message": "it fell\\u001b[31m over"}\n\n', b'event: error\ndata: {"message": "it fell over"}\n\n',
                                  b'event:error\ndata: it fell over\n\n'])
def test_errors_are_known_in_every_form(server, said):
    server.answers = [Answer((completions(["stood"]).parts[1], said, END))]
    assert refused(server.open("mercury"), "reported an error", "it fell", " over").isprintable()


@pytest.mark.parametrize("model", ["mercury", "mercury:chat", "mercury:edit", "openai:m"])
@pytest.mark.parametrize("bad", [b'{"detail": "not here"}', b'{"choices": 7}', b'{"choices": []}'])
def test_an_answer_without_choices_is_none(server, model, bad):
    server.answers = [Answer((bad,) if model == "mercury:edit" else (b"data: " + bad + b"\n\n", END))]
    refused(server.open(model), "holds choices")


@pytest.mark.parametrize("wait", ["9" * 400, "Fri, 31 Dec 9999 23:59:59 -2359"])
def test_a_wait_beyond_all_bounds_is_not_waited_for(server, wait):
    server.answers = [Answer((b"busy",), status=429, headers={"Retry-After": wait})]
    refused(server.open("mercury"), "Try again later")


@pytest.mark.parametrize("model", STREAMED)
def test_text_of_another_type_is_refused(server, model):
    server.answers = [Answer((b'{"response": 7}\n',) if model.startswith("ollama") else (event({"choices": [{"text": 7, "delta": {"content": ["x"]}}]}), END))]
    refused(server.open(model), "A part of an answer is text")


@pytest.mark.parametrize("model", STREAMED)
def test_halves_of_characters_are_joined_or_refused(server, model):
    emoji = b'\\ud83d", "\\udc31'
    if model != "mercury:chat":  # whose parts replace one another
        server.answers = [_raw(model, emoji.split(b'", "'))]
        assert fill(server.open(model))[1][0].edits[0].after == "🐱"
    server.answers = [_raw(model, [b"\\ud83d"])]
    refused(server.open(model), "half of a character")


def _raw(model, texts):
    """A stream of texts that are JSON strings already, without their quotation marks."""
    made = {"ollama:m": b'{"response": "%s"}\n', "mercury:chat": b'data: {"choices": [{"delta": {"content": "%s"}}]}\n\n'}
    line = made.get(model, b'data: {"choices": [{"text": "%s"}]}\n\n')
    return Answer((*(line % text for text in texts), b'{"done": true}\n' if model == "ollama:m" else END))


def test_too_long_an_answer_is_refused(server):
    server.answers = [ollama(["word " * 1000] * 30)]
    refused(server.open("ollama:m"), "at most 16384 characters")
    server.answers = [Answer((b"x" * 3000,))]
    refused(server.open("ollama:m", Limits(line_bytes=2000)), "sent more")
    server.answers = [Answer((b"\n" * 1500,) * 4)]
    refused(server.open("ollama:m", Limits(answer_bytes=2000)), "sent more")


@pytest.mark.parametrize("headers", [{}, {"Connection": "close"}])
def test_closing_the_run_ends_the_request(server, headers):
    server.answers = [Answer(ollama(["word "] * 3000).parts, headers=headers, pause_s=0.01)]
    events = server.open("ollama:m").fill(DOCUMENT, AGREED)
    assert next(events).text == "word"
    events.close()
    assert server.left.wait(5)


@pytest.mark.parametrize("model", ["mercury", "mercury:chat", "mercury@https://x.example", "ollama:a:b", "openai:x@http://h/v1", "ollama", "openai:MODEL@URL"])
def test_ids_of_hosted_models_are_told_from_others(model):
    assert is_hosted(model)


@pytest.mark.parametrize("model", ["bundled", "mercury/tiny", "./mercury", "mercurys", "google-bert/bert-base-cased", "openai-community/gpt2", "Ollama:x"])
def test_other_ids_are_not_those_of_hosted_models(model):
    assert not is_hosted(model)


@pytest.mark.parametrize("model", ["mercury:other", "ollama", "ollama:", "ollama:MODEL", "openai:x", "openai:MODEL@URL", "openai@http://h", "openai:x@ftp://h", "ollama:a b"])
def test_an_id_that_names_no_hosted_model_is_refused_with_the_forms(model):
    with pytest.raises(UnknownModelError, match="openai:MODEL@URL or ollama:MODEL"):
        dlm_editor.load(model)


@pytest.mark.parametrize("url", ["http://user:secret@h", "http://h?key=1", "http://h#x", "http://", "http://h:99999", "http://[::1", "http://ex ample"])
def test_addresses_hold_no_key_and_are_whole(url):
    with pytest.raises(OptionError, match="An address is"):
        Endpoint(url + "/x", "SOME_KEY") if "?" not in url and "#" not in url else Endpoint(url, "SOME_KEY")


@pytest.mark.parametrize("url", [f"http://{KEY}@h/v1", f"https://me:{KEY}@h", f"http://h/?key={KEY}", f"http://h/#{KEY}", f"http://me:{KEY}@h:99999"])
def test_a_key_in_an_address_is_not_repeated(url):
    with pytest.raises(OptionError, match="An address is") as raised:
        dlm_editor.load(f"openai:m@{url}")
    assert KEY not in str(raised.value)


def test_a_server_on_this_machine_is_known_as_one():
    here = ("http://127.0.0.1:1", "http://127.1.2.3", "http://localhost", "https://[::1]:8")
    assert all(Endpoint(url).is_here for url in here)
    assert not any(Endpoint(url).is_here for url in ("http://192.168.1.2", "https://example.org", "http://localhost.example.org", "http://[2001:db8::1]"))


def test_addresses_are_completed():
    def url(model):
        return RemoteInfiller.of(model).backend.endpoint.url

    assert {url(f"openai:m@http://h{path}") for path in ("", "/", "/v1", "/v1/", "/v1/completions")} == {"http://h/v1/completions"}
    assert url("openai:m@https://h/proxy/v1") == "https://h/proxy/v1/completions"
    assert (url("mercury"), url("mercury:edit@https://h/v1")) == ("https://api.inceptionlabs.ai/v1/fim/completions", "https://h/v1/edit/completions")
    assert (url("ollama:m"), url("ollama:m:7b@http://box:1/")) == ("http://127.0.0.1:11434/api/generate", "http://box:1/api/generate")


def test_loading_a_hosted_model_opens_nothing(monkeypatch):
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("a socket was opened"))
    for model in MODELS[:3]:
        infiller = dlm_editor.load(model)
        assert infiller.preview(DOCUMENT) and infiller.info.name == model
    assert QUICK.attempts == 3
