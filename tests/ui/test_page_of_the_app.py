"""The real app as a newcomer meets it: `python app.py`, the bundled model, a document of their own."""

from gradio_client import Client
from playwright.sync_api import expect

TEXT = "The old house stood at the end of the road. 🌊 Nobody had lived there for many years.\r\nThe garden was wild."


def test_words_are_masked_filled_accepted_undone_and_exported(visitors, app):
    writer = visitors(app).open(steps=8)
    writer.load(TEXT)
    writer.mask("end of the road")
    writer.mask("many years")
    for number, length in ((1, "6"), (2, "5")):
        chip = writer.page.get_by_role("textbox", name=f"Length of mask {number}")
        chip.fill(length)
        chip.press("Enter")
    writer.button("Fill").click()
    writer.wait_until_done()
    assert writer.steps() >= 8
    writer.slider.focus()
    writer.press("Home")
    seen = []
    for _ in range(writer.steps()):
        writer.press("ArrowRight")
        seen.append(writer.shown())
    assert len(set(seen)) >= 8
    writer.button("Accept").click()
    filled = writer.export().decode()
    assert filled.startswith("The old house stood at the ") and filled.endswith(".\r\nThe garden was wild.") and ". 🌊 Nobody had lived there for " in filled
    assert "end of the road" not in filled or "many years" not in filled
    writer.button("Undo").click()
    assert writer.export() == TEXT.encode() and writer.masks() == ["end of the road", "many years"]


def test_alternatives_differ_and_are_chosen_by_keyboard(visitors, app):
    writer = visitors(app).open(alternatives=3)
    writer.write("The cat sat on the mat and looked at the dog.")
    writer.mask("sat on the mat")
    writer.press("Control+Enter")
    writer.wait_until_done()
    first = writer.shown()
    writer.press("Alt+ArrowDown")
    assert writer.shown() != first
    second = writer.shown()
    writer.press("Tab")
    assert writer.text() == second


def test_a_stopped_run_resumes_and_keeps_what_was_settled(visitors, app):
    writer = visitors(app).open(steps=12, pace=300)
    writer.write("In the morning we went down to the river and swam until noon.")
    writer.mask("went down to the river")
    chip = writer.page.get_by_role("textbox", name="Length of mask 1")
    chip.fill("10")
    chip.press("Enter")
    writer.button("Fill").click()
    writer.wait_for_step(3)
    writer.button("Stop").click()
    stopped = writer.steps()
    settled = writer.page.locator(".dlm-preview .dlm-token:not(.is-open)").all_text_contents()
    writer.button("Resume").click()
    writer.wait_until_done()
    assert writer.steps() > stopped
    draft = writer.page.locator(".dlm-preview").text_content()
    assert all(token in draft for token in settled), (settled, draft)
    writer.button("Accept").click()
    assert writer.text().startswith("In the morning we ") and writer.text().endswith(" and swam until noon.")


def test_a_run_over_marks_far_apart_resumes_with_those_that_had_not_begun(visitors, app):
    writer = visitors(app).open(steps=10, pace=300)
    far = "Nothing of note happened on that day, and the next day was the same. " * 60
    writer.load(f"The cat sat on the mat. {far}The dog lay by the door.")
    writer.mask("sat on the mat")
    writer.mask("lay by the door")
    writer.button("Fill").click()
    writer.wait_for_step(2)
    writer.button("Stop").click()
    writer.button("Resume").click()
    writer.wait_until_done()
    writer.button("Accept").click()
    assert writer.text().startswith("The cat ") and writer.text().endswith(".") and f". {far}The dog " in writer.text()


def test_a_page_that_is_typed_into_during_a_run_keeps_both(visitors, app):
    writer = visitors(app).open(steps=10, pace=120)
    writer.write("The cat sat on the mat.")
    writer.mask("sat")
    writer.button("Fill").click()
    writer.wait_for_step(2)
    writer.press("Control+End")
    writer.page.keyboard.type(" It was Monday.")
    writer.wait_until_done()
    writer.button("Accept").click()
    assert writer.text().startswith("The cat ") and writer.text().endswith(" on the mat. It was Monday.")


def test_an_unknown_model_is_told_in_the_page(visitors, app):
    writer = visitors(app).open(model="/nowhere/at/all")
    writer.write("The cat sat on the mat.")
    writer.mask("sat")
    writer.button("Fill").click()
    expect(writer.alert).to_contain_text("/nowhere/at/all")
    assert writer.text() == "The cat sat on the mat."


def test_a_program_fills_through_the_app(app):
    client = Client(app, verbose=False)
    record = client.predict("The cat [[sat|2]] on the mat.", alternatives=2, api_name="/fill")
    assert all(one["text"].startswith("The cat ") and one["text"].endswith(" on the mat.") for one in record["suggestions"])
    job = client.submit("The cat [[sat|3]] on the mat.", steps=8, api_name="/fill_stream")
    job.result(timeout=60)
    assert len(job.outputs()) >= 8 + 1
