"""The small panel of a mask: what is asked there holds in the fill, stays with the mask, and is explained where it cannot be."""

import re

import pytest
from playwright.sync_api import expect

TEXT = "The old house stood at the end of the road. Nobody had lived there for many years."
MASKED = "end of the road"


@pytest.fixture
def panel(writer):
    """The open panel of a mask, on the page around the fake editor."""
    writer.open().write(TEXT)
    writer.mask(MASKED)
    writer.page.locator(".dlm-mask").click()
    return writer.page.get_by_role("dialog", name="Constraints of mask 1")


def ask(panel, **typed: str):
    for label, text in typed.items():
        panel.get_by_label(label.replace("_", " "), exact=True).fill(text)


def chips(writer) -> str:
    return writer.page.get_by_role("button", name="Constraints of mask 1").get_attribute("aria-label")


def test_constraints_are_kept_with_the_mask_and_shown_as_chips(writer, panel):
    ask(panel, Must_contain="river, old stone", Words="3-7", Length="9")
    panel.get_by_role("button", name="Done").click()
    expect(panel).to_be_hidden()
    assert chips(writer) == "Constraints of mask 1: Words: 3–7 words; Must contain: + river, old stone" and writer.lengths() == ["9"]
    writer.button("Undo").click()
    assert "river" in chips(writer) and writer.lengths() == ["auto"]
    writer.button("Redo").click()
    writer.page.locator(".dlm-mask").click()
    panel.get_by_role("checkbox", name="Nothing twice").check()
    assert chips(writer).endswith("+ river, old stone; Repeats: nothing twice")
    writer.page.wait_for_timeout(600)  # the draft is kept
    writer.page.reload()
    expect(writer.page.get_by_text("+ river, old stone")).to_be_visible()
    writer.page.get_by_role("button", name="Constraints of mask 1").click()
    expect(panel.get_by_label("Must contain")).to_have_value("river, old stone")
    expect(panel.get_by_role("checkbox", name="Nothing twice")).to_be_checked()
    expect(panel.get_by_role("checkbox", name="Ends a sentence")).not_to_be_checked()
    panel.get_by_role("button", name="Clear").click()
    assert chips(writer) == "Constraints of mask 1"


def test_a_wrong_value_is_told_beside_its_field_and_stays_to_be_mended(writer, panel):
    ask(panel, Words="5-3", Without_the_letters="e1")
    writer.button("Fill").click()
    words = panel.get_by_label("Words", exact=True)
    expect(words).to_have_attribute("aria-invalid", "true")
    expect(words).to_have_value("5-3")
    expect(panel.get_by_text("A number like 5, or a range")).to_be_visible()
    expect(panel.get_by_text("Letters and nothing else")).to_be_visible()
    assert writer.text() == TEXT and not writer.button("Stop").is_visible()


def test_the_panel_is_worked_by_keyboard(writer, panel):
    writer.press("Escape")  # the focus stayed in the document
    expect(panel).to_be_hidden()
    writer.select("end")
    writer.press("ArrowRight", "Alt+Enter")
    expect(panel.get_by_label("Must contain")).to_be_focused()
    writer.page.keyboard.type("river")
    writer.press("Escape")
    expect(panel).to_be_hidden()
    expect(writer.document).to_be_focused()
    writer.press("Alt+Enter")
    writer.page.keyboard.type("river")
    writer.press("Enter")
    expect(panel).to_be_hidden()
    assert "+ river" in chips(writer)


def test_what_is_asked_of_a_mask_holds_in_its_fill(visitors, app):
    writer = visitors(app).open(alternatives=2)
    writer.write(TEXT)
    writer.mask(MASKED)
    writer.page.locator(".dlm-mask").click()
    panel = writer.page.get_by_role("dialog", name="Constraints of mask 1")
    ask(panel, Must_contain="river", Without_the_letters="q", Words="3-6")
    panel.get_by_role("checkbox", name="Nothing twice").check()
    panel.get_by_label("Must contain").press("Control+Enter")
    writer.wait_until_done()
    for _ in range(2):
        found = re.fullmatch(r"The old house stood at the (.*)\. Nobody had lived there for many years\.", writer.shown())
        words = re.findall(r"[\w'’-]+", found[1].lower())
        assert "river" in words and 3 <= len(words) <= 6 and "q" not in found[1]
        assert all(one != other for one, other in zip(words, words[1:]))
        writer.press("Alt+ArrowDown")


@pytest.mark.parametrize("typed, field, said", [
    ({"Must_contain": "river", "Must_not_contain": "river"}, None, "No text"),
    ({"Pattern_(regular_expression)": "[0-9"}, "Pattern (regular expression)", "regular expression"),
])
def test_what_cannot_be_met_is_explained_at_its_mask_and_nothing_is_lost(visitors, app, typed, field, said):
    writer = visitors(app).open()
    writer.write(TEXT)
    writer.mask("many")
    writer.mask(MASKED)
    writer.page.locator(".dlm-mask").first.click()
    panel = writer.page.get_by_role("dialog", name="Constraints of mask 1")
    ask(panel, **typed)
    writer.button("Fill").click()
    expect(panel).to_be_visible()
    expect(panel.get_by_role("alert").filter(has_text=said)).to_be_visible()
    if field:
        expect(panel.get_by_label(field)).to_have_attribute("aria-invalid", "true")
    for label, text in typed.items():
        expect(panel.get_by_label(label.replace("_", " "), exact=True)).to_have_value(text)
    assert writer.text() == TEXT and writer.masks() == [MASKED, "many"]
    expect(writer.status).to_contain_text("Nothing was filled")
