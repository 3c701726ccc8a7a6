"""No line and no word pair twice."""

from collections.abc import Iterator
from dataclasses import dataclass

from ..canvas import TextAutomaton
from .expression import ANYTHING, Alt, Chars, Expression, Repeat, Seq, automaton_of, but, literal, optional
from .reading import words_of
from .site import Site
from .violation import Violation
from .wording import apart, no_word, spelled, white, word, word_character

MOST_CUTS = 4  # besides doubled words; the states of the automaton double with each

Cut = tuple[str, ...]  # two neighbouring words, or one text that fills a line


@dataclass(frozen=True)
class NoRepeats:
    """No pair of neighbouring words stands twice, no word directly after itself, and no line twice, in any case.

    Lines are compared by their words, those without a word as they stand; empty ones do not count. No automaton knows all words, so this is met by
    what earlier fills have shown: `compile` lets each of the cuts stand once (a doubled word never); with a beginning, it accepts only texts that begin so
    and repeat nothing of it.
    """

    cuts: tuple[Cut, ...] = ()
    beginning: str = ""

    def __str__(self):
        return "repeat no line or word pair"

    @property
    def is_exact(self) -> bool:
        """Every text without repeats is accepted."""
        return not self.beginning

    def learned(self, text: str, before: str = "", after: str = "") -> "NoRepeats | None":
        """With cuts for all that a text repeats; None where they are too many or did not help."""
        found = tuple(tuple(part.casefold() if len(part.casefold()) == len(part) else part for part in cut) for _, cut in _repeats(before + text + after))
        cuts = tuple(dict.fromkeys((*self.cuts, *found)))
        is_new = len(cuts) > len(self.cuts) or not found
        return NoRepeats(cuts) if is_new and sum(not _is_doubled(cut) for cut in cuts) <= MOST_CUTS and not self.beginning else None

    def resumed(self, text: str, before: str = "", after: str = "") -> "NoRepeats":
        """To go on from where a text first repeats something."""
        whole = before + text + after
        starts = [start for start, _ in _repeats(whole)]
        return NoRepeats((), whole[:min(starts)]) if starts else self

    def compile(self, site: Site) -> TextAutomaton:
        found = automaton_of(ANYTHING, str(self))
        for banned in self._banned():
            found = found.intersect(automaton_of(banned, str(self)).complement())
        if self.beginning:
            found = found.intersect(automaton_of(Seq((literal(self.beginning), ANYTHING)), str(self)))
        return found.between(site.before, site.after)

    def _banned(self) -> Iterator[Expression]:
        """What no text may be."""
        doubled = [cut for cut in self.cuts if _is_doubled(cut)]
        for cut in self.cuts:
            if cut not in doubled:
                yield _pairs((cut,), times=2) if len(cut) == 2 else _lines(cut, times=2)
        words = list(_placed_words(self.beginning))
        pairs = {(first.casefold(), second.casefold()) for (_, first), (_, second) in zip(words, words[1:])} | {(first.casefold(),) * 2 for _, first in words}
        if doubled or pairs:
            yield Seq((literal(self.beginning[:words[-1][0]] if words else ""), _pairs((*doubled, *sorted(pairs)))))
        *lines, last = self.beginning.split("\n")
        if lines := sorted({line[0] for line in map(_line, lines) if line}):
            yield Seq((literal(self.beginning[:len(self.beginning) - len(last)]), _lines(tuple(lines))))

    def violations(self, text: str, before: str = "", after: str = "") -> tuple[Violation, ...]:
        repeats = dict.fromkeys(tuple(part.casefold() for part in cut) for _, cut in _repeats(before + text + after))
        return tuple(Violation(str(self), f"the {'pair' if len(cut) == 2 else 'line'} “{' '.join(cut)}” again") for cut in repeats)


def _repeats(text: str) -> Iterator[tuple[int, Cut]]:
    """What stands again, as it stands there, and where its last word begins. A line of several words that stands again is told by its pairs."""
    seen: set[Cut] = set()
    words, at, found = list(_placed_words(text)), 0, []
    found += [(start, (first, second)) for (_, first), (start, second) in zip(words, words[1:])]
    for row in text.split("\n"):
        line = _line(row)
        found += [(at + row.index(line[0]), line)] if line else []
        at += len(row) + 1
    for start, cut in found:
        key = tuple(part.casefold() for part in cut)
        if key in seen or _is_doubled(key):
            yield start, cut
        seen.add(key)


def _placed_words(text: str) -> Iterator[tuple[int, str]]:
    at = 0
    for found in words_of(text):
        at = text.index(found, at)
        yield at, found
        at += len(found)


def _line(row: str) -> Cut:
    """What a line of at most one word is compared by."""
    words = words_of(row)
    return tuple(words) if len(words) == 1 else () if words or not row.strip() else (row.strip(),)


def _is_doubled(cut: Cut) -> bool:
    return len(cut) == 2 and cut[0] == cut[1]


def _pairs(pairs: tuple[Cut, ...], times: int = 1) -> Expression:
    """Texts that hold one of the pairs so often."""
    rim, earlier, later = Repeat(no_word()), Repeat(Seq((word(), apart()))), Repeat(Seq((apart(), word())))
    pair = Alt(tuple(Seq((spelled(first), apart(), spelled(second))) for first, second in pairs))
    again = Repeat(Seq((apart(), earlier, pair)), times - 1, times - 1)
    return Seq((rim, earlier, pair, again, later, rim))


def _lines(lines: tuple[str, ...], times: int = 1) -> Expression:
    """Texts that hold one of the lines so often."""
    end = Chars(((10, 10),))
    blank, space, other = Repeat(but(word_character(), end)), Repeat(but(but(white()), end)), Repeat(but(end))
    line = Alt(tuple(Seq((blank, spelled(line), blank)) if words_of(line) else Seq((space, literal(line), space)) for line in lines))
    again = Repeat(Seq((Repeat(Seq((end, other))), end, line)), times - 1, times - 1)
    return Seq((optional(Seq((ANYTHING, end))), line, again, optional(Seq((end, ANYTHING)))))
