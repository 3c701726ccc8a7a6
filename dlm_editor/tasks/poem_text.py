"""Rows of a poem as text: pieces of each line while it is written, the whole in the end."""

import re

from ..canvas import Canvas
from ..sampling import Draft, Piece
from ..text import Document, Edit, Span
from .poem_badges import LineText
from .poem_layout import Layout
from .poem_plan import OPEN, PoemPlan
from .poem_row import Spot
from .poem_verses import Verses

_JOINS = re.compile(r"[\w,.;:!?)\]”’]\Z")  # after such a mark a word needs a space


def draw_line(verses: Verses, layout: Layout, index: int, spots: list[Spot], fresh: set[int], certainty: dict[int, float]) -> tuple[Draft, LineText]:
    """The pieces of one line, and its text so far. `fresh`: first positions of what this step committed; `certainty` by first position."""
    line = verses.plan.lines[index]
    source = index if line.refrain is None else line.refrain
    begun = {int(spot.positions[0, 0]): spot for spot in spots if spot.line == source}
    sizes, at, pieces, text = iter(layout.sizes.get(source, ())), 0, [], ""
    slots = layout.slots[source][0].tolist() if source in layout.slots else []
    is_open = has_gap = False
    for piece in line.pieces:
        if piece is not OPEN:
            joined = " " + piece if has_gap and re.match(r"\w", piece) else piece
            pieces.append(Piece(joined, "settled", 1.0, ()))
            text, has_gap = text + joined, False
            continue
        end = at + next(sizes)
        while at < end:
            spot = begun.get(slots[at])
            if spot is None:
                pieces.append(Piece("", "open", 0.0, (verses.vocabulary.mask_id,)))
                is_open, has_end = True, False
                text, at = text + " ", at + 1
                continue
            word = verses.table.spellings[spot.word]
            word = word[:1].upper() + word[1:] if at == 0 and not text.strip() else word
            written = f" {word}" if _JOINS.search(text) or pieces and not pieces[-1].text and text.strip() else word
            pieces.append(Piece(written, "new" if slots[at] in fresh else "settled", round(certainty.get(slots[at], 1.0), 4), spot.tokens))
            text, at, has_end = text + written, at + len(spot.tokens), True
        has_gap = True
    ended = line.pieces[-1] is not OPEN or bool(slots) and any(int(spot.positions[0, -1]) == slots[-1] for spot in begun.values())
    if source in layout.stops:
        spot = begun.get(int(layout.stops[source][0]))
        mark = "" if spot is None else verses.vocabulary.write(spot.tokens).decode().strip()
        where = int(layout.stops[source][0])
        pieces.append(Piece(mark, "open" if spot is None else "new" if where in fresh else "settled", round(certainty.get(where, 0.0), 4),
                            (verses.vocabulary.mask_id,) if spot is None else spot.tokens))
        text += mark
    return tuple(pieces), LineText(text, is_open, ended)


def gap_texts(verses: Verses, layout: Layout, index: int, spots: list[Spot]) -> list[str]:
    """What the words of each gap of a finished line read like."""
    drawn, _ = draw_line(verses, layout, index, spots, set(), {})
    found, kept = [], list(verses.plan.lines[index].pieces)
    rest = list(drawn)
    for place, piece in enumerate(kept):
        if piece is not OPEN:
            rest.pop(0)
            continue
        part = ""
        until = sum(1 for later in kept[place + 1:] if later is not OPEN)
        while rest and not (rest[0].tokens == () and until):
            part += rest.pop(0).text
        found.append(part.strip())
    return found


def whole_text(plan: PoemPlan, lines: list[str]) -> str:
    """Title and lines, a blank line between stanzas."""
    head = f"{plan.options.title}\n\n" if plan.options.title else ""
    return head + "\n".join("\n" * line.opens_stanza + text for line, text in zip(plan.lines, lines))


def row_canvas_text(verses: Verses, canvas: Canvas, row: int) -> str:
    """What stands on the canvas of a row, head and example included: for looking at."""
    return verses.vocabulary.write([token for token, ok in zip(canvas.token_ids[row].tolist(), canvas.valid[row].tolist()) if ok]).decode("utf-8", "replace")


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
