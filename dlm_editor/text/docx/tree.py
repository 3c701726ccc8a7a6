"""XML as nodes that know where their bytes stand, so that a part is changed by splices and stays itself everywhere else."""

import re
from collections.abc import Iterable
from typing import NamedTuple
from xml.parsers import expat

from ...errors import DocumentError

MOST_NODES = 1_000_000
DEEPEST = 128

# Transitional, as Word and LibreOffice write it, and strict: the same elements in two namespaces.
WORD = ("http://schemas.openxmlformats.org/wordprocessingml/2006/main", "http://purl.oclc.org/ooxml/wordprocessingml/main")
_PREFIXES = {**dict.fromkeys(WORD, "w:"), "http://www.w3.org/XML/1998/namespace": "xml:"}


class Node(NamedTuple):
    """An element at bytes `[start, end)`; its content at `[inner, close)`. A tag that closes itself has inner == close == end.

    `name` and the names of attributes are "w:…" for WordprocessingML whatever its prefix, else "namespace local".
    """

    name: str
    start: int
    inner: int
    close: int
    end: int
    attributes: dict[str, str]
    children: tuple["Node", ...]
    text: str

    def child(self, name: str) -> "Node | None":
        return next((node for node in self.children if node.name == name), None)


def parse(data: bytes, part: str, entered: frozenset[str] | None = None) -> Node:
    """The root of an XML part in UTF-8; the children of elements not named in `entered` are left out (None: of no element).

    Raises DocumentError where it is not well-formed, declares a document type, or is larger than any honest document.
    """
    return _Reader(data, part, entered).read()


class _Reader:
    """Expat's events as nodes. Where a start tag ends is known at the event after it."""

    def __init__(self, data: bytes, part: str, entered: frozenset[str] | None):
        self._data, self._part, self._entered = data, part, entered
        self._open: list[list] = []  # [name, start, inner or None, attributes, children, texts]
        self._skipped = self._count = 0
        self._root: Node | None = None
        # Left to declare its encoding, a part could choose one in which positions mean something else.
        self._parser = expat.ParserCreate("UTF-8", namespace_separator=" ")
        self._parser.StartElementHandler, self._parser.EndElementHandler = self._start, self._end
        self._parser.CharacterDataHandler, self._parser.StartDoctypeDeclHandler = self._text, self._refuse_doctype
        self._parser.CommentHandler = self._parser.StartCdataSectionHandler = self._parser.ProcessingInstructionHandler = self._other

    def read(self) -> Node:
        try:
            if b"\0" in self._data:  # UTF-16, which expat would read as such all the same
                raise expat.ExpatError("it holds a NUL byte")
            self._parser.Parse(self._data, True)
        except expat.ExpatError as error:
            raise DocumentError(f"A .docx holds well-formed XML in UTF-8; {self._part} does not: {error}. Open and save it once in Word or "
                                "LibreOffice.") from None
        return self._root

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        at = self._here()
        self._count += 1
        if self._count > MOST_NODES or len(self._open) + self._skipped >= DEEPEST:
            raise DocumentError(f"A .docx holds at most {MOST_NODES:,} elements, {DEEPEST} deep, in a part; {self._part} has more. Split "
                                "the document.")
        if self._skipped or (self._open and self._entered is not None and self._open[-1][0] not in self._entered):
            self._skipped += 1
            return
        self._open.append([_short(name), at, None, {_short(key): value for key, value in attributes.items()}, [], []])

    def _end(self, _name: str) -> None:
        at = self._here()
        if self._skipped:
            self._skipped -= 1
            return
        name, start, inner, attributes, children, texts = self._open.pop()
        end = at if at == inner and self._data[at - 2:at] == b"/>" else self._data.index(b">", at) + 1
        node = Node(name, start, inner, at, end, attributes, tuple(children), "".join(texts))
        if self._open:
            self._open[-1][4].append(node)
        else:
            self._root = node

    def _text(self, text: str) -> None:
        self._here()
        if self._open and not self._skipped:
            self._open[-1][5].append(text)

    def _other(self, *_: object) -> None:
        self._here()

    def _here(self) -> int:
        at = self._parser.CurrentByteIndex
        if self._open and self._open[-1][2] is None:
            self._open[-1][2] = at
        return at

    def _refuse_doctype(self, *_: object) -> None:
        raise DocumentError(f"A .docx declares no document type; {self._part} does, and it could make text out of nothing. Open and save it "
                            "once in Word or LibreOffice.")


def _short(name: str) -> str:
    space, _, local = name.rpartition(" ")
    return _PREFIXES.get(space, space + " " if space else "") + local


class Splice(NamedTuple):
    """Bytes `[start, end)` are replaced by `put`."""

    start: int
    end: int
    put: bytes


def in_order(splices: Iterable[Splice]) -> list[Splice]:
    """By place; several at one place stay in the order they were made in."""
    return sorted(splices, key=lambda splice: splice[:2])


def spliced(data: bytes, start: int, end: int, splices: Iterable[Splice]) -> bytes:
    """`data[start:end]` with the splices made, which are in order and lie within."""
    parts, at = [], start
    for splice in splices:
        parts += [data[at:splice.start], splice.put]
        at = splice.end
    return b"".join([*parts, data[at:end]])


def prefix_of(data: bytes, node: Node) -> bytes:
    """The prefix that the element's own tag is written with, colon included; b"" for a default namespace."""
    return re.match(rb"<([^\s/>:]+:)?", data[node.start:node.start + 256])[1] or b""
