"""Finite automata over tokens, and over the bytes they write.

A constraint is a deterministic automaton over tokens. Tokens that behave alike in every state share a class, so an automaton is a small table
(states × classes) beside one (vocab,) vector, whatever the vocabulary. Automata of one vocabulary intersect.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from .vocabulary import Vocabulary

DEAD = -1


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
    def successors(self) -> np.ndarray:
        """Which states a token leads to, (states, states) bool."""
        found = np.zeros((len(self.arcs), len(self.arcs) + 1), bool)
        found[np.arange(len(self.arcs))[:, None], self.table] = True
        return found[:, :-1]

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
        wide = int(other.classes.max()) + 1
        pairs, classes = np.unique(self.classes.astype(np.int64) * wide + other.classes, return_inverse=True)
        first, second = pairs // wide, pairs % wide
        numbers, todo, rows = {(self.start, other.start): 0}, [(self.start, other.start)], []
        while todo:
            a, b = todo.pop(0)
            after_a, after_b = self.arcs[a, first], other.arcs[b, second]
            alive = (after_a != DEAD) & (after_b != DEAD)
            row = np.full(len(pairs), DEAD, np.int32)
            for pair in set(zip(after_a[alive].tolist(), after_b[alive].tolist())):
                if pair not in numbers:
                    numbers[pair] = len(numbers)
                    todo.append(pair)
                row[alive & (after_a == pair[0]) & (after_b == pair[1])] = numbers[pair]
            rows.append(row)
        accepting = np.array([bool(self.accepting[a] and other.accepting[b]) for a, b in numbers])
        return trimmed(classes, np.array(rows), accepting)

    def lengths(self, limit: int) -> np.ndarray:
        """Which numbers of tokens are accepted, (limit + 1,) bool."""
        alive = np.zeros(len(self.arcs), bool)
        alive[self.start] = True
        found = []
        for _ in range(limit + 1):
            found.append(bool((alive & self.accepting).any()))
            after = self.arcs[alive]
            alive = np.zeros_like(alive)
            alive[after[after != DEAD]] = True
        return np.array(found)

    def without(self, token: int) -> "Automaton":
        """Accepts the same runs but those that hold `token`."""
        classes = self.classes.copy()
        classes[token] = 0
        return replace(self, classes=classes)


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
    columns, merged = np.unique(np.concatenate([np.full((len(arcs), 1), DEAD, np.int32), arcs], 1), axis=1, return_inverse=True)
    merged = merged.reshape(-1)
    dead = merged[0]  # the added column: its class becomes 0
    order = np.argsort(np.arange(columns.shape[1]) != dead, kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    return Automaton(place[merged[1:]][classes].astype(np.int32), np.ascontiguousarray(columns[:, order]), accepting[live])


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
    return _from_start(after, np.repeat(automaton.accepting, modes), automaton.start * modes + mode)


def _from_start(after: np.ndarray, accepting: np.ndarray, start: int) -> Automaton:
    """Groups tokens into classes, drops what cannot be reached, and makes `start` state 0."""
    mixed = np.random.default_rng(0).integers(1, 2**62, size=(2, len(after)), dtype=np.int64)
    hashes = mixed @ after.astype(np.int64)  # (2, vocab): equal columns have equal hashes
    _, first, classes = np.unique(hashes[0] ^ (hashes[1] << 1), return_index=True, return_inverse=True)
    arcs = after[:, first]
    order, seen = [start], {start}
    for state in order:
        for reached in np.unique(arcs[state]):
            if reached != DEAD and int(reached) not in seen:
                seen.add(int(reached))
                order.append(int(reached))
    numbers = np.full(len(after), DEAD, np.int32)
    numbers[order] = np.arange(len(order))
    kept = arcs[order]
    return trimmed(classes.reshape(-1), np.where(kept != DEAD, numbers[kept], DEAD), accepting[order])
