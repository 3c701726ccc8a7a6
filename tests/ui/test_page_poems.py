"""The poem panel: a form, lines that settle with their badges, other words that fit, and one edit in the document."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from dlm_editor.constraints.prosody import look_up, split_words

CONTRAST = (Path(__file__).parent / "contrast.js").read_text("utf-8")
FIRST = ["Morning on the pond,", "a heron stands in the reeds,", "waiting for the day."]
SLOW = {"seed": 1000 + 200}  # the fake editor takes 200 ms a step


class Panel:
    """The panel of a page that is open."""

    def __init__(self, writer):
        self.writer, self.page = writer, writer.page
        self.side = writer.page.get_by_role("complementary", name="Poem")
        self.status = self.side.get_by_role("status").last
        writer.button("Poem").click()

    def write(self):
        self.side.get_by_role("button", name="Write poem").click()
        return self

    def wait(self):
        expect(self.status).to_contain_text("Done", timeout=90_000)
        return self

    def lines(self) -> list[str]:
        return self.side.locator(".dlm-verse").all_text_contents()

    def badges(self) -> list[str]:
        return self.side.locator(".dlm-badge").evaluate_all("nodes => nodes.map(node => node.getAttribute('aria-label'))")

    def watch(self):
        """From now on, `seen` tells what the first badge showed, each time that it changed."""
        self.page.evaluate("""() => { window.seen = []; new MutationObserver(() => {
            const badge = document.querySelector('.dlm-badge.is-syllables'), now = badge && `${badge.textContent} ${badge.classList[2]}`
            if (now && now !== window.seen.at(-1)) window.seen.push(now) }).observe(document.body, { childList: true, subtree: true }) }""")

    def seen(self) -> list[str]:
        return self.page.evaluate("window.seen")

    def word(self, text: str):
        return self.side.locator(".dlm-word", has_text=text).first


@pytest.fixture
def panel(writer):
    return Panel(writer.open())


def test_badges_turn_while_the_lines_settle(writer):
    panel = Panel(writer.open(**SLOW))
    panel.watch()
    panel.write().wait()
    seen = panel.seen()
    assert len(seen) >= 4 and seen[-1] == "5/5✓ is-met" and all(re.fullmatch(r"[0-5]/5 is-open", one) for one in seen[:-1]) and seen == sorted(seen)
    assert panel.lines() == FIRST
    assert panel.badges()[:3] == ["5 of 5 syllables, met", "rhyme A: rhymes, met", "stress x/x/, asked for x/x/, met"]
    expect(panel.status).to_contain_text("Every line holds the form")


def test_a_word_is_replaced_by_keyboard_and_comes_back(panel):
    panel.write().wait()
    panel.word("heron").focus()
    panel.page.keyboard.press("Enter")
    expect(panel.page.get_by_role("menuitem", name="silver")).to_be_focused()
    panel.page.keyboard.press("ArrowDown")
    panel.page.keyboard.press("Enter")
    assert panel.lines()[1] == "a quiet stands in the reeds,"
    expect(panel.word("quiet")).to_be_focused()
    panel.side.get_by_role("button", name="Undo word").click()
    assert panel.lines() == FIRST
    panel.word("pond").click()
    panel.page.keyboard.press("Escape")
    expect(panel.page.get_by_role("menu")).to_be_hidden()
    expect(panel.side).to_be_visible()


def test_poems_are_leafed_through_and_inserted_as_one_edit(writer, panel):
    writer.document.focus()
    writer.page.keyboard.insert_text("Dear friend,")
    panel.write().wait()
    panel.side.get_by_role("button", name="Next poem").click()
    expect(panel.side).to_contain_text("2 of 2")
    panel.side.get_by_role("button", name="Insert into document").click()
    assert writer.text() == "Dear friend,\n\n" + "\n".join(panel.lines()) and "Snow" in writer.text()
    writer.button("Undo").click()
    assert writer.text() == "Dear friend,"


def test_selected_lines_are_kept_and_the_poem_takes_their_place(writer):
    writer.open().write("First line here\nsecond line there\nthird.")
    writer.mask("line there")
    writer.select("second line there\nthird.")
    panel = Panel(writer)
    panel.side.get_by_label("Keep the selected lines").check()
    panel.write().wait()
    assert panel.lines() == ["second silver", "third."]
    panel.side.get_by_role("button", name="Insert into document").click()
    assert writer.text() == "First line here\nsecond silver\nthird."
    panel.side.get_by_role("button", name="Next poem").click()
    panel.side.get_by_role("button", name="Insert into document").click()
    assert writer.text() == "First line here\nsecond quiet\nthird."  # another one in the same place
    writer.button("Undo").click()
    writer.button("Undo").click()
    assert writer.text() == "First line here\nsecond line there\nthird." and writer.masks() == ["line there"]


def test_what_cannot_be_is_explained_in_the_words_of_the_form_and_nothing_is_lost(panel):
    panel.side.get_by_text("More settings").click()
    acrostic = panel.side.get_by_label("Acrostic")
    acrostic.fill("AZTEC")
    panel.write()
    expect(panel.side.get_by_role("alert").filter(has_text="Line 2 must begin with 'z'")).to_contain_text("Change “Acrostic”.")
    expect(acrostic).to_have_attribute("aria-invalid", "true")
    expect(acrostic).to_be_focused()
    expect(acrostic).to_have_value("AZTEC")
    panel.side.get_by_label("Lines", exact=True).fill("three")
    panel.write()
    expect(panel.side.get_by_text("A whole number; got “three”.")).to_be_visible()


def test_writing_can_be_stopped(writer):
    panel = Panel(writer.open(**SLOW)).write()
    panel.side.get_by_role("button", name="Stop writing").click()
    expect(panel.status).to_contain_text("Stopped")
    expect(panel.side.get_by_role("button", name="Insert into document")).to_be_hidden()
    panel.write().wait()
    assert panel.lines() == FIRST


@pytest.mark.parametrize("scheme, width", [("light", 1280), ("dark", 390)])
def test_the_new_panels_have_contrast_and_fit(visitors, fake_url, scheme, width):
    writer = visitors(fake_url, color_scheme=scheme, viewport={"width": width, "height": 900}).open("?sample=letter")
    writer.page.locator(".dlm-mask").first.click()
    rules = writer.page.get_by_role("dialog", name="Constraints of mask 1")
    rules.get_by_label("Must contain").fill("roof")
    rules.get_by_label("Words", exact=True).fill("x")
    rules.get_by_label("Words", exact=True).blur()
    assert writer.page.evaluate(CONTRAST) == []
    writer.press("Escape")
    writer.button("Settings").click()
    writer.page.get_by_text("All models").click()
    assert writer.page.evaluate(CONTRAST) == []
    writer.button("Close settings").click()
    panel = Panel(writer).write().wait()
    panel.word("heron").click()
    expect(writer.page.get_by_role("menuitem").first).to_be_visible()
    assert writer.page.evaluate(CONTRAST) == []
    assert writer.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_haiku_of_the_bundled_model_holds_its_form_and_still_does_with_another_word(visitors, app):
    panel = Panel(visitors(app).open())
    panel.side.get_by_label("Topic").fill("first snow")
    panel.watch()
    panel.write().wait()
    assert len(panel.seen()) >= 2 and panel.seen()[0].endswith("is-open") and panel.seen()[-1] == "5/5✓ is-met"
    _check(panel)
    before = panel.lines()
    panel.side.locator(".dlm-word").nth(2).click()
    item = panel.page.get_by_role("menuitem").first
    expect(item).to_be_visible(timeout=60_000)
    item.click()
    assert panel.lines() != before and len(panel.lines()) == 3
    _check(panel)


def _check(panel):
    """By the page's own badges, and by the dictionary."""
    assert [badge for badge in panel.badges() if "syllables" in badge] == ["5 of 5 syllables, met", "7 of 7 syllables, met", "5 of 5 syllables, met"]
    for line, wanted in zip(panel.lines(), (5, 7, 5)):
        counts = {0}
        for word in split_words(line):
            counts = {before + count for before in counts for count in look_up(word).syllable_counts}
        assert wanted in counts, (line, counts)
