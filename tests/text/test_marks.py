r"""Marks written into text: what counts as a mark, and that every document can be written down and read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import documents

from dlm_editor.errors import DocumentError, OptionError
from dlm_editor.text import AUTO, Document, Mark, Span, Tokens, Words, parse_marked, render_marked

ROUGH = st.text(alphabet="[]|\\ab8w\n", max_size=24)


@pytest.mark.parametrize(
    ("source", "text", "marks"),
    [
        ("The cat [[sat]] on.", "The cat sat on.", [(8, 11, AUTO)]),
        ("The [[]] cat", "The  cat", [(4, 4, AUTO)]),
        ("[[old|8]]", "old", [(0, 3, Tokens(8))]),
        ("[[old|3w]]", "old", [(0, 3, Words(3))]),
        ("[[old|AUTO]]", "old", [(0, 3, AUTO)]),
        ("[[|5]]x", "x", [(0, 0, Tokens(5))]),
        ("[[a|b]]", "a|b", [(0, 3, AUTO)]),
        ("[[a|b|2]]", "a|b", [(0, 3, Tokens(2))]),
        ("[[a|8|auto]]", "a|8", [(0, 3, AUTO)]),
        ("[[a|]]", "a|", [(0, 2, AUTO)]),
        ("[[a||4]]", "a|", [(0, 2, Tokens(4))]),
        ("[[a | 3w ]]", "a ", [(0, 2, Words(3))]),
        (r"a\[[0]]", "a[[0]]", []),
        (r"C:\\[[x]]", "C:\\x", [(3, 4, AUTO)]),
        (r"\\\[[x]]", r"\[[x]]", []),
        ("x[[[0]]]", "x[0]", [(2, 3, AUTO)]),
        (r"[[a\]\]b]]", "a]]b", [(0, 4, AUTO)]),
        (r"[[a[0\]]]", "a[0]", [(0, 4, AUTO)]),
        (r"[[\alpha\\]]", "\\alpha\\", [(0, 7, AUTO)]),
        (r"\alpha \[x\] ]] [", r"\alpha \[x\] ]] [", []),
        ("a\r\n[[b\r\nc]]\r\n", "a\r\nb\r\nc\r\n", [(3, 7, AUTO)]),
        ("👩‍🔬[[é]]\0", "👩‍🔬é\0", [(3, 4, AUTO)]),
    ],
)
def test_marks_in_text_are_read_as_documented(source, text, marks):
    assert parse_marked(source) == Document(text, tuple(Mark(Span(start, end), length) for start, end, length in marks))


def test_an_unclosed_mark_is_refused_with_its_place():
    with pytest.raises(DocumentError, match=r"position 8 is not closed"):
        parse_marked("The cat [[sat on the mat.")
    with pytest.raises(DocumentError, match=r"line 2, column 3"):
        parse_marked("one\nab[[cd")


def test_a_mark_within_a_mark_is_refused_with_both_places():
    with pytest.raises(DocumentError, match=r"position 0 is still open where `\[\[` stands at position 4"):
        parse_marked("[[a [[b]]")
    with pytest.raises(DocumentError, match="cannot hold another"):
        parse_marked("[[[[a]]]]")


@pytest.mark.parametrize("length", ["0", "-3", "0w", "513", "99999999999"])
def test_a_length_out_of_range_is_refused(length):
    with pytest.raises(OptionError, match=length.rstrip("w")):
        parse_marked(f"[[old|{length}]]")


@given(documents())
def test_every_document_reads_back_from_its_marked_text(document):
    assert parse_marked(render_marked(document)) == document


@given(documents(ROUGH))
def test_documents_full_of_brackets_bars_and_backslashes_read_back_too(document):
    assert parse_marked(render_marked(document)) == document


@given(ROUGH)
def test_whatever_can_be_read_can_be_written_and_read_again(source):
    try:
        document = parse_marked(source)
    except (DocumentError, OptionError):
        return
    assert parse_marked(render_marked(document)) == document


@pytest.mark.timeout(20)
@pytest.mark.parametrize("piece", ["\\", "[", "]", "|", "|8 ", "\\x", " ", "9"])
def test_reading_and_writing_take_linear_time(piece):
    text = piece * 400_000
    document = Document(text, (Mark(Span(1, len(text) - 1)),))
    assert parse_marked(render_marked(document)) == document
    assert parse_marked(render_marked(Document(text))) == Document(text)
