"""What might have been meant: the corrections that are worth asking a model about."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .confusions import ARTICLES, CONTRACTIONS, EXTRA, MISSING, PREPOSITIONS, confused, homophones
from .lexicon import SURE, Lexicon, read_lexicon
from .morphology import ER, EST, LY, S, forms
from .units import MARK, OTHER, WORD, Unit

SPELLING, TYPO, SOUND, CONFUSION, ARTICLE, PREPOSITION, NUMBER, VERB, GRADE, APOSTROPHE, SPLIT, JOIN, CAPITAL, EXTRA_WORD, DOUBLED, EXTRA_MARK = KINDS = (
    "spelling", "typo", "sound", "confusion", "article", "preposition", "number", "verb", "grade", "apostrophe", "split", "join", "capital", "extra", "doubled", "extra mark")
MISSING_ARTICLE, MISSING_PREPOSITION, MISSING_WORD, MISSING_COMMA = GAP_KINDS = ("missing article", "missing preposition", "missing word", "missing comma")
SHORTEST_HALF = {"a", "i"}  # words of one letter that a split may leave
PIECE_COUNT = 2000          # occurrences of each half of a split word


@dataclass(frozen=True)
class Candidate:
    """Units [first, last) become the words `after`; first = last is a gap where something is missing."""

    first: int
    last: int
    after: tuple[str, ...]
    kind: str

    def moved(self, shift: int) -> "Candidate":
        """The same where units are numbered from another one on."""
        return replace(self, first=self.first + shift, last=self.last + shift)


def at_unit(units: Sequence[Unit], i: int) -> list[Candidate]:
    """Corrections of unit i, or of it and the next."""
    unit = units[i]
    if unit.kind == MARK:
        extra = unit.text == "," and 0 < i < len(units) - 1
        return [Candidate(i, i + 1, (), EXTRA_MARK)] if extra else []
    if unit.kind != WORD:
        return []
    found: dict[tuple[int, tuple[str, ...]], Candidate] = {}

    def offer(kind: str, *after: str, last: int = i + 1) -> None:
        shown = as_written(after, unit)
        if not (last == i + 1 and shown == (unit.plain,)):
            found.setdefault((last, shown), Candidate(i, last, shown, kind))

    lexicon, low = read_lexicon(), unit.plain.lower()
    following = units[i + 1] if i + 1 < len(units) else None
    for kind, after in _of_word(low, unit.text[0].isupper(), lexicon):
        offer(kind, *after)
    if capital := _capital(unit, lexicon):
        offer(CAPITAL, capital)
    if following is not None and following.kind == WORD:
        other = following.plain.lower()
        if other == low and (unit.text == following.text or unit.starts):
            found[i + 1, ()] = Candidate(i, i + 1, (), DOUBLED)
        if low + "'" + other in SHORTENED:
            offer(JOIN, low + "'" + other, last=i + 2)
        elif (len(low) > 1 or low in SHORTEST_HALF) and len(other) > 1 and lexicon.counts.get(low + other, 0) >= COMPOUND and low + other not in lexicon.names:
            offer(JOIN, low + other, last=i + 2)
    if low in EXTRA and not unit.starts and not (following is not None and following.plain.lower() == low):
        found[i + 1, ()] = Candidate(i, i + 1, (), EXTRA_WORD)
    return list(found.values())


SHORTENED = frozenset(CONTRACTIONS.values())
COMPOUND = 50  # occurrences of a word that two are joined to
VERBS = frozenset("is are was be been do does have has had".split())  # of the words in EXTRA, those that have forms


def _of_word(low: str, is_capital: bool, lexicon: Lexicon) -> list[tuple[str, tuple[str, ...]]]:
    """(kind, the words meant) for a word in small letters."""
    found: list[tuple[str, tuple[str, ...]]] = []
    if low in CONTRACTIONS:
        found.append((APOSTROPHE, (CONTRACTIONS[low],)))
    if not lexicon.knows(low) and low.isascii():  # letters with accents are names and words of other languages
        found += [(SPELLING, (other,)) for other, _ in lexicon.near(low) if other not in lexicon.names or is_capital or lexicon.is_likely_name(other, low)]
        found += [(SPLIT, halves) for halves in _halves(low, lexicon)]
    if low in ARTICLES:
        found += [(ARTICLE, (other,)) for other in ARTICLES if other != low]
    if low in PREPOSITIONS:
        found += [(PREPOSITION, (other,)) for other in PREPOSITIONS if other != low]
    inflected = forms(low) if low not in EXTRA or low in VERBS else ()
    found += [(NUMBER if S in (own, form) and {own, form} <= {"base", S} else GRADE if form in (ER, EST, LY) or own in (ER, EST, LY) else VERB, (other,))
              for own, form, other in inflected]
    found += [(CONFUSION, (other,)) for other in confused(low)]
    if lexicon.knows(low) and len(low) > 2:
        found += [(SOUND, (other,)) for other in homophones(low)]
        found += [(TYPO, (other,)) for other in lexicon.neighbours(low) if other not in lexicon.names]
    return found


def _halves(low: str, lexicon: Lexicon) -> list[tuple[str, str]]:
    """A word as two frequent ones, the more frequent pairs first; at most two."""
    pairs = [(low[:i], low[i:]) for i in range(1, len(low))]
    known = [(a, b) for a, b in pairs if all(lexicon.counts.get(half, 0) >= PIECE_COUNT and (len(half) > 1 or half in SHORTEST_HALF) for half in (a, b))]
    return sorted(known, key=lambda pair: -min(lexicon.counts[half] for half in pair))[:2]


def _capital(unit: Unit, lexicon: Lexicon) -> str | None:
    """The word with a capital, where it has none and begins a sentence, is a name, or is I."""
    if not unit.text[0].islower():
        return None
    plain = unit.plain
    first = plain.split("'")[0]
    is_name = len(first) > 2 and first in lexicon.names and lexicon.counts[first] >= SURE and plain.lower() not in SHORTENED
    if unit.starts or first == "i" or is_name:
        return plain[0].upper() + plain[1:]
    return None


def as_written(after: tuple[str, ...], unit: Unit) -> tuple[str, ...]:
    """Words in the case of the unit that they take the place of; names and I keep theirs."""
    lexicon = read_lexicon()
    text = unit.plain
    if not after:
        return ()
    words = [word[0].upper() + word[1:] if word == "i" or word.startswith("i'") or word in lexicon.names else word for word in after]
    if len(text) > 1 and text.isupper():
        return tuple(word.upper() for word in words)
    if text[0].isupper() and text not in ("I",) or unit.starts and text[0].isupper():
        words[0] = words[0][0].upper() + words[0][1:]
    return tuple(words)


def at_gap(units: Sequence[Unit], i: int) -> list[Candidate]:
    """What may be missing before unit i."""
    if not 0 < i < len(units) or units[i].kind == OTHER or units[i - 1].kind == OTHER or units[i].kind == MARK:
        return []
    if not units[i].has_space or units[i].starts:
        return []
    found = [Candidate(i, i, (word,), MISSING_ARTICLE if word in ARTICLES else MISSING_PREPOSITION if word in PREPOSITIONS else MISSING_WORD) for word in MISSING]
    return found + ([Candidate(i, i, (",",), MISSING_COMMA)] if units[i - 1].kind == WORD else [])
