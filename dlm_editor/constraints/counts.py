"""How many words, characters or tokens a fill has."""

from dataclasses import dataclass

from ..canvas import TextAutomaton
from ..errors import OptionError
from ..text.length import is_whole
from .expression import ANY, EMPTY, Alt, Expression, Repeat, Seq, automaton_of, but
from .reading import words_of
from .site import Site
from .violation import Violation
from .wording import apart, no_word, white, word

MOST_WORDS, MOST_CHARACTERS, MOST_TOKENS = 256, 1000, 512


@dataclass(frozen=True)
class _Count:
    """From `least` to `most`, None = any number."""

    least: int = 0
    most: int | None = None

    def _check(self, limit: int, what: str):
        is_right = is_whole(self.least) and 0 <= self.least <= limit
        if not is_right or self.most is not None and not (is_whole(self.most) and max(1, self.least) <= self.most <= limit):
            raise OptionError(f"A count of {what} is from 0 to {limit}, the least before the most; got {self.least!r} to {self.most!r}. "
                              "Write 3, 3-5, 3- or -5.")

    def _shown(self, what: str) -> str:
        least, most = self.least, self.most
        count = f"at least {least}" if most is None else f"at most {most}" if least == 0 else f"{least}" if least == most else f"{least} to {most}"
        return f"have {count} {what}"

    def _judge(self, count: int, what: str) -> tuple[Violation, ...]:
        return () if self.least <= count <= (count if self.most is None else self.most) else (Violation(str(self), f"{count} {what}"),)


@dataclass(frozen=True)
class WordCount(_Count):
    """So many words, those that the mark cuts included."""

    def __post_init__(self):
        self._check(MOST_WORDS, "words")

    def __str__(self):
        return self._shown("words")

    def compile(self, site: Site) -> TextAutomaton:
        more = Repeat(Seq((apart(), word())), max(0, self.least - 1), None if self.most is None else self.most - 1)
        words: Expression = Seq((word(), more))
        rim = Repeat(no_word())
        return automaton_of(Seq((rim, words if self.least else Alt((EMPTY, words)), rim)), str(self)).between(site.before, site.after)

    def violations(self, text: str, before: str = "", after: str = "") -> tuple[Violation, ...]:
        return self._judge(len(words_of(before + text + after)), "words")


@dataclass(frozen=True)
class CharacterCount(_Count):
    """So many characters (code points), white space at the rims of the fill not counted."""

    def __post_init__(self):
        self._check(MOST_CHARACTERS, "characters")

    def __str__(self):
        return self._shown("characters")

    def compile(self, site: Site) -> TextAutomaton:
        ink, rim = but(white()), Repeat(white())
        more = Seq((ink, Repeat(ANY, max(0, self.least - 2), None if self.most is None else max(0, self.most - 2)), ink))
        inner = (more, *((ink,) if self.least <= 1 else ()), *((EMPTY,) if self.least == 0 else ()))
        return automaton_of(Seq((rim, Alt(inner if self.most != 1 else inner[1:]), rim)), str(self))

    def violations(self, text: str, before: str = "", after: str = "") -> tuple[Violation, ...]:
        return self._judge(len(text.strip()), "characters")


@dataclass(frozen=True)
class TokenCount(_Count):
    """So many tokens of the model, those that re-spell kept halves of cut words included. A text alone does not tell its tokens: it is not judged."""

    def __post_init__(self):
        self._check(MOST_TOKENS, "tokens")

    def __str__(self):
        return self._shown("tokens")

    def violations(self, text: str, before: str = "", after: str = "") -> tuple[Violation, ...]:
        return ()
