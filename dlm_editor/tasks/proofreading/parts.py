"""The parts that a document is proofread in."""

import re
from bisect import bisect_right
from dataclasses import dataclass

from ...text import Document, Span
from .protected import block_spans

_LINE = re.compile(r"[^\r\n]+")


@dataclass(frozen=True)
class Part:
    """A line, which is read as a whole, and where in it something may be corrected."""

    line: Span
    allowed: tuple[Span, ...]  # in the document
    begins: bool               # it begins a sentence, as far as one can tell

    @property
    def checked(self) -> Span:
        return Span(self.allowed[0].start, self.allowed[-1].end)


def parts_of(document: Document) -> tuple[Part, ...]:
    """Lines of the text that are not code; with marks, only lines that these reach into."""
    blocks = block_spans(document.text)
    lines = [line for found in _LINE.finditer(document.text) if not _is_within(line := Span(*found.span()), blocks)]
    if not document.marks:
        return tuple(Part(line, (line,), _begins(document.text, line)) for line in lines)
    found = []
    for line in lines:
        shared = (Span(max(line.start, mark.span.start), min(line.end, mark.span.end)) for mark in document.marks if line.overlaps(mark.span))
        if allowed := tuple(piece for piece in shared if len(piece)):
            found.append(Part(line, allowed, _begins(document.text, line)))
    return tuple(found)


def _begins(text: str, line: Span) -> bool:
    """A line in small letters goes on with the one above, where there is one; after a bullet or another sign it is nobody's to say."""
    words = text[line.start:line.end].lstrip()
    if not words[:1].islower():
        return words[:1].isalpha() or words[:1] in "\"“‘'("
    above = text[:line.start].removesuffix("\n").removesuffix("\r")
    return not above or above[-1] in "\r\n"


def _is_within(line: Span, blocks: tuple[Span, ...]) -> bool:
    """Whether a line overlaps a block, of those that are in order."""
    at = bisect_right(blocks, line.start, key=lambda block: block.start) - 1
    return any(block.overlaps(line) for block in blocks[max(0, at):at + 2])
