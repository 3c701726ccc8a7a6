"""Words of one's own dictionary."""

from dataclasses import dataclass

from ..canvas import MARKS, TextAutomaton
from ..errors import OptionError
from .expression import Alt, Chars, Repeat, Seq, automaton_of, literal, optional
from .reading import words_of
from .site import Site
from .violation import Violation
from .wording import check_words


@dataclass(frozen=True)
class OnlyWords:
    """All words of the fill are among these, as they stand, in small letters or with a capital; one space and a mark of `,;:.!?` may part them.

    A fill that is no half of a word is written in whole words, each spelled as the tokenizer spells it (see `Segments`); `compile` serves the others.
    """

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

    @property
    def forms(self) -> tuple[str, ...]:
        """The words in the cases that they may stand in."""
        return tuple(dict.fromkeys(form for word in self.words for form in (word, word.lower(), word[:1].upper() + word[1:])))

    def compile(self, site: Site) -> TextAutomaton:
        word = Alt(tuple(map(literal, self.forms)))
        mark = Chars(tuple(sorted((ord(char), ord(char)) for char in MARKS)))
        space = Repeat(literal(" "), 0, 1)
        words = Seq((word, Repeat(Seq((optional(mark), literal(" "), word))), optional(mark)))
        return automaton_of(Seq((space, words)), str(self)).between(site.before, site.after)

    def violations(self, text: str, before: str = "", after: str = "") -> tuple[Violation, ...]:
        known = {*self.words, *(word.lower() for word in self.words), *(word[:1].upper() + word[1:] for word in self.words)}
        return tuple(Violation(str(self), word) for word in words_of(before + text + after) if word not in known)
