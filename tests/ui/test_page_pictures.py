"""Pictures of the page, for looking at and for the README: into the folder that DLM_EDITOR_SCREENSHOTS names, else a temporary one."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect


@pytest.fixture
def folder(tmp_path):
    found = Path(os.environ.get("DLM_EDITOR_SCREENSHOTS") or tmp_path)
    found.mkdir(parents=True, exist_ok=True)
    return found


def masked(visitors, app, scheme="light", size=(1200, 860), sample="story", **settings):
    return visitors(app, color_scheme=scheme, viewport={"width": size[0], "height": size[1]}).open(f"?sample={sample}", **settings)


def shoot(writer, path: Path):
    writer.page.mouse.move(2, 400)
    writer.page.wait_for_timeout(400)
    writer.page.screenshot(path=path)
    assert path.stat().st_size < 300_000


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pictures_of_masks_and_of_a_run(visitors, app, folder, scheme):
    writer = masked(visitors, app, scheme, steps=12, pace=300)
    shoot(writer, folder / f"masks-{scheme}.png")
    for number, length in enumerate(("4", "7", "5", "8"), 1):
        chip = writer.page.get_by_role("textbox", name=f"Length of mask {number}")
        chip.fill(length)
        chip.press("Enter")
    writer.button("Fill").click()
    writer.wait_for_step(8)
    writer.button("Stop").click()
    shoot(writer, folder / f"run-{scheme}.png")


def test_picture_of_alternatives_with_settings(visitors, app, folder):
    writer = masked(visitors, app, size=(1320, 900), sample="letter", alternatives=3)
    writer.button("Fill").click()
    writer.wait_until_done()
    writer.button("Next alternative").click()
    writer.button("Settings").click()
    shoot(writer, folder / "alternatives.png")


def test_pictures_on_a_phone(visitors, app, folder):
    writer = masked(visitors, app, size=(390, 844), sample="poem")
    shoot(writer, folder / "phone-masks.png")
    writer.button("Fill").click()
    writer.wait_until_done()
    shoot(writer, folder / "phone-run.png")


def test_picture_of_the_first_page(visitors, app, folder):
    shoot(visitors(app, viewport={"width": 1200, "height": 860}).open(), folder / "welcome.png")


@pytest.mark.parametrize("scheme, size", [("light", (1320, 860)), ("dark", (390, 844))])
def test_pictures_of_a_poem(visitors, app, folder, scheme, size):
    writer = visitors(app, color_scheme=scheme, viewport={"width": size[0], "height": size[1]}).open()
    writer.button("Poem").click()
    panel = writer.page.get_by_role("complementary", name="Poem")
    panel.get_by_label("Form").select_option("haiku" if size[0] < 600 else "quatrain-abab")
    panel.get_by_label("Topic").fill("the sea in winter")
    panel.get_by_role("button", name="Write poem").click()
    expect(panel.get_by_role("button", name="Insert into document")).to_be_visible(timeout=90_000)
    words = panel.locator("li").last.locator(".dlm-word")
    texts = words.all_text_contents()
    words.nth(texts.index(max(texts, key=len))).click()
    expect(writer.page.get_by_role("menuitem").first).to_be_visible()
    shoot(writer, folder / f"poem-{scheme}.png")


def test_picture_of_the_studio(visitors, app, folder):
    """Step 9 of a run: two words kept, the others thrown back; and the branch that went on from there."""
    writer = masked(visitors, app, size=(1280, 900), bound="0.3")
    writer.button("Fill").click()
    writer.wait_until_done()
    writer.slider.fill("9")
    words = writer.page.locator(".dlm-slot")
    later = words.all_text_contents()[1:]
    for word in (0, 1 + later.index(max(later, key=len))):
        words.nth(word).focus()
        writer.press("k")
    writer.button("Studio").click()
    panel = writer.page.get_by_role("complementary", name="Studio")
    panel.get_by_role("button", name="Throw back the rest").click()
    panel.get_by_role("button", name="Continue from here").click()
    branches = panel.get_by_role("list", name="Branches").get_by_role("button")
    expect(branches).to_have_count(2)
    writer.wait_until_done()
    branches.first.click()
    shoot(writer, folder / "studio-light.png")


def test_picture_of_a_proofreading(visitors, app, folder):
    writer = masked(visitors, app, size=(1200, 860), sample="mistakes")
    writer.button("Proofread").click()
    expect(writer.status).to_contain_text("Done", timeout=90_000)
    writer.press("F8", "F8")
    shoot(writer, folder / "proofread-light.png")


def test_picture_of_constraints(visitors, app, folder):
    writer = masked(visitors, app, sample="letter")
    writer.page.locator(".dlm-mask").nth(1).click()
    panel = writer.page.get_by_role("dialog", name="Constraints of mask 2")
    panel.get_by_label("Must contain").fill("tiles")
    panel.get_by_label("Words", exact=True).fill("4-7")
    panel.get_by_label("Without the letters").fill("q")
    panel.get_by_label("Without the letters").press("Tab")
    shoot(writer, folder / "constraints.png")
