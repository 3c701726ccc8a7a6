"""Mistakes as people make them, put into clean text: the noise that a proofreader is trained to undo.

Kinds and their shares follow what is counted in texts of learners (Ng et al., CoNLL-2014; Bryant et al., BEA-2019) and of hurried typists: misspellings
by sound and by hand, words confused, wrong forms, articles, prepositions and other small words wrong, missing or too many, commas, apostrophes, capitals,
words run together or cut in two.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..tasks.proofreading.confusions import ARTICLES, CONTRACTIONS, EXTRA, MISSING, PREPOSITIONS, confused, homophones
from ..tasks.proofreading.lexicon import read_lexicon
from ..tasks.proofreading.morphology import forms

Words = tuple[str, ...]
Made = tuple[int, Words, tuple[int, int], Words]  # units taken, units shown for them, which of these are wrong, what was meant by those

KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
NEAR_KEYS = {key: "".join(KEYS[row][max(0, at - 1):at + 2] for row in range(max(0, r - 1), min(3, r + 2))).replace(key, "")
             for r, line in enumerate(KEYS) for at, key in enumerate(line)}
SOUNDS = (("ie", "ei"), ("ei", "ie"), ("ea", "ee"), ("ee", "ea"), ("ph", "f"), ("f", "ph"), ("c", "s"), ("s", "c"), ("c", "k"), ("k", "c"), ("tion", "sion"), ("sion", "tion"),
          ("able", "ible"), ("ible", "able"), ("ance", "ence"), ("ence", "ance"), ("ant", "ent"), ("ent", "ant"), ("ious", "ous"), ("ough", "of"), ("wh", "w"), ("kn", "n"),
          ("ght", "t"), ("y", "i"), ("i", "y"), ("a", "e"), ("e", "a"), ("e", "i"), ("i", "e"), ("o", "u"), ("u", "o"), ("o", "a"), ("a", "o"), ("ly", "lly"), ("lly", "ly"),
          ("qu", "k"), ("x", "ks"), ("z", "s"), ("s", "z"), ("er", "ar"), ("ar", "er"), ("or", "er"), ("e", ""), ("h", ""))
SHARES = {"spelling": 26, "real word": 4, "confusion": 7, "form": 22, "article": 5, "preposition": 7, "left out": 14, "put in": 6, "doubled": 1, "apostrophe": 8, "comma": 3,
          "capital": 8, "run together": 2, "cut": 3}
TRIES = 3     # kinds that are drawn for a word until one has a place there
COMMAS = 0.5  # of the commas where a mistake is tried: left out


@dataclass(frozen=True)
class Mistake:
    """Units [start, end) of the spoilt text stand where `meant` should."""

    start: int
    end: int
    meant: Words


def misspell(word: str, rng: random.Random) -> str:
    """A word as somebody might spell it who does not know, or types in haste."""
    kind = rng.random()
    at = rng.randrange(len(word))
    if kind < 0.42:
        known = [(i, old, new) for old, new in SOUNDS for i in range(len(word)) if word.startswith(old, i) and (i or old[0] == new[:1])]
        if known:
            i, old, new = rng.choice(known)
            return word[:i] + new + word[i + len(old):]
    if kind < 0.6:
        doubles = [i for i in range(len(word) - 1) if word[i] == word[i + 1]]
        if doubles and rng.random() < 0.7:
            at = rng.choice(doubles)
            return word[:at] + word[at + 1:]
        at = rng.randrange(1, len(word))
        return word[:at] + word[at] + word[at:]
    if kind < 0.74 and len(word) > 2:
        at = rng.randrange(1, len(word))
        return word[:at] + word[at + 1:]
    if kind < 0.86 and len(word) > 3:
        at = rng.randrange(len(word) - 1)
        return word[:at] + word[at + 1] + word[at] + word[at + 2:]
    key = rng.choice(NEAR_KEYS.get(word[at].lower(), "e"))
    return word[:at] + key + word[at + (rng.random() < 0.6):]


def spoil(words: Sequence[str], is_word: Sequence[bool], rate: float, rng: random.Random) -> tuple[list[str], list[Mistake]]:
    """The units with mistakes at `rate` of the words, and what undoes each. `is_word` tells words from marks."""
    found: list[str] = []
    mistakes: list[Mistake] = []
    i = 0
    while i < len(words):
        made = next((made for _ in range(TRIES) if (made := _mistake(words, is_word, i, rng))), None) if rng.random() < rate else None
        if made is None:
            found.append(words[i])
            i += 1
            continue
        taken, shown, (low, high), meant = made
        mistakes.append(Mistake(len(found) + low, len(found) + high, meant))
        found += shown
        i += taken
        if i < len(words):  # two mistakes never touch
            found.append(words[i])
            i += 1
    return found, mistakes


def _mistake(words, is_word, i, rng) -> Made | None:
    """A mistake at unit i, of one kind drawn by its share; None where that kind has no place here."""
    kind = rng.choices(list(SHARES), SHARES.values())[0]
    if not is_word[i]:
        return (1, (), (0, 0), (",",)) if words[i] == "," and i and rng.random() < COMMAS else None
    word, low = words[i], words[i].lower()

    def other(choices: Sequence[str]) -> Made | None:
        choices = [choice for choice in choices if choice != low]
        return (1, (_cased(rng.choice(choices), word),), (0, 1), (word,)) if choices else None

    makers: dict[str, Callable] = {
        "spelling": lambda: other([misspell(low, rng)]) if len(low) > 2 and low.isalpha() and (word == low or rng.random() < 0.2) else None,
        "real word": lambda: other((*homophones(low), *read_lexicon().neighbours(low)[:6])) if len(low) > 2 else None,
        "confusion": lambda: other(confused(low)),
        "form": lambda: other([form for _, _, form in forms(low)]) if low not in EXTRA or low in ("is", "are", "was", "has", "have", "do", "does") else None,
        "article": lambda: other(ARTICLES) if low in ARTICLES else None,
        "preposition": lambda: other(PREPOSITIONS[:10]) if low in PREPOSITIONS else None,
        "left out": lambda: (1, (), (0, 0), (word,)) if low in MISSING and i and (low in ARTICLES or rng.random() < 0.6) else None,
        "put in": lambda: (1, (rng.choice((*ARTICLES, *ARTICLES, "of", "to", "in", "for", "is", "are", "be", "that")), word), (0, 1), ()) if i else None,
        "doubled": lambda: (1, (word, word), (0, 1), ()) if low.isalpha() else None,
        "apostrophe": lambda: other([low.replace("'", "")]) if "'" in low else other([CONTRACTIONS[low]]) if low in ("its", "lets") else None,
        "comma": lambda: (1, (word, ","), (1, 2), ()) if i and i + 1 < len(words) and is_word[i + 1] and rng.random() < 0.3 else None,
        "capital": lambda: (1, (word[0].lower() + word[1:],), (0, 1), (word,)) if word != low and (i == 0 or low in read_lexicon().names or low == "i") else None,
        "run together": lambda: (2, (word + words[i + 1],), (0, 1), (word, words[i + 1])) if i + 1 < len(words) and is_word[i + 1] and words[i + 1].islower() else None,
        "cut": lambda: _cut(word, rng),
    }
    return makers[kind]()


def _cut(word: str, rng: random.Random) -> Made | None:
    at = rng.randrange(2, len(word) - 1) if len(word) > 4 else 0
    halves = (word[:at], word[at:])
    return (1, halves, (0, 2), (word,)) if at and all(read_lexicon().knows(half.lower()) for half in halves) else None


def _cased(shown: str, word: str) -> str:
    return shown[:1].upper() + shown[1:] if word[:1].isupper() else shown
