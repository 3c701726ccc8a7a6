"""A word that must stand in the fill."""

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
        found, wanted = [w.casefold() for w in words_of(before + text + after)], [w.casefold() for w in words_of(self.word)]
        places = [place for place in range(len(found)) if found[place:place + len(wanted)] == wanted]
        holds = bool(places) if self.at is None else self.at - 1 in places
        return () if holds else (Violation(str(self), repr(text)),)
