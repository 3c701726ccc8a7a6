"""First letters of words, and of lines: acrostics."""

from dataclasses import dataclass

from ..canvas import TextAutomaton
from ..canvas.characters import is_word
from ..errors import OptionError
from .expression import Chars, Expression, Repeat, Seq, automaton_of, but
from .reading import words_of
from .site import Site
from .violation import Violation
from .wording import JOINER, apart, either_case, no_word, word_character

LINE_BREAK = Chars(((10, 10),))


def _check(letters: object) -> None:
    if not isinstance(letters, str) or not 0 < len(letters) <= 64 or not all(map(is_word, letters)):
        raise OptionError(f"First letters are 1 to 64 letters, one after another; got {str(letters)[:70]!r}. Write them together, like abc.")


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


@dataclass(frozen=True)
class Initials:
    """The words of the fill, as many as there are letters, begin with these letters in order, in any case."""

    letters: str

    def __post_init__(self):
        _check(self.letters)

    def __str__(self):
        return f"have words that begin with {', '.join(self.letters)}"

    def compile(self, site: Site) -> TextAutomaton:
        run = Repeat(word_character())
        rest = Seq((run, Repeat(Seq((JOINER, Repeat(word_character(), 1))))))
        parts: list[Expression] = [Repeat(no_word())]
        for number, letter in enumerate(self.letters):
            parts += [*((apart(),) if number else ()), either_case(letter), rest]
        return automaton_of(Seq((*parts, Repeat(no_word()))), str(self)).between(site.before, site.after)

    def violations(self, text: str, before: str = "", after: str = "") -> tuple[Violation, ...]:
        found = words_of(before + text + after)
        holds = len(found) == len(self.letters) and all(_same(word[0], letter) for word, letter in zip(found, self.letters))
        return () if holds else (Violation(str(self), repr(text)),)


@dataclass(frozen=True)
class LineInitials:
    """The lines of the fill, as many as there are letters, begin with these letters in order; a quotation mark or a space may stand before one."""

    letters: str

    def __post_init__(self):
        _check(self.letters)

    def __str__(self):
        return f"have lines that begin with {', '.join(self.letters)}"

    def compile(self, site: Site) -> TextAutomaton:
        lead, rest = Repeat(but(word_character(), LINE_BREAK)), Repeat(but(LINE_BREAK))
        parts: list[Expression] = []
        for number, letter in enumerate(self.letters):
            parts += [*((LINE_BREAK,) if number else ()), lead, either_case(letter), rest]
        return automaton_of(Seq(tuple(parts)), str(self))

    def violations(self, text: str, before: str = "", after: str = "") -> tuple[Violation, ...]:
        lines = text.replace("\r\n", "\n").split("\n")
        found = [next((char for char in line if char.isalnum() or is_word(char)), "") for line in lines]
        holds = len(found) == len(self.letters) and all(_same(char, letter) for char, letter in zip(found, self.letters))
        return () if holds else (Violation(str(self), repr(text)),)
