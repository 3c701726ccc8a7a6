"""The refinement studio: look at every step, keep and throw back, go on as a branch, choose other words and lengths, compare, and keep a record."""

import json

import pytest
from axe import violations
from page_process import ROOT
from playwright.sync_api import expect

TEXT = "This one wavers: the cat sat on the mat, and it was dull and low."
SEQUENCES = (ROOT / "tests/ui/random_sequences.js").read_text("utf-8")


def filled(writer, *words, text=TEXT, steps=8, seed=1015, **settings):
    """A run over masks of four tokens each, under way."""
    writer.open(steps=steps, seed=seed, **settings).write(text)
    for word in words or ("sat on", "dull"):
        writer.mask(word)
    writer.button("Fill").click()
    return writer


def panel(writer):
    side = writer.page.get_by_role("complementary", name="Studio")
    if not side.is_visible():
        writer.button("Studio").click()
    return side


def words(writer):
    return writer.page.locator(".dlm-slot").all_text_contents()


def step_said(writer) -> str:
    return writer.slider.get_attribute("aria-valuetext")


def marked(writer) -> list[tuple[str, str]]:
    """What stands above tokens, and what it says."""
    return [(token.get_attribute("data-glyph"), token.get_attribute("title")) for token in writer.page.locator(".dlm-token[data-glyph]").all()]


def test_the_timeline_plays_pauses_and_steps_live_and_afterwards(writer):
    filled(writer, seed=1120, steps=12, alternatives=2)
    writer.wait_for_step(2)
    heights = [writer.page.locator(box).bounding_box()["height"] for box in (".dlm-bar", ".dlm-dock")]
    writer.button("Pause").click()
    shown = int(writer.slider.input_value())
    writer.wait_for_step(shown + 2)
    assert int(writer.slider.input_value()) == shown  # the run goes on, the eye stays
    writer.button("Step back").click()
    writer.press("Alt+.", "Alt+.")
    assert int(writer.slider.input_value()) == shown + 1
    writer.button("Play").click()
    assert [writer.page.locator(box).bounding_box()["height"] for box in (".dlm-bar", ".dlm-dock")] == heights  # nothing jumps while steps come
    writer.wait_until_done()
    expect(writer.button("Play")).to_be_visible()
    writer.button("Next alternative").click()
    writer.button("Play").click()
    writer.page.wait_for_function("document.querySelector('[aria-label=\"Refinement step\"]').value === '12'")


def test_each_step_tells_what_it_committed_changed_and_took_back(writer):
    filled(writer).wait_until_done()
    assert marked(writer) == []  # what is finished reads clean
    said = {}
    writer.slider.focus()
    for number in range(7, 3, -1):
        writer.press("ArrowLeft")
        said[number] = step_said(writer), marked(writer)
    assert said[4][0] == "step 4 of 8: 2 committed, 1 taken back, 5 open"
    assert ("↺", "still open, taken back at this step") in said[4][1] and [glyph for glyph, _ in said[4][1]].count("+") == 2
    assert said[5] == ("step 5 of 8: 1 committed, 4 open", [("+", "model certainty 40 %, committed at this step")])
    assert said[6][0] == "step 6 of 8: 2 committed, 1 changed, 2 open" and ("≈", "model certainty 5 %, changed at this step") in said[6][1]
    legend = writer.page.get_by_role("group", name="What this step did")
    for fact in ("+ 2 committed", "↺ 1 taken back", "5 open"):
        expect(legend).to_contain_text(fact.replace("+ ", "+").replace("↺ ", "↺"))


def test_certainty_over_the_steps_is_a_picture_and_a_table(writer):
    filled(writer).wait_until_done()
    side = panel(writer)
    picture = side.get_by_role("img", name="Certainty of 8 tokens over 8 steps, 0 masks left at the end")
    expect(picture).to_be_visible()
    drawn = picture.evaluate("canvas => [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data].some(value => value)")
    assert drawn
    side.get_by_text("As a table").click()
    lines = side.get_by_role("table", name="Certainty of each token after each step").locator("tr")
    expect(lines).to_have_count(10)
    rows = lines.evaluate_all("rows => rows.map(row => [...row.cells].map(cell => cell.textContent))")
    assert [len(row) for row in rows] == [9] * 10 and rows[-1] == ["masks left", "8", "6", "6", "5", "4", "2", "2", "0"]
    assert rows[1][1:] == ["–", "5", "5", "–", "40", "5", "5", "5"]  # the word that wavers
    picture.click(position={"x": 92 + 2.5 * 26, "y": 40})
    assert step_said(writer).startswith("step 3 of 8")


def test_stop_keep_two_words_throw_back_the_rest_type_one_and_go_on_as_a_branch(writer, go):
    text = TEXT.replace("wavers", "WAITS")
    filled(writer, seed=1060, steps=10, text=text)
    writer.wait_for_step(7)
    writer.button("Stop").click()
    go()
    side, stopped = panel(writer), writer.steps()
    first = words(writer)
    assert first[0] and first[4]
    writer.page.locator(".dlm-slot").first.click()
    writer.page.get_by_role("dialog").get_by_role("button", name="Keep").click()
    writer.press("ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight", "k")  # the fifth word, by keyboard
    expect(writer.status).to_have_text(f"Kept “{first[4].strip()}”.")
    writer.press("ArrowLeft", "ArrowLeft", "ArrowLeft", "Enter")
    card = writer.page.get_by_role("dialog")
    card.get_by_role("textbox", name="Write another word").fill("lake")
    writer.press("Enter")
    assert "lake" in writer.shown() and writer.text() == text
    side.get_by_role("button", name="Throw back the rest").click()
    expect(side.get_by_text(f"Step {stopped}: 2 kept,")).to_be_visible()
    expect(side.get_by_text("1 typed.")).to_be_visible()
    writer.button("Settings").click()
    writer.page.get_by_label("Seed", exact=True).fill("1061")
    side = panel(writer)
    side.get_by_role("button", name="Continue from here").click()
    writer.wait_until_done()
    went_on = words(writer)
    assert (went_on[0], went_on[1].strip(), went_on[4]) == (first[0], "lake", first[4]) and went_on[2:4] != first[2:4]
    tree = side.get_by_role("list", name="Branches")
    expect(tree.get_by_role("button")).to_have_count(2)
    expect(tree.get_by_role("button").nth(1)).to_contain_text(f"from step {stopped} of branch 1: 2 kept")
    assert [node.text_content() for node in side.locator(".dlm-sides mark").all()].count("lake") == 1  # side by side, what differs is marked
    tree.get_by_role("button").first.click()
    assert words(writer)[1] == " lake"  # its step still holds what was done there, for another branch
    side.get_by_role("button", name="Clear my marks").click()
    assert words(writer) == first and writer.steps() == stopped
    tree.get_by_role("button").nth(1).click()
    writer.button("Accept").click()
    assert "lake" in writer.text()
    writer.press("Control+Z")
    assert writer.text() == text and writer.masks() == ["sat on", "dull"]


def test_a_typed_word_that_cannot_be_is_told_and_the_run_stays(writer):
    filled(writer).wait_until_done()
    writer.document.focus()
    writer.press("Alt+w", "Enter")
    writer.page.get_by_role("dialog").get_by_role("textbox").fill("quark")
    writer.press("Enter", "Escape", "Alt+g")
    expect(writer.alert).to_contain_text("'quark' is not")
    assert writer.steps() == 8 and "quark" in writer.shown()


def test_a_word_has_candidates_and_only_its_neighbours_settle_again(writer):
    filled(writer).wait_until_done()
    before = words(writer)
    writer.page.locator(".dlm-slot").nth(1).click()
    card = writer.page.get_by_role("dialog", name="Word “")
    expect(card.get_by_role("button", name="silver, 25 %")).to_be_visible()
    expect(card).to_have_attribute("aria-label", f"Word “{before[1].strip()}”")
    expect(card.locator("[aria-current]")).to_have_text(f"{before[1].strip()}50 %")
    writer.press("Escape")
    assert writer.page.evaluate("document.activeElement.className").startswith("dlm-slot")  # the focus is back on the word
    writer.press("Enter")
    card.get_by_role("button", name="silver, 25 %").focus()
    writer.press("ArrowDown", "Enter")
    expect(writer.page.locator(".dlm-slot").nth(1)).to_have_text(" quiet")
    writer.wait_until_done()
    side = panel(writer)
    expect(side.get_by_role("button").filter(has_text=f"“{before[1].strip()}” became “quiet”")).to_be_visible()
    writer.slider.fill("9")
    assert step_said(writer).startswith("step 9 of 17: 1 changed, 1 taken back, 1 open")
    writer.slider.fill("17")
    after = words(writer)
    assert [at for at, (old, new) in enumerate(zip(before, after)) if old != new] in ([1], [1, 2])
    writer.page.locator(".dlm-slot").nth(2).focus()
    writer.press("k", "ArrowLeft", "Enter")  # a word that is kept does not settle again
    card.get_by_role("button", name="winter").click()
    expect(writer.page.locator(".dlm-slot").nth(1)).to_have_text(" winter")
    writer.wait_until_done()
    writer.slider.fill("18")
    assert step_said(writer) == "step 18 of 26: 1 changed, 0 open"


def test_a_length_is_moved_by_keys_or_by_mouse_and_only_its_mask_is_filled_again(writer):
    filled(writer).wait_until_done()
    before, side = words(writer), panel(writer)
    length = side.get_by_role("slider", name="Tokens in mask 1")
    expect(length).to_have_attribute("aria-valuetext", "4 tokens, 50 %, as it is now")
    length.focus()
    writer.press("ArrowRight")
    expect(length).to_have_attribute("aria-valuetext", "5 tokens, not tried")
    writer.press("ArrowRight", "Enter")
    writer.wait_until_done()
    longer = words(writer)
    assert len(longer) == 10 and longer[6:] == before[4:]
    side.locator(".dlm-bars").nth(1).locator("[data-tokens='2']").click()
    side.get_by_role("button", name="Fill with this length").nth(1).click()
    expect(side.get_by_role("list", name="Branches").get_by_role("button")).to_have_count(3)
    writer.wait_until_done()
    assert len(words(writer)) == 8


def test_two_ways_are_compared_side_by_side_and_one_is_taken(writer, go):
    filled(writer, text=TEXT.replace("wavers", "WAITS"), steps=7).wait_until_done()
    side, text = panel(writer), writer.text()
    side.get_by_label("Steps, way B").fill("0")
    side.get_by_role("button", name="Compare", exact=True).click()
    expect(side.get_by_role("alert").filter(has_text="Way B: ")).to_be_visible()
    side.get_by_label("Steps, way B").fill("9")
    side.get_by_role("button", name="Compare", exact=True).click()
    side.get_by_label("Steps, way B").fill("3")  # while way B waits; for another time
    go()
    expect(side.get_by_text("Both are done. Nothing changed in the document.")).to_be_visible()
    heads = side.locator(".dlm-sides").last.locator("th").all_text_contents()
    assert "7 steps" in heads[0] and "9 steps" in heads[1] and all(" s" in head for head in heads)
    assert writer.text() == text and writer.steps() == 7
    side.get_by_role("button", name="Take way B").click()
    assert writer.steps() == 9
    with writer.page.expect_download() as download:
        side.get_by_role("button", name="Save as JSON").click()
    assert str(json.loads(open(download.value.path(), "rb").read())["options"]["steps"]) == "9"
    expect(side.get_by_role("list", name="Branches").get_by_role("button")).to_have_count(2)
    writer.button("Accept").click()
    assert writer.text() != text


def test_a_record_is_saved_and_replayed_without_a_model(writer, tmp_path):
    filled(writer).wait_until_done()
    side, shown, files = panel(writer), writer.shown(), {}
    for name in ("Save as JSON", "Save as a replay page", "Save as GIF"):
        with writer.page.expect_download() as download:
            side.get_by_role("button", name=name).click()
        files[name] = open(download.value.path(), "rb").read()
    record = json.loads(files["Save as JSON"])
    assert record["text"] == TEXT and len(record["steps"]) == 8 and record["model"] == "fake"
    assert files["Save as GIF"].startswith(b"GIF89a") and files["Save as a replay page"].startswith(b"<!doctype html>")
    writer.button("New").click()
    chosen = side.locator("input[type=file]")

    def offer(data: bytes):
        chosen.set_input_files({"name": "a.json", "mimeType": "application/json", "buffer": data})

    offer(b'{"format": "dlm-editor-record"')
    expect(side.get_by_role("alert").filter(has_text="A record is one JSON object in UTF-8")).to_be_visible()
    offer(json.dumps({**record, "version": 7}).encode())
    expect(side.get_by_role("alert").filter(has_text="got version 7")).to_be_visible()
    assert writer.text() == ""
    offer(files["Save as JSON"])
    expect(side.get_by_text("A record of fake: 8 steps.")).to_be_visible()
    assert writer.text() == TEXT and writer.shown() == shown and writer.masks() == []
    writer.slider.fill("4")
    assert step_said(writer) == "step 4 of 8: 2 committed, 1 taken back, 5 open"
    said = "<img src=x onerror='window.ran = 1'><script>window.ran = 1</script>"
    offer(json.dumps({**record, "text": TEXT + said}).encode().replace(b'"counsel', f'"{said}'.encode()))
    writer.page.wait_for_function("dlm.view.state.doc.length > 100")
    writer.page.wait_for_timeout(100)
    assert writer.text() == TEXT + said and writer.page.evaluate("window.ran") is None
    with writer.page.context.new_page() as replay:
        asked = []
        replay.on("request", lambda request: asked.append(request.url))
        (tmp_path / "replay.html").write_bytes(files["Save as a replay page"])
        replay.goto((tmp_path / "replay.html").as_uri())
        expect(replay.locator("body")).to_contain_text("This one wavers")
        assert all(url.startswith(("file:", "data:")) for url in asked)


@pytest.mark.parametrize("scheme, size", [("light", (1280, 900)), ("dark", (390, 844))])
def test_the_studio_is_accessible_in_both_schemes_and_on_a_phone(visitors, fake_url, scheme, size):
    writer = filled(visitors(fake_url, color_scheme=scheme, viewport={"width": size[0], "height": size[1]}))
    writer.wait_until_done()
    writer.slider.fill("4")
    writer.page.locator(".dlm-slot").nth(1).click()
    card = writer.page.get_by_role("dialog")
    expect(card.get_by_role("button", name="silver, 25 %")).to_be_visible()
    assert violations(writer.page) == []
    card.get_by_role("button", name="Keep").click()
    side = panel(writer)
    side.get_by_role("button", name="Continue from here").click()
    writer.wait_until_done()
    side.get_by_text("As a table").click()
    assert violations(writer.page) == []
    assert writer.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_undo_leads_back_to_the_first_bytes_after_any_sequence_of_acts(writer):
    """200 short sequences of mask, fill, stop, resume, branch, pin, throw back, type, choose, accept, keep, reject, undo, redo and edit, one message of the server at a time."""
    writer.open()
    writer.page.set_default_timeout(120_000)
    assert writer.page.evaluate(SEQUENCES, [200, 20, 1]) is None
