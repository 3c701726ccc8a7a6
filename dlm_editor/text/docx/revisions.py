"""The tags of WordprocessingML that an edit writes: runs, tracked insertions and deletions, properties of runs and of paragraphs' ends."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from ...errors import DocumentError
from .story import LINE_BREAK
from .tree import Node, Splice, in_order, spliced

_SPECIAL = re.compile(f"([\t{LINE_BREAK}])")
_FORBIDDEN = re.compile("[\x00-\x08\x0a-\x1f\ud800-\udfff\ufffe\uffff]")  # XML 1.0 has none of them; a tab is told apart, a line break is a paragraph's
_OF_END = frozenset({"w:ins", "w:del", "w:moveFrom", "w:moveTo", "w:rPrChange"})
_OF_PARAGRAPH = frozenset({"w:sectPr", "w:pPrChange"})


@dataclass(frozen=True)
class Tracking:
    """Who changed the document, and when, as Word shows it."""

    author: str
    date: datetime

    def attributes(self, prefix: str) -> str:
        author = quoteattr(_FORBIDDEN.sub(" ", self.author))
        return f"{prefix}author={author} {prefix}date=\"{self.date.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}\""


@dataclass(frozen=True)
class Pen:
    """Writes with a document's own prefix (as "w:"). Without `tracking` what is deleted goes, and what is inserted stands there plainly."""

    prefix: str
    ids: Iterator[int]
    tracking: Tracking | None

    def change(self, name: str) -> bytes:
        """The start tag of a tracked change, without its ">"."""
        return f"<{self.prefix}{name} {self.prefix}id=\"{next(self.ids)}\" {self.tracking.attributes(self.prefix)}".encode()

    def inserted(self, run: bytes) -> bytes:
        return self.change("ins") + b">" + run + self.end("ins") if self.tracking else run

    def deleted(self, run: bytes) -> bytes:
        return self.change("del") + b">" + run + self.end("del") if self.tracking else b""

    def end(self, name: str) -> bytes:
        return f"</{self.prefix}{name}>".encode()

    def run(self, properties: bytes, children: bytes, start: bytes | None = None) -> bytes:
        """A run with its properties; `start` is its start tag where it is not a new one."""
        return (start or f"<{self.prefix}r>".encode()) + properties + children + self.end("r")

    def text(self, text: str, name: str = "t") -> bytes:
        """Text as it stands, in an element of its own."""
        return f"<{self.prefix}{name} xml:space=\"preserve\">{escape(text)}</{self.prefix}{name}>".encode() if text else b""

    def new_text(self, text: str) -> bytes:
        """The children of a run for a text that is new: its tabs and line breaks are elements. Raises DocumentError for what XML cannot hold."""
        if found := _FORBIDDEN.search(text):
            raise DocumentError(f"A .docx holds no control characters; the text has U+{ord(found[0]):04X}. Take it out.")
        special = {"\t": f"<{self.prefix}tab/>".encode(), LINE_BREAK: f"<{self.prefix}br/>".encode()}
        return b"".join(special.get(part) or self.text(part) for part in _SPECIAL.split(text))

    def reopened(self, data: bytes, insertion: Node) -> bytes:
        """The start tag of somebody else's tracked insertion, once more, with an id of its own."""
        tag = data[insertion.start:insertion.inner].decode()
        return re.sub(rf"({self.prefix}id=)([\"'])[^\"']*\2", lambda found: f"{found[1]}\"{next(self.ids)}\"", tag).encode()


def plain_properties(data: bytes, run: Node) -> bytes:
    """The properties of a run, without the record of how they were changed."""
    return _without(data, run.child("w:rPr"), frozenset({"w:rPrChange"}))


def properties_of_end(data: bytes, paragraph: Node) -> bytes:
    """The properties of a paragraph's end, as those of a run."""
    properties = paragraph.child("w:pPr")
    return _without(data, properties and properties.child("w:rPr"), _OF_END)


def opening(data: bytes, paragraph: Node, pen: Pen, mark: str = "", is_new: bool = False) -> bytes:
    """The start of a paragraph with its properties. Its end is marked as inserted ("ins") or deleted ("del") where `mark` says so and changes are tracked;
    a new paragraph has no id, no section and no record of changes of its own."""
    properties = paragraph.child("w:pPr")
    tag = data[paragraph.start:paragraph.inner]
    if tag.endswith(b"/>"):
        tag = tag[:-2].rstrip() + b">"
    if is_new:
        tag = f"<{pen.prefix}p>".encode()
    mark = mark if pen.tracking else ""
    if properties is None:
        return tag + (_wrapped(pen, "pPr", _wrapped(pen, "rPr", pen.change(mark) + b"/>")) if mark else b"")
    before = b"" if is_new else data[paragraph.inner:properties.start]
    return tag + before + _marked(data, properties, pen, mark, is_new)


def _marked(data: bytes, properties: Node, pen: Pen, mark: str, is_new: bool) -> bytes:
    """Properties of a paragraph with the mark at its end."""
    of_end = properties.child("w:rPr")
    splices = [Splice(node.start, node.end, b"") for node in properties.children if is_new and node.name in _OF_PARAGRAPH]
    tag = pen.change(mark) + b"/>" if mark else b""
    if of_end:
        splices.append(Splice(of_end.start, of_end.end, _end_properties(data, of_end, pen, tag, is_new)))
    elif mark:
        at = next((node.start for node in properties.children if node.name in _OF_PARAGRAPH), properties.close)
        splices.append(Splice(at, at, _wrapped(pen, "rPr", tag)))
    if properties.inner == properties.end:
        return _wrapped(pen, "pPr", b"".join(splice.put for splice in splices))
    return spliced(data, properties.start, properties.end, in_order(splices))


def _end_properties(data: bytes, of_end: Node, pen: Pen, tag: bytes, is_new: bool) -> bytes:
    """Properties of a paragraph's end with a mark: after somebody else's insertion, before all else, as the schema orders them."""
    if of_end.inner == of_end.end:
        return _wrapped(pen, "rPr", tag) if tag else data[of_end.start:of_end.end]
    gone = [Splice(node.start, node.end, b"") for node in of_end.children if is_new and node.name in _OF_END]
    inserted = None if is_new else of_end.child("w:ins")
    at = inserted.end if inserted else of_end.inner
    return spliced(data, of_end.start, of_end.end, [Splice(at, at, tag), *gone])


def _wrapped(pen: Pen, name: str, content: bytes) -> bytes:
    return f"<{pen.prefix}{name}>".encode() + content + pen.end(name)


def _without(data: bytes, properties: Node | None, names: frozenset[str]) -> bytes:
    if properties is None:
        return b""
    return spliced(data, properties.start, properties.end, [Splice(node.start, node.end, b"") for node in properties.children if node.name in names])
