"""The exact dynamic program of one line of verse: positions × states of its grammar, with words of one or more tokens as arcs.

A masked diffusion model predicts its open positions independently, so the best line under a grammar over words is a longest path: `reach[i, s]` is the
best log-probability of the tokens before position i over all words that lead the grammar to state s. For every word that may end the line
the best line before it is known at once, so lines that must rhyme can be chosen jointly (see `choose_ends`).
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from ..constraints.prosody.spelling import Spelling, Spellings

DEAD = -1
NEVER = np.float32(-np.inf)


@dataclass(frozen=True, eq=False)
class VerseLine:
    """One line: its grammar over classes of words, and its gaps with the kept words between them."""

    classes: np.ndarray            # (words,) int
    arcs: np.ndarray               # (states, classes) int, DEAD where no word of the class may stand
    entry: np.ndarray              # (states,) bool: where the first gap may begin, after the kept words before it
    jumps: tuple[np.ndarray, ...]  # (states, states) bool: what the kept words between two gaps do
    accepting: np.ndarray          # (states,) bool: from where the kept words after the last gap end well
    begins_line: bool              # no kept word stands before the first gap
    begins: np.ndarray | None      # (words,) bool: may begin the first gap
    ends: np.ndarray | None        # (words,) bool: may end the last gap

    @cached_property
    def _reachable(self) -> np.ndarray:
        """States that any words lead to, (states,) bool."""
        found = self.entry.copy()
        while True:
            after = self.arcs[found]
            grown = found.copy()
            grown[after[after != DEAD]] = True
            for jump in self.jumps:
                grown |= jump[found].any(0)
            if (grown == found).all():
                return found
            found = grown

    @cached_property
    def moves(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """The arcs as a list by where they lead: from, class, and where each state's part begins and which state it is."""
        states, classes = np.nonzero((self.arcs != DEAD) & self._reachable[:, None])
        order = np.argsort(self.arcs[states, classes], kind="stable")
        states, classes = states[order], classes[order]
        reached, begin = np.unique(self.arcs[states, classes], return_index=True)
        return states, classes, begin, reached


@dataclass(frozen=True, eq=False)
class _Width:
    """Words of one number of tokens in order of class."""

    words: np.ndarray    # (n,)
    tokens: np.ndarray   # (n, width)
    classes: np.ndarray  # classes in use
    begin: np.ndarray    # where each begins


@lru_cache(maxsize=64)
def _sorted_words(spellings: Spellings, line_classes: "_Key") -> tuple[_Width | None, ...]:
    found = []
    for words, tokens in spellings.by_width:
        if not len(words):
            found.append(None)
            continue
        order = np.argsort(line_classes.numbers[words], kind="stable")
        classes, begin = np.unique(line_classes.numbers[words][order], return_index=True)
        found.append(_Width(words[order], np.ascontiguousarray(tokens[order]), classes, begin))
    return tuple(found)


@dataclass(frozen=True, eq=False)
class _Key:
    """An array as a key of a cache: itself, not its numbers."""

    numbers: np.ndarray

    def __eq__(self, other):
        return self.numbers is other.numbers

    def __hash__(self):
        return id(self.numbers)


@dataclass(frozen=True)
class Placed:
    """A word of a solved line: its number, its gap, its first token's position over all gaps, and how many tokens it has."""

    word: int
    position: int
    width: int


class LineLattice:
    """Scores of one line. `logp`: (positions over all gaps, columns) float32, log p of the tokens in use; `sizes`: tokens of each gap;
    `bias`: (words,) float32, added to the score of each word."""

    def __init__(self, line: VerseLine, spelling: Spelling, sizes: tuple[int, ...], logp: np.ndarray, bias: np.ndarray):
        self.line, self.sizes, self._bias = line, sizes, bias
        key = _Key(line.classes)
        self._inner = _sorted_words(spelling.inner, key)
        self._start = _sorted_words(spelling.start, key)
        self._logp = logp
        self._offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(int)
        self._peaks, self._scores = {}, {}
        self._reach = []
        self._run()

    def _kind(self, gap: int, at: int):
        return self._start if gap == 0 and at == 0 and self.line.begins_line else self._inner

    def _words(self, gap: int, at: int, width: int) -> np.ndarray | None:
        """Scores of all words of a width at a position of a gap, (n,) in the order of `_kind`."""
        key = gap, at, width
        if key not in self._scores:
            found = self._kind(gap, at)[width - 1] if width <= len(self._kind(gap, at)) else None
            if found is None:
                self._scores[key] = None
            else:
                rows = self._logp[self._offsets[gap] + at:self._offsets[gap] + at + width]
                score = self._bias[found.words] + rows[0][found.tokens[:, 0]]
                for j in range(1, width):
                    score += rows[j][found.tokens[:, j]]
                if self.line.begins is not None and gap == 0 and at == 0:
                    score = np.where(self.line.begins[found.words], score, NEVER)
                self._scores[key] = score
        return self._scores[key]

    def _peak(self, gap: int, at: int, width: int) -> np.ndarray | None:
        """The best word of each class, (classes,) float32."""
        key = gap, at, width
        if key not in self._peaks:
            score = self._words(gap, at, width)
            if score is None:
                self._peaks[key] = None
            else:
                found = self._kind(gap, at)[width - 1]
                peak = np.full(self.line.arcs.shape[1], NEVER, np.float32)
                peak[found.classes] = np.maximum.reduceat(score, found.begin)
                self._peaks[key] = peak
        return self._peaks[key]

    def _run(self):
        states, classes, begin, reached = self.line.moves
        entry = np.where(self.line.entry, np.float32(0), NEVER)
        widest = max(len(self._inner), len(self._start))
        for gap, size in enumerate(self.sizes):
            reach = np.full((size + 1, len(entry)), NEVER, np.float32)
            reach[0] = entry
            for at in range(size):
                if not len(begin) or reach[at].max() == NEVER:
                    continue
                for width in range(1, min(widest, size - at) + 1):
                    peak = self._peak(gap, at, width)
                    if peak is not None:
                        best = np.maximum.reduceat(reach[at][states] + peak[classes], begin)
                        reach[at + width][reached] = np.maximum(reach[at + width][reached], best)
            self._reach.append(reach)
            if gap + 1 < len(self.sizes):
                entry = np.where(self.line.jumps[gap], reach[-1][:, None], NEVER).max(0)

    def total(self) -> float:
        """The best score of the line whatever its end, -inf where there is none."""
        return float(np.where(self.line.accepting, self._reach[-1][-1], NEVER).max())

    def ends(self) -> np.ndarray:
        """The best score of a line that ends on each word, (words,) float32."""
        gap, size = len(self.sizes) - 1, self.sizes[-1]
        found = np.full(len(self.line.classes), NEVER, np.float32)
        after = np.where(self.line.arcs != DEAD, self.line.accepting[self.line.arcs], False)  # (states, classes)
        for width in range(1, size + 1):
            at = size - width
            score = self._words(gap, at, width)
            if score is None or self._reach[gap][at].max() == NEVER:
                continue
            before = np.where(after, self._reach[gap][at][:, None], NEVER).max(0)
            words = self._kind(gap, at)[width - 1].words
            found[words] = np.maximum(found[words], before[self.line.classes[words]] + score)
        return found if self.line.ends is None else np.where(self.line.ends, found, NEVER)

    def read(self, end: int | None = None) -> tuple[Placed, ...]:
        """The words of the best line, which ends on the word `end` where one is given."""
        gap, at = len(self.sizes) - 1, self.sizes[-1]
        placed = []
        if end is None:
            state = int(np.where(self.line.accepting, self._reach[gap][at], NEVER).argmax())
        else:
            at, state, last = self._last(end)
            placed.append(last)
        while gap > 0 or at > 0:
            if at == 0:
                gap -= 1
                at = self.sizes[gap]
                state = int(np.where(self.line.jumps[gap][:, state], self._reach[gap][at], NEVER).argmax())
                continue
            at, state, word = self._before(gap, at, state)
            placed.append(word)
        return tuple(reversed(placed))

    def _last(self, end: int) -> tuple[int, int, Placed]:
        """Where the given last word begins, the state before it, and the word."""
        gap, size, number = len(self.sizes) - 1, self.sizes[-1], self.line.classes[end]
        after = self.line.arcs[:, number]
        fits = np.where(after != DEAD, self.line.accepting[after], False)
        best = (NEVER, 0, 0, 1)
        for width in range(1, size + 1):
            score = self._words(gap, size - width, width)
            if score is None:
                continue
            words = self._kind(gap, size - width)[width - 1].words
            where = np.flatnonzero(words == end)
            if len(where):
                before = np.where(fits, self._reach[gap][size - width], NEVER)
                value = before.max() + score[where[0]]
                if value > best[0]:
                    best = (value, size - width, int(before.argmax()), width)
        _, at, state, width = best
        return at, state, Placed(end, int(self._offsets[gap]) + at, width)

    def _before(self, gap: int, at: int, state: int) -> tuple[int, int, Placed]:
        """The last step of the best way to a state: where it begins, the state there, and its word."""
        froms, classes = np.nonzero(self.line.arcs == state)
        best = (NEVER, 0, 0, 0, 1)
        for width in range(1, min(max(len(self._inner), len(self._start)), at) + 1):
            peak = self._peak(gap, at - width, width)
            if peak is None:
                continue
            value = self._reach[gap][at - width][froms] + peak[classes]
            pick = int(value.argmax())
            if value[pick] > best[0]:
                best = (value[pick], at - width, int(froms[pick]), int(classes[pick]), width)
        _, begin, before, number, width = best
        found, score = self._kind(gap, begin)[width - 1], self._words(gap, begin, width)
        inside = np.where(self.line.classes[found.words] == number, score, NEVER)
        return begin, before, Placed(int(found.words[inside.argmax()]), int(self._offsets[gap]) + begin, width)
