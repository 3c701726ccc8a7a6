"""Finite automata over tokens, and over the bytes they write.

A constraint is a deterministic automaton over tokens. Tokens that behave alike in every state share a class, so an automaton is a small table
(states × classes) beside one (vocab,) vector, whatever the vocabulary. Automata of one vocabulary intersect.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from .vocabulary import Vocabulary

DEAD = -1
MOST_STATES = 12000          # of a product
LARGEST_PRODUCT = 2**26      # pairs of states that may be asked for
AT_ONCE = 2**21              # numbers worked on at once


class TooLargeError(Exception):
    """An automaton has too many states to be worked with; whoever asked for it says so to the user."""


@dataclass(frozen=True, eq=False)
class ByteAutomaton:
    """Deterministic over bytes: `arcs[state, byte]` is the next state or DEAD."""

    arcs: np.ndarray       # (states, 256) int32
    accepting: np.ndarray  # (states,) bool
    start: int = 0

    def accepts(self, text: bytes) -> bool:
        state = self.start
        for byte in text:
            state = self.arcs[state, byte]
            if state == DEAD:
                return False
        return bool(self.accepting[state])


def determinise(start: Iterable[Hashable], step: Callable, is_final: Callable, alphabet: np.ndarray) -> ByteAutomaton:
    """Subset construction. `step(state, byte)` yields next states; `alphabet[byte]` groups bytes that every state treats alike, (256,) int."""
    groups = [int(np.flatnonzero(alphabet == g)[0]) for g in range(int(alphabet.max()) + 1)]
    first = frozenset(start)
    numbers, todo, rows = {first: 0}, [first], []
    while todo:
        subset = todo.pop(0)
        row = []
        for byte in groups:
            reached = frozenset(after for state in subset for after in step(state, byte))
            if reached and reached not in numbers:
                numbers[reached] = len(numbers)
                todo.append(reached)
            row.append(numbers[reached] if reached else DEAD)
        rows.append(row)
    accepting = np.array([any(is_final(state) for state in subset) for subset in numbers])
    return ByteAutomaton(np.array(rows, np.int32)[:, alphabet], accepting)


@dataclass(frozen=True, eq=False)
class Columns:
    """The admitted tokens in order of class, so that a class is a slice."""

    tokens: np.ndarray   # (admitted tokens,) int64
    starts: np.ndarray   # (classes in use,) where each begins
    ends: np.ndarray
    classes: np.ndarray  # (classes in use,) their numbers
    places: np.ndarray   # (vocab,) int64: where each token stands in `tokens`


@dataclass(frozen=True, eq=False)
class Moves:
    """The pairs of states that some token joins, in order of the first, and the classes that do: few sets of classes serve many pairs."""

    froms: np.ndarray    # (pairs,) rising
    to: np.ndarray       # (pairs,)
    sets: np.ndarray     # (pairs,) which set of classes leads from one to the other
    members: np.ndarray  # classes of all sets, one set after another
    starts: np.ndarray   # (sets,) where each begins


@dataclass(frozen=True, eq=False)
class Automaton:
    """Deterministic over tokens. `arcs[state, classes[token]]` is the next state or DEAD. Class 0 is dead in every state."""

    classes: np.ndarray    # (vocab,) int32
    arcs: np.ndarray       # (states, classes) int32
    accepting: np.ndarray  # (states,) bool
    start: int = 0

    @cached_property
    def table(self) -> np.ndarray:
        """The arcs with one more state in place of DEAD, (states, classes)."""
        return np.where(self.arcs != DEAD, self.arcs, len(self.arcs))

    @cached_property
    def moves(self) -> Moves:
        states, classes = np.nonzero(self.arcs != DEAD)  # by state, then class
        to = self.arcs[states, classes]
        order = np.lexsort((classes, to, states))
        states, classes, to = states[order], classes[order], to[order]
        first = np.flatnonzero(np.append(True, (states[1:] != states[:-1]) | (to[1:] != to[:-1]))) if len(states) else np.zeros(0, np.int64)
        sizes = np.diff(np.append(first, len(states)))
        keys = np.random.default_rng(0).integers(-2**63, 2**63, size=self.arcs.shape[1], dtype=np.int64)
        hashes = np.add.reduceat(keys[classes], first) if len(first) else first  # sums wrap around; different sets agree once in 2^60
        _, one, sets = np.unique(hashes, return_index=True, return_inverse=True)
        members = np.concatenate([classes[first[pair]:first[pair] + sizes[pair]] for pair in one]) if len(one) else np.zeros(0, np.int64)
        starts = np.cumsum(np.append(0, sizes[one]))[:-1]
        return Moves(states[first], to[first].astype(np.int64), sets.reshape(-1), members, starts)

    @cached_property
    def columns(self) -> Columns:
        order = np.argsort(self.classes, kind="stable")
        order = order[self.classes[order] > 0]
        classes, starts = np.unique(self.classes[order], return_index=True)
        places = np.zeros(len(self.classes), np.int64)
        places[order] = np.arange(len(order))
        return Columns(order, starts, np.append(starts[1:], len(order)), classes, places)

    def run(self, tokens: Iterable[int]) -> int:
        """The state after `tokens`, or DEAD."""
        state = self.start
        for token in tokens:
            state = int(self.arcs[state, self.classes[token]])
            if state == DEAD:
                break
        return state

    def accepts(self, tokens: Iterable[int]) -> bool:
        state = self.run(tokens)
        return state != DEAD and bool(self.accepting[state])

    def intersect(self, other: "Automaton") -> "Automaton":
        """Accepts what both accept."""
        wide = other.arcs.shape[1]
        pairs, classes = np.unique(self.classes.astype(np.int64) * wide + other.classes, return_inverse=True)
        numbers, arcs = product(self.arcs, other.arcs, pairs // wide, pairs % wide, (self.start, other.start))
        return trimmed(classes, arcs, self.accepting[numbers // len(other.arcs)] & other.accepting[numbers % len(other.arcs)])

    def smallest(self) -> "Automaton":
        """The least automaton that accepts the same."""
        blocks, count = self.accepting.astype(np.int64), 0
        while count != (count := len(np.unique(blocks))):
            blocks = numbered(np.concatenate([blocks[:, None], np.where(self.arcs != DEAD, blocks[self.arcs], DEAD)], 1))
        _, first, blocks = np.unique(blocks, return_index=True, return_inverse=True)
        order = np.argsort(first)  # the block of the start, state 0, comes first
        rank = np.argsort(order)
        arcs = self.arcs[np.sort(first)]
        return trimmed(self.classes, np.where(arcs != DEAD, rank[blocks.reshape(-1)][arcs], DEAD), self.accepting[np.sort(first)])

    def lengths(self, limit: int) -> np.ndarray:
        """Which numbers of tokens are accepted, (limit + 1,) bool."""
        alive = np.zeros(len(self.arcs), bool)
        alive[self.start] = True
        found, seen = [], {}
        for length in range(limit + 1):
            key = alive.tobytes()
            if key in seen:  # from here on it repeats itself
                period = length - seen[key]
                return np.array(found + [found[seen[key] + (n - length) % period] for n in range(length, limit + 1)])
            seen[key] = length
            found.append(bool((alive & self.accepting).any()))
            after = self.arcs[alive]
            alive = np.zeros_like(alive)
            alive[after[after != DEAD]] = True
        return np.array(found)

    def admits(self, tokens: Sequence[int | None]) -> bool:
        """True where the open positions, None, can be filled so that it is accepted."""
        alive = {self.start}
        for token in tokens:
            reached = self.arcs[list(alive)] if token is None else self.arcs[list(alive), self.classes[token]]
            alive = set(reached[reached != DEAD].tolist())
            if not alive:
                return False
        return any(self.accepting[state] for state in alive)

    def without(self, token: int) -> "Automaton":
        """Accepts the same runs but those that hold `token`."""
        classes = self.classes.copy()
        classes[token] = 0
        return replace(self, classes=classes)


def product(one: np.ndarray, two: np.ndarray, first: np.ndarray, second: np.ndarray, start: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """The pairs of states that can be reached from `start`, as one's · len(two) + two's, and the arcs between them, (pairs, classes).

    Class c of the product is class first[c] of the one and second[c] of the other. Raises TooLargeError.
    """
    wide = len(two)
    if len(one) * wide > LARGEST_PRODUCT:
        raise TooLargeError(f"{len(one)} × {wide} states")
    number = np.full(len(one) * wide + 1, DEAD, np.int32)  # the last place stands for DEAD
    frontier = np.array([start[0] * wide + start[1]])
    number[frontier], count, found, rows = 0, 1, [frontier], []
    while len(frontier):
        reached = []
        for low in range(0, len(frontier), max(1, AT_ONCE // max(1, len(first)))):
            some = frontier[low:low + max(1, AT_ONCE // max(1, len(first)))]
            a, b = one[some // wide][:, first], two[some % wide][:, second]
            keys = np.where((a != DEAD) & (b != DEAD), a.astype(np.int64) * wide + b, -1)
            fresh = np.unique(keys)
            fresh = fresh[fresh >= 0]
            fresh = fresh[number[fresh] == DEAD]
            number[fresh] = count + np.arange(len(fresh))
            count += len(fresh)
            if count > MOST_STATES:
                raise TooLargeError(f"more than {MOST_STATES} states")
            reached.append(fresh)
            rows.append(number[keys])
        frontier = np.concatenate(reached)
        found.append(frontier)
    return np.concatenate(found), np.concatenate(rows)


def trimmed(classes: np.ndarray, arcs: np.ndarray, accepting: np.ndarray) -> Automaton:
    """The automaton without states from which nothing is accepted (state 0 starts), and with columns that agree merged."""
    live = accepting.copy()
    while True:
        grown = live | np.where(arcs != DEAD, live[arcs], False).any(1)
        if (grown == live).all():
            break
        live = grown
    live[0] = True
    numbers = np.where(live, np.cumsum(live) - 1, DEAD)
    arcs = np.where(arcs != DEAD, numbers[arcs], DEAD)[live].astype(np.int32)
    columns = np.concatenate([np.full((1, len(arcs)), DEAD, np.int32), arcs.T])  # the added class is dead and becomes class 0
    _, first, merged = np.unique(numbered(columns), return_index=True, return_inverse=True)
    rank = np.argsort(np.argsort(first))
    return Automaton(rank[merged.reshape(-1)[1:]][classes].astype(np.int32), np.ascontiguousarray(columns[np.sort(first)].T), accepting[live])


def numbered(rows: np.ndarray) -> np.ndarray:
    """A number for each row, equal where rows are, (rows,) int64."""
    mixed = np.random.default_rng(0).integers(-2**63, 2**63, size=rows.shape[1], dtype=np.int64)
    some = max(1, AT_ONCE // max(1, rows.shape[1]))
    sums = [rows[low:low + some].astype(np.int64) @ mixed for low in range(0, len(rows), some)]  # they wrap around; different rows agree once in 2^60
    return np.unique(np.concatenate(sums) if sums else np.zeros(0, np.int64), return_inverse=True)[1].reshape(-1)


def compile_bytes(automaton: ByteAutomaton, vocabulary: Vocabulary, mode: int = 0) -> Automaton:
    """The tokens whose bytes the byte automaton accepts, written from `mode` on. The null token, where there is one, changes nothing."""
    states, modes, size = len(automaton.arcs), len(vocabulary.written), vocabulary.size
    dead = states
    table = np.full((states + 1, 256), dead, np.int32)
    table[:states] = np.where(automaton.arcs == DEAD, dead, automaton.arcs)
    after = np.empty((states * modes, size), np.int32)  # state number: automaton state · modes + mode
    for at in range(modes):
        order, text, longer = vocabulary.byte_tables[at]
        current = np.repeat(np.arange(states, dtype=np.int32)[:, None], size, 1)
        for j, count in enumerate(longer):
            current[:, :count] = table[current[:, :count], text[:count, j]]
        reached = np.empty_like(current)
        reached[:, order] = current
        numbered = np.where(reached == dead, DEAD, reached * modes + vocabulary.modes[at])
        after[at::modes] = np.where(vocabulary.forbidden, DEAD, numbered)
    if vocabulary.null_id is not None:
        after[:, vocabulary.null_id] = np.arange(states * modes)
    return from_start(after, np.arange(size), np.repeat(automaton.accepting, modes), automaton.start * modes + mode)


def from_start(after: np.ndarray, classes: np.ndarray, accepting: np.ndarray, start: int) -> Automaton:
    """Merges the classes, (vocab,), whose columns of `after` agree, drops what cannot be reached, and makes `start` state 0."""
    _, first, merged = np.unique(numbered(after.T), return_index=True, return_inverse=True)
    classes, arcs = merged.reshape(-1)[classes], after[:, first]
    order, seen = [start], {start}
    for state in order:
        for reached in np.unique(arcs[state]):
            if reached != DEAD and int(reached) not in seen:
                seen.add(int(reached))
                order.append(int(reached))
    numbers = np.full(len(after), DEAD, np.int32)
    numbers[order] = np.arange(len(order))
    kept = arcs[order]
    return trimmed(classes, np.where(kept != DEAD, numbers[kept], DEAD), accepting[order])
