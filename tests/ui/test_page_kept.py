"""Keep settled on a mask with constraints, which hold for the whole of it: the words are kept with the mask, and its next fill goes on from them."""

from playwright.sync_api import expect

TEXT = "The old house stood at the end of the road."


def test_a_mask_with_constraints_keeps_its_settled_words_for_the_next_fill(writer):
    writer.open(steps=8, seed=1060).write(TEXT)
    writer.mask("stood at the end")
    writer.page.locator(".dlm-mask").click()
    panel = writer.page.get_by_role("dialog", name="Constraints of mask 1")
    panel.get_by_label("Words", exact=True).fill("3-7")
    panel.get_by_label("Length", exact=True).fill("6")
    panel.get_by_role("button", name="Done").click()
    writer.button("Fill").click()
    writer.wait_for_step(4)
    writer.button("Stop").click()
    settled = writer.shown().removeprefix("The old house ").split(" of the road")[0].split()
    assert 2 <= len(settled) < 6
    writer.button("Keep settled").click()
    assert writer.text() == TEXT and writer.masks() == ["stood at the end"] and writer.lengths() == ["6"]
    kept = writer.page.get_by_role("button", name=f"Mask 1 keeps {' '.join(settled)}. Begin anew.")
    expect(kept).to_be_visible()
    with writer.page.expect_request(lambda request: "queue/join" in request.url and '\\"spans\\"' in (request.post_data or "")) as sent:
        writer.button("Fill").click()
    assert '\\"words\\":\\"3-7\\"' in sent.value.post_data and '\\"pins\\":[' in sent.value.post_data
    writer.wait_until_done()
    assert writer.shown().split()[3:3 + len(settled)] == settled
    writer.button("Reject").click()
    kept.click()
    expect(kept).to_have_count(0)
    assert "3–7 words" in writer.page.get_by_role("button", name="Constraints of mask 1").get_attribute("aria-label")
