import sys

from dlm_editor.benchmarks import processes
from dlm_editor.benchmarks.processes import app_rows, machine, memory_rows

APP = '''
import http.server, json, sys

class Page(http.server.BaseHTTPRequestHandler):
    def reply(self, body):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        names = [{"parameter_name": "text"}, {"parameter_name": "steps", "parameter_default": "auto"}, {"parameter_name": "spans"}]
        info = {"named_endpoints": {"/fill": {"parameters": names}}}
        self.reply(json.dumps(info).encode() if self.path.endswith("/info") else b'{"mean_logprob": -1}')

    def do_POST(self):
        text, steps, spans = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["data"]
        assert steps == "auto" and len(spans) == 3 and len(text.split()) == 200
        self.reply(b'{"event_id": "x"}')

    def log_message(self, *_):
        pass

port = int(sys.argv[sys.argv.index("--port") + 1])
http.server.HTTPServer(("127.0.0.1", port), Page).serve_forever()
'''


def test_an_app_is_timed_from_its_start_to_its_first_fill(tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "APP", tmp_path / "app.py")
    processes.APP.write_text(APP)
    rows = list(app_rows("bundled", "cpu"))
    assert [row["what"] for row in rows] == ["app, from start to page", "app, from start to first fill"]
    assert all(row["seconds"] > 0 and row["peak memory MB"] > 1 for row in rows)


def test_an_app_that_ends_at_once_is_said_not_to_come_up(tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "APP", tmp_path / "app.py")
    assert "there is none" in next(app_rows("bundled", "cpu"))["what"]
    processes.APP.write_text("raise SystemExit(1)")
    assert "did not come up" in next(app_rows("bundled", "cpu"))["what"]


def test_the_peak_of_a_process_is_what_it_held_for_a_moment():
    small, status = processes._peak([sys.executable, "-c", "import time; time.sleep(0.3)"])
    large, _ = processes._peak([sys.executable, "-c", "import time; x = bytearray(200_000_000); x[::4096] = b'1' * len(x[::4096]); time.sleep(0.3)"])
    assert status == 0 and 150e6 < large - small < 250e6


def test_memory_is_that_of_a_fill_of_three_spans(monkeypatch):
    asked = []
    monkeypatch.setattr(processes, "_peak", lambda command: asked.append(command) or (4e8, 0))
    assert [row["peak memory MB"] for row in memory_rows("bundled", "cpu")] == [400, 400]
    assert all(command[1:4] == ["-m", "dlm_editor", "fill"] and sum(a.startswith("--span=") for a in command) == 3 for command in asked)


def test_a_command_that_fails_is_named(monkeypatch):
    monkeypatch.setattr(processes, "_peak", lambda command: (0, 2))
    assert "failed with status 2" in next(memory_rows("bundled", "cpu"))["what"]


def test_the_machine_is_described():
    assert {"processor", "cores", "memory GB", "torch"} <= set(machine())
