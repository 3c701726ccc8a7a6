"""A line of known words: metre, syllables, rhyme, an own dictionary.

What a prosody gives, and what it gets:

- a `Lexicon`: every word that may be written, with the class that the grammar sees (any product of features: syllables, stress, first letter …) and
  its sound, the number that rhyming words share;
- a `Line` for each mark: a deterministic grammar over classes. Words of several tokens are arcs of the lattice, spelled as the tokenizer spells them, so
  the proposal is the exact maximum, or an exact sample, over all lines that the grammar accepts;
- marks whose lines share a `rhyme` letter and a canvas end on *different* words of *one* sound, which is chosen jointly: the scores of each sound are
  summed over the lines. One mark is one line; line breaks stay outside the marks.

Ban words or letters by leaving words out of the lexicon; demand a word by a class of its own; a refrain is a kept line; a line that rhymes with a kept
line or a given word says so by `ends`. Where a mark is only part of a line, `start` is the state after the kept words before it, and `accepting`
the states from which the kept words after it end well.
"""

import re
from dataclasses import dataclass

import numpy as np

from .violation import Violation

DEAD = -1


@dataclass(frozen=True, eq=False)
class Lexicon:
    """The words there are. One lexicon, one object: what is compiled from it is kept for all lines that share it."""

    words: tuple[str, ...]   # as they stand within a line, each once: "river", "I", "don't"
    classes: np.ndarray      # (words,) int from 0: words of a class are alike to the grammar
    sounds: np.ndarray       # (words,) int: equal where words rhyme, -1 where a word must not end a rhymed line


@dataclass(frozen=True, eq=False)
class Line:
    """The words of one mark, accepted by a grammar over their classes."""

    lexicon: Lexicon
    arcs: np.ndarray                  # (states, classes) int: the state after a word of the class, DEAD where none may stand
    accepting: np.ndarray             # (states,) bool
    start: int = 0
    rhyme: str = ""                   # lines with the same letter rhyme
    begins: np.ndarray | None = None  # (words,) bool: may begin the line
    ends: np.ndarray | None = None    # (words,) bool: may end the line
    capital: bool = False             # the first word begins with a capital
    pauses: str = ","                 # marks, one at most, that may follow a word within the line …
    stops: str = ",.;:!?"             # … and its last word
    must_stop: bool = False           # a stop is due at the end
    name: str = "a line of the given form"

    def __str__(self):
        return self.name

    def violations(self, text: str, before: str = "", after: str = "") -> tuple[Violation, ...]:
        """Judges a line on its own: its words, their classes, its ends. The rhyme with other lines is judged over all of them."""
        numbers = {word: number for number, word in enumerate(self.lexicon.words)}
        found, state = [], self.start
        for place, part in enumerate(text.split()):
            word = re.sub(rf"[{re.escape(self.pauses + self.stops)}]$", "", part) if self.pauses + self.stops else part
            if self.capital and place == 0:
                word = word if word in numbers else word[:1].lower() + word[1:]
            if word not in numbers:
                return (Violation(self.name, f"the word {word!r}, which the lexicon lacks"),)
            found.append(numbers[word])
            state = int(self.arcs[state, self.lexicon.classes[found[-1]]]) if state != DEAD else DEAD
        is_right = bool(found) and state != DEAD and bool(self.accepting[state])
        is_right = is_right and (self.begins is None or bool(self.begins[found[0]])) and (self.ends is None or bool(self.ends[found[-1]]))
        return () if is_right else (Violation(self.name, repr(text)),)
