"""The parts that a document is proofread in."""

import re

from ...text import Document, Span

_PARAGRAPH = re.compile(r"[^\r\n]+")


def parts_of(document: Document) -> tuple[Span, ...]:
    """Lines of the text; of marked text only the lines' marked parts."""
    lines = [Span(*found.span()) for found in _PARAGRAPH.finditer(document.text)]
    if not document.marks:
        return tuple(lines)
    shared = (Span(max(line.start, mark.span.start), min(line.end, mark.span.end)) for mark in document.marks for line in lines if line.overlaps(mark.span))
    return tuple(part for part in shared if len(part))
