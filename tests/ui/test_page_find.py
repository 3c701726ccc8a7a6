"""Find and replace: what is found, what a replacement does to masks and drafts, and one step of undo for all."""

import pytest
from playwright.sync_api import expect

TEXT = "The cat sat. A cat and a Cat, concatenated; c(at."


def find(writer, text: str, replacement: str | None = None, *switches: str):
    """Opens the panel, fills it and sets its switches to `switches`."""
    writer.document.focus()
    writer.press("Control+f")
    for name in ("Case", "Whole words", "Pattern"):
        writer.page.get_by_role("checkbox", name=name, exact=True).set_checked(name in switches)
    writer.page.get_by_role("textbox", name="Find text").fill(text)
    if replacement is not None:
        writer.page.get_by_role("textbox", name="Replace with").fill(replacement)


def count(writer):
    return writer.page.locator(".dlm-find-count")


def test_words_patterns_and_capitals_are_found_counted_and_gone_through(writer):
    writer.open().load(TEXT)
    for text, switches, told in (("cat", (), "4 matches"), ("cat", ("Whole words",), "3 matches"), ("Cat", ("Case",), "1 match"), ("c.t", ("Pattern",), "4 matches"),
                                 ("c(", (), "1 match"), ("dog", (), "no match")):
        find(writer, text, None, *switches)
        expect(count(writer)).to_have_text(told)
    find(writer, "c(", None, "Pattern")
    expect(writer.page.locator(".dlm-find .dlm-error")).to_contain_text("This is no regular expression: ")
    writer.button("Replace all").click()
    expect(writer.status).to_have_text("Nothing was found.")
    find(writer, "cat")
    expect(writer.page.locator(".dlm-find .dlm-error")).to_be_empty()
    for told in ("1 of 4", "2 of 4"):
        writer.press("Enter")
        expect(count(writer)).to_have_text(told)
    writer.press("Shift+Enter", "F3", "F3")
    expect(count(writer)).to_have_text("3 of 4")
    writer.press("Escape")
    expect(writer.page.get_by_role("search")).to_have_count(0)
    expect(writer.document).to_be_focused()
    assert writer.page.evaluate("dlm.view.state.sliceDoc(dlm.view.state.selection.main.from, dlm.view.state.selection.main.to)") == "Cat"


def test_replacing_all_is_one_step_back_and_groups_of_a_pattern_can_be_used(writer):
    writer.open().load("one-two\r\nthree-four")
    find(writer, r"(\w+)-(\w+)", "$2 $1", "Pattern")
    writer.button("Replace all").click()
    expect(writer.status).to_have_text("Replaced 2 matches. Undo brings all back.")
    assert writer.export() == b"two one\r\nfour three"
    writer.button("Undo").click()
    assert writer.export() == b"one-two\r\nthree-four"
    find(writer, "o", "0")
    writer.page.get_by_role("textbox", name="Replace with").press("Enter")
    writer.page.get_by_role("textbox", name="Replace with").press("Enter")
    assert writer.text().count("0") >= 1
    find(writer, r"\n", "$1")
    expect(count(writer)).to_have_text("no match")  # without Pattern, signs stand for themselves


@pytest.mark.parametrize("old, new, text, masks", [
    ("big", "small", "a small red dog ran", ["small red dog"]),             # at the beginning of the mask
    ("red", "", "a big  dog ran", ["big  dog"]),                            # within it
    ("big red dog", "cat", "a cat ran", ["cat"]),                           # all of it
    ("a big", "no", "no red dog ran", [" red dog"]),                        # over its beginning
    ("dog ran", "cat sat", "a big red cat sat", ["big red "]),              # over its end
    ("a big red dog ran", "nothing", "nothing", []),                        # around it
], ids=["beginning", "within", "all", "over the beginning", "over the end", "around"])
def test_a_mask_keeps_what_is_left_of_it(desk_writer, old, new, text, masks):
    writer = desk_writer
    writer.page.evaluate("dlm.open('a big red dog ran', 'dog.txt', [{ start: 2, end: 13, length: '3w', rules: { ban: 'sea' } }])")
    find(writer, old, new)
    writer.button("Replace all").click()
    writer.press("Escape")  # the marks of the search would split those of the masks
    assert (writer.text(), writer.masks()) == (text, masks)
    assert writer.lengths() == ["3w"] * len(masks) and writer.page.locator(".dlm-rule-chip").count() == len(masks)
    writer.button("Undo").click()
    assert (writer.text(), writer.masks(), writer.lengths()) == ("a big red dog ran", ["big red dog"], ["3w"])


def test_words_under_an_open_draft_stay_and_all_matches_can_be_masked(writer):
    writer.open().load("cat one cat two cat")
    writer.select("cat two")
    writer.press("Control+k", "Control+Enter")
    writer.wait_until_done()
    find(writer, "cat", "dog")
    expect(count(writer)).to_have_text("2 matches")
    writer.button("Replace all").click()
    assert writer.text() == "dog one cat two dog"
    expect(writer.button("Accept")).to_be_visible()
    writer.button("Reject").click()
    expect(count(writer)).to_have_text("1 match")
    find(writer, "dog")
    writer.button("Mask all").click()
    assert writer.masks() == ["dog", "cat two", "dog"]
    writer.button("Undo").click()
    assert writer.masks() == ["cat two"]
