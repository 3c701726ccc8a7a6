"""Words and letters that must not stand in the fill."""

import unicodedata
from dataclasses import dataclass
from functools import cache

from ..canvas import TextAutomaton
from ..errors import OptionError
from .expression import Alt, Chars, Repeat, automaton_of, but, union
from .site import Site
from .violation import Violation
from .wording import check_words, spelled, word_parts


@dataclass(frozen=True)
class Ban:
    """The fill holds none of these words, in any case, not as parts of joined words either."""

    words: tuple[str, ...]

    def __post_init__(self):
        if not isinstance(self.words, tuple) or not self.words:
            raise OptionError(f"Words to ban are a tuple of at least one; got {self.words!r}. Write ('word',).")
        for word in self.words:
            check_words(word)

    def __str__(self):
        shown = ", ".join(self.words[:5])
        return f"ban {shown}" + (f" and {len(self.words) - 5} more words" if len(self.words) > 5 else "")

    def compile(self, site: Site) -> TextAutomaton:
        return automaton_of(word_parts(Alt(tuple(map(spelled, self.words)))), str(self)).complement().between(site.before, site.after)

    def violations(self, text: str, before: str = "", after: str = "") -> tuple[Violation, ...]:
        whole = f" {before}{text}{after} ".casefold()
        found = [word for word in self.words if any(_stands(" ".join(word.split()), whole))]
        return tuple(Violation(str(self), word) for word in found)


def _stands(word: str, text: str):
    """Whether `word` begins at a place of `text`, with no letter beside it, for each place."""
    is_letter = lambda char: unicodedata.category(char)[0] in "LNM"
    text = " ".join([""] + text.split() + [""])
    word = word.casefold()
    for place in range(1, len(text) - len(word)):
        if text.startswith(word, place):
            yield not is_letter(text[place - 1]) and not is_letter(text[place + len(word)])


@dataclass(frozen=True)
class BanLetters:
    """The fill holds none of these letters, in any case or with accents: a lipogram."""

    letters: str

    def __post_init__(self):
        if not isinstance(self.letters, str) or not self.letters or any(char.isspace() for char in self.letters) or len(self.letters) > 100:
            raise OptionError(f"Letters to ban are 1 to 100 characters without spaces; got {str(self.letters)[:60]!r}. Write them together, like eq.")

    def __str__(self):
        return f"ban the letters {self.letters}"

    def compile(self, site: Site) -> TextAutomaton:
        banned = _letters(set(_folded(self.letters)))
        return automaton_of(Repeat(but(banned)), str(self))

    def violations(self, text: str, before: str = "", after: str = "") -> tuple[Violation, ...]:
        found = sorted({char for char in text if set(_folded(char)) & set(_folded(self.letters))})
        return (Violation(str(self), "".join(found)),) if found else ()


def _folded(text: str) -> str:
    """Without case; accents stand apart."""
    return unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())


@cache
def _holders() -> dict[str, list[int]]:
    """Letters with the code points that hold them and are not the letter itself."""
    found: dict[str, list[int]] = {}
    for point in range(0x34000):  # in the planes after these nothing has another form
        char = chr(point)
        if unicodedata.decomposition(char) or char.casefold() != char or 0xAC00 <= point < 0xD7A4:  # Hangul is taken apart by rule
            for letter in _folded(char):
                found.setdefault(letter, []).append(point)
    return found


def _letters(letters: set[str]) -> Chars:
    points = sorted({point for letter in letters for point in (ord(letter), *_holders().get(letter, ()))})
    return union(Chars(tuple((point, point) for point in points)))
