"""The runs of one paragraph, with its deletions and insertions made: runs that an edit does not touch keep their bytes."""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from ...errors import DocumentError
from ..document import Span
from .allot import Insertion, Work
from .revisions import Pen, plain_properties, properties_of_end
from .story import Item, Paragraph, Run
from .tree import Splice, in_order, spliced

_NOTES = ("w:footnoteReference", "w:endnoteReference", "w:commentReference")


class _Place(NamedTuple):
    """Where an insertion goes: after `offset` characters of an item, or, where `item` is None, between the units of the paragraph at a byte;
    and the properties of its runs."""

    item: int | None
    offset: int
    properties: bytes


def write_body(data: bytes, paragraph: Paragraph, work: Work, pen: Pen, breaks: Iterator[bytes], line: int) -> bytes:
    """All of a paragraph after its properties, without its end tag. `breaks` gives what stands between two paragraphs that are made out of one;
    `line` is its number, for messages."""
    items, splices, within = paragraph.items, [], {}
    for insertion in work.insertions:
        place = _place(data, paragraph, insertion, work)
        if place.item is None:
            splices.append(Splice(place.offset, place.offset, _pieces(insertion.text, place.properties, pen, breaks)))
        else:
            run = items[place.item].run
            _check(run, line)
            put = _put(data, paragraph, run, insertion.text, place.properties, pen, breaks, line)
            within.setdefault(place.item, []).append((place.offset, put))
    for _, numbers in groupby(range(len(items)), key=lambda number: items[number].run.node.start):
        numbers = list(numbers)
        if any(number in within or _cuts(items[number], work) for number in numbers):
            run = items[numbers[0]].run
            _check(run, line)
            splices.append(Splice(run.node.start, run.node.end, _write_run(data, items, numbers, within, work, pen)))
    return spliced(data, _start_of(paragraph), paragraph.node.close, in_order(splices))


def _check(run: Run, line: int) -> None:
    if run.protection:
        raise DocumentError(f"The words of a .docx can change, but not {run.protection}; line {line} has some. Undo the change there.")


def _place(data: bytes, paragraph: Paragraph, insertion: Insertion, work: Work) -> _Place:
    items, at = paragraph.items, insertion.at
    left = next((number for number in reversed(range(len(items))) if items[number].start < at <= items[number].end), None)
    right = next((number for number, item in enumerate(items) if item.start <= at < item.end), None)
    if insertion.is_instead:
        return _after_words_gone(data, items, right, next(span.end for span in work.deletions if span.start == at))
    if left is None and insertion.text.endswith("\n"):  # a line above this one: all that stands in this one stays in it
        return _Place(None, _start_of(paragraph), _looks(data, items[right].run) if right is not None else properties_of_end(data, paragraph.node))
    if right is None and insertion.text.startswith("\n") and left is not None:
        return _Place(None, paragraph.node.close, _looks(data, items[left].run))
    if left is not None and (items[left].unit_is_run or (right is not None and items[left].run.unit == items[right].run.unit)):
        last = _after_notes(items, left) if at == items[left].end and insertion.text[0].isspace() else left
        return _Place(last, at - items[left].start if last == left else 0, plain_properties(data, items[left].run.node))
    if right is not None and items[right].unit_is_run:
        return _Place(right, 0, plain_properties(data, items[right].run.node))
    if left is None and right is None:
        return _Place(None, paragraph.node.close, properties_of_end(data, paragraph.node))
    run = items[right if left is None else left].run
    return _Place(None, run.unit.start if left is None else run.unit.end, _looks(data, run))


def _looks(data: bytes, run: Run) -> bytes:
    """The properties for words beside a run: its own, but those of a link or a field are not for others."""
    return plain_properties(data, run.node) if run.unit.is_run or run.parent.name == "w:ins" else b""


def _start_of(paragraph: Paragraph) -> int:
    """Where the content of a paragraph begins, after its properties."""
    properties = paragraph.node.child("w:pPr")
    return properties.end if properties else paragraph.node.inner


def _after_words_gone(data: bytes, items: tuple[Item, ...], first: int, end: int) -> _Place:
    """After those of the words that go which stand in the run of the first of them, with its properties."""
    last = first
    while last + 1 < len(items) and items[last + 1].run.node is items[first].run.node and items[last + 1].text and items[last + 1].start < end:
        last += 1
    return _Place(last, min(end, items[last].end) - items[last].start, plain_properties(data, items[first].run.node))


def _after_notes(items: tuple[Item, ...], left: int) -> int:
    """The last of the signs of notes that stand directly after an item; without any, the item."""
    last = left
    while last + 1 < len(items) and items[last + 1].node.name in _NOTES and items[last + 1].unit_is_run:
        last += 1
    return last


def _pieces(text: str, properties: bytes, pen: Pen, breaks: Iterator[bytes]) -> bytes:
    """New text as runs, with new paragraphs where it has line breaks."""
    first, *rest = (pen.inserted(pen.run(properties, pen.new_text(part))) if part else b"" for part in text.split("\n"))
    return first + b"".join(next(breaks) + part for part in rest)


def _put(data: bytes, paragraph: Paragraph, run: Run, text: str, properties: bytes, pen: Pen, breaks: Iterator[bytes], line: int) -> bytes:
    """What stands for new text between two halves of a run."""
    parent, has_break = run.parent, "\n" in text
    if has_break and parent is not paragraph.node and not (parent.name == "w:ins" and any(child is parent for child in paragraph.node.children)):
        raise DocumentError(f"A new line of a .docx begins between its words, not inside a link, a field or a control; line {line} has one there. "
                            "Take the line break out.")
    if parent.name == "w:ins" and (has_break or (pen.tracking and not _is_own(run, pen))):
        return pen.end("ins") + _pieces(text, properties, pen, breaks) + pen.reopened(data, parent)
    if parent.name == "w:ins":
        return pen.run(properties, pen.new_text(text))
    return _pieces(text, properties, pen, breaks)


def _is_own(run: Run, pen: Pen) -> bool:
    """True in what the same author inserted: that changes without being tracked again, as in Word."""
    return bool(pen.tracking) and run.parent.name == "w:ins" and run.parent.attributes.get("w:author") == pen.tracking.author


def _cuts(item: Item, work: Work) -> list[Span]:
    """What of the item's text goes, counted in it."""
    found = (Span(max(0, span.start - item.start), max(0, span.start - item.start, min(len(item.text), span.end - item.start))) for span in work.deletions
             if span.start < item.end and item.start < span.end)
    return [span for span in found if len(span)]


def _write_run(data: bytes, items: tuple[Item, ...], numbers: list[int], within: dict[int, list[tuple[int, bytes]]], work: Work, pen: Pen) -> bytes:
    """One run as what is kept, deleted and inserted in it, in order."""
    run = items[numbers[0]].run
    properties = run.node.child("w:rPr")
    start, at = data[run.node.start:run.node.inner], properties.end if properties else run.node.inner
    looks, parts = data[properties.start:at] if properties else b"", []
    for number in numbers:
        item = items[number]
        parts += _write_item(data, item, at, _cuts(item, work), within.get(number, []), pen)
        at = item.node.end
    written = []
    for kind, group in groupby(parts, key=lambda part: part[0]):
        content = b"".join(part for _, part in group)
        if kind != "put":
            content = pen.run(looks, content, start)
        written.append(content if kind != "gone" else b"" if _is_own(run, pen) else pen.deleted(content))
    return b"".join(written)


def _write_item(data: bytes, item: Item, since: int, cuts: list[Span], puts: list[tuple[int, bytes]], pen: Pen) -> Iterator[tuple[str, bytes]]:
    """("kept" | "gone" | "put", bytes). What stands before the item since the one before it stays with it."""
    if not item.text:
        yield "kept", data[since:item.node.end]
        yield from (("put", put) for _, put in puts)
        return
    borders = sorted({0, len(item.text), *(offset for offset, _ in puts), *(border for span in cuts for border in (span.start, span.end))})
    for left, right in zip(borders, [*borders[1:], None], strict=True):
        yield from (("put", put) for offset, put in puts if offset == left)
        if right is None:
            return
        is_gone = any(span.start <= left < span.end for span in cuts)
        if item.node.name != "w:t":
            part = data[item.node.start:item.node.end]
        elif is_gone:
            part = pen.text(item.text[left:right], "delText")
        else:
            part = data[since:item.node.end] if right - left == len(item.text) else pen.text(item.text[left:right])
        yield "gone" if is_gone else "kept", part
