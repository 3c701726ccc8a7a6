"""Rows of a poem as text: pieces of each line while it is written, the whole in the end."""

import re
from dataclasses import dataclass

from ..sampling import Draft, Piece
from ..text import Document, Edit, Span
from .poem_badges import LineText
from .poem_layout import Layout
from .poem_plan import OPEN, PoemPlan
from .poem_row import Spot
from .poem_verses import Verses

_JOINS = re.compile(r"[\w,.;:!?)\]”’]\Z")  # after such a mark a word needs a space


@dataclass(frozen=True)
class DrawnLine:
    """One line of a row as it stands."""

    pieces: Draft
    text: LineText
    gaps: tuple[str, ...]  # what the words of each gap read like, with the mark at the line's end


def draw_line(verses: Verses, layout: Layout, index: int, spots: list[Spot], fresh: set[int], certainty: dict[int, float]) -> DrawnLine:
    """`fresh`: first positions of what this step committed; `certainty` by first position. In a line that repeats another the other's words stand."""
    line = verses.plan.lines[index]
    source = index if line.refrain is None else line.refrain
    begun = {int(spot.positions[0, 0]): spot for spot in spots if spot.line == source}
    slots = layout.slots[source][0].tolist() if source in layout.slots else []
    stop = int(layout.stops[source][0]) if source in layout.stops else None
    state = lambda place: "open" if place not in begun else "new" if place in fresh else "settled"
    sure = lambda place: round(certainty.get(place, 0.0), 4)
    mask, sizes, at = (verses.vocabulary.mask_id,), iter(layout.sizes.get(source, ())), 0
    pieces, gaps, text = [], [], ""
    for place, piece in enumerate(line.pieces):
        if piece is not OPEN:
            written = " " * bool(place and re.match(r"\w", piece)) + piece
            pieces.append(Piece(written, "settled", 1.0, ()))
            text += written
            continue
        begin, end = len(text), at + next(sizes)
        while at < end:
            spot = begun.get(slots[at])
            if spot is None:
                written = " "
            else:
                word = verses.table.spellings[spot.word]
                word = word[:1].upper() + word[1:] if at == 0 and line.kept_start is None else word
                written = " " * bool(_JOINS.search(text.rstrip(" "))) + word if not text.endswith(" ") else word
            pieces.append(Piece("" if spot is None else written, state(slots[at]), sure(slots[at]), mask if spot is None else spot.tokens))
            text, at = text + written, at + (1 if spot is None else len(spot.tokens))
        gaps.append(text[begin:])
    if stop is not None:
        mark = verses.vocabulary.write(begun[stop].tokens).decode().strip() if stop in begun else ""
        pieces.append(Piece(mark, state(stop), sure(stop), begun[stop].tokens if stop in begun else mask))
        text, gaps[-1] = text + mark, gaps[-1] + mark
    has_end = line.kept_end is not None or bool(slots) and any(int(spot.positions[0, -1]) == slots[-1] for spot in begun.values())
    return DrawnLine(tuple(pieces), LineText(text, any(place not in begun for place in _starts(slots, begun)), has_end), tuple(gap.strip() for gap in gaps))


def _starts(slots: list[int], begun: dict[int, Spot]) -> list[int]:
    """Where words begin: open positions, and the first of each committed word."""
    found, at = [], 0
    while at < len(slots):
        found.append(slots[at])
        at += len(begun[slots[at]].tokens) if slots[at] in begun else 1
    return found


def whole_text(plan: PoemPlan, lines: list[str]) -> str:
    """Title and lines, a blank line between stanzas."""
    head = f"{plan.options.title}\n\n" if plan.options.title else ""
    return head + "\n".join("\n" * line.opens_stanza + text for line, text in zip(plan.lines, lines))


def as_edits(document: Document, texts: list[str]) -> tuple[Edit, ...]:
    """An edit for each mark of a draft, with spaces where words would run into others."""
    edits = []
    for mark, text in zip(document.marks, texts, strict=True):
        before, after = document.text[:mark.span.start][-1:], document.text[mark.span.end:][:1]
        text = " " * bool(_JOINS.search(before)) + text + " " * bool(re.match(r"\w", after))
        edits.append(Edit(mark.span, document[mark.span], text))
    return tuple(edits)


def insertion(text: str) -> tuple[Edit, ...]:
    """The edit that writes a poem into an empty document."""
    return (Edit(Span(0, 0), "", text),)
