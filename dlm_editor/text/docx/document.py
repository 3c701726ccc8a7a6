"""A .docx opened, and given back with another text."""

import re
from dataclasses import dataclass
from itertools import count
from typing import NamedTuple

from ...errors import DocumentError
from ..compare import changes
from .allot import Work, allot, line_of
from .body import write_body
from .package import read_main_part, replace_part
from .revisions import Pen, Tracking, opening
from .story import ENTERED, Paragraph, Story, read_story
from .tree import Node, Splice, parse, prefix_of, spliced

_ID = re.compile(rb":id=[\"']([0-9]{1,10})[\"']")  # whatever has one: a new one is to be none of them
_MOST_ID = 2**30


@dataclass(frozen=True)
class Docx:
    """The file's bytes, the name and the bytes of the part with its text, that part as nodes, and its story: the text, and where it stands."""

    data: bytes
    part: str
    xml: bytes
    root: Node
    story: Story

    @property
    def text(self) -> str:
        """The main story, a paragraph a line; see story.py for what is text."""
        return self.story.text


def open_docx(data: bytes) -> Docx:
    """Raises DocumentError where it is no .docx, or one that cannot be trusted."""
    part, xml = read_main_part(data)
    root = parse(xml, part, ENTERED)
    story = read_story(root)
    if not story.paragraphs:
        raise DocumentError("A .docx holds at least one paragraph; this one has none. Write a line in it and save it again.")
    return Docx(data, part, xml, root, story)


def export_docx(docx: Docx, text: str, tracking: Tracking | None) -> bytes:
    """The file with `text` for its text: all other parts, and the paragraphs that are the same in both, stay byte for byte.

    What differs is written as changes by `tracking`, which can be rejected in Word, or plainly where it is None. Raises DocumentError for a change that
    cannot be made in a .docx, or not safely.
    """
    edits = changes(docx.text, text)
    if not edits:
        return docx.data
    xml = _written(docx, allot(docx.story, edits), tracking)
    if read_story(parse(xml, docx.part, ENTERED)).text != text:  # whatever an odd document may hold, what is given back reads as was asked for
        raise DocumentError("A change of a .docx must read there as it does here; one of these would not, for it lies in a part that Word does not show. Undo "
                            "the last changes one by one, or export the text alone.")
    return replace_part(docx.data, docx.part, xml)


def _written(docx: Docx, work: dict[int, Work], tracking: Tracking | None) -> bytes:
    paragraphs = docx.story.paragraphs
    prefix = prefix_of(docx.xml, paragraphs[0].node).decode()
    if not prefix:
        raise DocumentError("The tags of a .docx have a prefix, as in <w:p>; this one's have none. Open and save it once in Word or LibreOffice.")
    pen = Pen(prefix, count(max((number for found in _ID.findall(docx.xml) if (number := int(found)) < _MOST_ID), default=0) + 1), tracking)
    splices, following = [], _AFTER
    for number in sorted(work.keys() | {number + 1 for number in work if work[number].is_joining}, reverse=True):
        goes_on_from = not tracking and number > 0 and work.get(number - 1, Work()).is_joining
        following, written = _write(docx, number, work.get(number, Work()), pen, following, goes_on_from)
        splices.append(Splice(paragraphs[number].node.start, paragraphs[number].node.end, written))
    return spliced(docx.xml, 0, len(docx.xml), reversed(splices))


class _Start(NamedTuple):
    """The start tag and the properties of a paragraph as it will stand there; `has_section`: they end a section."""

    written: bytes
    has_section: bool


_AFTER = _Start(b"", False)


def _write(docx: Docx, number: int, work: Work, pen: Pen, following: _Start, goes_on_from: bool) -> tuple[_Start, bytes]:
    """(how it starts, its bytes) for a paragraph with the work on it done. Where changes are not tracked, one that becomes one with the next leaves its end to
    it, and that one its start (`goes_on_from`): the two look as the first does, unless nothing is left of it or the next ends a section."""
    paragraph, close = docx.story.paragraphs[number], pen.end("p")
    goes_on = work.is_joining and not pen.tracking
    properties = paragraph.node.child("w:pPr")
    last = _Start(opening(docx.xml, paragraph.node, pen, "del" if work.is_joining else ""), bool(properties and properties.child("w:sectPr")))
    if goes_on and (following.has_section or not _is_left(paragraph, work)):
        last = following
    breaks = sum(insertion.text.count("\n") for insertion in work.insertions)
    starts = [*(_Start(opening(docx.xml, paragraph.node, pen, "ins", is_new=True), False) for _ in range(breaks)), last]
    body = write_body(docx.xml, paragraph, work, pen, iter([close + start.written for start in starts[1:]]), line_of(docx.story, paragraph.start))
    return starts[0], (b"" if goes_on_from else starts[0].written) + body + (b"" if goes_on else close)


def _is_left(paragraph: Paragraph, work: Work) -> bool:
    return paragraph.end - paragraph.start > sum(map(len, work.deletions)) or bool(work.insertions)
