"""What a poem shall be: the options of the poem task."""

import re
from dataclasses import dataclass

from ..constraints.prosody import meter_pattern
from ..errors import OptionError
from ..text import Document
from ..text.length import is_whole
from .poem_forms import FORMS, read_scheme

MAX_LINES = 40
MAX_SYLLABLES = 24
MAX_ALTERNATIVES = 8
MAX_INCLUDED = 6
FREE = 6, 10  # syllables of a line that is not told


@dataclass(frozen=True)
class PoemOptions:
    """A form by name, free settings, or both: a setting replaces the form's. Validated on construction."""

    form: str | None = None
    lines: int | None = None
    syllables: tuple[int, ...] = ()      # one for each line, or one for all
    rhyme: str = ""                      # see `read_scheme`
    meter: str | None = None             # iambic, trochaic, dactylic, anapestic, free, or a pattern of x and /
    acrostic: str = ""
    include: tuple[str, ...] = ()
    ban: tuple[str, ...] = ()
    ban_letters: str = ""
    regex: str | None = None             # what every line must match, in small letters and without the mark at its end
    rhymes_with: tuple[str, ...] = ()    # a word for the rhyme of each group, in order of the scheme
    near: bool = False                   # near rhymes will do
    topic: str = ""                      # what it is about: the model sees it
    title: str = ""                      # stands above the poem
    draft: Document | None = None        # own lines, with marks where something is open; blank lines part stanzas
    alternatives: int = 1
    steps: int | None = None             # for the first writing; None: auto
    refine: int | None = None            # rounds in which the least certain words are found anew; None: auto
    candidates: int | None = None        # how many poems are begun, of which the best are refined; None: as many as there is time for
    temperature: float = 0.7             # how much alternatives differ from the most probable poem
    seed: int = 0

    def __post_init__(self):
        _check(self.form is None or self.form in FORMS, f"A form is one of {', '.join(FORMS)}", self.form, "Or set --lines, --syllables and --rhyme.")
        _check(self.lines is None or is_whole(self.lines) and 1 <= self.lines <= MAX_LINES, f"A poem has 1 to {MAX_LINES} lines", self.lines, "Ask for fewer.")
        _check(all(is_whole(n) and 1 <= n <= MAX_SYLLABLES for n in self.syllables), f"Syllables are 1 to {MAX_SYLLABLES} a line", self.syllables,
               "Write a list such as 5,7,5.")
        _check(len(read_scheme(self.rhyme)) <= MAX_LINES, f"A poem has at most {MAX_LINES} lines", self.rhyme, "Write a shorter scheme.")
        _check(not self.acrostic or re.fullmatch(r"[A-Za-z ]+", self.acrostic), "An acrostic is made of the letters a to z", repr(self.acrostic), "Leave others out.")
        for name, words in (("include", self.include), ("ban", self.ban), ("rhymes_with", self.rhymes_with)):
            for word in words:
                _check(re.fullmatch(r"[A-Za-z]+(['’][A-Za-z]+)*", word), f"A word of {name} is one word of the letters a to z", repr(word), "Write single words.")
        _check(len(self.include) <= MAX_INCLUDED, f"At most {MAX_INCLUDED} words can be included", len(self.include), "Put more into a draft.")
        _check(re.fullmatch(r"[A-Za-z]*", self.ban_letters), "Letters to ban are a to z", repr(self.ban_letters), "Write them together, as in aeo.")
        _check(is_whole(self.alternatives) and 1 <= self.alternatives <= MAX_ALTERNATIVES, f"Alternatives are 1 to {MAX_ALTERNATIVES}", self.alternatives, "Ask for fewer.")
        _check(self.steps is None or is_whole(self.steps) and 1 <= self.steps <= 1024, "Steps are auto or 1 to 1024", self.steps, "Leave them out.")
        _check(self.refine is None or is_whole(self.refine) and 0 <= self.refine <= 64, "Rounds of refinement are 0 to 64", self.refine, "Leave them out.")
        _check(self.candidates is None or is_whole(self.candidates) and 1 <= self.candidates <= 32, "Candidates are 1 to 32", self.candidates, "Leave them out.")
        _check(isinstance(self.temperature, int | float) and 0 <= self.temperature <= 2, "The temperature is 0 to 2", self.temperature, "0.7 works well.")
        _check(is_whole(self.seed) and 0 <= self.seed < 2**63, "A seed is 0 or a whole number up to 2^63", self.seed, "Take 0.")
        if self.meter is not None:
            meter_pattern(self.meter, 1)

    @property
    def head(self) -> str:
        """The fixed text above the poem that the model sees."""
        return self.title or self.topic


def _check(holds, rule, value, way_out):
    if not holds:
        raise OptionError(f"{rule}; got {value}. {way_out}")
