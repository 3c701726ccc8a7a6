"""How long a step takes from the engine's yield to the browser's paint: `python tests/ui/measure_paint.py [--chromium PATH]`. No test: what it prints depends on the machine.

Server and browser share a clock, since both run here. A step counts from the moment it is packed on the server until the frame that shows it has been painted.
"""

import argparse
import json
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]

from conftest import FLAGS  # noqa: E402
from page_driver import Writer  # noqa: E402
from page_process import start, stop  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402

WORDS = "All work and no play makes a dull day , but the river keeps its own slow counsel .".split()
STEPS, PAUSE_MS = 40, 150  # about as fast as the bundled model steps
WATCH = """() => {
    window.lags = []
    dlm.onShown = (message) => requestAnimationFrame(() => {
        const after = new MessageChannel()
        after.port1.onmessage = () => lags.push(Date.now() - message.packed)
        after.port2.postMessage(0)
    })
}"""
CASES = [(2_000, 4, 8, False), (50_000, 4, 8, False), (50_000, 8, 64, False), (50_000, 4, 8, True)]  # words, spans, tokens in a span, with the studio open


def serve(port: int) -> None:
    """The page around the fake editor, each message stamped with the time it was packed at, ms since 1970."""
    from fake_models import CATALOG, load

    from dlm_editor.ui import handlers
    from dlm_editor.ui.server import ServerOptions
    from dlm_editor.ui.server import serve as serve_page

    pack = handlers.pack
    handlers.pack = lambda run, **message: pack(run, **message, packed=time.time() * 1000)
    page, _ = serve_page(ServerOptions(model="fake", port=port), load, lambda: CATALOG)
    page.block_thread()


def measure(writer: Writer, words: int, spans: int, tokens: int, has_studio: bool) -> list[float]:
    text = " ".join(WORDS[number % len(WORDS)] for number in range(words))
    starts = [text.index("dull", len(text) // 2 + number * 200) for number in range(spans)]
    marks = [{"start": start, "end": start + 4, "length": str(tokens)} for start in starts]
    writer.page.evaluate("([text, marks]) => dlm.open(text, 'long.txt', marks, false)", [text, marks])
    writer.page.evaluate(f"dlm.view.dispatch({{ selection: {{ anchor: {starts[0]} }}, scrollIntoView: true }})")
    writer.page.evaluate(WATCH)
    if has_studio:
        writer.button("Studio").click()
    writer.button("Fill").click()
    writer.wait_until_done()
    writer.page.wait_for_timeout(300)
    return writer.page.evaluate("lags")[2:-1]  # the first ones warm up, the last one ends the run


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--chromium", default=shutil.which("chromium"))
    parser.add_argument("--serve", type=int, help=argparse.SUPPRESS)
    a = parser.parse_args()
    if a.serve:
        serve(a.serve)
        return
    process, url = start([__file__, "--serve"], Path(tempfile.mkstemp(suffix=".log")[1]), GRADIO_ANALYTICS_ENABLED="False")
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=a.chromium, args=FLAGS)
            for case in CASES:
                writer = Writer(browser.new_page(viewport={"width": 1280, "height": 900}), url).open(seed=1000 + PAUSE_MS, steps=STEPS)
                lags = measure(writer, *case)
                words, spans, tokens, has_studio = case
                print(json.dumps({"words": words, "spans": spans, "tokens of a span": tokens, "studio open": has_studio, "steps": len(lags),
                                  "median ms": round(statistics.median(lags), 1), "95 % ms": round(statistics.quantiles(lags, n=20)[-1], 1)}), flush=True)
                writer.page.close()
            browser.close()
    finally:
        stop(process)


if __name__ == "__main__":
    main()
