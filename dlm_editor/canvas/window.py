"""The window: which marks share a canvas, and the fixed tokens around them. Reads the text near the marks only, however long the document is."""

from dataclasses import dataclass

from ..errors import OptionError
from ..text import Auto, Document, Mark, Tokens, Words
from .border import Border, find_border
from .canvas import Frame
from .gap import Gap, open_gap
from .vocabulary import Vocabulary

CHARACTERS_A_TOKEN = 8       # more than any text averages: so many characters are read for each token of context
SMALLEST_CONTEXT = 24        # tokens on each side of the marks
DEFAULT_OPEN = 8             # tokens reserved for an insertion of unknown length


@dataclass(frozen=True, eq=False)
class Group:
    """Marks that share a window, in document order, and the most tokens that each may take."""

    marks: tuple[int, ...]
    room: int                # tokens in the window, frame and open positions included
    most: tuple[int, ...]


def reserve(mark: Mark, text: str) -> int:
    """The most tokens that a mark may take."""
    if isinstance(mark.length, Tokens):
        return mark.length.count + 16  # a cut word may need more
    if isinstance(mark.length, Words):
        return 2 * mark.length.count + 8
    return 2 * DEFAULT_OPEN + min(len(mark.span), 2048) // 2


def group_marks(document: Document, vocabulary: Vocabulary, room: int) -> tuple[Group, ...]:
    """Greedy, in document order: a mark joins its predecessor's window while both fit with some context on each side.

    Raises OptionError where a single mark does not fit the window.
    """
    edge = len(vocabulary.prefix_ids) + len(vocabulary.suffix_ids)
    usable = room - edge - 2 * min(SMALLEST_CONTEXT, room // 8)
    groups, used = [], 0
    for number, mark in enumerate(document.marks):
        need = reserve(mark, document.text)
        if need > usable and isinstance(mark.length, Auto):
            need = usable
        if need > usable:
            raise OptionError(f"A fill must fit the model's window of {room} tokens with some text around it; got a length of {mark.length}. "
                              f"Ask for at most {max(1, usable - 16)} tokens.")
        if groups:
            between = document.text[groups[-1][-1][1].span.end:mark.span.start] if mark.span.start - groups[-1][-1][1].span.end <= usable * CHARACTERS_A_TOKEN \
                else None
            gap = len(vocabulary.encode(between)) if between is not None else usable
            if used + gap + need <= usable:
                groups[-1].append((number, mark, need))
                used += gap + need
                continue
        groups.append([(number, mark, need)])
        used = need
    return tuple(Group(tuple(n for n, _, _ in group), room, tuple(need for _, _, need in group)) for group in groups)


def find_borders(document: Document) -> tuple[Border, ...]:
    """The border of every mark; what one re-opens no other does."""
    borders, low = [], 0
    for number, mark in enumerate(document.marks):
        high = document.marks[number + 1].span.start if number + 1 < len(document.marks) else None
        borders.append(find_border(document.text, mark.span, low, high))
        low = borders[-1].fixed_from if borders[-1].suffix else mark.span.end
    return tuple(borders)


def open_gaps(document: Document, vocabulary: Vocabulary) -> tuple[Gap, ...]:
    """Every mark of the document as a gap. Raises UnsatisfiableError."""
    return tuple(open_gap(number, border, mark.length, document.text, vocabulary)
                 for number, (mark, border) in enumerate(zip(document.marks, find_borders(document))))


def frame_group(text: str, gaps: tuple[Gap, ...], group: Group, vocabulary: Vocabulary) -> Frame:
    """The fixed tokens around and between the gaps of a group, whose borders count in `text`."""
    first, last = gaps[0].border, gaps[-1].border
    between = [tuple(_encode_after(text, a.border, b.border.fixed_until, vocabulary)) for a, b in zip(gaps, gaps[1:])]
    frame = len(vocabulary.prefix_ids) + len(vocabulary.suffix_ids)
    spare = max(2, group.room - frame - sum(group.most) - sum(map(len, between)))
    reach = spare * CHARACTERS_A_TOKEN
    begin, end = max(0, first.fixed_until - reach), min(len(text), last.fixed_from + reach)
    left = vocabulary.encode(text[begin:first.fixed_until], continues=begin > 0)
    right = _encode_after(text, last, end, vocabulary)
    take = _share(len(left), len(right), spare)
    reaches_start, reaches_end = begin == 0 and take[0] == len(left), end == len(text) and take[1] == len(right)
    prefix = vocabulary.prefix_ids if reaches_start or not vocabulary.frames_document else ()
    suffix = vocabulary.suffix_ids if reaches_end or not vocabulary.frames_document else ()
    return Frame(((*prefix, *left[len(left) - take[0]:]), *between, (*right[:take[1]], *suffix)), gaps)


def _encode_after(text, border, end, vocabulary):
    """Tokens of the fixed text from a gap on."""
    piece = (" " if border.space_after else "") + text[border.fixed_from:max(end, border.fixed_from)]
    return vocabulary.encode(piece, continues=True)


def _share(left, right, spare):
    """Half of the spare tokens for each side; what one does not need the other gets."""
    half = spare // 2
    take_left = min(left, max(half, spare - right))
    return take_left, min(right, spare - take_left)
