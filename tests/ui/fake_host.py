"""A server of /v1/completions on this machine: writes a few words, and remembers what it was sent."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

WORDS = [" quite", " well", " known", " here"]


class FakeHost:
    """`model` is its id for the editor, `bodies` what came so far."""

    def __init__(self):
        self.bodies: list[dict] = []
        host = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                host.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.end_headers()
                for word in WORDS:
                    self.wfile.write(f'data: {json.dumps({"choices": [{"text": word, "finish_reason": None}]})}\n\n'.encode())
                    self.wfile.flush()
                    time.sleep(0.2)
                self.wfile.write(b"data: [DONE]\n\n")

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self.model = f"openai:fake@{self.address}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()
