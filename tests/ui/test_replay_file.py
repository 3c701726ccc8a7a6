"""The page that plays a record: opened from disk, by mouse and by keyboard, and nothing leaves the machine nor runs that should not."""

import pytest
import recorded
from playwright.sync_api import expect

from dlm_editor.history.record import Recorder, endings, html, replay

SCRIPT = "</script><script>window.hacked = 1</script><!-- <img src=https://example.com/x onerror=alert(1)> \u2028 @RECORD@ {{1}}"


def strange() -> dict:
    """A record in which every text tries to be more than text."""
    text = SCRIPT + " old " + SCRIPT
    head = {**recorded.HEAD, "model": SCRIPT, "made_by": SCRIPT, "options": {"instruction": SCRIPT}, "text": text, "spans": [{"start": len(SCRIPT) + 1, "end": len(SCRIPT) + 4, "length": "auto"}]}
    recorder = Recorder(head)
    drafts = [[["", 0.0, "open", [1]]], [[SCRIPT, 0.1, "new", [2]]], [["", 0.0, "open", [1]]], [[SCRIPT, 0.3, "new", [2]]]]
    for number, draft in enumerate(drafts, 1):
        recorder.add({"step": number, "of": 4, "seconds": number / 10, "drafts": [[draft]]})
    ending = {"row": 0, "after": [SCRIPT], "mean_logprob": -1.0, "steps": 4, "seconds": 0.4, "violations": [SCRIPT], "drafts": [[[SCRIPT, 0.3, "settled", [2]]]]}
    return recorder.record([ending])


@pytest.fixture
def opened(browser, tmp_path):
    """open(record, **context) gives the page of a record; afterwards nothing was asked for but the file, and no script failed."""
    contexts, asked, problems = [], [], []

    def open_(record, **context):
        path = tmp_path / f"run{len(contexts)}.html"
        path.write_text(html(record), encoding="utf-8")
        contexts.append(browser.new_context(viewport={"width": 1000, "height": 700}, **context))
        page = contexts[-1].new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda message: None if "Content Security Policy" in message.text else problems.append(message.text))
        page.on("dialog", lambda dialog: problems.append(dialog.message))
        page.goto(path.as_uri())
        return page

    yield open_
    assert [url for url in asked if not url.startswith("file:")] == [] and len(asked) == len(contexts)
    for context in contexts:
        context.close()
    assert problems == []


def test_a_run_is_played_by_mouse_and_keyboard(opened):
    record = recorded.record(recorded.fields(alternatives=3, temperature=1.0))
    page, count, finals = opened(record, reduced_motion="reduce"), len(record["steps"]), endings(record)
    slider, place = page.get_by_label("Refinement step"), page.locator("#place")
    spans = page.locator("article .span")
    assert page.locator("article").text_content() == record["text"]
    expect(place).to_have_text("Original text")

    page.get_by_label("Next step").click()
    expect(place).to_contain_text(f"Step 1 of {count}")
    row = record["suggestions"][0]["row"]
    first = next(replay(record))["drafts"][row]
    assert spans.all_text_contents() == ["".join(piece[0] for piece in draft) for draft in first]
    assert page.locator("article .is-open").count() == sum(piece[2] == "open" for draft in first for piece in draft)
    assert page.get_by_role("status").text_content().startswith(f"Step 1 of {count}")

    page.keyboard.press("End")
    expect(slider).to_have_value(str(count))
    assert spans.all_text_contents() == finals[0]["after"] and page.locator("article .is-open").count() == 0
    page.keyboard.press("ArrowDown")
    assert spans.all_text_contents() == finals[1]["after"]
    page.get_by_label("Alternative").select_option("2")
    assert spans.all_text_contents() == finals[2]["after"]

    slider.fill("2")
    expect(place).to_contain_text(f"Step 2 of {count}")
    page.keyboard.press("Home")
    page.get_by_label("Speed").select_option("4")
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(slider).to_have_value(str(count))
    expect(page.get_by_role("button", name="Play")).to_be_visible()

    page.locator("body").press("c")
    expect(page.get_by_label("Certainty")).not_to_be_checked()
    assert page.evaluate("document.body.scrollWidth <= innerWidth")


def test_the_page_plays_what_the_record_holds_also_where_lengths_change(opened):
    one, two, mask, hosted = ["one", 0.5, "new", [1]], [" two", 0.25, "settled", [2, 3]], ["", 0.0, "open", [9]], ["", None, "open", []]
    recorder = Recorder({**recorded.HEAD, "text": "a b", "spans": [{"start": 0, "end": 1, "length": "auto"}, {"start": 2, "end": 3, "length": "auto"}]})
    drafts = [[[mask, mask], [hosted]], [[mask, mask, mask, two], [one]], [[one, two], []], [[], [mask, one, mask]], [[two, two], [one]]]
    for number, draft in enumerate(drafts, 1):
        recorder.add({"step": number, "of": None, "seconds": number, "drafts": [draft, drafts[-number]]})
    record = recorder.record(finish="stopped")
    page = opened(record)
    assert page.evaluate("steps") == [step["drafts"] for step in replay(record)]
    expect(page.locator("#about")).to_contain_text("stopped before its end")
    page.keyboard.press("End")
    assert page.locator("article").text_content() == " two two one"
    page.keyboard.press("ArrowUp")  # without suggestions the rows are the alternatives
    assert page.locator("article .is-open").count() == 3


def test_text_that_is_script_is_shown_as_text(opened):
    page = opened(strange(), color_scheme="dark")
    assert page.locator("article").text_content() == SCRIPT + " old " + SCRIPT
    page.keyboard.press("End")
    assert page.locator("article .span").text_content() == SCRIPT
    page.locator("#step").fill("3")
    assert page.locator("article .is-back").count() == 1
    page.get_by_text("About this run").click()
    assert page.locator("#facts").get_by_text(SCRIPT, exact=True).count() == 3
    assert page.locator("script").count() == 2 and page.locator("img").count() == 0 and page.evaluate("window.hacked") is None


TRIES = {
    "connect-src": "fetch('http://127.0.0.1:9999/').catch(() => null)",
    "script-src-elem": "document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.hacked = 1' }))",
}


def test_the_page_lets_nothing_in_nor_out(opened):
    page = opened(strange())
    for directive, source in TRIES.items():
        watch = "new Promise((done) => { document.addEventListener('securitypolicyviolation', (event) => done(event.effectiveDirective), { once: true }); setTimeout(() => done(null), 5000); %s })"
        assert page.evaluate(watch % source) == directive
    assert page.evaluate("window.hacked") is None


def test_a_run_without_steps_shows_its_end(opened):
    record = recorded.record(recorded.fields(strength=0), "rewrite")
    page = opened(record)
    expect(page.get_by_text("No step was taken in this run.")).to_be_visible()
    page.keyboard.press("End")
    assert page.locator("article").text_content() == record["text"]
