"""The main story of a .docx as plain text, and where each character of it stands in the XML.

A paragraph is a line: headings, list items and the cells of tables too. The text is that which stands if all tracked changes are accepted. A tab is
"\\t", a line break within a paragraph U+2028. Notes, pictures, page breaks, formulas, text boxes and the codes of fields are no text: they keep their
place between the characters.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from .tree import Node

LINE_BREAK = "\u2028"

BLOCKS = frozenset({"w:body", "w:tbl", "w:tr", "w:tc", "w:sdt", "w:sdtContent", "w:customXml"})
INLINE = frozenset({"w:hyperlink", "w:ins", "w:moveTo", "w:smartTag", "w:sdt", "w:sdtContent", "w:fldSimple", "w:customXml", "w:dir", "w:bdo"})
ENTERED = BLOCKS | INLINE | {"w:document", "w:p", "w:r", "w:pPr", "w:rPr", "w:sdtPr"}

_CHARACTERS = {"w:tab": "\t", "w:cr": LINE_BREAK, "w:noBreakHyphen": "\u2011", "w:softHyphen": "\u00ad"}
_SPACES = str.maketrans("\t\n\r", "   ")
_MOVED = "moved text (accept or reject the move in Word first)"
_BOUND = "text that Word takes from the document's data (change it in Word)"


class Unit(NamedTuple):
    """Children of a paragraph at bytes `[start, end)` that belong together: a run, or a link, a control, a whole field."""

    start: int
    end: int
    is_run: bool


class Run(NamedTuple):
    """A run, what holds it directly, the unit it is in, and why its text cannot be changed ("" where it can)."""

    node: Node
    parent: Node
    unit: Unit
    protection: str


class Item(NamedTuple):
    """A child of a run, and its text, which begins at `start`, in code points of the story; "" for all that is no text."""

    run: Run
    node: Node
    start: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def unit_is_run(self) -> bool:
        return self.run.unit.is_run


@dataclass(frozen=True)
class Paragraph:
    """Code points `[start, end)` of the story. `is_joined`: its end is deleted, so that the next goes on in the same line."""

    node: Node
    parent: Node
    start: int
    end: int
    items: tuple[Item, ...]
    is_joined: bool


@dataclass(frozen=True)
class Story:
    text: str
    paragraphs: tuple[Paragraph, ...]


def read_story(root: Node) -> Story:
    """The story of a document's root element. Where a field is begun and never ends, nothing is taken for the code of one: it would hide all that follows."""
    fields: list[str] = []
    story = _read(root, fields)
    return story if "code" not in fields else _read(root, None)


def _read(root: Node, fields: list[str] | None) -> Story:
    found = list(_paragraphs(root, ""))
    paragraphs, texts, at = [], [], 0
    for number, (node, parent, protection) in enumerate(found):
        start, items = at, []
        for run in _runs(node, protection):
            for child, text in _texts(run.node, fields):
                items.append(Item(run, child, at, text))
                at += len(text)
        is_joined = number + 1 < len(found) and found[number + 1][1] is parent and _is_end_deleted(node)
        paragraphs.append(Paragraph(node, parent, start, at, tuple(items), is_joined))
        texts += [item.text for item in items] + ([] if is_joined else ["\n"])
        at += not is_joined
    return Story("".join(texts[:-1]), tuple(paragraphs))


def _is_end_deleted(paragraph: Node) -> bool:
    properties = paragraph.child("w:pPr")
    of_end = properties and properties.child("w:rPr")
    return bool(of_end and of_end.child("w:del"))


def _paragraphs(block: Node, protection: str) -> Iterator[tuple[Node, Node, str]]:
    """(paragraph, what holds it, why its text cannot be changed), in order."""
    protection = protection or _protection(block)
    for child in block.children:
        if child.name == "w:p":
            yield child, block, protection
        elif child.name in BLOCKS:
            yield from _paragraphs(child, protection)


def _protection(node: Node) -> str:
    properties = node.child("w:sdtPr") if node.name == "w:sdt" else None
    bound = properties and any(child.name.endswith("dataBinding") for child in properties.children)
    return _MOVED if node.name == "w:moveTo" else _BOUND if bound else ""


def _runs(paragraph: Node, protection: str) -> Iterator[Run]:
    for children in _units(paragraph):
        unit = Unit(children[0].start, children[-1].end, len(children) == 1 and children[0].name == "w:r")
        for child in children:
            yield from _runs_in(child, paragraph, unit, protection)


def _runs_in(node: Node, parent: Node, unit: Unit, protection: str) -> Iterator[Run]:
    if node.name == "w:r":
        yield Run(node, parent, unit, protection)
    elif node.name in INLINE:
        for child in node.children:
            yield from _runs_in(child, node, unit, protection or _protection(node))


def _units(paragraph: Node) -> list[list[Node]]:
    """The children of a paragraph; those of a field that begins and ends in it are together."""
    units: list[list[Node]] = []
    began = depth = 0
    for child in paragraph.children:
        if depth == 0:
            began = len(units)
        units.append([child])
        depth = max(0, depth + _field_depth(child))
        if depth == 0:
            units[began:] = [[node for unit in units[began:] for node in unit]]
    return units


def _field_depth(node: Node) -> int:
    """How many more fields begin in the node than end."""
    kinds = [child.attributes.get("w:fldCharType") for child in node.children if child.name == "w:fldChar"] if node.name == "w:r" else []
    inside = sum(map(_field_depth, node.children)) if node.name in INLINE else 0
    return kinds.count("begin") - kinds.count("end") + inside


def _texts(run: Node, fields: list[str] | None) -> Iterator[tuple[Node, str]]:
    """The children of a run with their text. `fields` keeps, for the fields that are open, whether their code or their result stands here."""
    for child in run.children:
        if child.name == "w:rPr":
            continue
        if child.name == "w:fldChar" and fields is not None:
            kind = child.attributes.get("w:fldCharType")
            if kind == "begin":
                fields.append("code")
            elif kind == "separate" and fields:
                fields[-1] = "result"
            elif kind == "end" and fields:
                fields.pop()
        yield child, "" if fields and "code" in fields else _text(child)


def _text(node: Node) -> str:
    if node.name == "w:t":
        text = node.text if node.attributes.get("xml:space") == "preserve" else node.text.strip(" \t\n\r")
        return text.translate(_SPACES)
    if node.name == "w:br":
        return LINE_BREAK if node.attributes.get("w:type", "textWrapping") == "textWrapping" else ""
    return _CHARACTERS.get(node.name, "")
