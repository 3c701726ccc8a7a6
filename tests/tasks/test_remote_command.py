"""Hosted models on the command line: nothing goes out unasked."""

import io
import json

import pytest
from remote_server import serving

from dlm_editor.cli import main as command
from dlm_editor.tasks.remote import RemoteInfiller

SENTENCE = "The cat [[sat]] on the mat."


class Terminal(io.TextIOWrapper):
    """What a reader at a terminal types."""

    def isatty(self):
        return True


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-a-secret")
    with serving() as found:
        yield found


@pytest.fixture
def run(server, capsys, monkeypatch):
    """`run(*arguments)` with the model of the server; `typed` is what a reader at a terminal answers."""

    def call(*arguments, typed=None, model="openai:m"):
        if typed is not None:
            monkeypatch.setattr("sys.stdin", Terminal(io.BytesIO(typed.encode())))
            monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
        code = command.main([*arguments, "--model", f"{model}@{server.url}"], lambda name, device: RemoteInfiller.of(name))
        captured = capsys.readouterr()
        assert "sk-a-secret" not in captured.out + captured.err
        return code, captured.out, captured.err

    return call


def test_without_consent_nothing_is_sent_and_the_message_says_how_much_would_be(run, server):
    code, out, err = run("fill", "--text", SENTENCE)
    assert (code, out) == (2, "") and "20 characters of the document would be sent to" in err and "--send" in err and len(err.splitlines()) == 1
    assert server.asked == []


def test_with_send_it_is_filled(run, server):
    assert run("fill", "--text", SENTENCE, "--send") == (0, "The cat stood still on the mat.", "")


def test_json_holds_null_where_a_hosted_model_tells_nothing(run):
    record = json.loads(run("fill", "--text", SENTENCE, "--send", "--json")[1])
    assert record["suggestions"][0]["mean_logprob"] is None and record["suggestions"][0]["violations"] == []
    assert "sk-" not in json.dumps(record)


@pytest.mark.parametrize(("typed", "code"), [("y\n", 0), ("Yes\n", 0), ("n\n", 2), ("\n", 2), ("", 2), ("yesterday\n", 2)])
def test_on_a_terminal_it_is_asked_with_the_whole_request_shown(run, server, typed, code):
    found, out, err = run("fill", "--text", "The \x1b]0;cat\x07 [[sat]].", typed=typed)
    assert found == code and bool(server.asked) == (code == 0) and bool(out) == (code == 0)
    assert f"POST {server.url}/v1/completions" in err and '"suffix": "."' in err and "Send? [y/N]" in err
    assert "\x1b]0" not in err


def test_long_requests_are_shown_whole_and_of_very_many_the_first(run):
    text = "The cat [[sat]] on the mat. " + "word " * 300 + "[[end]]"
    err = run("fill", "--text", text, typed="n\n")[2]
    assert err.count("POST ") == 2 and err.count("word " * 200) == 2 and "more, for" not in err
    err = run("fill", "--text", "a [[b]] " * 25, typed="n\n")[2]
    assert err.count("POST ") == 20 and "… and 5 more" in err and "in 25 requests" in err


@pytest.mark.parametrize(("typed", "code"), [("y\n", 0), ("n\n", 2), (None, 2)])
def test_it_is_asked_past_a_document_that_comes_through_a_pipe(run, server, monkeypatch, tmp_path, typed, code):
    if typed is not None:
        (tmp_path / "tty").write_text(typed)
    monkeypatch.setattr("dlm_editor.cli.consent.TERMINAL", str(tmp_path / "tty"))
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(SENTENCE.encode())))
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    found, _, err = run("fill", "-")
    assert found == code and "Send? [y/N]" in err and bool(server.asked) == (code == 0)


def test_a_batch_sends_only_where_it_is_told_to(run, server, tmp_path):
    lines = [{"id": 1, "text": SENTENCE}, {"id": 2, "text": SENTENCE, "agree": True}]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    arguments = ("fill", "--batch", str(tmp_path / "in.jsonl"), "--out", str(tmp_path / "out.jsonl"))
    assert run(*arguments)[0] == 0
    first, second = map(json.loads, (tmp_path / "out.jsonl").read_text().splitlines())
    assert "would be sent" in first["error"] and second["suggestions"][0]["text"] == "The cat stood still on the mat."
    assert len(server.asked) == 1
    run(*arguments, "--send")
    assert len(server.asked) == 3


def test_an_error_of_the_server_is_one_line_and_our_failure_not_the_users(run, server):
    from remote_server import Answer

    server.answers = [Answer((b'{"error": "no such model sk-a-secret"}',), 404)]
    code, out, err = run("fill", "--text", SENTENCE, "--send")
    assert (code, out) == (1, "") and err.startswith("error: ") and "status 404" in err and len(err.splitlines()) == 1


def test_an_instruction_goes_to_models_that_follow_one(run, monkeypatch):
    code, _, err = run("fill", "--text", SENTENCE, "--send", "--instruction", "shout")
    assert code == 1 and "follow instructions" in err
    monkeypatch.setenv("INCEPTION_API_KEY", "k")
    assert run("fill", "--text", SENTENCE, "--send", "--instruction", "shout", model="mercury:chat")[0] == 0


def test_a_benchmark_of_a_hosted_model_is_refused_with_one_that_can_be_measured(capsys):
    assert command.main(["bench", "--suite", "speed", "--model", "mercury"]) == 1
    assert "say how probable a word is; 'mercury' cannot. Use one that can, like 'bundled'" in capsys.readouterr().err
