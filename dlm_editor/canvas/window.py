"""The window: which marks share a canvas, and the fixed tokens around them. Reads the text near the marks only, however long the document is."""

from dataclasses import dataclass

from ..errors import OptionError
from ..text import Auto, Document, Tokens, Words
from .border import Border, find_border
from .canvas import Frame
from .gap import Gap, open_gap
from .vocabulary import Vocabulary

CHARACTERS_A_TOKEN = 8       # more than any text averages: so many characters are read for each token of context
SMALLEST_CONTEXT = 24        # tokens on each side of the marks
SURPLUS = 16                 # tokens beyond those of the marked text that a fill of open length may take


@dataclass(frozen=True, eq=False)
class Group:
    """Marks that share a window, in document order, and the most tokens that each may take."""

    marks: tuple[int, ...]
    room: int                # tokens in the window, frame and open positions included
    most: tuple[int, ...]


def _reserve(gap: Gap, usable: int) -> int:
    """The most tokens that a gap may take. Raises OptionError where that is more than a window has."""
    length = gap.length
    if isinstance(length, Auto):
        return max(gap.shortest, min(usable, gap.shortest + max(gap.old_tokens, 0) + SURPLUS))
    most = max(gap.shortest, length.count) if isinstance(length, Tokens) else gap.shortest + length.count + 8
    return max(gap.shortest, min(usable, most)) if isinstance(length, Words) and gap.shortest <= usable else most


def group_marks(document: Document, gaps: tuple[Gap, ...], vocabulary: Vocabulary, room: int,
                pinned: tuple[int, ...] | None = None) -> tuple[Group, ...]:
    """Greedy, in document order: a mark joins its predecessor's window while both fit with some context on each side.

    `pinned`: how many tokens each gap has already, 0 where its length is still open. Raises OptionError where a mark alone does not fit.
    """
    usable = room - _framing(vocabulary) - 2 * min(SMALLEST_CONTEXT, room // 8)
    groups, used = [], 0
    for number, gap in enumerate(gaps):
        need = pinned[number] if pinned and pinned[number] else _reserve(gap, usable)
        if need > usable:
            raise OptionError(f"A fill must fit the model's window of {room} tokens with some text around it; a length of {gap.length} takes "
                              f"{need}. Ask for at most {max(1, usable - SURPLUS)} tokens, or mark less.")
        if groups:
            between = _tokens_between(document, gaps[number - 1].border, gap.border, vocabulary, usable)
            if used + between + need <= usable:
                groups[-1].append((number, need))
                used += between + need
                continue
        groups.append([(number, need)])
        used = need
    return tuple(Group(tuple(n for n, _ in group), room, tuple(need for _, need in group)) for group in groups)


def _tokens_between(document, left, right, vocabulary, usable):
    """How many fixed tokens stand between two gaps, `usable` where they are far apart."""
    if right.fixed_until - left.fixed_from > usable * CHARACTERS_A_TOKEN:
        return usable
    return len(_encode_after(document.text, left, right.fixed_until, vocabulary))


def find_borders(document: Document) -> tuple[Border, ...]:
    """The border of every mark; what one re-opens no other does."""
    borders, low = [], 0
    for number, mark in enumerate(document.marks):
        high = document.marks[number + 1].span.start if number + 1 < len(document.marks) else None
        borders.append(find_border(document.text, mark.span, low, high))
        low = borders[-1].fixed_from
    return tuple(borders)


def open_gaps(document: Document, vocabulary: Vocabulary) -> tuple[Gap, ...]:
    """Every mark of the document as a gap. Raises UnsatisfiableError."""
    return tuple(open_gap(number, border, mark.length, document.text, vocabulary)
                 for number, (mark, border) in enumerate(zip(document.marks, find_borders(document))))


def frame_group(text: str, gaps: tuple[Gap, ...], group: Group, vocabulary: Vocabulary) -> Frame:
    """The fixed tokens around and between the gaps of a group, whose borders count in `text`."""
    first, last = gaps[0].border, gaps[-1].border
    between = [tuple(_encode_after(text, a.border, b.border.fixed_until, vocabulary)) for a, b in zip(gaps, gaps[1:])]
    spare = max(2, group.room - _framing(vocabulary) - sum(group.most) - sum(map(len, between)))
    reach = spare * CHARACTERS_A_TOKEN
    begin, end = max(0, first.fixed_until - reach), min(len(text), last.fixed_from + reach)
    left = vocabulary.encode(text[begin:first.fixed_until], continues=begin > 0)
    right = _encode_after(text, last, end, vocabulary)
    take = _share(len(left), len(right), spare)
    reaches_start, reaches_end = begin == 0 and take[0] == len(left), end == len(text) and take[1] == len(right)
    prefix = vocabulary.prefix_ids if reaches_start or not vocabulary.frames_document else ()
    suffix = vocabulary.suffix_ids if reaches_end or not vocabulary.frames_document else ()
    return Frame(((*prefix, *vocabulary.context_ids, *left[len(left) - take[0]:]), *between, (*right[:take[1]], *suffix)), gaps)


def _framing(vocabulary):
    """How many tokens stand around the text at most."""
    return len(vocabulary.prefix_ids) + len(vocabulary.context_ids) + len(vocabulary.suffix_ids)


def _encode_after(text, border, end, vocabulary):
    """Tokens of the fixed text from a gap on."""
    piece = (" " if border.space_after else "") + text[border.fixed_from:max(end, border.fixed_from)]
    return vocabulary.encode(piece, continues=True)


def _share(left, right, spare):
    """Half of the spare tokens for each side; what one does not need the other gets."""
    half = spare // 2
    take_left = min(left, max(half, spare - right))
    return take_left, min(right, spare - take_left)
