"""What a run of `poem` yields: steps with badges beside the lines, then the poems.

A PoemStep is a RefinementStep: `drafts[alternative][line]` are the pieces of that line, kept words and line ends included, so that put together they read
as the line (blank lines between stanzas are not among them, see `PoemSuggestion.text`). `badges[alternative][line]` stands beside it. One poem is one
alternative throughout; the suggestions come best first and name theirs in `row`.
"""

from dataclasses import dataclass

from ..sampling import RefinementStep
from .fill import Suggestion


@dataclass(frozen=True)
class Badge:
    """How far a line is, judged by its text. While words are open, `syllables` counts those that stand."""

    syllables: int
    low: int                # syllables asked for: `low` to `high`
    high: int
    has_syllables: bool     # the number asked for is there
    rhyme: str              # the letter of its rhyme, "" where it has none
    has_rhyme: bool | None  # its last word rhymes with those of the group that stand; None while its own is open, or where it has no rhyme
    stress: str             # "/" and "x" of the words that stand; of a one-syllable word as the metre takes it
    meter: str | None       # the places asked for, None where free
    has_meter: bool | None  # None where free
    is_open: bool           # words are still to come
    guessed: tuple[str, ...] = ()  # words that the dictionary lacks: their syllables follow the spelling

    def record(self) -> dict:
        """As plain JSON."""
        return {**vars(self), "guessed": list(self.guessed)}


@dataclass(frozen=True, eq=False)
class PoemStep(RefinementStep):
    """One step over all alternatives."""

    badges: tuple[tuple[Badge, ...], ...] = ()


@dataclass(frozen=True, eq=False)
class PoemSuggestion(Suggestion):
    """One finished poem. `text` is the whole of it, with title and blank lines; `lines` are its lines; `score` is what it is ranked by, the mean
    log-probability of its words under the model, each masked with others far from it while the rest stands (nats a token)."""

    lines: tuple[str, ...] = ()
    badges: tuple[Badge, ...] = ()
    score: float = 0.0
