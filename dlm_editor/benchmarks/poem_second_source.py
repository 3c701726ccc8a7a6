"""A second opinion on syllables and rhymes: the speech synthesizer espeak-ng, where it is installed."""

import shutil
import subprocess
from collections.abc import Sequence
from functools import lru_cache

PROGRAM = "espeak-ng"
VOWELS = "aeiouyæɑɒɔəɚɛɜɝɐɪʊʌᵻ"
STRESS = "ˈˌ"
TWO = ("aɪɚ", "aɪə", "iə")  # one sound to espeak, two syllables


def is_installed() -> bool:
    return shutil.which(PROGRAM) is not None


@lru_cache(maxsize=4096)
def spoken(text: str) -> tuple[str, ...]:
    """The phonemes of a text in American English, in the letters of the IPA."""
    done = subprocess.run([PROGRAM, "-q", "--ipa", "--sep=_", "-v", "en-us", text], capture_output=True, text=True, check=True)
    return tuple(phoneme for word in done.stdout.split() for phoneme in word.split("_") if phoneme)


def syllables(text: str) -> int:
    return sum(1 + phoneme.strip(STRESS).startswith(TWO) for phoneme in spoken(text) if _is_vowel(phoneme))


def rhyme(word: str) -> str:
    """From the last stressed vowel on, or the last vowel."""
    phonemes = spoken(word)
    places = [place for place, phoneme in enumerate(phonemes) if _is_vowel(phoneme)]
    stressed = [place for place in places if phonemes[place][0] in STRESS] or places
    return "".join(phonemes[stressed[-1]:]).translate({ord(mark): None for mark in STRESS + "ː"}) if stressed else ""


def _is_vowel(phoneme: str) -> bool:
    return any(char in VOWELS for char in phoneme) or "\u0329" in phoneme


def agreement(poems: Sequence[tuple[Sequence[str], Sequence[int | None], Sequence[Sequence[str]]]]) -> dict[str, float]:
    """Per cent of lines and of rhyming pairs on which it agrees. A poem: its lines, the syllables of each (None where free), the ends of each rhyme."""
    lines = [syllables(line) == size for found, sizes, _ in poems for line, size in zip(found, sizes) if size is not None]
    pairs = [rhyme(first) == rhyme(second) for _, _, groups in poems for ends in groups for first, second in zip(ends, ends[1:])]
    return {"lines": len(lines), "syllables %": 100 * sum(lines) / max(1, len(lines)), "rhymes": len(pairs), "rhymes %": 100 * sum(pairs) / max(1, len(pairs))}
