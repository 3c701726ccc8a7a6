"""The end of a sentence."""

from dataclasses import dataclass

from ..canvas import TextAutomaton
from .expression import ANYTHING, Chars, Repeat, Seq, automaton_of
from .site import Site
from .violation import Violation
from .wording import white

ENDS = ".!?…"
CLOSERS = "\"'’”»)]"


def _any_of(chars: str) -> Chars:
    return Chars(tuple(sorted((ord(char), ord(char)) for char in chars)))


@dataclass(frozen=True)
class EndsSentence:
    """The fill ends with a full stop, a question or an exclamation mark or an ellipsis; closing quotes and brackets may follow it."""

    def __str__(self):
        return "end a sentence"

    def compile(self, site: Site) -> TextAutomaton:
        return automaton_of(Seq((ANYTHING, _any_of(ENDS), Repeat(_any_of(CLOSERS)), Repeat(white()))), str(self))

    def violations(self, text: str, before: str = "", after: str = "") -> tuple[Violation, ...]:
        end = text.rstrip().rstrip(CLOSERS)
        return () if end and end[-1] in ENDS else (Violation(str(self), repr(text[-20:])),)
