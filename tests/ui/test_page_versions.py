"""Versions: when one is kept, what it would change, the way back, and how many stay."""

from playwright.sync_api import expect

SEED = """([doc, count, named]) => new Promise((resolve, reject) => {
    const opening = indexedDB.open("dlm-editor", 1)
    opening.onsuccess = () => {
        const change = opening.result.transaction(["versions", "bodies"], "readwrite")
        for (let place = 0; place < count; place++) {
            const adding = change.objectStore("versions").add({ doc, name: "old.txt", at: 1000 + place, why: "interval", label: place < named ? `name ${place}` : "", words: 1, size: 8 })
            adding.onsuccess = () => change.objectStore("bodies").add({ id: adding.result, text: `old ${place}`, spans: [], file: { name: "old.txt", bom: "", id: doc } })
        }
        change.oncomplete = resolve; change.onabort = reject
    }
})"""


def rows(writer) -> list[str]:
    return writer.page.locator(".dlm-version strong").all_text_contents()


def show_versions(writer):
    writer.button("Versions").click()
    expect(writer.page.get_by_role("complementary", name="Versions")).to_be_visible()


def document_id(writer) -> str:
    writer.page.wait_for_timeout(600)  # the draft is kept
    return writer.page.evaluate("JSON.parse(localStorage[Object.keys(localStorage).find(key => key.startsWith('dlm-editor:draft:'))]).file.id")


def test_a_version_is_kept_of_what_is_opened_accepted_and_named_and_comes_back_in_one_step(writer):
    writer.open().load("one\r\nthe cat sat on the mat\r\nend", "cat.txt")
    writer.mask("sat")
    show_versions(writer)
    writer.page.keyboard.type("before the fill")
    writer.press("Enter")
    expect(writer.page.locator(".dlm-version strong")).to_have_text(["before the fill", "Opened"])
    writer.press("Enter")  # nothing new: a version without a name is not kept twice
    expect(writer.page.get_by_text("Nothing has changed since the last version.")).to_be_visible()
    writer.document.focus()
    writer.press("Control+Enter")
    writer.wait_until_done()
    writer.press("Control+Enter")
    expect(writer.page.locator(".dlm-version strong")).to_have_text(["A fill accepted", "before the fill", "Opened"])
    accepted = writer.export()

    writer.page.get_by_role("button", name="before the fill").click()
    expect(writer.page.locator(".dlm-diff ins")).to_have_text("sat")
    assert writer.page.locator(".dlm-diff del").text_content() in accepted.decode()
    expect(writer.page.locator(".dlm-diff-sums")).to_have_text("Brought back, it adds 1 word and takes out 4 words.")
    writer.button("Restore").click()
    expect(writer.page.locator(".dlm-diff-sums")).to_have_text("The same words as now.")
    assert writer.masks() == ["sat"] and writer.export() == b"one\r\nthe cat sat on the mat\r\nend"
    writer.button("Undo").click()
    assert writer.export() == accepted and writer.masks() == []


def test_another_document_has_versions_of_its_own_and_what_it_replaced_is_kept(writer):
    writer.open().write("my first words")
    writer.load("another text", "other.txt")
    show_versions(writer)
    expect(writer.page.locator(".dlm-version strong")).to_have_text(["Opened"])
    writer.page.get_by_label("Of all documents").check()
    expect(writer.page.locator(".dlm-version strong")).to_have_text(["Opened", "Before a change"])
    writer.page.locator(".dlm-version").last.click()
    with writer.page.expect_download() as download:
        writer.button("Save as a file").click()
    assert open(download.value.path(), "rb").read() == b"my first words"
    writer.button("Delete").click()
    expect(writer.page.locator(".dlm-version strong")).to_have_text(["Opened"])


def test_versions_are_kept_while_one_writes_and_outlive_the_page(writer):
    writer.page.clock.install()
    writer.open().write("some words")
    writer.page.clock.fast_forward(130_000)
    show_versions(writer)
    expect(writer.page.locator(".dlm-version strong")).to_have_text(["While writing"])
    writer.page.clock.run_for(1000)
    writer.page.reload()
    expect(writer.status).to_contain_text("Your draft is back")
    show_versions(writer)
    expect(writer.page.locator(".dlm-version strong")).to_have_text(["While writing"])
    writer.document.focus()
    writer.press("Control+s")
    expect(writer.status).to_have_text("Nothing has changed since the last version.")
    writer.page.keyboard.type("more ")
    writer.press("Control+s")
    expect(writer.page.locator(".dlm-version strong")).to_have_text(["Kept by hand", "While writing"])


def test_the_oldest_versions_go_and_named_ones_stay(writer):
    writer.open().write("some words")
    writer.page.evaluate(SEED, [document_id(writer), 80, 10])
    writer.page.evaluate(SEED, ["another", 65, 0])
    writer.press("Control+s")
    expect(writer.status).to_have_text("Version kept.")
    show_versions(writer)
    expect(writer.page.locator(".dlm-version")).to_have_count(70)
    found = rows(writer)
    assert found[0] == "Kept by hand" and found[60:] == [f"name {place}" for place in range(9, -1, -1)]
    writer.page.get_by_label("Of all documents").check()
    expect(writer.page.locator(".dlm-version")).to_have_count(130)
    writer.button("Clear all versions").click()
    writer.button("Keep them").click()
    expect(writer.page.locator(".dlm-version")).to_have_count(130)
    writer.button("Clear all versions").click()
    writer.button("Delete all").click()
    expect(writer.page.locator(".dlm-version")).to_have_count(0)
    bodies = writer.page.evaluate("""() => new Promise(resolve => { indexedDB.open("dlm-editor", 1).onsuccess = ({ target }) => {
        target.result.transaction("bodies").objectStore("bodies").count().onsuccess = ({ target }) => resolve(target.result) } })""")
    assert bodies == 0


def test_without_storage_versions_last_as_long_as_the_page_and_that_is_told(writer):
    writer.page.add_init_script("Object.defineProperty(window, 'indexedDB', { get: () => ({ open() { throw new DOMException('shut', 'SecurityError') } }) })")
    writer.open().load("one two three")
    show_versions(writer)
    expect(writer.page.get_by_text("versions are lost when you leave it")).to_be_visible()
    assert rows(writer) == ["Opened"]


def test_a_version_with_markup_is_shown_as_text(writer):
    text = "<img src=x onerror=alert(1)> ${alert(2)} {{alert(3)}}"
    writer.open().load(text)
    writer.document.focus()
    writer.press("Control+Home")
    writer.page.keyboard.type("new ")
    show_versions(writer)
    writer.page.locator(".dlm-version").last.click()
    expect(writer.page.locator(".dlm-diff")).to_contain_text(text)
    assert writer.page.locator(".dlm-diff img").count() == 0


def test_changes_far_apart_in_a_long_text_are_told_word_by_word(writer):
    lines = [f"Line {number} says nothing new about the river." for number in range(3000)]
    writer.open().load("\n".join(lines))
    lines[2], lines[2990] = lines[2].replace("nothing", "plenty"), lines[2990].replace("river", "sea")
    writer.page.evaluate("text => { dlm.view.dispatch({ changes: { from: 0, to: dlm.view.state.doc.length, insert: text } }) }", "\n".join(lines))
    show_versions(writer)
    writer.page.locator(".dlm-version").click()
    expect(writer.page.locator(".dlm-diff-sums")).to_have_text("Brought back, it adds 2 words and takes out 2 words.")
    expect(writer.page.locator(".dlm-diff ins")).to_have_text(["nothing", "river"])
    expect(writer.page.locator(".dlm-diff del")).to_have_text(["plenty", "sea"])
    expect(writer.page.locator(".dlm-diff-gap")).to_have_count(2)
