"""The page as a reader uses it, for the browser tests: by role and name, with the keyboard and the mouse."""

import json
import time

from playwright.sync_api import Page, expect


class Writer:
    """One visitor with one page."""

    def __init__(self, page: Page, url: str):
        self.page, self.url = page, url
        self.problems: list[str] = []
        page.on("pageerror", lambda error: self.problems.append(str(error)))

    def open(self, query: str = "", **settings):
        """Opens the page; `settings` as the side panel stores them, `pace` in ms."""
        preferences = {"pace": settings.pop("pace", 0), "settings": settings}
        self.page.add_init_script(f"if (!localStorage.getItem('dlm-editor:preferences')) localStorage.setItem('dlm-editor:preferences', {json.dumps(json.dumps(preferences))})")
        self.page.goto(f"{self.url}/{query}")
        self.document.wait_for()
        return self

    @property
    def document(self):
        return self.page.get_by_role("textbox", name="Document", exact=True)

    @property
    def slider(self):
        return self.page.get_by_role("slider", name="Refinement step")

    @property
    def status(self):
        return self.page.locator(".dlm-status")

    @property
    def alert(self):
        return self.page.locator(".dlm-alert")

    def button(self, name: str):
        return self.page.get_by_role("button", name=name, exact=True)

    def press(self, *keys: str):
        for key in keys:
            self.page.keyboard.press(key)

    def write(self, text: str):
        """Replaces the document by typing."""
        self.document.click()
        self.press("Control+A", "Delete")
        self.page.keyboard.insert_text(text)

    def load(self, text: str, name: str = "document.txt"):
        """Opens `text` as a file, its bytes as they are."""
        with self.page.expect_file_chooser() as chooser:
            self.button("Open").click()
        chooser.value.set_files({"name": name, "mimeType": "text/plain", "buffer": text if isinstance(text, bytes) else text.encode()})
        expect(self.status).to_contain_text("Opened")

    def select(self, words: str):
        """Selects `words` as a reader does with Shift and the arrow keys."""
        text = self.text()
        self.page.evaluate("([from, to]) => { dlm.view.dispatch({ selection: { anchor: from, head: to } }); dlm.view.focus() }", _units(text, text.index(words), words))

    def mask(self, words: str):
        self.select(words)
        self.press("Control+K")

    def text(self) -> str:
        return self.page.evaluate("dlm.view.state.doc.toString()")

    def shown(self) -> str:
        """The document as it can be read now: with the drafts in the place of the words, without chips."""
        return self.page.evaluate("""() => [...document.querySelectorAll('.cm-line')].map(line => {
            const copy = line.cloneNode(true); copy.querySelectorAll('.dlm-chip').forEach(chip => chip.remove()); return copy.textContent }).join('\\n')""")

    def masks(self) -> list[str]:
        return [mark.text_content() for mark in self.page.locator(".dlm-mask").all()]

    def lengths(self) -> list[str]:
        return [chip.input_value() for chip in self.page.get_by_role("textbox", name="Length of mask").all()]

    def steps(self) -> int:
        return int(self.slider.get_attribute("max"))

    def wait_until_done(self):
        expect(self.status).to_contain_text("Done", timeout=90000)

    def wait_for_step(self, number: int, timeout_s: float = 60):
        until = time.monotonic() + timeout_s
        while self.steps() < number:
            assert time.monotonic() < until, f"step {number} was never shown; {self.steps()} were"
            self.page.wait_for_timeout(20)

    def export(self) -> bytes:
        with self.page.expect_download() as download:
            self.button("Export").click()
        return open(download.value.path(), "rb").read()


def _units(text: str, at: int, words: str) -> list[int]:
    """UTF-16 offsets of `words` at code point `at`."""
    return [len(part.encode("utf-16-le")) // 2 for part in (text[:at], text[:at] + words)]
