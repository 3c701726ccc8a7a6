"""The visible list of keys, and what the keys do: every one that is listed is pressed, and no other."""

from playwright.sync_api import expect

TEXT = "the cat and the dog sat there"


class Pressing:
    """Presses keys as the list shows them, and remembers which."""

    def __init__(self, writer):
        self.writer, self.pressed = writer, set()

    def __call__(self, *keys: str):
        for key in keys:
            self.pressed.add(key)
            self.writer.press(key.replace("Ctrl", "Control").replace("Esc", "Escape").replace("↑", "ArrowUp").replace("↓", "ArrowDown").replace("Shift+F+", "Shift+F"))

    def far(self, key: str):
        """A key that works outside the text too: pressed in a field of a panel."""
        self.writer.page.get_by_role("textbox", name="Find text").focus()
        self(key)


def test_every_key_of_the_list_does_what_it_says(writer):
    page, press = writer.page, Pressing(writer)
    writer.open(alternatives=2, pace=300).load(TEXT)
    page.get_by_text("Keyboard shortcuts").click()
    listed = page.locator(".dlm-shortcuts kbd").all_text_contents()
    assert len(listed) == len(set(listed)) == page.locator(".dlm-shortcuts dd").count()

    writer.select("dog")
    press("Ctrl+K")
    assert writer.masks() == ["dog"]
    press("Ctrl+Z")
    assert writer.masks() == []
    press("Ctrl+Y")
    assert writer.masks() == ["dog"]
    press("Alt+Enter")
    expect(page.get_by_role("dialog", name="Constraints of mask 1")).to_be_visible()
    press("Esc")
    _press_in_a_run(writer, press)
    _press_in_a_search(writer, press)
    _press_in_a_proofreading(writer, press)
    assert press.pressed == set(listed)


def _press_in_a_run(writer, press):
    page = writer.page
    press("Ctrl+Enter")
    writer.wait_until_done()
    press("Alt+↓")
    expect(page.locator(".dlm-which")).to_have_text("2 of 2")
    press("Alt+↑")
    expect(page.locator(".dlm-which")).to_have_text("1 of 2")
    shown, last = lambda: int(writer.slider.input_value()), writer.steps()
    press("Alt+,")
    assert shown() == last - 1
    press("Alt+.")
    assert shown() == last
    press("Alt+W")
    assert page.evaluate("!!document.activeElement.closest('.dlm-preview')")
    writer.document.focus()
    press("Alt+P")
    expect(writer.button("Pause")).to_be_visible()
    press("Alt+P")
    expect(writer.button("Play")).to_be_visible()
    while shown() != 1:
        press("Alt+," if shown() > 1 else "Alt+.")
    press("Alt+G")
    expect(writer.button("Stop")).to_be_visible()
    writer.wait_until_done()
    press("Esc")
    expect(writer.button("Fill")).to_be_visible()
    assert writer.text() == TEXT
    press("Ctrl+Enter")
    writer.wait_until_done()
    press("Tab")
    assert writer.text() != TEXT and writer.text().startswith("the cat and the ")


def _press_in_a_search(writer, press):
    page = writer.page
    chosen = lambda: page.evaluate("dlm.view.state.selection.ranges.map(range => range.from)")
    writer.load(TEXT)
    press("Ctrl+F")
    page.keyboard.type("the")
    press.far("F3")
    press("F3")
    assert chosen() == [12]
    press("Shift+F3")
    assert chosen() == [0]
    with page.expect_file_chooser():
        press.far("Ctrl+O")
    press.far("Ctrl+S")
    expect(writer.status).to_have_text("Nothing has changed since the last version.")
    press.far("Ctrl+Shift+F")
    expect(writer.button("Leave focus")).to_be_visible()
    press("Ctrl+/")
    expect(writer.button("Leave focus")).to_be_hidden()
    press("Ctrl+/")
    expect(page.locator(".dlm-shortcuts summary")).to_be_focused()
    writer.select("the")
    press("Ctrl+D")
    assert chosen() == [0, 12]
    press("F6")
    assert page.evaluate("!document.activeElement.closest('.cm-content')")
    press("Shift+F6")
    expect(writer.document).to_be_focused()
    press.far("Ctrl+F")
    press("Esc")


def _press_in_a_proofreading(writer, press):
    writer.load("I recieve teh post.\nWe walk home.")
    writer.button("Proofread").click()
    writer.wait_until_done()
    told = writer.page.locator(".dlm-count-of")
    press("F8")
    expect(told).to_have_text("1 of 2 corrections")
    press("F8")
    expect(told).to_have_text("2 of 2 corrections")
    press("Shift+F8")
    expect(told).to_have_text("1 of 2 corrections")
    press("Shift+Tab")
    assert writer.text().startswith("I recieve teh")
    press("Tab")
    assert writer.text().startswith("I recieve the")
