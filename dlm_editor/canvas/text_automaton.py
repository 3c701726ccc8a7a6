"""Finite automata over code points: what constraints on a text are written in, before a vocabulary turns them into automata over tokens.

Code points that every state treats alike share a class, so an automaton is a small table (states × classes) beside a list of ranges.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from .automaton import DEAD, numbered, product

LAST = 0x10FFFF


@dataclass(frozen=True, eq=False)
class TextAutomaton:
    """Deterministic. `arcs[state, class]` is the next state or DEAD; a code point has the class of the last range that starts at or before it."""

    starts: np.ndarray     # (ranges,) int32, rising, the first 0
    classes: np.ndarray    # (ranges,) int32
    arcs: np.ndarray       # (states, classes) int32
    accepting: np.ndarray  # (states,) bool
    start: int = 0
    named: frozenset[int] = frozenset()  # characters that may be written byte by byte, with others of their block

    def classes_of(self, points: np.ndarray) -> np.ndarray:
        """Classes of code points."""
        return self.classes[np.searchsorted(self.starts, points, "right") - 1]

    def run(self, text: str, state: int | None = None) -> int:
        """The state after `text`, or DEAD."""
        state = self.start if state is None else state
        for number in self.classes_of(np.array([ord(char) for char in text], np.int64)):
            state = int(self.arcs[state, number]) if state != DEAD else DEAD
        return state

    def accepts(self, text: str) -> bool:
        state = self.run(text)
        return state != DEAD and bool(self.accepting[state])

    def between(self, before: str, after: str) -> "TextAutomaton":
        """Accepts `text` where this one accepts before + text + after."""
        if not before and not after:
            return self
        start = self.run(before)
        ends = np.array([self.run(after, state) for state in range(len(self.arcs))])
        accepting = (ends != DEAD) & self.accepting[ends] & (start != DEAD)
        return replace(self, start=max(start, 0), accepting=accepting).smallest()

    def framed(self, before: str, after: str) -> "TextAutomaton":
        """Accepts before + text + after where this one accepts `text`."""
        if not before and not after:
            return self
        points = np.unique([ord(char) for char in before + after])
        starts = np.unique(np.concatenate([self.starts, points, points + 1]))
        own, literal = self.classes_of(starts), np.where(np.isin(starts, points), starts, -1)
        pairs, classes = np.unique(np.stack([own, literal], 1), axis=0, return_inverse=True)
        # A state: where this automaton is, and as bits how much of `after` has been read behind each place it may have ended at.
        begin = (len(before), 0, 0)  # characters of `before` still to come, state, bits
        opened = lambda state: (0, state, int(state != DEAD and bool(self.accepting[state])))
        begin = begin if before else opened(self.start)
        numbers, todo, rows = {begin: 0}, [begin], []
        for waiting, state, bits in todo:
            row = []
            for number, point in pairs.tolist():
                if waiting:
                    after_it = None if point != ord(before[-waiting]) else (waiting - 1, 0, 0) if waiting > 1 else opened(self.start)
                else:
                    moved = int(self.arcs[state, number]) if state != DEAD else DEAD
                    read = sum(1 << place + 1 for place, char in enumerate(after) if bits >> place & 1 and point == ord(char))
                    after_it = (0, moved, opened(moved)[2] | read) if moved != DEAD or read else None
                if after_it is not None and after_it not in numbers:
                    numbers[after_it] = len(numbers)
                    todo.append(after_it)
                row.append(DEAD if after_it is None else numbers[after_it])
            rows.append(row)
        accepting = np.array([not waiting and bool(bits >> len(after) & 1) for waiting, _, bits in todo])
        return TextAutomaton(starts, classes.reshape(-1).astype(np.int32), np.array(rows, np.int32), accepting, 0, self.named | set(points.tolist())).smallest()

    def intersect(self, other: "TextAutomaton") -> "TextAutomaton":
        """Accepts what both accept. Raises TooLargeError."""
        starts = np.union1d(self.starts, other.starts)
        first, second = self.classes_of(starts), other.classes_of(starts)
        wide = other.arcs.shape[1]
        pairs, classes = np.unique(first.astype(np.int64) * wide + second, return_inverse=True)
        numbers, arcs = product(self.arcs, other.arcs, pairs // wide, pairs % wide, (self.start, other.start))
        accepting = self.accepting[numbers // len(other.arcs)] & other.accepting[numbers % len(other.arcs)]
        return TextAutomaton(starts, classes, arcs, accepting, 0, self.named | other.named).smallest()

    def complement(self) -> "TextAutomaton":
        """Accepts what this one does not."""
        sink = len(self.arcs)
        arcs = np.vstack([np.where(self.arcs == DEAD, sink, self.arcs), np.full((1, self.arcs.shape[1]), sink)]).astype(np.int32)
        return replace(self, arcs=arcs, accepting=~np.append(self.accepting, False)).smallest()

    def capitalised(self) -> "TextAutomaton":
        """Accepts `text` where this one accepts it with its first letter made a capital. First letters whose capital is two characters are left out."""
        small, large = _capitals()
        starts = np.unique(np.concatenate([self.starts, small, small + 1]))
        changed = np.isin(starts, small)
        raised = starts.copy()
        raised[changed] = large[np.searchsorted(small, starts[changed])]
        own, as_capital = self.classes_of(starts), np.where(raised >= 0, self.classes_of(np.maximum(raised, 0)), -1)
        pairs, classes = np.unique(np.stack([own, as_capital], 1), axis=0, return_inverse=True)
        first = np.where(pairs[:, 1] >= 0, self.arcs[self.start, pairs[:, 1]], DEAD)
        arcs = np.vstack([self.arcs[:, pairs[:, 0]], first[None]]).astype(np.int32)
        accepting = np.append(self.accepting, self.accepting[self.start])
        return TextAutomaton(starts, classes.reshape(-1), arcs, accepting, len(self.arcs), self.named).smallest()

    def smallest(self) -> "TextAutomaton":
        """The least automaton that accepts the same; its start is state 0."""
        arcs, accepting, start = self.arcs, self.accepting, self.start
        live = accepting.copy()
        while not (grown := live | np.where(arcs != DEAD, live[arcs], False).any(1)).tobytes() == live.tobytes():
            live = grown
        arcs = np.where((arcs != DEAD) & live[arcs], arcs, DEAD)
        blocks = accepting.astype(np.int64)
        count = 0
        while count != (count := len(np.unique(blocks))):
            rows = np.concatenate([blocks[:, None], np.where(arcs != DEAD, blocks[arcs], DEAD)], 1)
            blocks = numbered(rows)
        first = np.unique(blocks, return_index=True)[1]
        merged = np.where(arcs[first] != DEAD, blocks[arcs[first]], DEAD)
        kept, reached = _reachable(merged, int(blocks[start]))
        columns = numbered(reached.T)
        where = np.unique(columns, return_index=True)[1]
        classes = columns[self.classes]
        edges = np.append(True, classes[1:] != classes[:-1])
        return TextAutomaton(self.starts[edges], classes[edges].astype(np.int32), np.ascontiguousarray(reached[:, where]), accepting[first][kept],
                             0, self.named)


def _reachable(arcs: np.ndarray, start: int) -> tuple[np.ndarray, np.ndarray]:
    """The states that can be reached, `start` first, and the arcs between them."""
    seen = np.zeros(len(arcs), bool)
    seen[start] = True
    order, frontier = [np.array([start])], np.array([start])
    while len(frontier):
        after = np.unique(arcs[frontier])
        frontier = after[(after != DEAD) & ~seen[after]]
        seen[frontier] = True
        order.append(frontier)
    kept = np.concatenate(order)
    numbers = np.full(len(arcs) + 1, DEAD, np.int32)  # the last place stands for DEAD
    numbers[kept] = np.arange(len(kept))
    return kept, numbers[arcs[kept]]


@cache
def _capitals() -> tuple[np.ndarray, np.ndarray]:
    """Code points that a capital replaces, and the capital, -1 where it is more than one character."""
    pairs = [(point, chr(point).upper()) for point in range(0x20000) if chr(point).upper() != chr(point)]
    return np.array([point for point, _ in pairs]), np.array([ord(upper) if len(upper) == 1 else -1 for _, upper in pairs])


@cache
def ranges_where(holds: Callable[[str], bool]) -> tuple[tuple[int, int], ...]:
    """The ranges of code points for which `holds`, both ends included. Planes in which nothing is assigned are not looked at."""
    found = np.zeros(LAST + 3, bool)
    for planes in (range(0x34000), range(0xE0000, 0xE1000)):
        found[planes.start + 1:planes.stop + 1] = [holds(chr(point)) for point in planes]
    edges = np.flatnonzero(found[1:] != found[:-1])
    return tuple(zip(edges[::2].tolist(), (edges[1::2] - 1).tolist()))
