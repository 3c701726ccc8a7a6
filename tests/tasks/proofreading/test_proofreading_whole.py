"""Whole texts through the bundled model: what is put right, and above all what is left alone."""

import pytest

import dlm_editor
from dlm_editor.tasks import Proofreading, ProofreadOptions
from dlm_editor.text import Document


@pytest.fixture(scope="module")
def editor():
    return dlm_editor.load("bundled", device="cpu")


def proofread(editor, text, **options):
    return next(event for event in editor.proofread(Document(text), ProofreadOptions(**options)) if isinstance(event, Proofreading))


@pytest.mark.parametrize("wrong, right", [
    ("I recieve your letter teh other day.", "I receive your letter the other day."), ("She has a apple and a honest friend.", "She has an apple and an honest friend."),
    ("They walked to the the river.", "They walked to the river."), ("The the cat slept.", "The cat slept."), ("I dont know becuase it is alot.", "I don't know because it is a lot."),
    ("Yesterday i went to school.", "Yesterday I went to school."), ("They lost much more then others.", "They lost much more than others."),
    ("\tThe the cat is here, and he sleeps.", "\tThe cat is here, and he sleeps.")])
def test_plain_mistakes_are_put_right(editor, wrong, right):
    assert proofread(editor, wrong).corrected == right


@pytest.mark.parametrize("text", [
    "Wie geht es dir? Ich habe gestern einen Brief geschrieben.", "Il sole splende e gli uccelli cantano nel giardino.",
    "El sol es una estrella que brilla con luz propia.", "Het is een mooie dag en we gaan naar het strand.", "---\ntitle: dlm editor\nsdk: gradio\n---\n",
    "<script>\nvar teh = 1;\n</script>\n", "<!-- teh comment\nof teh page -->\n", "She had no time for her\nto walk home.", "Well, smth like that, lol, idk."])
def test_what_is_no_english_prose_is_left_alone(editor, text):
    assert proofread(editor, text).corrected == text


def test_prose_between_two_prices_and_in_indented_paragraphs_is_read(editor):
    assert "teh" not in proofread(editor, "It costs $5 for teh book and $6 for the bag.").corrected
    assert "teh" not in proofread(editor, "Here is a story.\n\n    He walked to teh river and sat down in the grass.\n").corrected


def test_words_without_end_and_lines_of_letters_are_passed_over(editor):
    text = "a" * 1_200 + " " + " ".join("qzxvk" + "wj" * (i % 15) for i in range(300))
    assert proofread(editor, text).corrected == text


def test_later_rounds_leave_what_earlier_ones_wrote(editor):
    found = proofread(editor, "I hav attach the file.", threshold=0.0)
    assert not any(correction.edit.before == "hav" and not correction.edit.after for correction in found.corrections)
