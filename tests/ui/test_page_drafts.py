"""Drafts: several tabs, a crash, a full storage, none at all."""

import json
import re

import pytest
from playwright.sync_api import expect

DRAFTS = "Object.keys(localStorage).filter(key => key.startsWith('dlm-editor:draft:')).map(key => JSON.parse(localStorage[key]).text).sort()"
SETTLED_MS = 700


def tab(writer):
    """A second tab of the same browser."""
    return type(writer)(writer.page.context.new_page(), writer.url)


def wait_for_drafts(writer, texts: list[str]):
    """Until just these are kept: a draft is saved some time after the last key."""
    writer.page.wait_for_function(f"wanted => JSON.stringify({DRAFTS}) === JSON.stringify(wanted)", arg=texts)


def test_tabs_keep_drafts_and_settings_of_their_own(writer):
    writer.open().write("first tab")
    writer.page.wait_for_timeout(SETTLED_MS)
    other = tab(writer)
    other.open()
    assert other.text() == ""
    other.write("second tab")
    for one, steps in ((writer, "7"), (other, "9")):
        one.button("Settings").click()
        one.page.get_by_label("Steps", exact=True).fill(steps)
    other.page.wait_for_timeout(SETTLED_MS)
    assert other.page.evaluate(DRAFTS) == ["first tab", "second tab"]
    for one, text, steps in ((writer, "first tab", "7"), (other, "second tab", "9")):
        one.page.reload()
        expect(one.status).to_contain_text("Your draft is back")
        one.button("Settings").click()
        assert one.text() == text and one.page.get_by_label("Steps", exact=True).input_value() == steps
    other.page.close(run_before_unload=False)
    writer.page.wait_for_timeout(100)
    third = tab(writer)
    third.open()
    expect(third.status).to_contain_text("Your draft is back")
    assert third.text() == "second tab"
    assert other.problems == third.problems == []


def test_a_copied_tab_gets_a_draft_of_its_own(writer):
    writer.open().write("written here")
    writer.page.wait_for_timeout(SETTLED_MS)
    copy = tab(writer)
    name = writer.page.evaluate("sessionStorage['dlm-editor:tab']")
    copy.page.add_init_script(f"sessionStorage.getItem('copied') || (sessionStorage.setItem('dlm-editor:tab', {json.dumps(name)}), sessionStorage.setItem('copied', 1))")
    copy.open()
    assert copy.text() == "written here"
    copy.page.wait_for_function(f"sessionStorage['dlm-editor:tab'] !== {json.dumps(name)}")
    copy.write("written there")
    copy.page.wait_for_timeout(SETTLED_MS)
    assert copy.page.evaluate(DRAFTS) == ["written here", "written there"]


@pytest.mark.parametrize("locks", ["with locks", "without locks"])
def test_the_draft_of_a_tab_that_crashed_comes_back(writer, locks):
    if locks == "without locks":  # as over plain HTTP from another machine
        writer.page.add_init_script("Object.defineProperty(navigator, 'locks', { value: undefined })")
    span = {"start": 4, "end": 7, "length": "2w", "rules": {"include": "deux"}, "kept": {"pins": [5], "words": "two", "text": "two"}}
    draft = {"text": "one two three", "spans": [span], "file": {"name": "mine.md", "bom": "", "id": "x"}, "caret": 4, "savedAt": 5}
    writer.page.add_init_script(f"if (!sessionStorage['dlm-editor:tab']) {{ localStorage['dlm-editor:draft:gone'] = {json.dumps(json.dumps(draft))}; localStorage['dlm-editor:open:gone'] = '1' }}")
    writer.open()
    expect(writer.status).to_contain_text("Your draft is back")
    assert (writer.text(), writer.masks(), writer.lengths()) == ("one two three", ["two"], ["2w"])
    expect(writer.page.locator(".dlm-rule-chip")).to_have_text(["+ deux", re.compile("kept")])
    assert writer.page.evaluate("[dlm.view.state.selection.main.head, 'dlm-editor:draft:gone' in localStorage]") == [4, False]
    assert writer.page.evaluate(DRAFTS) == ["one two three"]


def test_a_draft_is_kept_while_typing_goes_on(writer):
    writer.page.clock.install()
    writer.open().document.click()
    for _ in range(9):
        writer.page.keyboard.type("word ")
        writer.page.clock.run_for(300)  # never a pause long enough
    assert writer.page.evaluate(DRAFTS) != []


def test_a_full_storage_first_loses_drafts_of_closed_tabs_and_then_is_told_once(writer):
    writer.page.add_init_script("""if (!sessionStorage['dlm-editor:tab']) for (const at of [1, 2]) localStorage[`dlm-editor:draft:old${at}`] = JSON.stringify({ text: `old ${at}`, savedAt: at });
        const set = Storage.prototype.setItem; window.room = 2; window.refused = 0
        Storage.prototype.setItem = function (key, value) {
            const others = Object.keys(localStorage).filter(one => one.startsWith('dlm-editor:draft:') && one !== key).length
            if (key.startsWith('dlm-editor:draft:') && others >= window.room) { window.refused++; throw new DOMException('full', 'QuotaExceededError') }
            set.call(this, key, value) }""")
    writer.open()
    assert writer.text() == "old 2"
    writer.write("new words")
    wait_for_drafts(writer, ["new words", "old 1"])
    writer.page.evaluate("room = 1")
    writer.page.keyboard.type("!")
    wait_for_drafts(writer, ["new words!"])
    assert not writer.alert.is_visible()
    writer.page.evaluate("room = 0")
    writer.page.keyboard.type("!")
    expect(writer.alert).to_contain_text("Export it before you leave the page")
    writer.button("Dismiss message").click()
    expect(writer.document).to_be_focused()
    writer.page.evaluate("refused = 0")
    writer.page.keyboard.type("?")
    writer.page.wait_for_function("refused > 0")
    expect(writer.alert).to_be_hidden()


def test_without_storage_the_page_works_and_tells_it(writer):
    writer.page.add_init_script("for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name, { get() { throw new DOMException('off', 'SecurityError') } })")
    writer.page.goto(writer.url)
    expect(writer.alert).to_contain_text("keeps nothing for this page")
    writer.write("still works")
    assert writer.export() == b"still works"


def test_a_byte_order_mark_comes_back_with_undo(writer):
    raw = "\ufeffone\r\ntwo".encode()
    writer.open().load(raw, "bom.txt")
    writer.button("New").click()
    assert writer.export() == b""
    writer.button("Undo").click()
    assert writer.export() == raw
