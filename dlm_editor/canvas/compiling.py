"""From an automaton over code points to one over the tokens of a vocabulary.

Tokens whose characters have the same classes, in order, act alike in every state, so an automaton is run on a few hundred or thousand signatures,
whatever the vocabulary. Byte-level tokens may leave a character unfinished: its bytes so far are a state of their own. To keep states few, characters are
written byte by byte only where they, or others of their block of 64, are named: by a constraint, or by the text around. All others are written by tokens
that hold them whole.
"""

from functools import lru_cache

import numpy as np

from .automaton import DEAD, Automaton, TooLargeError, from_start, numbered
from .spelling import Spelling, spell
from .text_automaton import TextAutomaton
from .vocabulary import Vocabulary

SURROGATES = range(0xD800 // 64, 0xE000 // 64)
BLOCKS = 0x110000 // 64
LARGEST_TABLE = 2**26  # states × signatures


@lru_cache(maxsize=32)
def compile_text(automaton: TextAutomaton, vocabulary: Vocabulary, mode: int = 0) -> Automaton:
    """The tokens that write what the automaton accepts, from `mode` on. The null token, where there is one, changes nothing. Raises TooLargeError."""
    spellings = [spell(vocabulary, at) for at in range(len(vocabulary.written))]
    classes, some = _signatures(automaton, vocabulary, spellings)
    unfinished = _Unfinished(automaton, any(len(s.head_bytes) > 1 for s in spellings) and any(point >= 0x80 for point in automaton.named))
    modes, states = len(spellings), unfinished.dead
    if states * modes * len(some) > LARGEST_TABLE:
        raise TooLargeError(f"{states * modes} states")
    after = np.full((len(some), states * modes), DEAD, np.int32)  # state number: state · modes + mode
    for at, spelling in enumerate(spellings):
        reached = _run(automaton, unfinished, spelling, some)
        after[:, at::modes] = np.where(reached == unfinished.dead, DEAD, reached * modes + vocabulary.modes[at][some][:, None])
    if vocabulary.null_id is not None:
        after[classes[vocabulary.null_id]] = np.arange(states * modes)
    accepting = np.append(automaton.accepting, np.zeros(states - len(automaton.accepting), bool))
    return from_start(after.T, classes, np.repeat(accepting, modes), automaton.start * modes + mode)


def _signatures(automaton, vocabulary, spellings) -> tuple[np.ndarray, np.ndarray]:
    """Tokens that act alike share a number, (vocab,) int; and one token for each number."""
    factors = np.random.default_rng(1).integers(-2**62, 2**62, size=5 + len(spellings), dtype=np.int64) * 2 + 1
    signature = np.zeros(vocabulary.size, np.int64)  # hashes; sums and products wrap around
    for at, spelling in enumerate(spellings):
        own = spelling.heads * factors[0] + spelling.tails * factors[1] + vocabulary.modes[at].astype(np.int64) * factors[2] + factors[3]
        for points, tokens in zip(spelling.points, spelling.longer):
            own[tokens] = own[tokens] * factors[4] + automaton.classes_of(points) + 1
        signature += np.where(spelling.is_broken, 0, own) * factors[5 + at]
    if vocabulary.null_id is not None:
        signature[vocabulary.null_id] = 1
    _, some, classes = np.unique(signature, return_index=True, return_inverse=True)
    return classes.reshape(-1), some


def _run(automaton: TextAutomaton, unfinished: "_Unfinished", spelling: Spelling, some: np.ndarray) -> np.ndarray:
    """The state after each token of `some` from each state, unfinished ones included; (tokens, states) int32, `unfinished.dead` where there is none."""
    dead, whole = unfinished.dead, len(automaton.arcs)
    table = np.full((automaton.arcs.shape[1], dead + 1), dead, np.int32)  # (classes, states): what is unfinished is no place for a new character
    table[:, :whole] = np.where(automaton.arcs == DEAD, dead, automaton.arcs).T
    current = np.repeat(np.arange(dead, dtype=np.int32)[None], len(some), 0)
    current[spelling.is_broken[some]] = dead
    place = np.full(len(spelling.heads), -1)
    place[some] = np.arange(len(some))
    for row in np.flatnonzero(spelling.heads[some]):
        current[row] = unfinished.go_on(spelling.head_bytes[spelling.heads[some[row]]])[current[row]]
    for points, tokens in zip(spelling.points, spelling.longer):
        used = place[tokens] >= 0
        for row, number in zip(place[tokens[used]].tolist(), automaton.classes_of(points[used]).tolist()):
            current[row] = table[number][current[row]]
    for row in np.flatnonzero(spelling.tails[some]):
        current[row] = unfinished.begin(spelling.tail_bytes[spelling.tails[some[row]]])[current[row]]
    return current


class _Unfinished:
    """States of unfinished characters, numbered after the whole ones: which whole state each end of the character leads to."""

    def __init__(self, automaton: TextAutomaton, is_needed: bool):
        self._whole = whole = len(automaton.arcs)
        self.dead = whole
        self._levels, self._next = None, np.full((whole + 1, 64), whole, np.int32)
        if not is_needed:
            return
        blocks, self._block = _blocks(automaton)
        arcs = np.hstack([automaton.arcs, np.full((whole, 1), DEAD)])  # the last class is no character's
        self._tables = []
        ends = self._level(arcs[:, blocks])
        thirds, self._third = np.unique(np.where(np.arange(BLOCKS) < 32, len(blocks) - 1, self._block).reshape(-1, 64), axis=0, return_inverse=True)
        self._third = self._third.reshape(-1)
        middles = self._level(ends[:, thirds])
        seconds = np.full((5, 64), len(thirds))  # leads F0 to F4; the last is no character's
        for lead in range(5):
            rows = lead * 64 + np.arange(64)
            allowed = (rows >= 16) & (rows < len(self._third))
            seconds[lead, allowed] = self._third[rows[allowed]]
        begins = self._level(np.hstack([middles, np.full((whole, 1), DEAD)])[:, seconds])
        self._levels = ends, middles, begins
        tables = np.concatenate(self._tables)
        self.dead = whole + len(tables)
        self._next = np.full((self.dead + 1, 64), self.dead, np.int32)
        self._next[whole:-1] = np.where(tables == DEAD, self.dead, tables)

    def _level(self, targets: np.ndarray) -> np.ndarray:
        """States for `targets`, (states, nodes, 64): those with the same targets are one, DEAD where all are; (states, nodes)."""
        flat = targets.reshape(-1, 64)
        numbers = numbered(flat)
        first = np.unique(numbers, return_index=True)[1]
        tables = flat[first]
        alive = (tables != DEAD).any(1)
        known = self._whole + sum(map(len, self._tables))
        names = np.where(alive, known + np.cumsum(alive) - 1, DEAD)
        self._tables.append(tables[alive])
        return names[numbers].reshape(targets.shape[:2])

    def go_on(self, head: bytes) -> np.ndarray:
        """The state after continuation bytes, from every state; (states + 1,)."""
        state = np.arange(self.dead + 1)
        for byte in head:
            state = self._next[state, byte & 0x3F]
        return state

    def begin(self, tail: bytes) -> np.ndarray:
        """The state after the first bytes of a character, from every state; (states + 1,)."""
        if self._levels is None:
            return np.full(self.dead + 1, self.dead)
        ends, middles, begins = self._levels
        lead, rest = tail[0], [byte & 0x3F for byte in tail[1:]]
        if lead < 0xE0:
            found = ends[:, self._block[lead & 0x1F]]
        elif lead < 0xF0:
            found = middles[:, self._third[lead & 0xF]]
        else:
            found = begins[:, lead & 7]
        state = np.full(self.dead + 1, self.dead)
        state[:self._whole] = np.where(found == DEAD, self.dead, found)
        for byte in rest:
            state = self._next[state, byte]
        return state


def _blocks(automaton: TextAutomaton) -> tuple[np.ndarray, np.ndarray]:
    """Distinct rows of classes of 64 code points, (rows, 64), the last of no character, -1; and which one each block has, (BLOCKS,)."""
    named = sorted({point // 64 for point in automaton.named if point >= 0x80} - set(SURROGATES))
    rows = [automaton.classes_of(np.arange(block * 64, block * 64 + 64)) for block in named]
    which = np.full(BLOCKS, len(named))
    which[named] = np.arange(len(named))
    return np.stack([*rows, np.full(64, -1)]), which
