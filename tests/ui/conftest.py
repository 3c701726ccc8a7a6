"""One server a session, a fresh visitor a test. Without a browser the tests are skipped, except where CI must have one."""

import os
import shutil

import pytest
from page_driver import Writer
from page_process import ROOT, start, stop
from playwright.sync_api import expect, sync_playwright

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run", "--disable-default-apps"]

PATIENCE_MS = 45_000  # these tests may share the machine with others

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def go_file(tmp_path_factory):
    """Where the fake editor looks for each "go"."""
    path = tmp_path_factory.mktemp("go") / "go"
    path.touch()
    return path


@pytest.fixture
def go(go_file):
    """go(count=1) lets the fake editor do so much more of what `WAITS`; after the test nothing waits."""
    go_file.write_bytes(b"")

    def say(count: int = 1):
        with go_file.open("ab") as said:
            said.write(b"." * count)

    yield say
    say(100)


@pytest.fixture(scope="session")
def fake_url(tmp_path_factory, go_file):
    """The page around the fake editor: for what a real model cannot be made to do on request."""
    process, url = start([str(ROOT / "tests/ui/fake_app.py")], tmp_path_factory.mktemp("fake") / "log", FAKE_GO=str(go_file))
    yield url
    stop(process)


@pytest.fixture(scope="session")
def app(tmp_path_factory):
    """Address of the real app, with the model that DLM_EDITOR_MODEL names or the bundled one."""
    if not (ROOT / "assets/model").exists() and "DLM_EDITOR_MODEL" not in os.environ:
        pytest.skip("the bundled model is not there")
    process, url = start([str(ROOT / "app.py"), "--device", "cpu", "--port"], tmp_path_factory.mktemp("app") / "log")
    yield url
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
        contexts[-1].set_default_timeout(PATIENCE_MS)
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


@pytest.fixture(scope="module")
def desk_writer(browser, fake_url):
    """One open page for many short checks, each of which brings its own document."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE_MS)
    writer = Writer(context.new_page(), fake_url).open()
    yield writer
    context.close()
    assert writer.problems == []
