"""Floors: fillers that count words and nothing else. What a model must beat."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from .items import Item
from .metrics import words

TOKEN = re.compile(r"[a-z0-9]+(?:['’-][a-z0-9]+)*|[^\sa-z0-9]")  # a mark is a token of its own, and never part of an answer
MOST_WORDS = 1 << 21
RANKED = 10
PRIOR = 4.0  # counts that the next wider context weighs

# What of the neighbourhood (second and first token on the left, first and second on the right) a context holds, from wide to narrow.
CONTEXTS = {1: ("", "r", "l", "rR", "Ll", "lr", "Llr", "lrR", "LlrR"), 3: ("Ll", "lr", "Llr", "lrR", "LlrR")}
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


@dataclass
class TwoSidedNgram:
    """p(phrase | neighbours on both sides), from wide contexts to narrow ones by Dirichlet interpolation:
    p_k = (count + PRIOR · p_{k-1}) / (total + PRIOR).

    Only contexts of the items at hand are counted, so a text of any size takes little memory.
    """

    items: Sequence[Item]
    length: int  # words of each answer, 1 or 3
    numbers: dict[str, int] = field(default_factory=lambda: {"": 0})
    counts: list[dict[int, Counter]] = field(init=False)  # a context level: {context: {phrase: count}}

    def __post_init__(self):
        self.counts = [defaultdict(Counter) for _ in CONTEXTS[self.length]]
        self._keys = [[self._key(level, self._neighbours(item)) for item in self.items] for level in CONTEXTS[self.length]]
        self._wanted = [np.unique(np.array(keys, np.uint64)) for keys in self._keys]

    def read(self, text: str) -> None:
        """Counts the phrases of a text that stand in a wanted context."""
        ids = np.concatenate([[0, 0], self._number(TOKEN.findall(text.lower())), [0, 0]]).astype(np.uint64)
        places = len(ids) - self.length - 3
        if places <= 0:
            return
        around = {"L": ids[:places], "l": ids[1:places + 1], "r": ids[2 + self.length:places + 2 + self.length], "R": ids[3 + self.length:]}
        phrase = np.zeros(places, np.uint64)
        for i in range(self.length):
            phrase = phrase << np.uint64(21) | ids[2 + i:2 + i + places]
        for level, wanted, counts in zip(CONTEXTS[self.length], self._wanted, self.counts):
            keys = self._key(level, around) if level else np.zeros(places, np.uint64)
            near = wanted[np.searchsorted(wanted, keys).clip(max=len(wanted) - 1)] == keys
            found, times = np.unique(np.stack([keys[near], phrase[near]]), axis=1, return_counts=True)
            for key, run, number in zip(*found.tolist(), times.tolist()):
                counts[key][run] += number

    def fill(self, index: int) -> list[str]:
        """The ten most probable phrases for item `index`."""
        levels = [self.counts[k].get(int(keys[index]), Counter()) for k, keys in enumerate(self._keys)]
        names = self._names
        candidates = {p for counts in levels for p, _ in counts.most_common(300) if self._is_phrase(p, names)}
        chances = dict.fromkeys(candidates, 0.0)
        for counts in levels:
            total = counts.total()
            chances = {p: (counts[p] + PRIOR * chance) / (total + PRIOR) for p, chance in chances.items()}
        best = sorted(chances, key=lambda p: (-chances[p], p))[:RANKED]
        return [" ".join(names[i] for i in self._split(p)) for p in best]

    @property
    def _names(self) -> list[str]:
        return list(self.numbers)

    def _split(self, phrase: int) -> list[int]:
        return [phrase >> 21 * i & MOST_WORDS - 1 for i in reversed(range(self.length))]

    def _is_phrase(self, phrase: int, names: list[str]) -> bool:
        return all(names[i][:1].isalnum() for i in self._split(phrase))

    def _number(self, sequence: list[str]) -> np.ndarray:
        numbers = self.numbers
        for word in set(sequence).difference(numbers):
            if len(numbers) < MOST_WORDS:
                numbers[word] = len(numbers)
        return np.array([numbers.get(word, 0) for word in sequence], np.int64)

    def _neighbours(self, item: Item) -> dict[str, int]:
        before, after = TOKEN.findall(item.before.lower())[-2:], TOKEN.findall(item.after.lower())[:2]
        return dict(zip(PLACES, self._number([*[""] * (2 - len(before)), *before, *after, *[""] * (2 - len(after))]).tolist()))

    @staticmethod
    def _key(level: str, around: dict):
        """A hash of the neighbours that the level holds, an int or an array of them; 0 for none."""
        key = np.uint64(0)
        with np.errstate(over="ignore"):
            for place in level:
                key = key * np.uint64(0x9E3779B97F4A7C15) + np.asarray(around[place], np.uint64) + np.uint64(1)
        return key
