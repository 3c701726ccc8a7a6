"""The words that verse is made of, in columns."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .dictionary import common_words, look_up

CAPITALS = {"i": "I", "o": "O", "god": "God", "christmas": "Christmas"}


@dataclass(frozen=True, eq=False)
class WordTable:
    """One entry a word. Numbers of shapes, rhymes and onsets point into `shapes` or stand for themselves: equal is alike, -1 is none or not sure."""

    spellings: tuple[str, ...]  # as they stand within a line
    syllables: np.ndarray       # (words,) int: 0 where pronunciations differ
    shapes: np.ndarray          # (words,) int: stress; into `shape_names`
    rhymes: np.ndarray          # (words,) int: of the rhyme part
    nears: np.ndarray           # (words,) int: of the near rhyme part
    onsets: np.ndarray          # (words,) int: of the sounds right before the rhyme
    shape_names: tuple[str, ...]
    rhyme_names: tuple[str, ...]
    near_names: tuple[str, ...]
    onset_names: tuple[str, ...]

    def take(self, kept: np.ndarray) -> "WordTable":
        """The words in `kept`, (words,) bool."""
        spellings = tuple(word for word, stays in zip(self.spellings, kept) if stays)
        columns = (self.syllables, self.shapes, self.rhymes, self.nears, self.onsets)
        return WordTable(spellings, *(column[kept] for column in columns), self.shape_names, self.rhyme_names, self.near_names, self.onset_names)


def _numbered(values) -> tuple[np.ndarray, tuple[str, ...]]:
    numbers = {}
    column = np.array([-1 if value is None else numbers.setdefault(value, len(numbers)) for value in values], np.int32)
    return column, tuple(numbers)


def _capitalised(word: str) -> str:
    head, mark, tail = word.partition("'")
    return CAPITALS.get(head, head) + mark + tail


@lru_cache(maxsize=8)
def word_table(extra: tuple[str, ...] = ()) -> WordTable:
    """The common words and `extra` ones, which stand as they are given. Of an extra word whose pronunciations differ the commonest counts."""
    own = {word.lower() for word in extra}
    spellings = [*extra, *(_capitalised(word) for word in common_words() if word not in own)]
    words = [look_up(word) for word in spellings]
    syllables = [word.syllables or 0 for word in words]
    shapes = [word.stress for word in words]
    for number in range(len(extra)):
        syllables[number], shapes[number] = words[number].syllable_counts[0], words[number].stresses[0]
    columns = [_numbered(found) for found in (shapes, [w.rhyme() for w in words], [w.rhyme(near=True) for w in words], [w.onset for w in words])]
    return WordTable(tuple(spellings), np.array(syllables, np.int32), *(column for column, _ in columns), *(names for _, names in columns))
