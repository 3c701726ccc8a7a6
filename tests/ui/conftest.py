"""One server a session, a fresh visitor a test. Without a browser the tests are skipped, except where CI must have one."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from driver import Writer
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[2]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run", "--disable-default-apps"]
START_S = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(command: list[str], log: Path, **environment: str) -> tuple[subprocess.Popen, str, float]:
    """The process, its address and the seconds until its page answered."""
    port = free_port()
    began = time.monotonic()
    process = subprocess.Popen([sys.executable, *command, str(port)], cwd=ROOT, env={**os.environ, **environment}, stdout=log.open("w"), stderr=subprocess.STDOUT)
    url = f"http://127.0.0.1:{port}"
    while time.monotonic() - began < START_S:
        try:
            urllib.request.urlopen(f"{url}/health", timeout=1).read()
            return process, url, time.monotonic() - began
        except OSError:
            assert process.poll() is None, f"the server ended:\n{log.read_text()}"
            time.sleep(0.1)
    process.kill()
    raise AssertionError(f"no page after {START_S} s:\n{log.read_text()}")


def stop(process: subprocess.Popen):
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@pytest.fixture(scope="session")
def fake_url(tmp_path_factory):
    """The page around the fake editor: for what a real model cannot be made to do on request."""
    process, url, _ = start([str(ROOT / "tests/ui/fake_app.py")], tmp_path_factory.mktemp("fake") / "log")
    yield url
    stop(process)


@pytest.fixture(scope="session")
def app(tmp_path_factory):
    """(address, seconds to a page) of the real app, with the model that DLM_EDITOR_MODEL names or the bundled one."""
    if not (ROOT / "assets/model").exists() and "DLM_EDITOR_MODEL" not in os.environ:
        pytest.skip("the bundled model is not there")
    process, url, seconds = start([str(ROOT / "app.py"), "--device", "cpu", "--port"], tmp_path_factory.mktemp("app") / "log")
    yield url, seconds
    stop(process)


@pytest.fixture(scope="session")
def browser():
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not path:
        if os.environ.get("CI") == "true":
            pytest.fail("CI needs a browser: install Debian's chromium, or name one in CHROMIUM")
        pytest.skip("no chromium; name a browser in CHROMIUM")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def visitors(browser):
    """visit(url) gives a Writer in a browser context of its own. After the test, no page may have had a script error."""
    opened, contexts = [], []

    def visit(url: str, **context) -> Writer:
        contexts.append(browser.new_context(**{"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce", **context}))
        contexts[-1].set_default_timeout(15000)
        opened.append(Writer(contexts[-1].new_page(), url))
        return opened[-1]

    yield visit
    for context in contexts:
        context.close()
    assert [problem for writer in opened for problem in writer.problems] == []


@pytest.fixture
def writer(visitors, fake_url):
    """A visitor of the page around the fake editor, not yet opened."""
    return visitors(fake_url)
