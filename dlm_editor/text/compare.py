"""The smallest readable edits that lead from one text to another, by whole words (diff-match-patch)."""

import re
import time
from collections.abc import Iterator, Sequence

from diff_match_patch import diff_match_patch

from .document import Edit, Span

PATIENCE_S = 5.0  # afterwards what is still to be compared is replaced as a whole: right all the same, only coarser

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_WORD = re.compile(r"\w(?:\w|['’-](?=\w)|[\u0300-\u036f\u200d\ufe0f])*|.[\u0300-\u036f\u200d\ufe0f]*", re.DOTALL)
_FIRST, _MOST = 0xF0000, 0x10000  # each different token becomes one character of a private plane, and the characters are compared


def changes(before: str, after: str) -> tuple[Edit, ...]:
    """Edits in order, positions in `before`, that make `after` of it; words are replaced as wholes, lines that stay stay untouched."""
    deadline = time.monotonic() + PATIENCE_S
    edits = []
    for at, old, new in _hunks(_LINE.findall(before), _LINE.findall(after), deadline):
        for start, left, right in _pairs(at, old, new):
            edits += [Edit(Span(place, place + len(gone)), gone, put)
                      for place, gone, put in _narrowed(start, left, right, deadline)]
    return tuple(edits)


def _pairs(at: int, old: list[str], new: list[str]) -> Iterator[tuple[int, str, str]]:
    """Line by line where both sides have as many, else all at once: (position, before, after)."""
    if len(old) != len(new):
        yield at, "".join(old), "".join(new)
        return
    for left, right in zip(old, new, strict=True):
        yield at, left, right
        at += len(left)


def _narrowed(at: int, before: str, after: str, deadline: float) -> Iterator[tuple[int, str, str]]:
    for start, old, new in _hunks(_WORD.findall(before), _WORD.findall(after), deadline):
        yield at + start, "".join(old), "".join(new)


def _hunks(old: Sequence[str], new: Sequence[str], deadline: float) -> Iterator[tuple[int, list[str], list[str]]]:
    """What differs between two lists of tokens: (position in code points, tokens gone, tokens put there)."""
    numbers: dict[str, str] = {}
    coded = ["".join(numbers.setdefault(token, chr(_FIRST + len(numbers) % _MOST)) for token in tokens) for tokens in (old, new)]
    if len(numbers) > _MOST:
        yield 0, list(old), list(new)
        return
    differ = diff_match_patch()
    # It measures its deadline with time.time.
    found = differ.diff_main(*coded, False, time.time() + max(0.0, deadline - time.monotonic()))
    differ.diff_cleanupSemantic(found)
    left = right = at = 0
    gone: list[str] = []
    put: list[str] = []
    for kind, tokens in [*found, (differ.DIFF_EQUAL, "")]:
        if kind == differ.DIFF_DELETE:
            gone += old[left:left + len(tokens)]
            left += len(tokens)
        elif kind == differ.DIFF_INSERT:
            put += new[right:right + len(tokens)]
            right += len(tokens)
        else:
            if gone or put:
                yield at, gone, put
                at += sum(map(len, gone))
                gone, put = [], []
            at += sum(map(len, old[left:left + len(tokens)]))
            left, right = left + len(tokens), right + len(tokens)
