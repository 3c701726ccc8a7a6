"""The model list of the settings panel: what it tells of each model, and switching with its progress."""

import re

import pytest
from playwright.sync_api import expect


@pytest.fixture
def panel(writer):
    """The open model list."""
    writer.open("?sample=letter").button("Settings").click()
    writer.page.get_by_text("All models").click()
    return writer.page.get_by_role("group", name="Model", exact=True)


def test_the_catalog_is_listed_by_family_with_what_matters(panel):
    for family in ("Fake", "Acme"):
        expect(panel.get_by_role("region", name=family)).to_be_visible()
    slow, huge = panel.locator("[data-model='acme/Slow-8B']"), panel.locator("[data-model='acme/Huge-100B']")
    for words in ("8.0 B parameters", "18 GB, int8 9.5 GB, int4 5.2 GB", "fits", "source read"):
        expect(slow).to_contain_text(words)
    for words in ("225 GB", "too large", "not checked", "sees only what stands before a gap"):
        expect(huge).to_contain_text(words)
    expect(panel.locator("[data-model=fake]")).to_contain_text("on this machine")
    panel.get_by_label("Only what fits this machine").check()
    expect(huge).to_have_count(0)
    expect(slow).to_be_visible()


def test_a_model_is_switched_with_progress_and_fills(writer, panel):
    panel.get_by_role("button", name="Use acme/Slow-8B").click()
    bar = panel.get_by_role("progressbar", name="Progress of the model")
    expect(bar).to_have_attribute("value", re.compile(r"0\.\d+"))
    expect(panel.get_by_role("status")).to_contain_text("Downloading acme/Slow-8B")
    expect(panel.get_by_role("status")).to_contain_text("is ready")
    expect(bar).to_be_hidden()
    expect(writer.page.locator(".dlm-name")).to_contain_text("acme/Slow-8B · 8.0 B parameters")
    writer.button("Fill").click()
    writer.wait_until_done()
    writer.page.reload()
    expect(writer.page.locator(".dlm-name")).to_contain_text("acme/Slow-8B")


@pytest.mark.parametrize("typed, said", [("acme/Huge-100B", "needs about 225.0 GB of memory"), ("acme/missing", "Check the name")])
def test_a_model_that_cannot_be_had_is_explained_and_the_old_one_stays(writer, panel, typed, said):
    panel.get_by_label("Another model").fill(typed)
    panel.get_by_label("Another model").press("Enter")
    expect(panel.get_by_role("alert")).to_contain_text(said)
    expect(writer.page.locator(".dlm-name")).to_contain_text("fake")
    writer.button("Fill").click()
    writer.wait_until_done()


def test_reset_goes_back_to_the_first_model(writer, panel):
    panel.get_by_role("button", name="Use acme/Slow-8B").click()
    expect(panel.get_by_role("status")).to_contain_text("is ready")
    writer.button("Reset to defaults").click()
    expect(panel.get_by_role("button", name="fake is in use")).to_be_disabled()


def test_an_instruction_and_guidance_are_asked_for_where_the_model_takes_them(writer, panel):
    instruction = writer.page.get_by_label("Instruction")
    guidance = writer.page.get_by_label("Guidance")
    expect(instruction).to_be_hidden()
    expect(guidance).to_be_hidden()
    panel.get_by_role("button", name="Use acme/Slow-8B").click()
    expect(panel.get_by_role("status")).to_contain_text("is ready")
    expect(guidance).to_be_visible()
    guidance.fill("1.5")
    instruction.fill("more friendly")
    writer.button("Fill").click()
    writer.wait_until_done()
