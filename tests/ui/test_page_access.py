"""axe-core finds nothing wrong with the page in its main states, light and dark, and nothing scrolls sideways on the narrowest phone."""

from axe import violations
from playwright.sync_api import expect

PANELS = {"Settings": "All models", "Versions": "", "Poem": "More settings", "Studio": ""}
NARROW = {"width": 360, "height": 740}
WIDTH = """async (wanted) => {  // CodeMirror takes a moment to draw the selection anew
    const width = () => document.documentElement.scrollWidth
    for (let turn = 0; turn < 60 && width() > wanted; turn++) await new Promise(done => setTimeout(done, 50))
    return width() }"""


def states(writer):
    """Brings the page from one of its main states to the next, and names each."""
    page = writer.page
    yield "empty"
    page.get_by_label("Sample document").select_option("letter")
    yield "masks"
    page.locator(".dlm-chip-rules").first.click()
    yield "constraints"
    writer.press("Escape")
    page.get_by_text("Keyboard shortcuts").click()
    writer.press("Control+f")
    page.keyboard.type("the")
    expect(page.locator(".dlm-find-count")).to_contain_text("9")
    yield "find, shortcuts"
    writer.press("Escape")
    for name, more in PANELS.items():
        writer.button(name).click()
        if more:
            page.get_by_text(more, exact=True).click()
        if name == "Versions":
            page.locator(".dlm-version").first.click()
            expect(page.locator(".dlm-diff-sums")).not_to_be_empty()
        if name == "Poem":
            writer.button("Write poem").click()
            expect(page.locator(".dlm-poem-status")).to_contain_text("Done")
        yield name
        writer.button(f"Close {name.lower()}").click()
    for name in ("Proofreading options", "Rewriting options"):
        writer.button(name).click()
        yield name
        writer.press("Escape")
    yield from states_of_runs(writer)


def states_of_runs(writer):
    page = writer.page
    writer.button("Fill").click()
    writer.wait_until_done()
    yield "suggestions"
    writer.button("Studio").click()
    yield "Studio with a run"
    writer.button("Close studio").click()
    writer.button("Accept").click()
    page.locator(".dlm-count-line").click()
    writer.select("Thursday")
    expect(page.locator(".dlm-count-table thead th")).to_have_text(["Document", "Selection"])
    yield "counts"
    writer.press("Escape")
    writer.button("Focus mode").click()
    page.get_by_role("combobox", name="Step back", exact=True).select_option("sentence")
    yield "focus"
    writer.press("Escape")
    page.get_by_label("Sample document").select_option("mistakes")
    writer.button("Proofread").click()
    writer.wait_until_done()
    writer.press("F8")
    yield "proofreading"
    writer.load("BOOM and gone")
    writer.mask("gone")
    writer.button("Fill").click()
    expect(writer.alert).to_be_visible()
    yield "error"


def test_axe_finds_nothing_in_light_or_dark_and_nothing_scrolls_sideways_on_a_narrow_phone(visitors, fake_url):
    writer = visitors(fake_url, color_scheme="light").open(alternatives=2)
    page, wide = writer.page, writer.page.viewport_size
    for state in states(writer):
        assert violations(page) == [], state
        page.emulate_media(color_scheme="dark")
        assert violations(page, "color-contrast") == [], (state, "dark")  # nothing else hangs on colours
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(NARROW)
        assert page.evaluate(WIDTH, NARROW["width"]) == NARROW["width"], state
        page.set_viewport_size(wide)


def test_axe_does_find_what_is_wrong(desk_writer):
    page = desk_writer.page
    page.evaluate("document.querySelector('.dlm-bar').append(Object.assign(document.createElement('button'), { id: 'wrong', innerHTML: '<img src=data:,>' }))")
    assert {rule for rule, *_ in violations(page)} >= {"button-name", "image-alt"}
    page.evaluate("document.getElementById('wrong').remove()")
