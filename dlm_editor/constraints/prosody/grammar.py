"""The form of a line as a deterministic grammar over classes of words: its syllables, its metre, the words that it must hold, a regex."""

from dataclasses import dataclass

import numpy as np

from ...canvas import TextAutomaton
from .dictionary import Word
from .meter import stress_fits
from .table import WordTable

DEAD = -1


@dataclass(frozen=True)
class Form:
    """What one line must be, its rhyme and its first letter apart. `low` to `high` syllables; `pattern`: the places of its metre."""

    low: int
    high: int
    pattern: str | None = None
    required: tuple[str, ...] = ()  # words that must stand in its open part
    regex: TextAutomaton | None = None  # over " word word word" in small letters


@dataclass(frozen=True, eq=False)
class Classes:
    """Words of a table that behave alike in all grammars share a class; a class of its own has each word that some line requires."""

    numbers: np.ndarray   # (words,) int: the class of each word
    examples: np.ndarray  # (classes,) int: one word of each


def classify(table: WordTable, with_metre: bool, required: tuple[str, ...], regexes: tuple[TextAutomaton, ...]) -> Classes:
    """The classes that lines with these features can tell apart."""
    own = np.array([required.index(word) if word in required else -1 for word in table.spellings])
    features = [table.syllables, own, *([table.shapes] if with_metre else [])]
    for regex in regexes:
        features.append(_alike(np.array([_run_all(regex, word) for word in table.spellings])))
    _, examples, numbers = np.unique(np.stack(features, 1), axis=0, return_index=True, return_inverse=True)
    return Classes(numbers.reshape(-1).astype(np.int32), examples)


def _alike(rows: np.ndarray) -> np.ndarray:
    return np.unique(rows, axis=0, return_inverse=True)[1].reshape(-1)


def _run_all(regex: TextAutomaton, word: str) -> np.ndarray:
    """The state that a space and the word lead to from each state, (states,) int."""
    table = np.concatenate([regex.arcs, np.full((1, regex.arcs.shape[1]), DEAD, regex.arcs.dtype)])  # DEAD reads the last row
    states = np.arange(len(regex.arcs))
    for number in regex.classes_of(np.array([ord(char) for char in f" {word.lower()}"])):
        states = table[states, number]
    return states


@dataclass(frozen=True, eq=False)
class Grammar:
    """States are (syllables so far, required words seen, state of the regex). `arcs[state, class]` is the next state or DEAD."""

    form: Form
    arcs: np.ndarray       # (states, classes) int32
    accepting: np.ndarray  # (states,) bool
    start: int

    @property
    def _shape(self) -> tuple[int, int, int]:
        return self.form.high + 1, 1 << len(self.form.required), len(self.form.regex.arcs) if self.form.regex else 1

    def word_arcs(self, word: Word) -> np.ndarray:
        """Where a kept word leads, in any of its pronunciations, (states, states) bool."""
        found = np.zeros((len(self.arcs), len(self.arcs)), bool)
        sizes = word.syllable_counts if self.form.pattern is None else ()
        shapes = word.stresses if self.form.pattern is not None else ()
        for after in (_after(self.form, self._shape, size, shape, word.spelling, -1) for size, shape in
                      [*((size, None) for size in sizes), *((len(shape), shape) for shape in shapes)]):
            alive = after != DEAD
            found[np.flatnonzero(alive), after[alive]] = True
        return found


def build_grammar(form: Form, table: WordTable, classes: Classes) -> Grammar:
    """The grammar of one line over the classes of a table."""
    shape = form.high + 1, 1 << len(form.required), len(form.regex.arcs) if form.regex else 1
    arcs = np.full((int(np.prod(shape)), len(classes.examples)), DEAD, np.int32)
    for number, example in enumerate(classes.examples):
        size, stress = int(table.syllables[example]), int(table.shapes[example])
        if size == 0 or form.pattern is not None and stress < 0:
            continue  # pronunciations differ
        word = table.spellings[example]
        bit = form.required.index(word) if word in form.required else -1
        arcs[:, number] = _after(form, shape, size, table.shape_names[stress] if stress >= 0 else None, word, bit)
    counts, seen, states = np.indices(shape).reshape(3, -1)
    start = form.regex.start if form.regex else 0
    accepting = (counts >= form.low) & (seen == shape[1] - 1)
    if form.regex is not None:
        accepting &= form.regex.accepting[states]
    return Grammar(form, arcs, accepting, start)


def _after(form: Form, sizes: tuple[int, int, int], syllables: int, stress: str | None, word: str, bit: int) -> np.ndarray:
    """The state after a word from each state, (states,) int."""
    counts, seen, states = np.indices(sizes).reshape(3, -1)
    fits = counts + syllables <= form.high
    if form.pattern is not None:
        starts = np.array([stress_fits(stress, at, form.pattern) for at in range(sizes[0])])
        fits &= starts[counts]
    reached = states if form.regex is None else _run_all(form.regex, word)[states]
    seen = seen | (1 << bit) if bit >= 0 else seen
    after = ((counts + syllables) * sizes[1] + seen) * sizes[2] + reached
    return np.where(fits & (reached != DEAD), after, DEAD).astype(np.int32)
