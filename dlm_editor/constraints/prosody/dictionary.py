"""The CMU Pronouncing Dictionary (its own licence lies beside the data) and, for words that it lacks, a rule for syllables."""

import gzip
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from .sounds import near_part, onset, rhyme_part, stress, syllables

FOLDER = Path(__file__).resolve().parents[3] / "assets" / "pronunciation"
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True)
class Word:
    """One word as verse hears it. `pronunciations` is empty where the dictionary lacks it: then its syllables are guessed and it has no rhyme."""

    spelling: str
    pronunciations: tuple[str, ...]

    @property
    def is_known(self) -> bool:
        return bool(self.pronunciations)

    @cached_property
    def syllable_counts(self) -> tuple[int, ...]:
        """All that pronunciations give, the commonest first; one guess for an unknown word."""
        return tuple(dict.fromkeys(map(syllables, self.pronunciations))) or (guess_syllables(self.spelling),)

    @cached_property
    def syllables(self) -> int | None:
        """None where pronunciations differ."""
        return self.syllable_counts[0] if len(self.syllable_counts) == 1 else None

    @cached_property
    def stresses(self) -> tuple[str, ...]:
        """"/" for primary stress, "x" elsewhere, of every pronunciation; a word of one syllable may be either, "-"; so may every syllable
        of an unknown word."""
        found = ("".join("/" if digit == "1" else "x" for digit in stress(pronunciation)) for pronunciation in self.pronunciations)
        return tuple(dict.fromkeys("-" if len(shape) == 1 else shape for shape in found)) or ("-" * guess_syllables(self.spelling),)

    @cached_property
    def stress(self) -> str | None:
        """None where pronunciations differ."""
        return self.stresses[0] if len(self.stresses) == 1 else None

    def rhymes(self, near: bool = False) -> tuple[str, ...]:
        """The rhyme parts of all pronunciations; none for an unknown word."""
        return tuple(dict.fromkeys(map(near_part if near else rhyme_part, self.pronunciations)))

    def rhyme(self, near: bool = False) -> str | None:
        """None where pronunciations differ, or there is none."""
        found = self.rhymes(near)
        return found[0] or None if len(found) == 1 else None

    @cached_property
    def onset(self) -> str:
        """Of the first pronunciation."""
        return onset(self.pronunciations[0]) if self.pronunciations else ""


@lru_cache(maxsize=1)
def _entries() -> dict[str, str]:
    """Spelling → pronunciations apart by commas; 125,000 of them."""
    text = gzip.decompress((FOLDER / "cmudict.txt.gz").read_bytes()).decode("ascii")
    return dict(line.split(" ", 1) for line in text.split("\n") if line)


@lru_cache(maxsize=1)
def common_words() -> tuple[str, ...]:
    """Words of the dictionary that verse and fiction use, the most frequent first."""
    return tuple(gzip.decompress((FOLDER / "common.txt.gz").read_bytes()).decode("ascii").split())


@lru_cache(maxsize=65536)
def look_up(spelling: str) -> Word:
    """The word of any spelling and case. A possessive that the dictionary lacks sounds like its noun with an s."""
    plain = spelling.replace("’", "'").lower()
    for known in (plain, "'" + plain, plain + "'"):
        if known in _entries():
            return Word(plain, tuple(_entries()[known].split(", ")))
    if plain.endswith("'s") and plain[:-2] in _entries():
        return Word(plain, tuple(f"{noun} {_plural(noun)}" for noun in _entries()[plain[:-2]].split(", ")))
    return Word(plain, ())


def _plural(noun: str) -> str:
    last = noun.split()[-1]
    return "IH0 Z" if last in ("S", "Z", "SH", "ZH", "CH", "JH") else "S" if last in ("P", "T", "K", "F", "TH") else "Z"


def split_words(text: str) -> list[str]:
    """The words of a text as they stand: letters and digits, joined by apostrophes; a hyphen parts two."""
    return WORD.findall(text)


def guess_syllables(spelling: str) -> int:
    """Syllables of a word by its letters: vowel groups, silent e and ed taken off; a digit counts one. At least one."""
    word = re.sub(r"[^a-z]", "", spelling.lower())
    digits = sum(char.isdigit() for char in spelling)
    count = len(re.findall(r"[aeiouy]+", word))
    count -= bool(re.search(r"[^aeiouyl]e$|[aeiou]le$|[^aeiouytd]ed$|[^aeiouysxzhgc]es$", word)) and count > 1
    count += bool(re.search(r"i(?:a|o(?!n|u)|um)|[aeiou]ing$|eo(?!us|n$)|[^q]ua|[^aeiou]sm$", word))
    return max(1, count + digits)
