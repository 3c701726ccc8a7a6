"""Words of one's own dictionary."""

from dataclasses import dataclass

from ..canvas import TextAutomaton
from ..errors import OptionError
from .expression import Alt, Repeat, Seq, automaton_of, optional
from .reading import words_of
from .site import Site
from .violation import Violation
from .wording import apart, check_words, no_word, spelled


@dataclass(frozen=True)
class OnlyWords:
    """All words of the fill are among these, in any case."""

    words: tuple[str, ...]

    def __post_init__(self):
        if not isinstance(self.words, tuple) or not self.words:
            raise OptionError(f"A dictionary is a tuple of at least one word; got {self.words!r}. Write ('word',).")
        for word in self.words:
            if len(words_of(check_words(word))) != 1 or words_of(word)[0] != word:
                raise OptionError(f"A dictionary holds single words of letters, apostrophes and hyphens; got {word[:60]!r}. Leave it out.")

    def __str__(self):
        shown = ", ".join(self.words[:5])
        return f"use only the words {shown}" + (f" and {len(self.words) - 5} more" if len(self.words) > 5 else "")

    def compile(self, site: Site) -> TextAutomaton:
        word = Alt(tuple(map(spelled, self.words)))
        words = Seq((word, Repeat(Seq((apart(), word)))))
        return automaton_of(Seq((Repeat(no_word()), optional(words), Repeat(no_word()))), str(self)).between(site.before, site.after)

    def violations(self, text: str, before: str = "", after: str = "") -> tuple[Violation, ...]:
        known = {word.casefold() for word in self.words}
        return tuple(Violation(str(self), word) for word in words_of(before + text + after) if word.casefold() not in known)
