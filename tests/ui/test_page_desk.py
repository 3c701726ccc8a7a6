"""Word count, focus mode, keys, getting about, and what is read out."""

import re
from pathlib import Path

from playwright.sync_api import expect

STRING = re.compile(r'"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`')
PROSE = re.compile(r"[A-Za-z’]{2,}[,.:]? [a-zA-Z]{2,}")
NO_PROSE = re.compile(r"dlm-|is-|select|input|button|:not|\[|prefers-|DLM Serif|^sees both sides of a gap$")


def table(writer) -> dict[str, list[str]]:
    return {row.locator("th").text_content(): row.locator("td").all_text_contents() for row in writer.page.locator(".dlm-count-table tbody tr").all()}


def test_document_selection_and_masks_are_counted(writer):
    writer.open().load("One two. Three four five!\n\nSix — 7 words’ end?\n")
    counts = writer.page.locator(".dlm-counts")
    writer.mask("Three four five")
    expect(counts).to_have_text("9 words · 47 characters · 1 mask")
    writer.select("One two")
    expect(counts).to_have_text("2 of 9 words · 7 characters")
    counts.get_by_role("button").click()
    expect(writer.page.locator(".dlm-count-table thead th")).to_have_text(["Document", "Selection", "Masked"])
    assert table(writer) == {"Words": ["9", "2", "3"], "Characters": ["47", "7", "15"], "Characters without spaces": ["36", "6", "13"], "Sentences": ["3", "1", "1"],
                             "Paragraphs": ["2", "1", "1"], "Reading time": ["2 s", "1 s", "1 s"]}
    writer.press("Escape")
    expect(writer.page.locator(".dlm-count-table")).to_be_hidden()
    writer.load("word " * 2380)
    counts.get_by_role("button").click()
    expect(writer.page.locator(".dlm-count-table")).to_contain_text("10 min 0 s")


def test_focus_mode_shows_the_text_and_what_fills_it_and_esc_leaves(writer):
    writer.open("?sample=letter").button("Settings").click()
    writer.button("Focus mode").click()
    for name in ("Mask", "Fill", "Undo", "Redo", "Leave focus"):
        expect(writer.button(name)).to_be_visible()
    for hidden in (writer.button("Open"), writer.button("Poem"), writer.page.locator(".dlm-side.is-settings"), writer.page.locator(".dlm-shortcuts"), writer.slider):
        expect(hidden).to_be_hidden()
    lit = writer.page.locator(".dlm-lit")
    dim = writer.page.get_by_role("combobox", name="Step back", exact=True)
    dim.select_option("sentence")
    writer.select("tiles")
    assert "".join(lit.all_text_contents()).startswith("He will bring the tiles") and "Our carpenter" not in "".join(lit.all_text_contents())
    dim.select_option("paragraph")
    assert "Our carpenter" in "".join(lit.all_text_contents()) and "Whitfield" not in "".join(lit.all_text_contents())
    writer.press("Control+Enter")
    writer.wait_until_done()
    expect(writer.slider).to_be_visible()
    writer.press("Escape")
    expect(writer.button("Accept")).to_be_hidden()
    expect(writer.button("Open")).to_be_hidden()  # the first Esc rejects, the second leaves
    writer.press("Escape")
    expect(writer.button("Open")).to_be_visible()
    expect(lit).to_have_count(0)
    writer.press("Control+Shift+F")
    writer.button("Leave focus").focus()
    writer.press("Escape")
    expect(writer.button("Open")).to_be_visible()


def test_the_page_is_gone_through_by_keyboard(writer):
    writer.open("?sample=letter")
    focused = "document.activeElement.getAttribute('aria-label') || document.activeElement.textContent"
    writer.page.locator(".dlm-skip").focus()
    expect(writer.page.locator(".dlm-skip")).to_be_in_viewport()
    writer.press("Enter")
    expect(writer.document).to_be_focused()
    places = []
    for _ in range(5):
        writer.press("F6")
        places.append(writer.page.evaluate(focused))
    assert places == ["Step back", "Keyboard shortcuts", "Sample document", "Mask", "Document"] or "Document" == places[-1], places
    writer.press("Shift+F6")
    expect(writer.button("Mask")).to_be_focused()
    writer.press("ArrowRight")
    expect(writer.button("Clear masks")).to_be_focused()
    writer.press("End")
    expect(writer.button("Fill")).to_be_focused()
    writer.press("ArrowRight")
    expect(writer.button("Mask")).to_be_focused()  # Undo and Redo can do nothing yet
    writer.press("Tab")
    assert not writer.page.evaluate("document.querySelector('.dlm-bar').contains(document.activeElement)"), "a row of buttons is one stop of Tab"


def test_progress_is_read_out_now_and_then_and_errors_at_once(writer):
    writer.page.clock.install()
    writer.open(seed=1050, steps=400).load("one two three BOOM")
    polite = writer.page.locator(".dlm > .dlm-unseen")
    assert polite.get_attribute("role") == "status" and writer.alert.get_attribute("role") == "alert"
    writer.mask("two")
    writer.button("Fill").click()
    expect(writer.alert).to_contain_text("a tensor of the wrong shape")
    writer.load("one two three")
    writer.mask("two")
    writer.button("Fill").click()
    writer.wait_for_step(2)
    expect(polite).to_be_empty()
    writer.page.clock.fast_forward(5000)
    expect(polite).to_have_text(re.compile(r"^Step \d+ of 400, \d+ % settled\.$"))
    first = polite.text_content()
    writer.wait_for_step(writer.steps() + 3)
    assert polite.text_content() == first
    writer.button("Stop").click()
    expect(polite).to_be_empty()


def test_no_word_of_the_page_stands_outside_the_file_of_its_strings():
    found = []
    for source in (Path(__file__).parents[2] / "dlm_editor/ui/src").glob("*.js"):
        for number, line in enumerate(source.read_text("utf-8").split("\n"), 1):
            code = re.sub(r"(^|\s)//.*$", "", line)
            if source.name == "strings.js" or code.startswith(("import", "/**", " *")):
                continue
            texts = [re.sub(r"\$\{[^}]*\}", "", one or other) for one, other in STRING.findall(code)]
            found += [(source.name, number, text) for text in texts if PROSE.search(text) and not NO_PROSE.search(text)]
    assert found == []
