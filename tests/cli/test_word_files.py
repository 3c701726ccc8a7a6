"""A .docx on the command line: its text is read, and --out gives it back with the result as tracked changes."""

from pathlib import Path

import pytest

from dlm_editor.text.docx import open_docx

LETTER = Path(__file__).parents[1] / "fixtures/documents/letter.docx"
TEXT = open_docx(LETTER.read_bytes()).text


def test_a_word_document_is_filled_into_another_with_tracked_changes(cli, tmp_path):
    start, out = TEXT.index("sat"), tmp_path / "out.docx"
    done = cli("fill", str(LETTER), "--span", f"{start}:{start + 3}:1", "--out", str(out), "--steps", "1")
    assert (done.code, done.out) == (0, b""), done.err
    made = open_docx(out.read_bytes())
    assert made.text.startswith(TEXT[:start]) and made.text.endswith(TEXT[start + 3:]) and b'w:author="dlm editor"' in made.xml


def test_without_out_the_text_is_printed(cli):
    done = cli("fill", str(LETTER), "--span", "0:1:1", "--steps", "1")
    assert done.code == 0 and done.out.decode().endswith(TEXT[1:])


def test_a_broken_word_document_is_told_in_one_line(cli, tmp_path):
    broken = tmp_path / "broken.docx"
    broken.write_bytes(LETTER.read_bytes()[:2000])
    done = cli("fill", str(broken))
    assert done.code == 2 and done.err.startswith("error: A .docx is a whole zip package") and done.err.count("\n") == 1


@pytest.mark.parametrize("verb", ["fill", "rewrite", "proofread"])
def test_a_docx_as_out_needs_a_docx_to_read_and_a_name_of_its_own(cli, tmp_path, verb):
    copy = tmp_path / "copy.docx"
    copy.write_bytes(LETTER.read_bytes())

    def never(*_):
        raise AssertionError("a model was loaded")

    for arguments, said in (([f"{__file__}", "--out", str(tmp_path / "x.docx")], "Name a .docx as FILE"), ([str(copy), "--out", str(copy)], "a file of its own"),
                            ([str(copy), "--out", str(tmp_path / "x.txt")], "Leave it out to print the text"),
                            ([str(copy), "--out", str(tmp_path / "no" / "x.docx")], "a folder that exists")):
        done = cli(verb, *arguments, load=never)
        assert done.code == 2 and said in done.err
