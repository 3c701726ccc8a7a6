"""The parts that a document is proofread in."""

import re
from bisect import bisect_right

from ...text import Document, Span
from .protected import block_spans

_PARAGRAPH = re.compile(r"[^\r\n]+")


def parts_of(document: Document) -> tuple[Span, ...]:
    """Lines of the text that are not code; of marked text only the lines' marked parts."""
    blocks = block_spans(document.text)
    lines = [line for found in _PARAGRAPH.finditer(document.text) if not _is_within(line := Span(*found.span()), blocks)]
    if not document.marks:
        return tuple(lines)
    shared = (Span(max(line.start, mark.span.start), min(line.end, mark.span.end)) for mark in document.marks for line in lines if line.overlaps(mark.span))
    return tuple(part for part in shared if len(part))


def _is_within(line: Span, blocks: tuple[Span, ...]) -> bool:
    """Whether a line overlaps a block, of those that are in order."""
    at = bisect_right(blocks, line.start, key=lambda block: block.start) - 1
    return any(block.overlaps(line) for block in blocks[max(0, at):at + 2])
