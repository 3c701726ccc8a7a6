"""Proofreading in the page: tracked changes, each decided and each undone; and Rewrite."""

import json
import re

import pytest
from fake_editor import MISTAKES, SAMPLE_MISTAKES, FakeEditor
from page_process import ROOT
from playwright.sync_api import expect

from dlm_editor.tasks.proofreading.options import DEFAULT_THRESHOLD
from dlm_editor.ui.gate import Gate
from dlm_editor.ui.models import Models
from dlm_editor.ui.proofreads import THRESHOLD, handle_proofread, handle_rewrite
from dlm_editor.ui.runs import Runs

CONTRAST = (ROOT / "tests/ui/contrast.js").read_text("utf-8")
LETTER = (ROOT / "assets/samples/mistakes.txt").read_text("utf-8")
FOUND = 10
TEXT = "🌊 I recieve teh post.\r\n\r\nHowever we he walk home, teh end ,\r\nso."
MENDED = "🌊 I receive the post.\r\n\r\nHowever, we he walks home, the end,\r\nso."


def corrected(text: str) -> str:
    """What the fake editor makes of a text, with all of its corrections."""
    for pattern, (after, *_) in ({re.escape(text): fix for text, fix in MISTAKES.items()} | SAMPLE_MISTAKES).items():
        text = re.sub(pattern, after, text)
    return text


def proofread(writer):
    writer.button("Proofread").click()
    writer.wait_until_done()
    return writer


def counter(writer):
    return writer.page.locator(".dlm-count-of")


def marks(writer) -> list[tuple[str, str]]:
    """(struck, underlined) of every correction that is shown."""
    return [tuple(pair) for pair in writer.page.evaluate("""() => {
        const found = new Map()
        for (const node of document.querySelectorAll('.cm-content [data-correction]')) {
            const pair = found.get(node.dataset.correction) || ['', '']
            if (node.tagName === 'DEL') pair[0] += node.textContent; else pair[1] = node.querySelector('ins')?.textContent || ''
            found.set(node.dataset.correction, pair)
        }
        return [...found.values()] }""")]


def read(writer) -> str:
    """The text as it is shown, with neither chips nor cards."""
    return writer.page.evaluate("[...document.querySelectorAll('.cm-line')].map(line => line.textContent).join('\\n')")


def test_the_letter_is_proofread_and_every_decision_can_be_undone(writer):
    writer.open("?sample=mistakes")
    expect(writer.status).to_contain_text("Press Proofread")
    proofread(writer)
    expect(counter(writer)).to_have_text(f"{FOUND} corrections")
    assert marks(writer)[:4] == [("beautifull", "beautiful"), (" the", ""), ("dont", "don't"), ("an", "a")] and writer.text() == LETTER
    for name in ("Accept suggestion", "Reject suggestion"):
        expect(writer.button(name)).to_have_count(FOUND)
    expect(writer.button("Accept suggestion").nth(1)).to_have_attribute("aria-description", "“the” goes out")

    writer.button("Accept suggestion").first.click()
    once = LETTER.replace("beautifull", "beautiful")
    assert writer.text() == once
    expect(writer.status).to_have_text(f"Accepted: “beautifull” becomes “beautiful”. {FOUND - 1} corrections left.")
    writer.button("Reject suggestion").nth(1).click()  # dont
    assert writer.text() == once and ("dont", "don't") not in marks(writer)
    expect(writer.status).to_contain_text("Rejected: “dont” becomes “don't”.")
    writer.button("Accept all").click()
    assert writer.text() == corrected(LETTER).replace("don't", "dont") and marks(writer) == []
    expect(counter(writer)).to_have_text("Nothing left to decide: 9 accepted, 1 rejected")

    for text, pending in ((once, FOUND - 2), (once, FOUND - 1), (LETTER, FOUND)):
        writer.button("Undo").click()
        assert writer.text() == text and len(marks(writer)) == pending
    assert marks(writer)[0] == ("beautifull", "beautiful")
    for text, pending in ((once, FOUND - 1), (once, FOUND - 2), (corrected(LETTER).replace("don't", "dont"), 0)):
        writer.button("Redo").click()
        assert writer.text() == text and len(marks(writer)) == pending
    writer.press("Control+Z", "Control+Z", "Control+Z")
    writer.button("Reject all").click()
    assert writer.text() == LETTER and marks(writer) == []
    writer.button("Undo").click()

    slider = writer.page.get_by_role("slider", name="Certain from")
    slider.fill("0.95")
    expect(slider).to_have_attribute("aria-valuetext", "95 %")
    writer.button("Accept these 3").click()
    assert writer.text() == once.replace("definately", "definitely").replace("recieve", "receive") and len(marks(writer)) == FOUND - 3
    writer.button("Before").click()
    assert read(writer) == LETTER.rstrip("\n") + "\n"
    writer.button("After").click()
    assert read(writer) == corrected(LETTER)
    assert writer.page.evaluate("document.querySelector('.dlm-will').textContent") == "don't"
    writer.select("dont")
    writer.press("ArrowLeft", "ArrowRight")  # one step of the caret
    assert writer.page.evaluate("dlm.view.state.selection.main.head") == once.index("dont") + len("dont")
    writer.button("Changes").click()
    writer.button("Close proofreading").click()
    expect(counter(writer)).to_be_hidden()
    assert marks(writer) == []
    writer.button("Undo").click()
    assert writer.text() == LETTER
    expect(counter(writer)).to_have_text("3 corrections")


def test_corrections_are_decided_by_keyboard_and_told(writer):
    writer.open().write("I recieve teh post, and he walk home.")
    proofread(writer)
    writer.press("F8")
    expect(writer.status).to_have_text("Correction 1 of 3: “recieve” becomes “receive”. Spelling, 95 % certain.")
    expect(counter(writer)).to_have_text("1 of 3 corrections")
    card = writer.page.get_by_role("group", name="Correction", exact=True)
    expect(card).to_contain_text("95 % certain")
    writer.press("F8", "F8", "F8", "Shift+F8")
    expect(counter(writer)).to_have_text("3 of 3 corrections")
    expect(card).to_contain_text("Agreement")
    writer.press("Tab")
    assert writer.text() == "I recieve teh post, and he walks home."
    expect(writer.status).to_have_text("Accepted: “he walk” becomes “he walks”. Correction 1 of 2: “recieve” becomes “receive”. Spelling, 95 % certain.")
    writer.press("Shift+Tab")
    expect(writer.status).to_contain_text("Rejected: “recieve” becomes “receive”. Correction 1 of 1: “teh”")
    writer.press("Escape")
    expect(card).to_be_hidden()
    assert marks(writer) == [("teh", "the")]
    writer.press("F8", "Alt+Enter")
    expect(writer.button("Ignore")).to_be_focused()
    writer.press("Enter")
    assert marks(writer) == [] and writer.text() == "I recieve teh post, and he walks home."
    writer.press("Control+Z", "Control+Z", "Control+Z")
    assert writer.text() == "I recieve teh post, and he walk home." and len(marks(writer)) == 3
    writer.page.locator("del", has_text="teh").hover()
    expect(card).to_contain_text("97 % certain")
    writer.press("Escape")
    expect(card).to_be_hidden()
    writer.button("Accept suggestion").nth(1).focus()
    writer.press("Enter")
    assert writer.text() == "I recieve the post, and he walk home."
    expect(writer.document).to_be_focused()
    expect(counter(writer)).to_have_text("2 of 2 corrections")
    writer.write("tehrecieve")
    proofread(writer)
    writer.press("F8", "Tab", "Tab", "Control+Z")  # close together in place and time, and yet two steps
    assert writer.text() == "therecieve" and marks(writer) == [("recieve", "receive")]


def test_the_dictionary_and_what_is_ignored_are_kept_sent_and_undone(writer):
    writer.open().write("Teh recieve teh recieve post. However we. However they.")
    proofread(writer)
    assert len(marks(writer)) == 5
    writer.page.locator("del", has_text="teh").hover()
    writer.button("Add to dictionary").click()
    expect(writer.status).to_have_text("“teh” is in your dictionary. 4 corrections left.")
    writer.press("Control+Z")
    assert len(marks(writer)) == 5 and writer.page.evaluate("localStorage['dlm-editor:dictionary']") == "[]"
    writer.press("Control+Y")
    writer.page.locator("del", has_text="recieve").first.hover()
    writer.button("Ignore").click()
    assert marks(writer) == [("", ","), ("", ",")]
    writer.page.locator("ins").first.hover()
    expect(writer.button("Add to dictionary")).to_be_hidden()
    writer.button("Ignore").click()
    assert marks(writer) == [("", ",")]

    writer.page.wait_for_timeout(600)  # the draft is kept
    writer.page.reload()
    expect(writer.status).to_contain_text("draft")
    with writer.page.expect_request(lambda request: "proofread" not in request.url and "recieve post" in (request.post_data or "")) as sent:
        proofread(writer)
    payload = json.loads(json.loads(sent.value.post_data)["data"][0])
    assert payload["dictionary"] == ["teh"] and payload["ignore"] == [["recieve", "receive"]] and "threshold" not in payload
    assert marks(writer) == [("", ",")]
    writer.button("Proofreading options").click()
    writer.button("Remove “teh” from the dictionary").click()
    expect(writer.page.get_by_text("No words yet")).to_be_visible()
    writer.page.get_by_role("slider", name="Show corrections from").fill("0.95")
    writer.press("Escape")
    proofread(writer)
    assert marks(writer) == [("teh", "the")]  # the missing comma is too uncertain now
    writer.button("New").click()
    expect(counter(writer)).to_be_hidden()
    writer.page.keyboard.insert_text("I recieve it.")
    proofread(writer)
    assert marks(writer) == [("recieve", "receive")]


def test_what_comes_while_the_text_is_typed_in_keeps_its_place_and_what_is_touched_goes(writer, go):
    lines = ["🌊 WAITS I recieve it.", "", "Two teh words teh.", "Three recieve.", "Four teh.", "Five teh."]
    writer.open().write("\n".join(lines))
    writer.button("Proofread").click()
    progress = writer.page.get_by_role("progressbar", name="Progress of the proofreading")
    expect(progress).to_be_visible()
    go()
    expect(counter(writer)).to_have_text("1 correction")
    for name in ("Fill", "Rewrite"):
        expect(writer.button(name)).to_be_hidden()
    writer.press("Control+Enter")
    expect(writer.status).to_contain_text("Stop it")  # no fill begins meanwhile
    writer.press("Control+Home")
    writer.page.keyboard.insert_text("Zero 🙂 ")
    writer.select("Two teh")
    writer.press("ArrowRight", "ArrowLeft", "x")  # te|h, the first of this line: touched before it comes
    assert "Two texh words teh." in writer.text()
    go(2)
    expect(counter(writer)).to_have_text("3 corrections")
    assert 0 < progress.evaluate("node => node.value") < 1
    assert marks(writer) == [("recieve", "receive"), ("teh", "the"), ("recieve", "receive")]
    writer.button("Stop").click()
    expect(writer.status).to_contain_text("Stopped.")
    expect(progress).to_be_hidden()
    expect(writer.button("Fill")).to_be_visible()
    go(2)
    writer.page.wait_for_timeout(700)
    found = marks(writer)
    assert found == [("recieve", "receive"), ("teh", "the"), ("recieve", "receive")]  # nothing comes after Stop
    writer.select("Three")
    writer.press("ArrowRight", "Delete")  # grows a word onto “recieve”, which goes; undo brings it back
    assert len(marks(writer)) == len(found) - 1 and "Threerecieve" in writer.text()
    writer.press("Control+Z")
    assert marks(writer) == found
    writer.button("Accept all").click()
    assert writer.text().startswith("Zero 🙂 🌊 WAITS I receive it.\n\nTwo texh words the.\nThree receive.\n")


def test_exported_bytes_differ_only_where_a_correction_was_accepted(writer):
    writer.open().load(TEXT)
    proofread(writer)
    assert writer.export() == TEXT.encode()
    writer.button("Accept all").click()
    assert writer.export() == MENDED.encode()
    writer.button("Undo").click()
    assert writer.export() == TEXT.encode()
    writer.button("Reject all").click()
    assert writer.export() == TEXT.encode()


def test_a_selection_alone_is_read_and_errors_keep_text_and_corrections(writer):
    writer.open().write(" \n")
    writer.button("Proofread").click()
    expect(writer.alert).to_contain_text("nothing to proofread")
    writer.write("One teh word, teh next.\nThen teh BOOM.")
    writer.select("eh next")  # widened to the whole word
    proofread(writer)
    assert marks(writer) == [("teh", "the")]
    writer.button("Accept all").click()
    assert writer.text() == "One teh word, the next.\nThen teh BOOM."
    writer.press("Control+Home")
    writer.button("Proofread").click()
    expect(writer.alert).to_contain_text("a tensor of the wrong shape")
    assert writer.text() == "One teh word, the next.\nThen teh BOOM." and marks(writer) == [("teh", "the")]
    writer.write("TOO BIG")
    writer.button("Proofread").click()
    expect(writer.alert).to_contain_text("needs 2.0 GB of memory")
    writer.write("All is well.")
    writer.button("Proofread").click()
    expect(writer.status).to_contain_text("no mistakes found")
    expect(counter(writer)).to_have_text("No mistakes found")


@pytest.mark.parametrize("scheme, width", [("light", 390), ("dark", 1280)])
def test_corrections_have_contrast_and_are_told_by_more_than_colour(visitors, fake_url, scheme, width):
    writer = proofread(visitors(fake_url, color_scheme=scheme, viewport={"width": width, "height": 800}).open("?sample=mistakes"))
    writer.press("F8")
    expect(writer.page.get_by_role("group", name="Correction", exact=True)).to_be_visible()
    assert writer.page.evaluate(CONTRAST) == []
    assert writer.page.locator("del").first.evaluate("node => getComputedStyle(node).textDecorationLine") == "line-through"
    assert writer.page.locator("ins").first.evaluate("node => getComputedStyle(node).textDecorationLine") == "underline"
    writer.button("Proofreading options").click()
    assert writer.page.evaluate(CONTRAST) == []
    writer.press("Escape")
    writer.button("After").click()
    assert writer.page.evaluate(CONTRAST) == []
    writer.button("Rewriting options").click()
    assert writer.page.evaluate(CONTRAST) == []
    assert writer.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_rewrite_begins_from_the_masked_words_and_is_decided_like_a_fill(writer):
    writer.open(alternatives=2, steps=12, seed=1080).write("The cat sat on the mat and slept.")
    writer.button("Rewrite").click()
    expect(writer.alert).to_contain_text("Nothing is masked")
    writer.button("Rewriting options").click()
    writer.page.get_by_role("slider", name="Strength").fill("0.3")
    writer.page.get_by_label("Words to keep").fill("cat, mat")
    writer.press("Enter")
    writer.select("cat sat on the mat")
    with writer.page.expect_request(lambda request: "strength" in (request.post_data or "")) as sent:
        writer.button("Rewrite").click()
    payload = json.loads(json.loads(sent.value.post_data)["data"][0])
    assert payload["strength"] == 0.3 and payload["keep"] == ["cat", "mat"] and payload["alternatives"] == 2 and payload["spans"][0]["start"] == 4
    writer.wait_for_step(2)
    writer.button("Stop").click()
    with writer.page.expect_request(lambda request: "strength" in (request.post_data or "")):  # kept words are no tokens to go on from: it begins anew
        writer.button("Resume").click()
    writer.wait_until_done()
    assert writer.steps() == 12 and writer.shown().startswith("The ") and writer.shown().endswith(" and slept.")
    first = writer.shown()
    writer.button("Next alternative").click()
    second = writer.shown()
    assert second != first
    writer.button("Accept").click()
    assert writer.text() == second
    writer.button("Undo").click()
    assert writer.text() == "The cat sat on the mat and slept." and writer.masks() == ["cat sat on the mat"]


def test_the_bundled_model_proofreads_in_the_page(visitors, app):
    writer = visitors(app).open()
    writer.load("We walked to the the river.\r\nIt was cold.\r\n")
    writer.button("Proofread").click()
    expect(writer.status).to_contain_text("Done", timeout=90_000)
    assert (" the", "") in marks(writer) or ("the ", "") in marks(writer)
    writer.button("Accept all").click()
    exported = writer.export().decode()
    assert "We walked to the river." in exported and exported.count("\r\n") == 2
    writer.select("walked to the river")
    writer.button("Rewrite").click()
    writer.wait_until_done()
    writer.button("Accept").click()
    rewritten = writer.export().decode()
    assert rewritten.startswith("We ") and rewritten.endswith(".\r\nIt was cold.\r\n") and rewritten != exported


def make_runs():
    return Runs(Models(lambda *_: FakeEditor(), "fake"), Gate())


def told(messages) -> list[dict]:
    return [message for message in map(json.loads, messages) if message["type"] != "wait"]


def test_corrections_are_told_part_by_part_in_code_points():
    first, second, last = told(handle_proofread(make_runs(), json.dumps({"run": 3, "text": "🌊 teh\nrecieve", "threshold": 0.5})))
    assert first == {"run": 3, "type": "step", "start": 0, "end": 5, "total": 13,
                     "edits": [{"start": 2, "end": 5, "before": "teh", "after": "the", "certainty": 0.97, "reason": "spelling"}]}
    assert second["edits"][0]["start"] == 6 and last["type"] == "done" and last["seconds"] > 0


@pytest.mark.parametrize("handle", [handle_proofread, handle_rewrite])
def test_what_the_page_would_not_send_is_refused_by_name(handle):
    assert list(handle(make_runs(), '{"run": "x"}')) == []
    (message,) = told(handle(make_runs(), json.dumps({"run": 1, "text": "a", "spans": [], "shell": "rm"})))
    assert message["type"] == "error" and "shell" in message["message"]


def test_the_threshold_that_the_page_shows_is_that_of_the_task():
    assert THRESHOLD == DEFAULT_THRESHOLD
