"""Drafts as changes from one step to the next."""

from collections.abc import Iterable, Iterator
from typing import Any

Piece = list   # [text, certainty, state, token ids]
Draft = list   # of pieces
Change = list  # [at, drop, pieces as a record writes them]

REACH = 16  # how far to look for where two drafts of unequal length go on alike


def carried(draft: Draft) -> Draft:
    """A draft as it enters the next step: what was new is settled."""
    return [[piece[0], piece[1], "settled", piece[3]] if piece[2] == "new" else piece for piece in draft]


def changes(before: Draft, after: Draft) -> Iterator[Change]:
    """What leads from a draft to that of the next step; `apply(before, changes(before, after)) == after`."""
    old, i, j = carried(before), 0, 0
    if old == after:
        return
    tail = _tail(old, after) if len(old) != len(after) else 0
    old, after = old[:len(old) - tail], after[:len(after) - tail]
    while i < len(old) or j < len(after):
        if i < len(old) and j < len(after) and old[i] == after[j]:
            i, j = i + 1, j + 1
            continue
        drop, put = _gap(old, after, i, j)
        yield [i, drop, [_packed(piece) for piece in after[j:j + put]]]
        i, j = i + drop, j + put


def apply(before: Draft, made: Iterable[Change]) -> Draft:
    """The draft after `made`, which have been checked."""
    old, after, at = carried(before), [], 0
    for start, drop, pieces in made:
        after += [*old[at:start], *map(unpacked, pieces)]
        at = start + drop
    return after + old[at:]


def unpacked(piece: Any) -> Piece:
    """A piece as a step has it, from how a record writes it."""
    return ["", 0.0, "open", [piece]] if isinstance(piece, int) else piece


def _packed(piece: Piece) -> Any:
    return piece[3][0] if piece[:3] == ["", 0.0, "open"] and piece[1] is not None and len(piece[3]) == 1 else piece


def _tail(old: Draft, new: Draft) -> int:
    """How many pieces the two end with alike."""
    count = 0
    while count < min(len(old), len(new)) and old[-1 - count] == new[-1 - count]:
        count += 1
    return count


def _gap(old: Draft, new: Draft, i: int, j: int) -> tuple[int, int]:
    """How many pieces to drop and to put, from old[i] and new[j] on, until the two go on alike."""
    rest, coming = len(old) - i, len(new) - j
    reach = rest if rest == coming else min(REACH, max(rest, coming))
    for size in range(1, reach + 1):
        ways = ((size, size),) if rest == coming else ((size, size), (0, size), (size, 0))
        for drop, put in ways:
            if drop < rest and put < coming and old[i + drop] == new[j + put]:
                return drop, put
    return rest, coming
