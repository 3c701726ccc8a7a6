"""Floors: fillers that count words and nothing else. What a model must beat."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from .items import Item
from .metrics import words

TOKEN = re.compile(r"[a-z0-9]+(?:['’-][a-z0-9]+)*|[^\sa-z0-9]")  # a mark is a token of its own, and never part of an answer
BITS = 21  # of a word's number; three words fit 63 bits
RANKED = 10
CONSIDERED = 300  # phrases of each context
PRIOR = 4.0  # counts that the next wider context weighs

# What of the neighbourhood (second and first token on the left, first and second on the right) a context holds, from wide to narrow.
CONTEXTS = {1: ("r", "l", "rR", "Ll", "lr", "Llr", "lrR", "LlrR"), 3: ("Ll", "lr", "Llr", "lrR", "LlrR")}
PLACES = "LlrR"


def frequent_phrases(texts: Iterable[str], length: int) -> list[str]:
    """The ten most frequent runs of `length` words: the same answer to every item."""
    counts = Counter()
    for text in texts:
        sequence = words(text)
        counts.update(zip(*(sequence[i:] for i in range(length))))
    return [" ".join(phrase) for phrase, _ in counts.most_common(RANKED)]


def frequent_in_context(item: Item) -> list[str]:
    """Words of four letters or more of the item's own text, the most frequent first, the later of two alike."""
    sequence = [w for w in words(item.before + " " + item.after) if len(w) > 3]
    last = {word: place for place, word in enumerate(sequence)}
    counts = Counter(sequence)
    return sorted(counts, key=lambda w: (-counts[w], -last[w]))[:RANKED]


class Lexicon:
    """Numbers for words, in order of appearance; 0 for none, and for words beyond the last number."""

    def __init__(self):
        self.names = [""]
        self._numbers = {"": 0}

    def read(self, text: str) -> np.ndarray:
        """(tokens,) int64."""
        sequence, numbers = TOKEN.findall(text.lower()), self._numbers
        for word in set(sequence).difference(numbers):
            if len(numbers) < 1 << BITS:
                numbers[word] = len(numbers)
                self.names.append(word)
        return np.fromiter((numbers.get(word, 0) for word in sequence), np.int64, len(sequence))


class TwoSidedNgram:
    """p(phrase | neighbours on both sides) for phrases of `length` words, 1 or 3, from wide contexts to narrow ones by Dirichlet interpolation:
    p_k = (count + PRIOR · p_{k-1}) / (total + PRIOR).

    Only contexts of the items at hand are counted, so a text of any size takes little memory.
    """

    def __init__(self, items: Sequence[Item], length: int, lexicon: Lexicon):
        self._length, self._lexicon, self._levels = length, lexicon, CONTEXTS[length]
        around = [_neighbours(item, lexicon) for item in items]
        columns = {place: np.array([row[i] for row in around], np.int64) for i, place in enumerate(PLACES)}
        self._keys = [_key(level, columns) for level in self._levels]              # a level: (items,) uint64
        self._wanted = [np.unique(keys) for keys in self._keys]
        empty = np.zeros((3, 0), np.int64)
        self._counts = [empty] * len(self._levels)                                 # a level: (3, n) context, phrase, count

    def read(self, ids: np.ndarray) -> None:
        """Counts the phrases of a text, as the lexicon read it, that stand in a wanted context."""
        length = self._length
        ids = np.concatenate([[0, 0], ids, [0, 0]])
        places = len(ids) - length - 3
        if places <= 0:
            return
        around = {"L": ids[:places], "l": ids[1:places + 1], "r": ids[2 + length:places + 2 + length], "R": ids[3 + length:]}
        for number, (level, wanted) in enumerate(zip(self._levels, self._wanted)):
            keys = _key(level, around)
            context = np.searchsorted(wanted, keys).clip(max=len(wanted) - 1)
            here = np.flatnonzero(wanted[context] == keys)
            phrase = np.zeros(len(here), np.int64)
            for i in range(length):
                phrase = phrase << BITS | ids[here + 2 + i]
            found = np.stack([context[here], phrase, np.ones(len(here), np.int64)])
            self._counts[number] = _sum(np.concatenate([self._counts[number], _sum(found)], axis=1))

    def fill(self, index: int) -> list[str]:
        """The ten most probable phrases for item `index`."""
        levels = [self._of(number, index) for number in range(len(self._levels))]
        candidates = np.unique(np.concatenate([phrase[np.argsort(-count, kind="stable")[:CONSIDERED]] for phrase, count in levels]))
        candidates = np.array([p for p in candidates.tolist() if all(w[:1].isalnum() for w in self._words(p))], np.int64)
        chance = np.zeros(len(candidates))
        for phrase, count in levels:
            if len(phrase):
                at = np.searchsorted(phrase, candidates).clip(max=len(phrase) - 1)
                chance = (np.where(phrase[at] == candidates, count[at], 0) + PRIOR * chance) / (count.sum() + PRIOR)
        return [" ".join(self._words(p)) for p in candidates[np.argsort(-chance, kind="stable")[:RANKED]].tolist()]

    def _of(self, number: int, index: int) -> tuple[np.ndarray, np.ndarray]:
        """Phrases in order, and their counts, in the context of an item."""
        context, phrase, count = self._counts[number]
        wanted = np.searchsorted(self._wanted[number], self._keys[number][index])
        begin, end = np.searchsorted(context, [wanted, wanted + 1])
        return phrase[begin:end], count[begin:end]

    def _words(self, phrase: int) -> list[str]:
        return [self._lexicon.names[phrase >> BITS * i & (1 << BITS) - 1] for i in reversed(range(self._length))]


def _sum(counts: np.ndarray) -> np.ndarray:
    """(3, n) in order of context and phrase, the counts of the same pair added up."""
    if not counts.shape[1]:
        return counts
    counts = counts[:, np.lexsort(counts[1::-1])]
    begins = np.flatnonzero(np.concatenate([[True], (np.diff(counts[:2], axis=1) != 0).any(0)]))
    return np.concatenate([counts[:2, begins], np.add.reduceat(counts[2], begins)[None]])


def _neighbours(item: Item, lexicon: Lexicon) -> list[int]:
    """The two words or marks on each side of the gap, in the order of PLACES."""
    before, after = lexicon.read(item.before).tolist()[-2:], lexicon.read(item.after).tolist()[:2]
    return [*[0] * (2 - len(before)), *before, *after, *[0] * (2 - len(after))]


def _key(level: str, around: dict[str, np.ndarray]) -> np.ndarray:
    """A hash of the neighbours that the level holds, uint64 (overflow is meant)."""
    key = np.uint64(0)
    for place in level:
        key = key * np.uint64(0x9E3779B97F4A7C15) + around[place].astype(np.uint64) + np.uint64(1)
    return key
