"""A word that must stand in the fill."""

from collections.abc import Iterator
from dataclasses import dataclass

from ..canvas import TextAutomaton
from ..errors import OptionError
from ..text.length import is_whole
from .expression import ANYTHING, Repeat, Seq, automaton_of, optional
from .reading import words_of
from .site import Site
from .violation import Violation
from .wording import apart, check_words, no_word, spelled, whole_words, word


@dataclass(frozen=True)
class Include:
    """The fill holds a word, or several in a row, in any case; with `at`, as its word of that number, counted from 1."""

    word: str
    at: int | None = None

    def __post_init__(self):
        check_words(self.word)
        if self.at is not None and (not is_whole(self.at) or not 1 <= self.at <= 256):
            raise OptionError(f"The place of a word is 1 to 256; got {self.at!r}. Leave it out for anywhere.")

    def __str__(self):
        return f"include {self.word}" + (f" as word {self.at}" if self.at else "")

    def compile(self, site: Site) -> TextAutomaton:
        inner = spelled(self.word)
        if self.at is None:
            return automaton_of(whole_words(inner), str(self)).between(site.before, site.after)
        before = Repeat(Seq((word(), apart())), self.at - 1, self.at - 1)
        return automaton_of(Seq((Repeat(no_word()), before, inner, optional(Seq((apart(), ANYTHING))))), str(self)).between(site.before, site.after)

    def violations(self, text: str, before: str = "", after: str = "") -> tuple[Violation, ...]:
        places = list(_places((before + text + after).casefold().split(), self.word.casefold().split()))
        holds = bool(places) if self.at is None else self.at in places
        return () if holds else (Violation(str(self), repr(text)),)


def _places(chunks: list[str], wanted: list[str]) -> Iterator[int]:
    """Where the wanted words stand in a row, parted by white space alone: the number of the first, from 1."""
    passed = 0
    for at, chunk in enumerate(chunks):
        row, words = chunks[at:at + len(wanted)], words_of(chunk)
        if len(wanted) == 1:
            yield from (passed + place for place, word in enumerate(words, 1) if word == wanted[0])
        elif len(row) == len(wanted) and row[1:-1] == wanted[1:-1] and chunk.endswith(wanted[0]) and row[-1].startswith(wanted[-1]):
            if words_of(chunk)[-1] == wanted[0] and words_of(row[-1])[0] == wanted[-1]:
                yield passed + len(words)
        passed += len(words)
