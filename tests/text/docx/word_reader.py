"""What Word shows of a .docx once its tracked changes are accepted or rejected: written apart from the engine, over ElementTree."""

import io
import zipfile
from dataclasses import dataclass
from xml.etree import ElementTree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
CHARACTERS = {"tab": "\t", "br": "\u2028", "cr": "\u2028", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}
CONTAINERS = ("hyperlink", "smartTag", "sdt", "sdtContent", "fldSimple", "customXml", "dir", "bdo")


@dataclass(frozen=True)
class Line:
    """A paragraph: its characters, each with the looks of its run, its properties, and the other things in it."""

    text: str
    looks: tuple[str, ...]
    properties: str
    things: tuple[str, ...]


def lines(data: bytes, rejected: str | None = None) -> list[Line]:
    """All tracked changes accepted, but those of the author `rejected`, which are rejected."""
    root = ElementTree.fromstring(zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml"))
    found, characters, things = [], [], []
    paragraphs = list(_paragraphs(root.find(f"{W}body")))
    fields: list[str] = []
    for place, (paragraph, parent) in enumerate(paragraphs):
        _read(paragraph, rejected, "", characters, things, fields)
        is_last = place + 1 == len(paragraphs) or paragraphs[place + 1][1] is not parent
        if not is_last and _end_is_gone(paragraph, rejected):
            continue
        found.append(Line("".join(character for character, _ in characters), tuple(looks for _, looks in characters), _properties(paragraph), tuple(things)))
        characters, things = [], []
    return found


def text(data: bytes, rejected: str | None = None) -> str:
    return "\n".join(line.text for line in lines(data, rejected))


def _paragraphs(block):
    for child in block:
        if child.tag == f"{W}p":
            yield child, block
        elif child.tag in {W + name for name in ("tbl", "tr", "tc", "sdt", "sdtContent", "customXml")}:
            yield from _paragraphs(child)


def _end_is_gone(paragraph, rejected) -> bool:
    """Whose end is deleted and stays so, or inserted and rejected."""
    marks = paragraph.find(f"{W}pPr/{W}rPr")
    kinds = [] if marks is None else [(mark.tag.removeprefix(W), mark.get(f"{W}author")) for mark in marks]
    return any((kind == "del" and author != rejected) or (kind == "ins" and author == rejected) for kind, author in kinds)


def _properties(paragraph) -> str:
    """Properties of a paragraph without what tracking adds to them."""
    properties = paragraph.find(f"{W}pPr")
    if properties is None:
        return ""
    return "".join(ElementTree.tostring(child, "unicode") for child in properties if child.tag != f"{W}rPr")


def _read(node, rejected, deleted_by, characters, things, fields) -> None:
    for child in node:
        name = child.tag.removeprefix(W)
        author = child.get(f"{W}author")
        if name == "r":
            _read_run(child, bool(deleted_by), characters, things, fields)
        elif name in CONTAINERS:
            things.append(f"<{name}") if name == "hyperlink" else None
            _read(child, rejected, deleted_by, characters, things, fields)
            things.append(f"{name}>") if name == "hyperlink" else None
        elif name == "moveTo" or (name == "ins" and author != rejected):
            _read(child, rejected, deleted_by, characters, things, fields)
        elif name == "del" and author == rejected:
            _read(child, rejected, author, characters, things, fields)


def _read_run(run, is_deleted, characters, things, fields) -> None:
    looks = run.find(f"{W}rPr")
    looks = "" if looks is None else "".join(ElementTree.tostring(child, "unicode") for child in looks)
    for child in run:
        name = child.tag.removeprefix(W)
        if name == "fldChar":
            kind = child.get(f"{W}fldCharType")
            if kind == "begin":
                fields.append("code")
            elif kind == "separate":
                fields[-1] = "result"
            else:
                fields.pop()
            things.append(f"field {kind}")
        elif "code" in fields:
            continue
        elif name == ("delText" if is_deleted else "t"):
            shown = (child.text or "").replace("\n", " ")
            if child.get("{http://www.w3.org/XML/1998/namespace}space") != "preserve":
                shown = shown.strip(" \t\r\n")
            characters += [(character, looks) for character in shown]
        elif name in CHARACTERS and child.get(f"{W}type", "textWrapping") == "textWrapping":
            characters.append((CHARACTERS[name], looks))
        elif name != "rPr":
            assert name not in ("t", "delText"), "w:t in a deletion, or w:delText outside one"
            things.append(name)
