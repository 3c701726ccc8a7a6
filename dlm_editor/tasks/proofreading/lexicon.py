"""Which words there are, how frequent they are, and which are alike. Counts come from the corpus of the bundled model."""

import gzip
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

FILE = Path(__file__).resolve().parents[3] / "assets" / "proofreading" / "lexicon.txt.gz"
SURE = 30           # occurrences from which on a word is one
COMMON = 300        # occurrences of a word that another right word is taken for
KNOWN_NAME = 500    # occurrences of a name that a word in small letters may be meant for
INFORMAL = frozenset("""lol brb idk omg btw imo imho smth thx pls plz lmk tbh afaik fyi asap rofl ty np gonna wanna gotta kinda dunno yeah haha hmm ok okay app apps blog
email emails online internet website websites smartphone smartphones selfie wifi""".split())  # words that print of older days lacks
FAR = 7             # letters from which on a misspelling may be three changes away


@dataclass(frozen=True, eq=False)
class Lexicon:
    """Words in small letters, the most frequent first."""

    words: tuple[str, ...]
    counts: dict[str, int]
    names: frozenset[str]   # words that are nearly always written with a capital

    @cached_property
    def total(self) -> int:
        return sum(self.counts.values())

    @cached_property
    def commonest(self) -> frozenset[str]:
        """The words of which half of every English text is made."""
        return frozenset(self.words[:200])

    def is_likely_name(self, name: str, word: str) -> bool:
        """Whether a name may be meant by a word in small letters."""
        return len(word) > 4 and self.counts[name] >= KNOWN_NAME

    def logprob(self, word: str) -> float:
        """log share of the corpus; words that it lacks count as seen once."""
        return float(np.log(max(1, self.counts.get(word.lower(), 0)) / self.total))

    def knows(self, word: str) -> bool:
        return self.counts.get(word.lower(), 0) >= SURE or word.lower() in INFORMAL

    @lru_cache(maxsize=4096)  # noqa: B019 (one lexicon lives as long as the process)
    def near(self, word: str) -> tuple[tuple[str, int], ...]:
        """Words at most two changes (optimal string alignment) from a misspelled one, three from a long one, with the number of changes; first those that
        are near and frequent."""
        low = word.lower()
        most = 1 if len(low) < 4 else 2 if len(low) < FAR else 3
        found = process.extract(low, self.words, scorer=OSA.distance, score_cutoff=most, limit=None)
        ranked = sorted((changes - 0.25 * np.log10(self.counts[other]) + (other[0] != low[0]), other, changes) for other, changes, _ in found if other != low)
        return tuple((other, changes) for _, other, changes in ranked[:12])

    @cached_property
    def _shortened(self) -> dict[str, tuple[str, ...]]:
        """Common words by what is left of them without one letter."""
        found = defaultdict(list)
        for word in self.words:
            if self.counts[word] < COMMON:
                break
            for i in range(len(word)):
                found[word[:i] + word[i + 1:]].append(word)
        return dict(found)

    @lru_cache(maxsize=16384)  # noqa: B019
    def neighbours(self, word: str) -> tuple[str, ...]:
        """Common words one letter away: one more, one less, another, or two in the other order."""
        low = word.lower()
        cut = [low[:i] + low[i + 1:] for i in range(len(low))]
        found = {*self._shortened.get(low, ()), *(other for other in cut if self.counts.get(other, 0) >= COMMON)}
        found |= {other for piece in cut for other in self._shortened.get(piece, ()) if len(other) == len(low)}
        return tuple(sorted(other for other in found - {low} if OSA.distance(other, low) == 1))


@lru_cache(maxsize=1)
def read_lexicon() -> Lexicon:
    """The lexicon that comes with the project, read once."""
    with gzip.open(FILE, "rt", encoding="utf-8") as file:
        entries = [line.split() for line in file]
    counts = {word.lower(): int(count) for word, count in entries}
    return Lexicon(tuple(counts), counts, frozenset(word.lower() for word, _ in entries if not word.islower()))
