"""Models of the hub, from a server on this machine that speaks the hub's interface and notes what it is asked for."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import threading
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import tiny
import tiny_causal

SHA = "0123456789abcdef0123456789abcdef01234567"
LOAD = """
import sys
from dlm_editor.denoisers.loading import load_denoiser
from dlm_editor.errors import EditorError
for name in sys.argv[1:]:
    try:
        print("loaded", load_denoiser(name, "cpu").info.family)
    except EditorError as error:
        print(type(error).__name__, error)
"""


TELL = """
import sys
from dlm_editor.denoisers.loading import load_denoiser
told = []
load_denoiser(sys.argv[1], "cpu", tell=lambda *what: told.append(what))
for stage in dict.fromkeys(stage for stage, _, _ in told):
    counts = [done for name, done, _ in told if name == stage]
    assert counts == sorted(counts), counts
    print(stage, counts[0], counts[-1], {total for name, _, total in told if name == stage})
"""


class Hub(BaseHTTPRequestHandler):
    """Serves the folders owner/name under `root`."""

    def __init__(self, root, asked, *args):
        self.root, self.asked = root, asked
        super().__init__(*args)

    def do_GET(self):
        path = urlsplit(self.path).path
        self.asked.append(path)
        parts = path.strip("/").split("/")
        api, parts = parts[:2] == ["api", "models"], parts[2:] if parts[:2] == ["api", "models"] else parts
        folder = self.root / "/".join(parts[:2])
        if not folder.is_dir():
            return self.answer(404, b"{}", {"X-Error-Code": "RepoNotFound"})
        files = sorted(file for file in folder.iterdir() if file.is_file())
        if api and "tree" in parts:
            return self.json([{"type": "file", "path": file.name, "size": file.stat().st_size, "oid": self.etag(file)} for file in files])
        if api:
            siblings = [{"rfilename": file.name, "size": file.stat().st_size} for file in files]
            return self.json({"id": "/".join(parts[:2]), "sha": SHA, "siblings": siblings})
        file = folder / parts[-1]
        if not file.is_file():
            return self.answer(404, b"", {"X-Error-Code": "EntryNotFound", "X-Repo-Commit": SHA})
        return self.answer(200, file.read_bytes(), {"ETag": f'"{self.etag(file)}"', "X-Repo-Commit": SHA})

    do_HEAD = do_GET

    def etag(self, file):
        return hashlib.sha1(file.read_bytes()).hexdigest()

    def json(self, value):
        self.answer(200, json.dumps(value).encode(), {"Content-Type": "application/json"})

    def answer(self, code, body, headers):
        self.send_response(code)
        for name, value in {**headers, "Content-Length": len(body)}.items():
            self.send_header(name, str(value))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, *_):
        """Nothing on standard error."""


@pytest.fixture
def hub(tmp_path):
    """`hub.root` holds the repositories, `hub.asked` what was asked for; `hub.load(*ids)` loads in a process with a cache of its own."""
    root, asked = tmp_path / "hub", []
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Hub, root, asked))
    threading.Thread(target=server.serve_forever, daemon=True).start()

    class Handle:
        def add(self, name, kind="bert-uncased"):
            return Path(shutil.copytree(tiny.checkpoint(kind), root / name))

        def load(self, *names, script=LOAD, **environment):
            where = {"HF_HUB_OFFLINE": "0", "HF_ENDPOINT": f"http://127.0.0.1:{server.server_port}", "HF_HOME": str(tmp_path / "home")}
            done = subprocess.run([sys.executable, "-c", script, *names], capture_output=True, text=True, check=False, timeout=120,
                                  env={**os.environ, **where, **environment})
            assert done.returncode == 0, done.stderr
            return done.stdout

    handle = Handle()
    handle.root, handle.asked, handle.home = root, asked, tmp_path / "home"
    root.mkdir()
    yield handle
    server.shutdown()
    server.server_close()


def test_a_model_of_the_hub_is_downloaded_once_and_its_code_never(hub, tmp_path):
    folder = hub.add("someone/tiny")
    (folder / "modeling_evil.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "auto_map": {"AutoModelForMaskedLM": "modeling_evil.Evil"}}))
    (folder / "pytorch_model.bin").write_bytes(b"never asked for")
    assert hub.load("someone/tiny") == "loaded bert\n"
    assert any(path.endswith("model.safetensors") for path in hub.asked)
    assert not any(path.endswith((".py", ".bin")) for path in hub.asked)
    assert not list(hub.home.rglob("*.py")) and not (tmp_path / "ran").exists()
    before = len(hub.asked)
    assert hub.load("someone/tiny", HF_HUB_OFFLINE="1") == "loaded bert\n"
    assert len(hub.asked) == before


def test_what_cannot_be_had_is_refused_before_any_weights_come(hub):
    odd, empty = hub.add("someone/odd"), hub.add("someone/empty")
    config = json.loads((odd / "config.json").read_text())
    (odd / "config.json").write_text(json.dumps({**config, "model_type": "odd", "auto_map": {"AutoModel": "modeling_odd.Odd"}}))
    (empty / "model.safetensors").rename(empty / "flax_model.msgpack")
    needs_code, has_no_weights, is_unknown = hub.load("someone/odd", "someone/empty", "google-bert/bert-base-uncase").splitlines()
    assert needs_code.startswith("UnsafeModelError") and "modeling_odd.Odd" in needs_code
    assert has_no_weights.startswith("UnknownModelError") and "has none of them" in has_no_weights
    assert is_unknown.startswith("UnknownModelError") and "Did you mean google-bert/bert-base-uncased" in is_unknown
    assert not any("safetensors" in path for path in hub.asked)


def test_a_model_with_code_of_its_own_is_downloaded_without_it_and_the_progress_is_told(hub, tmp_path):
    source = tiny_causal.tiny_llada(hub.root / "GSAI" / "LLaDA-tiny")
    (source / "modeling_llada.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    weights = (source / "model.safetensors").stat().st_size
    told = hub.load("GSAI/LLaDA-tiny", script=TELL).splitlines()
    assert told[0].startswith("Downloading the model… 0") and told[0].endswith(f" {weights} {{{weights}}}")
    assert told[1].startswith("Loading the weights… 0 21 {21}")
    assert not any(path.endswith((".py", ".pt")) for path in hub.asked) and not (tmp_path / "ran").exists()
    assert hub.load("GSAI/LLaDA-tiny", HF_HUB_OFFLINE="1") == "loaded llada\n"


def test_files_that_a_family_needs_come_along(hub):
    """DreamOn is told from Dream by its generation_config.json alone."""
    tiny_causal.tiny_dream(hub.root / "someone" / "dreaming", expands=True)
    assert hub.load("someone/dreaming") == "loaded dreamon\n"
