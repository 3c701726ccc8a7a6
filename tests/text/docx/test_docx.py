"""Word documents: text in, the same file with some of its text changed out."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from docx_files import docx, paragraph, parts_of, run
from word_reader import lines, text

from dlm_editor.errors import DocumentError
from dlm_editor.text.docx import Tracking, export_docx, open_docx

LETTER = (Path(__file__).parents[2] / "fixtures/documents/letter.docx").read_bytes()
US = "dlm editor"
TRACKED = Tracking(US, datetime(2026, 5, 1, 12, 30, tzinfo=UTC))
OTHER = 'w:id="7" w:author="Ann" w:date="2020-01-01T00:00:00Z"'


def changed(data: bytes, *replacements: tuple[str, str], tracking: Tracking | None = TRACKED) -> bytes:
    opened = open_docx(data)
    after = opened.text
    for old, new in replacements:
        assert after.count(old) == 1
        after = after.replace(old, new)
    made = export_docx(opened, after, tracking)
    assert open_docx(made).text == after == text(made)
    if tracking:
        assert text(made, rejected=US) == opened.text
    return made


def document(data: bytes) -> str:
    return parts_of(data)["word/document.xml"].decode()


def body(data: bytes) -> str:
    return re.search("<w:body>(.*)<w:sectPr/>", document(data))[1]


def test_the_text_of_a_letter_is_a_paragraph_a_line():
    opened = open_docx(LETTER)
    assert opened.text.split("\n") == [
        "A letter to the harbour office", "Dear Ms Lindqvist,",
        "The boat sat in the harbour all winter, and nobody came to look at it. We wrote to you & to the owner twice; see the list of berths for the place.",
        "What we ask", "A rope that holds in a storm.", "Someone who answers the telephone.", "First the north quay,", "then the old one.", "What it costs",
        "Item", "Crowns", "New rope", "1 200", "Please answer by:\t1 May\u2028or call us, at any hour.", "", "Yours, on page 1,\u2028the crew of the Måsen 🌊"]
    for node in (item.node for line in opened.story.paragraphs for item in line.items):
        assert opened.xml[node.start:node.start + 3] == b"<w:" and opened.xml[node.end - 1:node.end] == b">"


def test_an_edit_of_the_letter_is_tracked_and_all_else_stays_byte_for_byte():
    made = changed(LETTER, ("sat in", "lay at"))
    before, after = parts_of(LETTER), parts_of(made)
    assert list(before) == list(after)
    assert {name for name in before if before[name] != after[name]} == {"word/document.xml"}
    old, new = (re.split("(?=<w:p>)", document(data)) for data in (LETTER, made))
    assert [number for number, (left, right) in enumerate(zip(old, new, strict=True)) if left != right] == [3]
    assert new[3] == old[3].replace(
        "<w:r><w:rPr><w:b/></w:rPr><w:t>sat in the harbour</w:t></w:r>",
        '<w:del w:id="4" w:author="dlm editor" w:date="2026-05-01T12:30:00Z"><w:r><w:rPr><w:b/></w:rPr><w:delText xml:space="preserve">sat in</w:delText></w:r></w:del>'
        '<w:ins w:id="3" w:author="dlm editor" w:date="2026-05-01T12:30:00Z"><w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">lay at</w:t></w:r></w:ins>'
        '<w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve"> the harbour</w:t></w:r>')
    assert lines(made, rejected=US) == lines(LETTER)


def test_without_a_change_the_file_is_the_same_bytes():
    assert export_docx(open_docx(LETTER), open_docx(LETTER).text, TRACKED) == LETTER


def test_a_final_export_holds_no_tracked_change():
    made = changed(LETTER, ("sat in", "lay at"), ("New rope", "Old\tropes & <chains>"), tracking=None)
    assert "<w:del " not in document(made) and "<w:ins " not in document(made) and "<w:t xml:space=\"preserve\">Old</w:t><w:tab/>" in document(made)


def test_an_edit_over_a_note_a_link_and_a_field_leaves_them_where_they_are():
    made = changed(LETTER, ("winter, and nobody", "spring. Nobody"), ("the list of berths for", "the register for"), ("on page 1,", "on the last page,"))
    assert lines(made, rejected=US) == lines(LETTER)
    for kept in ('<w:footnoteReference w:id="2"/>', '<w:hyperlink r:id="rId2">', '<w:instrText xml:space="preserve"> PAGE </w:instrText>', 'w:fldCharType="end"'):
        assert document(made).count(kept) == document(LETTER).count(kept)


@pytest.mark.parametrize(("at", "put", "looks"), [
    ("one", "zero ", "b"), (" two", "!", "b"), ("three", "two and a half ", "i"), (" four", "!", ""),
])
def test_new_words_look_as_those_before_them_and_stay_outside_of_a_link(at, put, looks):
    link = f'<w:hyperlink r:id="rId9">{run("three", "<w:u/>")}</w:hyperlink>'
    data = docx(paragraph(run("one", "<w:b/>"), run(" two ", "<w:i/>"), link, run(" four")))
    after = open_docx(data).text.replace(at, put + at)
    made = export_docx(open_docx(data), after, TRACKED)
    line = lines(made)[0]
    start = after.index(put)
    shown = {"".join(re.findall("main}?[^/]*/?|<ns0:([a-z]+)", look)) for look in line.looks[start:start + len(put)]}
    assert shown == {looks} and text(made, rejected=US) == open_docx(data).text and link in document(made)


def test_words_after_a_link_at_the_end_of_a_line_are_not_part_of_it():
    link = f'<w:hyperlink r:id="rId9">{run("here", "<w:u/>")}</w:hyperlink>'
    made = changed(docx(paragraph(run("See "), link)), ("here", "here and there"))
    assert lines(made)[0].things == ("<hyperlink", "hyperlink>") and link in document(made)


def test_an_empty_line_is_written_in_with_the_looks_of_its_end():
    made = changed(docx("<w:p/>" + paragraph(properties="<w:rPr><w:i/></w:rPr>")), ("\n", "one\ntwo"))
    assert [len(line.text) for line in lines(made)] == [3, 3] and "<w:i" not in "".join(lines(made)[0].looks) and "}" not in "".join(lines(made)[1].looks)
    assert '<w:p><w:ins ' in document(made) and '<w:r><w:rPr><w:i/></w:rPr><w:t xml:space="preserve">two</w:t>' in document(made)


def test_a_new_line_takes_after_the_one_above_it_and_goes_when_rejected():
    item, heading = '<w:pStyle w:val="List"/><w:numPr/>', '<w:pStyle w:val="Heading1"/>'
    data = docx(paragraph(run("Title"), properties=heading) + paragraph(run("first"), properties=item) + paragraph(run("after")))
    for new, style in (("Title\nnew\nfirst\nafter", "List"), ("Title\nfirst\nnew\nafter", "List"), ("Title\nfir\nst\nafter", "List"), ("Title\nfirst\nafter\nnew", None)):
        opened = open_docx(data)
        for tracking in (TRACKED, None):
            made = export_docx(opened, new, tracking)
            assert text(made) == new
            number = new.split("\n").index("st" if "st" in new.split("\n") else "new")
            assert (f'"{style}"' if style else "") in lines(made)[number].properties and ("List" in lines(made)[number].properties) == bool(style)
            if tracking:
                assert lines(made, rejected=US) == lines(data)
                assert made.count(b"paraId") == 0


def test_a_new_line_beside_a_picture_leaves_it_where_it_is():
    picture, bookmark = "<w:r><w:drawing/></w:r>", '<w:bookmarkStart w:id="4"/>'
    data = docx(paragraph(run("title"), properties='<w:pStyle w:val="Title"/>') + paragraph(bookmark, picture, run("shown"), picture) + paragraph(run("last")))
    for new, number in (("title\nnew\nshown\nlast", 2), ("title\nshown\nnew\nlast", 1)):
        made = export_docx(open_docx(data), new, TRACKED)
        assert [line.things.count("drawing") for line in lines(made)] == [2 if place == number else 0 for place in range(4)] and lines(made, rejected=US) == lines(data)
        assert re.split("<w:p>", document(made))[number + 1].count(bookmark) == 1


def test_lines_that_go_or_become_one_are_tracked_and_come_back():
    looks = ['<w:pStyle w:val="A"/>', '<w:pStyle w:val="B"/><w:rPr><w:b/></w:rPr>', '<w:pStyle w:val="C"/>']
    data = docx("".join(paragraph(run(word), properties=look) for word, look in zip(("one", "two", "three"), looks, strict=True)))
    for new in ("one\nthree", "two\nthree", "one\ntwo", "onetwo\nthree", "one two three", "three", ""):
        for tracking in (TRACKED, None):
            made = export_docx(open_docx(data), new, tracking)
            assert text(made) == new == open_docx(made).text
            assert lines(made, rejected=US) == lines(data) if tracking else "<w:del" not in document(made)
    kept = export_docx(open_docx(data), "one\nthree", None)
    assert [re.search('"([ABC])"', line.properties)[1] for line in lines(kept)] == ["A", "C"]


def test_lines_beside_a_table_and_cells_of_it():
    cell = "<w:tc>{}</w:tc>"
    table = f"<w:tbl><w:tr>{cell.format(paragraph(run('a1')) + paragraph(run('a2')))}{cell.format(paragraph(run('b')))}</w:tr></w:tbl>"
    data = docx(paragraph(run("top")) + paragraph(run("above")) + table + paragraph(run("below")) + paragraph(run("end")))
    for new in ("top\na1\na2\nb\nbelow\nend", "top\nabove\na1\nb\nbelow\nend", "top\nabove\na1\na2\nb\nend", "top\nabove\na1\na2\n\nbelow\nend", "top\nabove\na1\nx\na2\nb\nbelow\nend",
                "top\nabovea1\na2\nb\nbelow\nend"):
        for tracking in (TRACKED, None):
            made = export_docx(open_docx(data), new, tracking)
            assert text(made) == new and (tracking is None or lines(made, rejected=US) == lines(data))
    for new in ("top\nabove\na1\na2\nbelow\nend", "top\nabove\na1\na2b\nbelow\nend"):
        with pytest.raises(DocumentError, match="line [0-9] ends at one. Leave that line"):
            export_docx(open_docx(data), new, TRACKED)


def test_a_section_never_loses_its_end():
    section = "<w:sectPr><w:pgSz/></w:sectPr>"
    data = docx(paragraph(run("one")) + paragraph(run("two"), properties=section) + paragraph(run("three")))
    with pytest.raises(DocumentError, match="border of a table cell or a section; line 2"):
        export_docx(open_docx(data), "one\ntwothree", TRACKED)
    for new in ("onetwo\nthree", "one\ntw\no\nthree", "one\nthree"):
        for tracking in (TRACKED, None):
            made = export_docx(open_docx(data), new, tracking)
            assert document(made).count(section) == 1 and (tracking is None or lines(made, rejected=US) == lines(data))


def test_changes_of_others_stay_and_show_as_accepted():
    theirs = f'<w:ins {OTHER}>{run("new words of Ann", "<w:b/>")}</w:ins><w:del {OTHER}><w:r><w:delText>old</w:delText></w:r></w:del>'
    data = docx(paragraph(run("Here are "), theirs, run(" today.")))
    assert open_docx(data).text == "Here are new words of Ann today."
    made = changed(data, ("words of", "phrases by our"))
    assert text(made, rejected="Ann") == "Here are phrases by ourold today." and lines(made, rejected=US) == lines(data)
    tags = re.findall('<w:(ins|del) w:id="([0-9]+)" w:author="(dlm editor|Ann)"', body(made))
    assert [(kind, author) for kind, _, author in tags] == [("ins", "Ann"), ("del", US), ("ins", US), ("ins", "Ann"), ("del", "Ann")]
    assert len({number for _, number, _ in tags[:-1]}) == 4
    again = export_docx(open_docx(made), "Here are new prose by\nour Ann today.", TRACKED)      # what this author inserted changes without a trace, as in Word
    assert text(again) == "Here are new prose by\nour Ann today." and text(again, rejected="Ann") == "Here are prose by\nourold today."
    assert lines(again, rejected=US) == lines(data)


def test_a_paragraph_whose_end_is_deleted_goes_on_in_the_same_line():
    deleted = f"<w:rPr><w:del {OTHER}/></w:rPr>"
    data = docx(paragraph(run("one "), properties=deleted) + paragraph(run("two")) + paragraph(run("three")))
    assert open_docx(data).text == "one two\nthree"
    assert lines(changed(data, ("one two", "one and two")), rejected=US) == lines(data)


def test_what_is_no_text_is_not_shown_and_never_lost():
    things = ('<w:r><w:drawing/></w:r>', '<w:r><w:br w:type="page"/></w:r>', '<w:r><w:sym w:char="F0"/></w:r>', '<w:bookmarkStart w:id="4"/>', '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
              '<w:r><w:instrText>REF x</w:instrText></w:r><w:r><w:t>code</w:t></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>' + run("result") + '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
              '<m:oMath xmlns:m="urn:m"><w:r><w:t>x</w:t></w:r></m:oMath>', '<w:r><w:pict><w:p><w:r><w:t>box</w:t></w:r></w:p></w:pict></w:r>')
    data = docx(paragraph(run("a"), *(thing + run("b") for thing in things)))
    assert open_docx(data).text == "a" + "b" * 4 + "resultbbb"
    made = export_docx(open_docx(data), "xyz", None)
    assert all(thing in document(made) for thing in things if "result" not in thing) and text(made) == "xyz"


def test_a_field_that_never_ends_hides_nothing_and_one_over_several_lines_hides_its_code():
    begin, separate, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end"))
    data = docx(paragraph(run("one"), begin) + paragraph(run("two")))
    assert open_docx(data).text == "one\ntwo"
    assert open_docx(export_docx(open_docx(data), "one\n2", TRACKED)).text == "one\n2"
    data = docx(paragraph(run("one"), begin, run("code")) + paragraph(run("code")) + paragraph(separate, run("two"), end))
    assert open_docx(data).text == "one\n\ntwo"
    assert lines(changed(data, ("two", "2")), rejected=US) == lines(data)
    with pytest.raises(DocumentError, match="a part that Word does not show"):
        export_docx(open_docx(data), "one\nx\ntwo", TRACKED)


def test_special_characters_are_read_and_only_those_that_change_are_written():
    data = docx(paragraph("<w:r><w:t>  soft</w:t><w:softHyphen/><w:t>ly,\r\n one</w:t><w:tab/><w:t>&#60;two&#62;</w:t><w:cr/><w:noBreakHyphen/><w:t xml:space='preserve'> end </w:t></w:r>"))
    assert open_docx(data).text == "soft\u00adly,  one\t<two>\u2028\u2011 end "
    made = changed(data, ("\u2011 end", "\t\u2028fin & <end>"))
    assert "<w:softHyphen/>" in document(made) and "<w:cr/>" in document(made)


def test_a_change_that_word_would_undo_is_refused_with_the_way_out():
    moved = f'<w:moveTo {OTHER}>{run("moved")}</w:moveTo>'
    bound = f'<w:sdt><w:sdtPr><w:dataBinding/></w:sdtPr><w:sdtContent>{run("bound")}</w:sdtContent></w:sdt>'
    data = docx(paragraph(run("one")) + paragraph(moved, run(" two "), bound))
    for word, said in (("moved", "line 2 has some"), ("bound", "data")):
        with pytest.raises(DocumentError, match=said):
            changed(data, (word, "x"))
    assert lines(changed(data, (" two ", " three ")), rejected=US) == lines(data)


@pytest.mark.parametrize(("put", "said"), [("\0", "U\\+0000"), ("\ud800", "U\\+D800"), ("a\x0bb", "U\\+000B"), ("\uffff", "U\\+FFFF")])
def test_what_xml_cannot_hold_is_refused(put, said):
    with pytest.raises(DocumentError, match=said):
        export_docx(open_docx(LETTER), open_docx(LETTER).text + put, TRACKED)


def test_names_and_texts_are_written_as_text():
    author = '<a & "b" {0}>'
    data = docx(paragraph(run("one")))
    made = export_docx(open_docx(data), "one </w:t><two> & ]]>", Tracking(author, TRACKED.date))
    assert text(made) == "one </w:t><two> & ]]>" and text(made, rejected=author) == "one"


def test_a_document_in_another_prefix_or_of_the_strict_kind_is_changed_as_any():
    for old, new in ((b"<w:", b"<x:"), (b"wordprocessingml/2006/main", None)):
        parts = parts_of(LETTER)
        xml = parts["word/document.xml"]
        if new:
            xml = xml.replace(b"<w:", b"<x:").replace(b"</w:", b"</x:").replace(b" w:", b" x:").replace(b"xmlns:w=", b"xmlns:x=")
        else:
            xml = xml.replace(b"http://schemas.openxmlformats.org/wordprocessingml/2006/main", b"http://purl.oclc.org/ooxml/wordprocessingml/main")
        from docx_files import package
        opened = open_docx(package({**parts, "word/document.xml": xml}))
        made = export_docx(opened, opened.text.replace("sat in", "lay at"), TRACKED)
        assert open_docx(made).text == opened.text.replace("sat in", "lay at")
        assert (b'<x:ins x:id="3"' if new else b'<w:ins w:id="3"') in parts_of(made)["word/document.xml"]
