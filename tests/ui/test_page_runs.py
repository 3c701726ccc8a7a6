"""Fill, watch it settle, stop, resume, accept, undo."""

from playwright.sync_api import expect

TEXT = "🌊 e\u0301: the cat sat on the mat, and then it left."
SLOW = {"seed": 1000 + 150}  # the fake editor takes 150 ms a step


def start(writer, length="8", words="sat on", **settings):
    writer.open(**settings).write(TEXT)
    writer.mask(words)
    chip = writer.page.get_by_role("textbox", name="Length of mask 1")
    chip.fill(length)
    chip.press("Enter")
    writer.button("Fill").click()
    return writer


def test_every_step_is_seen_and_can_be_looked_back_at(writer):
    start(writer, steps=8).wait_until_done()
    assert writer.steps() == 8
    seen = []
    writer.slider.focus()
    writer.press("Home")
    for _ in range(9):
        seen.append(writer.shown())
        writer.press("ArrowRight")
    assert seen[0] == TEXT and len(set(seen)) == 9
    assert all(shown.startswith("🌊 e\u0301: the cat ") and shown.endswith(" the mat, and then it left.") for shown in seen)
    assert writer.text() == TEXT  # the document waits for Accept


def test_a_hundred_quick_steps_all_arrive(writer):
    start(writer, steps=100, seed=1001).wait_until_done()
    assert writer.steps() == 100


def test_steps_are_shown_at_the_chosen_pace(writer):
    start(writer, steps=4, pace=300)
    writer.wait_for_step(1)
    began = writer.page.evaluate("performance.now()")
    writer.wait_until_done()
    assert writer.page.evaluate("performance.now()") - began > 600


def test_accept_is_one_undo_step_and_masks_come_back(writer):
    start(writer).wait_until_done()
    writer.button("Accept").click()
    changed = writer.text()
    assert changed != TEXT and changed.startswith("🌊 e\u0301: the cat ") and changed.endswith(" the mat, and then it left.")
    assert writer.masks() == []
    writer.button("Undo").click()
    assert writer.text() == TEXT and writer.masks() == ["sat on"] and writer.lengths() == ["8"]
    writer.button("Redo").click()
    assert writer.text() == changed and writer.masks() == []


def test_steps_can_be_looked_back_at_after_accept(writer):
    start(writer, steps=8).wait_until_done()
    writer.button("Accept").click()
    accepted = writer.text()
    writer.slider.focus()
    writer.press("ArrowLeft", "ArrowLeft", "ArrowLeft")
    assert writer.shown() != accepted and writer.text() == accepted
    writer.press("End")
    assert writer.shown() == accepted


def test_reject_changes_nothing_and_keeps_the_masks(writer):
    start(writer).wait_until_done()
    writer.press("Escape")
    assert writer.text() == TEXT and writer.masks() == ["sat on"]


def test_typing_elsewhere_during_a_run_is_kept_by_accept(writer):
    start(writer, **SLOW).wait_for_step(1)
    writer.press("Control+Home")
    writer.page.keyboard.type("Well 🙂 ")
    writer.press("Control+End")
    writer.page.keyboard.type(" The end.")
    writer.wait_until_done()
    writer.button("Accept").click()
    text = writer.text()
    assert text.startswith("Well 🙂 🌊 e\u0301: the cat ") and text.endswith(" the mat, and then it left. The end.") and "sat on" not in text
    writer.press("Control+Z")
    assert writer.text() == f"Well 🙂 {TEXT} The end." and writer.masks() == ["sat on"]


def test_changing_the_masked_words_by_hand_drops_the_run(writer):
    writer.open(**SLOW).write(TEXT)
    writer.select("sat on")
    writer.page.keyboard.insert_text("ran to")
    writer.mask("ran to")
    writer.button("Fill").click()
    writer.wait_for_step(1)
    writer.press("Control+Z", "Control+Z")  # the mask, then the words
    expect(writer.status).to_contain_text("dropped")
    assert "sat on" in writer.text()
    writer.page.wait_for_timeout(400)
    assert writer.steps() == 0


def test_stop_offers_resume_which_goes_on_from_the_tokens_so_far(writer):
    start(writer, steps=8, **SLOW).wait_for_step(4)
    writer.button("Stop").click()
    expect(writer.button("Resume")).to_be_visible()
    stopped, seen = writer.steps(), writer.shown()
    assert 4 <= stopped < 8 and writer.text() == TEXT
    writer.page.wait_for_timeout(500)
    assert writer.steps() == stopped, "a late frame was shown"
    expect(writer.button("Accept")).to_be_disabled()
    writer.button("Accept").click(force=True)
    expect(writer.alert).to_contain_text("still open")
    assert writer.text() == TEXT
    writer.button("Resume").click()
    writer.wait_until_done()
    assert writer.steps() > stopped
    settled = seen.split("the cat ")[1].split()[0]
    writer.button("Accept").click()
    assert writer.text().split("the cat ")[1].startswith(settled)


def test_a_run_resumed_at_once_is_not_hit_by_the_end_of_the_stopped_one(writer):
    start(writer, steps=40, seed=1030).wait_for_step(2)
    for _ in range(4):
        writer.page.evaluate("['Stop', 'Resume'].forEach(name => [...document.querySelectorAll('.dlm-bar button')].find(button => button.textContent === name).click())")
        writer.page.wait_for_timeout(300)
    writer.wait_until_done()
    expect(writer.alert).to_be_hidden()


def test_keep_settled_writes_what_is_settled_and_masks_the_rest(writer):
    start(writer, steps=8, **SLOW).wait_for_step(3)
    writer.button("Stop").click()
    shown = writer.shown()
    writer.button("Keep settled").click()
    assert writer.text() == shown and shown != TEXT
    words = len(shown.split("the cat ")[1].split(" the mat")[0].split())
    assert writer.lengths() == [str(8 - words)]
    writer.press("Control+Z")
    assert writer.text() == TEXT and writer.masks() == ["sat on"]


def test_stop_then_reject_discards(writer):
    start(writer, steps=8, **SLOW).wait_for_step(2)
    writer.press("Escape")
    expect(writer.button("Resume")).to_be_visible()
    writer.press("Escape")
    expect(writer.button("Fill")).to_be_visible()
    assert writer.text() == TEXT and writer.masks() == ["sat on"]


def test_alternatives_are_cycled_and_the_one_shown_is_accepted(writer):
    start(writer, alternatives=3).wait_until_done()
    expect(writer.page.locator(".dlm-which")).to_have_text("1 of 3")
    texts = [writer.shown()]
    writer.button("Next alternative").click()
    expect(writer.page.locator(".dlm-which")).to_have_text("2 of 3")
    texts.append(writer.shown())
    writer.press("Alt+ArrowDown")
    texts.append(writer.shown())
    assert len(set(texts)) == 3
    writer.button("Previous alternative").click()
    writer.press("Tab")
    assert writer.text() == texts[1]


def test_tab_moves_the_focus_where_there_is_no_suggestion(writer):
    writer.open().write("one two")
    writer.press("Tab")
    assert writer.text() == "one two" and not writer.page.evaluate("dlm.view.hasFocus")


def test_an_error_inside_the_model_is_told_and_the_text_is_kept(writer):
    writer.open().write("A BOOM is masked here")
    writer.mask("masked")
    writer.button("Fill").click()
    expect(writer.alert).to_contain_text("a tensor of the wrong shape")
    assert writer.text() == "A BOOM is masked here"
    writer.button("Reject").click()
    assert writer.masks() == ["masked"]


def test_a_refusal_of_the_engine_is_shown_in_its_words(writer):
    writer.open().write("TOO BIG for this one")
    writer.mask("one")
    writer.button("Fill").click()
    expect(writer.alert).to_contain_text("The model needs 2.0 GB of memory; 1.0 GB is free.")
    assert writer.masks() == ["one"]


def test_two_visitors_at_once_see_only_their_own_documents(visitors, fake_url):
    writers = [visitors(fake_url).open(**SLOW, steps=30) for _ in range(2)]
    for number, writer in enumerate(writers):
        writer.write(f"visitor {number} wrote these words")
        writer.mask("these")
    for writer in writers:
        writer.button("Fill").click()
    expect(writers[1].status).to_contain_text("ahead of this one")  # told its place in the queue
    for number, writer in enumerate(writers):
        writer.wait_until_done()
        assert writer.steps() == 30 and writer.shown().startswith(f"visitor {number} wrote ")
        writer.button("Accept").click()
        assert writer.text().startswith(f"visitor {number} wrote ") and writer.text().endswith(" words")


def test_closing_the_tab_ends_the_run_and_frees_the_place(visitors, fake_url):
    leaver, other = visitors(fake_url), visitors(fake_url).open()
    start(leaver, steps=400, **SLOW).wait_for_step(1)
    other.write("one two three")
    other.mask("two")
    other.button("Fill").click()
    expect(other.status).to_contain_text("ahead of this one")
    leaver.page.close()
    other.wait_until_done()
