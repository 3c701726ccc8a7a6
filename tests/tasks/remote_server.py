"""Hosted models without models: a server on 127.0.0.1 that speaks each protocol, and misbehaves as it is told."""

import json
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from dlm_editor.tasks.remote import RemoteInfiller
from dlm_editor.tasks.remote.wire import Limits

QUICK = Limits(connect_s=2, begin_s=2, silence_s=2, whole_s=10, attempts=3, first_wait_s=0.01, longest_wait_s=0.5)


@dataclass(frozen=True)
class Asked:
    """One request as it came in."""

    path: str
    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> dict:
        return json.loads(self.raw)


@dataclass(frozen=True)
class Answer:
    """`parts` are sent in chunks, `pause_s` apart; a `cut` answer ends without the end of its encoding."""

    parts: tuple[bytes, ...] = ()
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    pause_s: float = 0.0
    is_cut: bool = False
    length: int | None = None  # stated instead of chunks


def event(record: dict) -> bytes:
    return b"data: " + json.dumps(record).encode() + b"\n\n"


END = b"data: [DONE]\n\n"


def completions(words: list[str], finish: str = "stop") -> Answer:
    """The stream of /v1/completions and of /v1/fim/completions."""
    parts = [event({"choices": [{"text": word, "index": 0, "finish_reason": None}]}) for word in words]
    return Answer((b": ping\n\n", *parts, event({"choices": [{"text": "", "finish_reason": finish}]}), event({"choices": [], "usage": {"total_tokens": 9}}), END))


def ollama(words: list[str], finish: str = "stop") -> Answer:
    parts = [json.dumps({"model": "m", "response": word, "done": False}).encode() + b"\n" for word in words]
    return Answer((*parts, json.dumps({"response": "", "done": True, "done_reason": finish}).encode() + b"\n"))


def chat(words: list[str], finish: str = "stop") -> Answer:
    parts = [event({"choices": [{"delta": {"role": "assistant", "content": word}}]}) for word in words]
    return Answer((*parts, event({"choices": [{"delta": {"content": None}, "finish_reason": finish}]}), END))


def edited(region: str) -> Answer:
    return Answer((json.dumps({"choices": [{"message": {"role": "assistant", "content": f"```\n{region}\n```"}, "finish_reason": "stop"}]}).encode(),))


def whole_parts(text: str) -> list[str]:
    """A diffusing stream: the whole text, less and less of it noise."""
    return ["".join(char if (i * 7) % 5 <= step else "▒" for i, char in enumerate(text)) for step in range(5)]


def speak(asked: Asked, words: list[str]) -> Answer:
    """What a server that keeps to its protocol answers; an assertion fails for a request that does not."""
    body = asked.body
    if asked.path == "/v1/completions":
        assert isinstance(body["prompt"], str) and isinstance(body["suffix"], str) and body["stream"] is True and body["max_tokens"] > 0
        return completions(words)
    if asked.path == "/v1/fim/completions":
        assert asked.headers["Authorization"].startswith("Bearer ") and body["stream"] is True and 1 <= body["max_tokens"] <= 8192
        return completions(words)
    if asked.path == "/api/generate":
        assert isinstance(body["suffix"], str) and body["stream"] is True and body["options"]["num_predict"] > 0
        return ollama(words)
    if asked.path == "/v1/chat/completions":
        assert body["diffusing"] is True and body["stream"] is True and body["messages"][0]["role"] == "user"
        return chat(whole_parts("".join(words)))
    assert asked.path == "/v1/edit/completions" and "stream" not in body
    message = body["messages"][0]["content"]
    region = message.split("<|code_to_edit|>\n")[1].split("\n<|/code_to_edit|>")[0]
    return edited(region.replace("sat<|cursor|>", "".join(words)).replace("mat<|cursor|>", "".join(words)))


class Server(ThreadingHTTPServer):
    """`answers` are given in turn; where they are used up, `speak` answers with `words`."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[Asked] = []
        self.answers: list[Answer | Callable[[Asked], Answer]] = []
        self.words = [" stood", " still"]
        self.left = threading.Event()  # a client went away while it was answered
        self.faults: list[BaseException] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def open(self, model: str, limits: Limits = QUICK) -> RemoteInfiller:
        """A hosted model of this server, for example `mercury:edit` or `ollama:tiny`."""
        found = RemoteInfiller.of(f"{model}@{self.url}")
        return RemoteInfiller(found.name, found.backend, limits)

    def handle_error(self, request, client_address):
        """Nothing on standard error."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        asked = Asked(self.path, dict(self.headers), self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(asked)
        try:
            answer = self.server.answers.pop(0) if self.server.answers else speak(asked, self.server.words)
            self._send(answer(asked) if callable(answer) else answer)
        except OSError:
            self.server.left.set()
        except BaseException as error:
            self.server.faults.append(error)
            raise

    do_GET = do_POST

    def _send(self, answer: Answer):
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header(*(("Transfer-Encoding", "chunked") if answer.length is None else ("Content-Length", str(answer.length))))
        self.end_headers()
        for part in answer.parts:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part) if answer.length is None else part)
            self.wfile.flush()
            time.sleep(answer.pause_s)
        if answer.length is None and not answer.is_cut:
            self.wfile.write(b"0\r\n\r\n")
        self.close_connection = True

    def log_message(self, *_):
        """Nothing on standard error."""


@contextmanager
def serving():
    server = Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
        assert server.faults == []
    finally:
        server.shutdown()
        server.server_close()
