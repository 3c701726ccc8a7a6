"""Random documents, randomly edited: accepted, the text is as edited; rejected, the document is as it was; what is not edited keeps its bytes."""

import re
from datetime import UTC, datetime

from docx_files import docx, paragraph, parts_of, run
from hypothesis import event, given, settings
from hypothesis import strategies as st
from word_reader import lines, text

from dlm_editor.errors import DocumentError
from dlm_editor.text.docx import Tracking, export_docx, open_docx

US = "dlm editor"
OTHER = 'w:id="7" w:author="Ann" w:date="2020-01-01T00:00:00Z"'
WORDS = st.sampled_from(["the", " cat", "sat ", " ", "on", "🌊", "e\u0301", "a b", "<&>", "."])
LOOKS = st.sampled_from(["", "<w:b/>", "<w:i/>", '<w:u/><w:rPrChange w:id="3" w:author="Ann"><w:rPr/></w:rPrChange>'])
ANCHORS = st.sampled_from(['<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="2"/></w:r>', "<w:r><w:drawing/></w:r>",
                           '<w:bookmarkStart w:id="5"/>', '<w:r><w:br w:type="page"/></w:r>', "<w:r/>", "<w:r><w:rPr><w:b/></w:rPr></w:r>"])
RUNS = st.one_of(st.builds(run, WORDS, LOOKS), st.just("<w:r><w:t>one</w:t><w:tab/><w:t xml:space='preserve'> two</w:t><w:footnoteReference/><w:t>three</w:t><w:br/></w:r>"))
INSIDE = st.lists(RUNS, min_size=1, max_size=3).map("".join)
PIECES = st.one_of(
    RUNS, RUNS, ANCHORS, INSIDE.map('<w:hyperlink r:id="rId4">{}</w:hyperlink>'.format), INSIDE.map(f"<w:ins {OTHER}>{{}}</w:ins>".format),
    st.just(f"<w:del {OTHER}><w:r><w:delText>gone</w:delText></w:r></w:del>"), INSIDE.map("<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>".format),
    INSIDE.map('<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DATE</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>{}<w:r><w:fldChar w:fldCharType="end"/></w:r>'.format))
PROPERTIES = st.sampled_from(["", "", '<w:pStyle w:val="Heading1"/>', '<w:pStyle w:val="List"/><w:rPr><w:b/></w:rPr>', "<w:rPr/>", f'<w:jc/><w:rPr><w:ins {OTHER}/><w:i/></w:rPr>',
                              "<w:sectPr><w:pgSz/></w:sectPr>", f"<w:rPr><w:del {OTHER}/></w:rPr>", '<w:rPr><w:b/></w:rPr><w:pPrChange w:id="8"><w:pPr/></w:pPrChange>'])
PARAGRAPHS = st.one_of(st.just("<w:p/>"), st.builds(lambda pieces, properties: paragraph(*pieces, properties=properties), st.lists(PIECES, max_size=5), PROPERTIES))
CELLS = st.lists(PARAGRAPHS, min_size=1, max_size=2).map("".join).map("<w:tc><w:tcPr/>{}</w:tc>".format)
TABLES = st.lists(CELLS, min_size=1, max_size=3).map("".join).map("<w:tbl><w:tblPr/><w:tr>{}</w:tr></w:tbl>".format)
BODIES = st.lists(st.one_of(PARAGRAPHS, PARAGRAPHS, PARAGRAPHS, TABLES), min_size=1, max_size=6).map("".join)
PUTS = st.sampled_from(["", "", "new", " more ", "\n", "x\ny", "\t", "\u2028", "\nline\n", ".", "the cat"])


@st.composite
def edited(draw, text: str) -> str:
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 12)))
        text = text[:start] + draw(PUTS) + text[end:]
    return text


def paragraphs_of(data: bytes) -> list[str]:
    return re.findall("<w:p>.*?</w:p>|<w:p/>", parts_of(data)["word/document.xml"].decode())


@settings(max_examples=150)
@given(st.data())
def test_an_edit_is_exactly_tracked(data):
    made = docx(data.draw(BODIES))
    opened = open_docx(made)
    assert opened.text == text(made)
    after = data.draw(edited(opened.text))
    try:
        tracked = export_docx(opened, after, Tracking(US, datetime(2026, 1, 1, tzinfo=UTC)))
    except DocumentError as error:
        event(re.sub("[0-9]+", "N", str(error))[:40])
        assert "\n" in after or "\n" in opened.text
        return
    assert text(tracked) == after
    assert lines(tracked, rejected=US) == lines(made)
    old, new = paragraphs_of(made), paragraphs_of(tracked)
    same = [(one, two) for one, two in zip(opened.text.split("\n"), after.split("\n")) if one == two]
    if opened.text.count("\n") == after.count("\n") and len(old) == len(new) == opened.text.count("\n") + 1:
        assert sum(one == two for one, two in zip(old, new)) >= len(same)


@settings(max_examples=80)
@given(st.data())
def test_a_final_export_reads_as_edited_and_tracks_nothing(data):
    made = docx(data.draw(BODIES))
    opened = open_docx(made)
    after = data.draw(edited(opened.text))
    try:
        final = export_docx(opened, after, None)
    except DocumentError:
        assert "\n" in after or "\n" in opened.text
        return
    assert text(final) == after and US not in parts_of(final)["word/document.xml"].decode()
    assert [name for name, part in parts_of(final).items() if parts_of(made)[name] != part] in ([], ["word/document.xml"])
    things = lambda lines: sorted(thing for line in lines for thing in line.things)
    assert things(lines(final)) == things(lines(made))
