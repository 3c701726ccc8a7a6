"""Documents in and out: bytes outside the edits stay as they were, whatever their line ends; drafts; samples."""

from playwright.sync_api import expect

KINDS = {
    "lf": "one 🌊\ntwo sat three\n\nfour\n",
    "crlf": "one 🌊\r\ntwo sat three\r\n\r\nfour\r\n",
    "cr": "one\rtwo sat three\rfour",
    "mixed": "one\r\ntwo sat three\nfour\rfive\r\n\nsix\n\rseven",
    "marked": "\ufeffone\r\ntwo sat three\r\nfour",
    "odd": "nul \x00, tab\t, form\x0c, \u2028 line, \u0085 next, عربي, e\u0301\r\ntwo sat three",
}


def test_export_gives_back_every_byte(writer):
    writer.open()
    for kind, text in KINDS.items():
        writer.load(text, f"{kind}.txt")
        assert writer.export() == text.encode(), kind


def test_export_after_a_fill_differs_only_where_words_were_masked(writer):
    writer.open()
    for kind, text in KINDS.items():
        writer.load(text, f"{kind}.txt")
        writer.mask("sat")
        writer.press("Control+Enter")
        writer.wait_until_done()
        writer.press("Control+Enter")
        before, after = text.split("sat")
        exported = writer.export().decode()
        assert exported.startswith(before) and exported.endswith(after) and exported != text, kind
        writer.press("Control+Z")
        assert writer.export() == text.encode(), kind


def test_a_line_break_typed_into_a_crlf_document_is_crlf(writer):
    writer.open().load("one\r\ntwo")
    writer.press("Control+End", "Enter")
    writer.page.keyboard.type("three")
    assert writer.export() == b"one\r\ntwo\r\nthree"


def test_a_pasted_crlf_document_is_exported_with_its_line_ends(writer):
    writer.open()
    writer.document.click()
    writer.page.evaluate("""text => { const data = new DataTransfer(); data.setData('text/plain', text)
        dlm.view.contentDOM.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })) }""", KINDS["mixed"])
    assert writer.export() == KINDS["mixed"].encode()


RANDOM_EDITS = """([raw, seed]) => {
    // A document of (character, line end) pairs edited beside the editor, by other code; then everything is undone and redone.
    let state = seed
    const random = (below) => { state = (state * 1103515245 + 12345) % 2147483648; return state % below }
    dlm.open(raw, "random.txt")
    const first = dlm.exportText(), eol = /\\r\\n?|\\n/.exec(raw)?.[0] || "\\n"
    let twin = raw.match(/\\r\\n|[^]/gu) || []
    const units = (upto) => twin.slice(0, upto).reduce((sum, part) => sum + (part === "\\r\\n" ? 1 : part.length), 0)
    const failures = []
    for (let turn = 0; turn < 40; turn++) {
        const from = random(twin.length + 1), to = Math.min(twin.length, from + random(4)), insert = ["", "x", "\\n", "a\\nb", "🌊"][random(5)]
        dlm.view.dispatch({ changes: { from: units(from), to: units(to), insert: dlm.view.state.toText(insert) }, userEvent: "input.type" })
        twin.splice(from, to - from, ...[...insert].map((character) => (character === "\\n" ? eol : character)))
        if (dlm.exportText() !== twin.join("")) { failures.push([turn, twin.join(""), dlm.exportText()]); break }
    }
    const last = dlm.exportText(), undo = document.querySelector("button[aria-label='Undo']"), redo = document.querySelector("button[aria-label='Redo']")
    const loaded = () => dlm.exportText() === first
    for (let turn = 0; turn < 60 && !loaded(); turn++) undo.click()
    if (!loaded()) failures.push(["undo", first, dlm.exportText()])
    for (let turn = 0; turn < 60 && !redo.disabled; turn++) redo.click()
    if (dlm.exportText() !== last) failures.push(["redo", last, dlm.exportText()])
    return failures
}"""


def test_line_ends_survive_random_edits_undo_and_redo(writer):
    writer.open()
    for seed in range(12):
        for raw in ("a\r\nb\nc\rd\r\n\r\n\ne🌊f\n\rg", "a\r\nb\r\nc", "x\ny\nz\n"):
            failures = writer.page.evaluate(RANDOM_EDITS, [raw, seed])
            assert failures == [], (seed, raw, failures)


def test_a_file_that_is_not_utf8_is_refused_and_the_document_stays(writer):
    writer.open().write("my own words")
    with writer.page.expect_file_chooser() as chooser:
        writer.button("Open").click()
    chooser.value.set_files({"name": "old.txt", "mimeType": "text/plain", "buffer": b"caf\xe9"})
    expect(writer.alert).to_contain_text("“old.txt” is not. Save it as UTF-8")
    assert writer.text() == "my own words"


def test_new_can_be_undone(writer):
    writer.open().load("one\r\ntwo")
    writer.mask("two")
    writer.button("New").click()
    assert writer.text() == ""
    writer.button("Undo").click()
    assert writer.export() == b"one\r\ntwo" and writer.masks() == ["two"]


def test_the_draft_survives_a_reload_with_masks_and_line_ends(writer):
    writer.open().load("one 🌊\r\ntwo sat three")
    writer.mask("sat")
    writer.page.wait_for_timeout(600)
    writer.page.reload()
    expect(writer.status).to_contain_text("Your draft is back")
    assert writer.masks() == ["sat"] and writer.export() == "one 🌊\r\ntwo sat three".encode()
    writer.button("New").click()
    writer.page.wait_for_timeout(600)
    writer.page.reload()
    writer.document.wait_for()
    assert writer.text() == ""


def test_a_linked_sample_never_costs_the_draft(writer):
    writer.open().write("my own words")
    writer.page.wait_for_timeout(600)
    writer.page.goto(f"{writer.url}/?sample=poem")
    writer.document.wait_for()
    assert "River" in writer.text()
    writer.page.keyboard.insert_text("Mine: ")
    writer.page.wait_for_timeout(600)
    writer.page.reload()
    writer.document.wait_for()
    assert writer.text().startswith("Mine: The River")
    writer.page.goto(f"{writer.url}/?sample=story")
    writer.document.wait_for()
    writer.button("Undo").click()
    assert writer.text().startswith("Mine: The River")


def test_samples_open_with_their_marks(writer):
    writer.open()
    for name in ("letter", "story", "poem"):
        writer.page.get_by_label("Sample document").select_option(name)
        assert len(writer.lengths()) >= 2 and "[[" not in writer.text()
        writer.button("Fill").click()
        writer.wait_until_done()
        writer.button("Reject").click()


def test_find_and_replace_is_there_for_long_documents(writer):
    writer.open().load("word\n" * 3000 + "needle")
    writer.press("Control+Home", "Control+F")
    writer.page.keyboard.type("needle")
    writer.press("Enter")
    assert writer.page.evaluate("dlm.view.state.sliceDoc(dlm.view.state.selection.main.from, dlm.view.state.selection.main.to)") == "needle"


def test_words_and_characters_are_counted_as_readers_count(writer):
    writer.open().write("Don’t stop, 🌊 well-known café!")
    expect(writer.page.locator(".dlm-counts")).to_have_text("4 words · 30 characters")
