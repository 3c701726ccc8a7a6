"""Marking words: by mouse, by keyboard, and what becomes of masks while the text changes."""

from playwright.sync_api import expect

TEXT = "🌊 Family 👩‍👩‍👧 e\u0301: the cat sat on the mat."


def test_words_are_masked_by_keyboard_after_emoji(writer):
    writer.open().write(TEXT)
    writer.press("Home")
    for _ in range(TEXT.index("sat") - 5):  # the family is one step of the caret, and so is é
        writer.press("ArrowRight")
    while not writer.page.evaluate("dlm.view.state.sliceDoc(dlm.view.state.selection.main.head).startsWith('sat')"):
        writer.press("ArrowRight")
    for _ in "sat":
        writer.press("Shift+ArrowRight")
    writer.press("Control+K")
    assert writer.masks() == ["sat"]


def test_words_are_masked_by_mouse_and_filled_where_they_stand(writer):
    writer.open().write(TEXT)
    box = writer.page.evaluate("(() => { const at = dlm.view.coordsAtPos(dlm.view.state.doc.toString().indexOf('cat') + 1); return [at.left, (at.top + at.bottom) / 2] })()")
    writer.page.mouse.dblclick(*box)
    writer.button("Mask").click()
    assert writer.masks() == ["cat"]
    writer.button("Fill").click()
    writer.wait_until_done()
    writer.button("Accept").click()
    before, after = TEXT.split("cat")
    assert writer.text().startswith(before) and writer.text().endswith(after) and "cat" not in writer.text()


def test_masks_stay_on_their_words_while_typing(writer):
    writer.open().write("one two three")
    writer.mask("two")
    writer.press("Control+Home")
    writer.page.keyboard.insert_text("zero 🌊 ")
    writer.press("Control+End")
    writer.page.keyboard.insert_text(" four")
    assert writer.masks() == ["two"] and writer.text() == "zero 🌊 one two three four"


def test_text_typed_at_the_border_of_a_mask_stays_outside(writer):
    writer.open().write("one two three")
    writer.mask("two")
    writer.page.keyboard.insert_text("X")
    assert writer.masks() == ["two"] and writer.text() == "one twoX three"


def test_clear_masks_keeps_the_words_and_can_be_undone(writer):
    writer.open().write("one two three")
    writer.mask("one")
    writer.mask("three")
    writer.button("Clear masks").click()
    assert writer.masks() == [] and writer.text() == "one two three"
    writer.button("Undo").click()
    assert writer.masks() == ["one", "three"]


def test_overlapping_masks_become_one(writer):
    writer.open().write("one two three")
    writer.mask("one two")
    writer.mask("two three")
    assert "".join(writer.masks()) == "one two three" and len(writer.lengths()) == 1


def test_a_gap_is_marked_at_the_caret_and_filled(writer):
    writer.open().write("one two")
    writer.press("Control+K")
    assert writer.lengths() == ["auto"]
    writer.press("Control+Enter")
    writer.wait_until_done()
    writer.press("Control+Enter")
    assert writer.text().startswith("one two") and len(writer.text()) > len("one two")


def test_the_length_chip_takes_tokens_and_words_and_refuses_anything_else(writer):
    writer.open().write("one two three")
    writer.mask("two")
    chip = writer.page.get_by_role("textbox", name="Length of mask 1")
    for typed, kept in (("8", "8"), ("3w", "3w"), (" 5 W", "5w"), ("", "auto")):
        chip.fill(typed)
        chip.press("Enter")
        assert writer.lengths() == [kept]
    for wrong in ("0", "-2", "513", "257w", "many", "1.5"):
        chip.fill(wrong)
        expect(chip).to_have_attribute("aria-invalid", "true")
        chip.press("Enter")
        expect(writer.alert).to_contain_text("A length")
        expect(chip).to_have_value(wrong)  # what was typed stays, to be mended
        chip.blur()
        expect(chip).to_have_value("auto")
    assert writer.text() == "one two three" and writer.masks() == ["two"]


def test_enter_in_the_chip_adds_no_line(writer):
    writer.open().write("one two three")
    writer.mask("two")
    writer.page.get_by_role("textbox", name="Length of mask 1").fill("4")
    writer.press("Enter", "Tab")
    assert writer.text() == "one two three"


def test_a_length_being_typed_counts_when_fill_is_pressed(writer):
    writer.open().write("one two three")
    writer.mask("two")
    writer.page.get_by_role("textbox", name="Length of mask 1").fill("7")
    writer.button("Fill").click()
    writer.wait_until_done()
    writer.button("Accept").click()
    assert len(writer.text().split()) == 2 + 7


def test_fill_without_a_mask_says_what_to_do(writer):
    writer.open().write("one two three")
    writer.button("Fill").click()
    expect(writer.alert).to_contain_text("Nothing is masked")


def test_fill_masks_the_selection_first(writer):
    writer.open().write("one two three")
    writer.select("two")
    writer.press("Control+Enter")
    writer.wait_until_done()
    writer.press("Tab")
    assert writer.text().startswith("one ") and writer.text().endswith(" three") and "two" not in writer.text()
