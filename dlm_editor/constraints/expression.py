"""Regular expressions as values, and their automata: what most kinds of constraints are written in.

Positions of the expression are states (Glushkov), sets of them are bits of a whole number, and those that can be reached are made deterministic.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from ..canvas import LAST, TextAutomaton
from ..errors import OptionError

MOST_POSITIONS = 4000
MOST_STATES = 2000
TIME_LIMIT = 5.0  # seconds of work

Ranges = tuple[tuple[int, int], ...]  # of code points, both ends included, rising


@dataclass(frozen=True)
class Chars:
    """One character of a set. `is_named`: the set was given character by character."""

    ranges: Ranges
    is_named: bool = False


@dataclass(frozen=True)
class Seq:
    parts: tuple["Expression", ...]


@dataclass(frozen=True)
class Alt:
    parts: tuple["Expression", ...]


@dataclass(frozen=True)
class Repeat:
    """`most` None: any number."""

    part: "Expression"
    least: int = 0
    most: int | None = None


Expression = Chars | Seq | Alt | Repeat

ANY = Chars(((0, LAST),))
EMPTY = Seq(())
ANYTHING = Repeat(ANY)


def but(*sets: Chars) -> Chars:
    """A character of none of the sets."""
    found, at = [], 0
    for low, high in sorted(pair for chars in sets for pair in chars.ranges):
        if low > at:
            found.append((at, low - 1))
        at = max(at, high + 1)
    return Chars((*found, (at, LAST)) if at <= LAST else tuple(found))


def union(*sets: Chars) -> Chars:
    return Chars(but(but(*sets)).ranges, any(chars.is_named for chars in sets))


def optional(part: Expression) -> Expression:
    return Repeat(part, 0, 1)


def literal(text: str) -> Seq:
    return Seq(tuple(Chars(((ord(char), ord(char)),), True) for char in text))


@dataclass(frozen=True)
class _Piece:
    """Sets of positions as bits: where it may begin and end; and whether it may be empty."""

    may_be_empty: bool
    first: int
    last: int


class _Positions:
    """The positions of an expression, each a set of characters, and which may follow which."""

    def __init__(self, what: str):
        self.what, self.sets, self.follow = what, [], []
        self.deadline = time.thread_time() + TIME_LIMIT

    def check(self):
        if len(self.sets) > MOST_POSITIONS or time.thread_time() > self.deadline:
            raise OptionError(f"An expression must come to at most {MOST_POSITIONS} characters and {MOST_STATES} states; {self.what} comes to more. "
                              "Write smaller repeats.")

    def read(self, node: Expression) -> _Piece:
        self.check()
        if isinstance(node, Chars):
            self.sets.append(node)
            self.follow.append(0)
            return _Piece(False, 1 << len(self.sets) - 1, 1 << len(self.sets) - 1)
        if isinstance(node, Seq):
            return self._chain(node.parts)
        if isinstance(node, Alt):
            parts = [self.read(part) for part in node.parts]
            return _Piece(any(p.may_be_empty for p in parts), _or(p.first for p in parts), _or(p.last for p in parts))
        return self._repeat(node)

    def _chain(self, parts) -> _Piece:
        """From the right, so that each new link is short."""
        whole = _Piece(True, 0, 0)
        for part in reversed(parts):
            whole = self._join(self.read(part), whole)
        return whole

    def _repeat(self, node: Repeat) -> _Piece:
        whole = _Piece(True, 0, 0)
        if node.most is None:
            again = self.read(node.part)
            self._link(again.last, again.first)
            whole = _Piece(True, again.first, again.last)
        else:
            for _ in range(node.most - node.least):
                joined = self._join(self.read(node.part), whole)
                whole = _Piece(True, joined.first, joined.last)
        for _ in range(node.least):
            whole = self._join(self.read(node.part), whole)
        return whole

    def _join(self, one: _Piece, two: _Piece) -> _Piece:
        self._link(one.last, two.first)
        return _Piece(one.may_be_empty and two.may_be_empty, one.first | (two.first if one.may_be_empty else 0),
                      two.last | (one.last if two.may_be_empty else 0))

    def _link(self, lasts: int, firsts: int):
        self.check()
        for position in _bits(lasts):
            self.follow[position] |= firsts


def automaton_of(node: Expression, what: str = "it") -> TextAutomaton:
    """The automaton of an expression. Raises OptionError, naming `what`, where it is too large."""
    positions = _Positions(what)
    whole = positions.read(node)
    starts, classes, members = _partition(positions.sets)
    begin = (whole.first, whole.may_be_empty)
    numbers, todo, rows = {begin: 0}, [begin], []
    for ahead, _ in todo:
        positions.check()
        row = []
        for member in members:
            hit = ahead & member
            after = (_or(positions.follow[position] for position in _bits(hit)), bool(hit & whole.last))
            if hit and after not in numbers:
                numbers[after] = len(numbers)
                todo.append(after)
            row.append(numbers[after] if hit else -1)
        rows.append(row)
        if len(numbers) > 4 * MOST_STATES:
            positions.deadline = 0.0
    accepting = np.array([accepts for _, accepts in todo])
    named = frozenset(point for chars in positions.sets if chars.is_named for low, high in chars.ranges if high >= 0x80 and high - low < 64
                      for point in range(low, high + 1))
    return TextAutomaton(starts, classes, np.array(rows, np.int32).reshape(len(rows), len(members)), accepting, 0, named).smallest()


def _partition(sets: list[Chars]) -> tuple[np.ndarray, np.ndarray, list[int]]:
    """Ranges of code points that no set tells apart, their classes, and the positions that take a class, as bits."""
    distinct: dict[Ranges, int] = {}
    for position, chars in enumerate(sets):
        distinct[chars.ranges] = distinct.get(chars.ranges, 0) | 1 << position
    edges = [np.array(ranges, np.int64).reshape(-1, 2) for ranges in distinct]
    starts = np.unique(np.concatenate([[0], *(pairs[:, 0] for pairs in edges), *(pairs[:, 1] + 1 for pairs in edges)]))
    starts = starts[starts <= LAST]
    inside = np.zeros((len(starts), len(distinct)), bool)
    for column, pairs in enumerate(edges):
        change = np.zeros(len(starts) + 1, np.int64)
        np.add.at(change, np.searchsorted(starts, pairs[:, 0]), 1)
        np.add.at(change, np.searchsorted(starts, pairs[:, 1], "right"), -1)
        inside[:, column] = change[:-1].cumsum() > 0
    rows, classes = np.unique(inside, axis=0, return_inverse=True)
    bits = list(distinct.values())
    return starts, classes.reshape(-1), [_or(bits[column] for column in np.flatnonzero(row)) for row in rows]


def _or(numbers: Iterable[int]) -> int:
    total = 0
    for number in numbers:
        total |= number
    return total


def _bits(number: int) -> Iterable[int]:
    while number:
        low = number & -number
        yield low.bit_length() - 1
        number ^= low
