"""Hosted models: nothing leaves the machine before the reader has seen it and agreed; what comes is shown as it comes, without certainty."""

import json

import pytest
from fake_host import FakeHost
from playwright.sync_api import expect

TEXT = "The old mill is a place by the river."


@pytest.fixture
def host():
    found = FakeHost()
    yield found
    found.close()


@pytest.fixture
def dialog(writer, host):
    """The dialog that Fill opens."""
    writer.open(model=host.model).write(TEXT)
    writer.mask("a place")
    writer.button("Fill").click()
    found = writer.page.get_by_role("dialog", name="Send text to")
    expect(found).to_be_visible()
    return found


def test_the_text_is_shown_exactly_and_nothing_is_sent_before_the_reader_agrees(writer, host, dialog):
    expect(dialog).to_contain_text(f"{host.address}/v1/completions")
    shown = json.loads(dialog.locator("pre").text_content())
    assert shown["prompt"] == "The old mill is " and shown["suffix"] == " by the river."
    expect(dialog.get_by_role("button", name="Do not send")).to_be_focused()
    writer.press("Escape")
    expect(dialog).to_be_hidden()
    assert host.bodies == [] and writer.masks() == ["a place"] and writer.text() == TEXT
    writer.button("Fill").click()
    dialog.get_by_role("button", name="Do not send").click()
    assert host.bodies == []
    expect(writer.status).to_contain_text("Nothing was sent")
    writer.button("Fill").click()
    dialog.get_by_role("button", name="Send", exact=True).click()
    writer.wait_until_done()
    assert host.bodies == [shown]


def test_text_comes_in_as_it_is_written_without_certainty(writer, dialog):
    dialog.get_by_role("button", name="Send", exact=True).click()
    writer.wait_for_step(2)
    draft = writer.page.locator(".dlm-preview")
    expect(draft).to_contain_text("quite well")
    assert draft.locator("[class*=certainty]").count() == 0
    writer.wait_until_done()
    writer.button("Accept").click()
    assert writer.text() == "The old mill is quite well known here by the river."
    writer.button("Undo").click()
    assert writer.text() == TEXT


def test_who_does_not_want_to_be_asked_again_is_not(writer, host, dialog):
    dialog.get_by_label("Do not ask again").check()
    dialog.get_by_role("button", name="Send", exact=True).click()
    writer.wait_until_done()
    writer.button("Reject").click()
    writer.button("Fill").click()
    writer.wait_until_done()
    assert len(host.bodies) == 2 and not dialog.is_visible()
