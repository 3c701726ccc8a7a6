"""Word documents on the page: opened, filled, given back with tracked changes; the file stays in the browser."""

import io
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from dlm_editor.text.docx import open_docx

LETTER = (Path(__file__).parents[1] / "fixtures/documents/letter.docx").read_bytes()
TEXT = open_docx(LETTER).text
MENU = ("Word, with tracked changes", "Word, final", "Plain text")


def open_file(writer, name: str, data: bytes):
    with writer.page.expect_file_chooser() as chooser:
        writer.button("Open").click()
    chooser.value.set_files({"name": name, "mimeType": "application/octet-stream", "buffer": data})


def save(writer, label: str) -> tuple[str, bytes]:
    writer.button("Export").click()
    with writer.page.expect_download() as download:
        writer.page.get_by_role("menuitem", name=label).click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_word_document_is_filled_and_given_back_with_tracked_changes(writer):
    writer.open()
    open_file(writer, "letter.docx", LETTER)
    expect(writer.status).to_contain_text("Opened letter.docx")
    assert writer.text() == TEXT
    expect(writer.page.get_by_role("img", name="line break within the paragraph")).to_have_count(2)
    writer.mask("sat in the harbour")
    writer.press("Control+Enter")
    writer.wait_until_done()
    writer.press("Control+Enter")
    filled = writer.text()
    assert filled != TEXT

    name, tracked = save(writer, MENU[0])
    before, after = parts(LETTER), parts(tracked)
    assert name == "letter.docx" and list(before) == list(after) and {part for part in before if before[part] != after[part]} == {"word/document.xml"}
    old, new = (re.split("(?=<w:p>)", found["word/document.xml"].decode()) for found in (before, after))
    assert [number for number, (left, right) in enumerate(zip(old, new, strict=True)) if left != right] == [3]
    assert '<w:ins w:id="3" w:author="dlm editor" w:date="20' in new[3] and "<w:delText" in new[3] and open_docx(tracked).text == filled

    final = save(writer, MENU[1])[1]
    assert b"<w:ins " not in parts(final)["word/document.xml"] and open_docx(final).text == filled
    assert save(writer, MENU[2]) == ("letter.txt", filled.encode())

    writer.page.wait_for_timeout(600)
    writer.page.reload()                                                        # the file comes back with the draft
    expect(writer.status).to_contain_text("Your draft is back")
    assert parts(save(writer, MENU[0])[1])["word/document.xml"].split(b"w:date=")[0] == after["word/document.xml"].split(b"w:date=")[0]
    writer.button("New").click()
    assert writer.export() == b""                                               # at once, without a menu: no Word document any more
    writer.button("Undo").click()
    writer.button("Export").click()                                             # undone, it is one again
    menu = writer.page.get_by_role("menu", name="Export as")
    expect(menu.get_by_role("menuitem", name=MENU[0])).to_be_focused()
    writer.press("ArrowDown")
    expect(menu.get_by_role("menuitem", name=MENU[1])).to_be_focused()
    writer.press("Escape")
    expect(menu).to_have_count(0)
    expect(writer.button("Export")).to_be_focused()


def test_files_that_cannot_be_read_or_written_leave_the_text_alone(writer):
    writer.open().write("my own words")
    for name, data, said in (("broken.docx", LETTER[:3000], "whole zip package"), ("old.doc", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "old .doc"),
                             ("text.docx", b"<script>alert(1)</script>", "zip package"), ("photo.txt", b"\x89PNG\xff", "plain text")):
        open_file(writer, name, data)
        expect(writer.alert).to_contain_text(said)
        assert writer.text() == "my own words"
    open_file(writer, "letter.docx", LETTER)
    expect(writer.status).to_contain_text("Opened letter.docx")
    writer.select("Item\nCrowns")
    writer.page.keyboard.insert_text("one cell")
    writer.button("Export").click()
    writer.page.get_by_role("menuitem", name=MENU[0]).click()
    expect(writer.alert).to_contain_text("border of a table cell")
    assert "one cell" in writer.text()
    writer.page.route("**/docx/**", lambda route: route.abort())
    writer.button("Export").click()
    writer.page.get_by_role("menuitem", name=MENU[0]).click()
    expect(writer.alert).to_contain_text("does not answer. Your text is safe")


def test_a_dropped_word_document_and_texts_in_utf_16_come_back_as_they_came(writer):
    writer.open()
    for name, text in (("a.txt", "one 🌊\r\ntwo".encode("utf-16")), ("b.md", b"\xfe\xff" + "# één\n".encode("utf-16-be"))):
        writer.load(text, name)
        assert writer.export() == text
    writer.page.evaluate("""bytes => { const data = new DataTransfer(); data.items.add(new File([new Uint8Array(bytes)], "dropped.docx"))
        document.querySelector(".dlm-paper").dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true })) }""", list(LETTER))
    expect(writer.status).to_contain_text("Opened dropped.docx")
    assert save(writer, MENU[0]) == ("dropped.docx", LETTER)


@pytest.mark.parametrize(("address", "kind", "body", "status", "said"), [
    ("text", "text/plain", b"x", 422, "takes application/vnd"), ("file", "text/plain", b"{}", 422, "takes application/json"),
    ("file", "application/json", b"{}", 422, "Reload the page"), ("file", "application/json", b'{"file": "?", "text": "", "tracked": true}', 422, "Reload the page"),
    ("file", "application/json", b'{"file": "", "text": "\\ud800", "tracked": true}', 422, "Reload the page"), ("file", "application/json", b"\xff", 422, "Reload the page"),
    ("text", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK" + bytes(21 * 2**20), 422, "at most 20 MiB"),
])
def test_the_addresses_of_word_documents_take_what_the_page_sends_and_nothing_else(fake_url, address, kind, body, status, said):
    import httpx

    answer = httpx.post(f"{fake_url}/docx/{address}", content=body, headers={"Content-Type": kind}, timeout=30)
    assert answer.status_code == status and said in answer.json()["error"]
