"""The page itself: nothing leaves the machine, it is usable by keyboard, in both schemes, on a phone, and when the server goes away."""

import re

import pytest
from page_process import ROOT, start, stop
from playwright.sync_api import expect

CONTRAST = (ROOT / "tests/ui/contrast.js").read_text("utf-8")
NAMES = ["Mask", "Clear masks", "Proofread", "Rewrite", "Fill", "Undo", "Redo", "Export"]


def test_no_request_leaves_the_machine(visitors, fake_url):
    writer, seen = visitors(fake_url), []
    writer.page.context.on("request", lambda request: seen.append(request.url))
    writer.page.on("websocket", lambda socket: seen.append(socket.url.replace("ws", "http", 1)))
    writer.open("?sample=letter")
    writer.button("Fill").click()
    writer.wait_until_done()
    for panel in ("Settings", "Versions", "Studio"):
        writer.button(panel).click()
    writer.button("Accept").click()
    writer.load("I recieve teh post.", "own.md")
    writer.button("Proofread").click()
    writer.wait_until_done()
    assert writer.export() == b"I recieve teh post."
    foreign = [url for url in seen if not url.startswith((f"{fake_url}/", "data:", f"blob:{fake_url}/"))]
    assert len(seen) > 5 and foreign == []


def test_a_request_to_another_machine_would_be_seen(visitors, fake_url):
    writer, seen = visitors(fake_url), []
    writer.page.context.on("request", lambda request: seen.append(request.url))
    writer.open()
    writer.page.evaluate("fetch('http://127.0.0.2:9/').catch(() => {})")
    assert "http://127.0.0.2:9/" in seen


def test_controls_carry_their_names(writer):
    writer.open("?sample=letter", alternatives=2)
    for name in NAMES:
        expect(writer.button(name)).to_be_visible()
    expect(writer.slider).to_be_visible()
    writer.button("Fill").click()
    writer.wait_until_done()
    for name in ("Accept", "Reject", "Next alternative", "Previous alternative"):
        expect(writer.button(name)).to_be_visible()


def test_the_whole_job_is_done_by_keyboard(writer):
    writer.open()
    writer.document.focus()
    writer.page.keyboard.type("The cat sat on the mat.")
    writer.press(*["ArrowLeft"] * 5, *["Shift+ArrowLeft"] * 3, "Control+K", "Control+Enter")
    writer.wait_until_done()
    writer.press("Control+Enter")
    assert writer.text().startswith("The cat sat on ") and writer.text().endswith(" mat.") and writer.text() != "The cat sat on the mat."
    writer.press("Control+Z")
    assert writer.text() == "The cat sat on the mat."


@pytest.mark.parametrize("scheme, width", [("light", 1280), ("dark", 390)])
def test_text_has_contrast_and_nothing_scrolls_sideways(visitors, fake_url, scheme, width):
    writer = visitors(fake_url, color_scheme=scheme, viewport={"width": width, "height": 800}).open("?sample=letter", alternatives=2)
    assert writer.page.evaluate(CONTRAST) == []
    writer.button("Fill").click()
    writer.wait_until_done()
    assert writer.page.evaluate(CONTRAST) == []
    writer.button("Settings").click()
    assert writer.page.evaluate(CONTRAST) == []
    assert writer.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_light_and_dark_can_be_switched_and_is_remembered(visitors, fake_url):
    writer = visitors(fake_url, color_scheme="light").open()
    writer.button("Light or dark").click()
    assert writer.page.evaluate("document.body.classList.contains('dark')")
    writer.page.reload()
    writer.document.wait_for()
    assert writer.page.evaluate("document.body.classList.contains('dark')")


def test_certainty_is_told_by_more_than_colour_and_can_be_switched_off(writer):
    writer.open("?sample=story").button("Fill").click()
    writer.wait_until_done()
    tokens = writer.page.locator(".dlm-preview .dlm-token")
    assert re.fullmatch(r"model certainty \d+ %", tokens.first.get_attribute("title"))
    styles = tokens.evaluate_all("nodes => [...new Set(nodes.map(node => node.className.match(/certainty-(\\w+)/)[1] + ' ' + getComputedStyle(node).textDecorationStyle))].sort()")
    assert styles == ["high solid", "low dotted", "medium dashed"]
    writer.page.get_by_role("checkbox", name="Model certainty").uncheck()
    assert tokens.first.evaluate("node => getComputedStyle(node).textDecorationLine") == "none"


def test_reduced_motion_is_respected(writer):
    writer.open("?sample=story", seed=1200).button("Fill").click()
    writer.wait_for_step(1)
    assert writer.page.locator(".dlm-token.is-open").first.evaluate("node => getComputedStyle(node).animationName") == "none"


def test_settings_are_sent_kept_and_checked(writer):
    writer.open("?sample=letter").button("Settings").click()
    steps = writer.page.get_by_label("Steps", exact=True)
    steps.fill("zero")
    expect(writer.page.locator(".dlm-error").filter(has_text="whole number")).to_be_visible()
    steps.fill("9")
    writer.button("Fill").click()
    writer.wait_until_done()
    assert writer.steps() == 9
    writer.page.reload()
    writer.button("Settings").click()
    expect(steps).to_have_value("9")
    writer.button("Reset to defaults").click()
    expect(steps).to_have_value("auto")


def test_shortcuts_are_listed(writer):
    writer.open().page.get_by_text("Keyboard shortcuts").click()
    for keys in ("Ctrl+K", "Ctrl+Enter", "Tab", "Esc", "Alt+↑", "Alt+↓"):
        expect(writer.page.locator("kbd", has_text=keys).first).to_be_visible()


def test_a_lost_connection_is_told_and_the_text_is_kept(visitors, tmp_path):
    process, url = start([str(ROOT / "tests/ui/fake_app.py")], tmp_path / "log")
    try:
        writer = visitors(url).open("?sample=letter", seed=1300, steps=200)
        text = writer.text()
        writer.button("Fill").click()
        writer.wait_for_step(2)
    finally:
        stop(process)
    expect(writer.alert).to_be_visible(timeout=60000)
    expect(writer.alert).to_contain_text("Your text is safe")
    assert writer.text() == text
    writer.button("Reject").click()
    expect(writer.button("Fill")).to_be_enabled()


def test_what_sticks_stays_in_view_in_a_long_document(writer):
    writer.open(seed=1200).load("All work and no play makes a dull day. " * 2000)
    writer.mask("dull")
    writer.button("Fill").click()
    writer.press("Control+End")
    writer.page.wait_for_timeout(200)
    height = writer.page.viewport_size["height"]
    assert writer.page.evaluate("scrollY") > height
    for control in (writer.button("Stop"), writer.slider):
        box = control.bounding_box()
        assert 0 <= box["y"] and box["y"] + box["height"] <= height
    caret = writer.page.evaluate("(() => { const at = dlm.view.coordsAtPos(dlm.view.state.doc.length); return [at.top, at.bottom] })()")
    assert writer.button("Stop").bounding_box()["y"] < caret[0] and caret[1] < writer.slider.bounding_box()["y"]


def test_the_page_can_be_installed(writer):
    writer.open()
    manifest = writer.page.evaluate("fetch(document.querySelector('link[rel=manifest]').href).then(answer => answer.json())")
    assert manifest["display"] == "standalone" and manifest["icons"]
