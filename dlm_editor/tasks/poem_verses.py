"""A plan compiled for a vocabulary: the words there are, each line as the lattice sees it, and the joint choice of words for all lines."""

from dataclasses import dataclass, replace

import numpy as np

from ..canvas import TextAutomaton, Vocabulary
from ..constraints import Regex
from ..constraints.prosody import WordTable, common_words, look_up, split_words, word_table
from ..constraints.prosody.grammar import Classes, Form, Grammar, build_grammar, classify
from ..constraints.prosody.spelling import Spelling, spell
from ..errors import UnsatisfiableError
from ..sampling.rhyme import Group, choose_ends
from ..sampling.verse import LineLattice, Placed, VerseLine
from .poem_plan import OPEN, PoemLine, PoemPlan

RARE = 0.15           # nats that a word gains for each e-fold that it is rarer: frequent words are likely everywhere and say little
RARE_FROM, RARE_TO = 20, 3000
WEAK_END = np.float32(8.0)  # nats that it costs to end a line on a small word
SMALL_WORDS = frozenset("""
the a an of and or but nor to in on at by for from with into upon as than that which who whom whose what when where while if because though although since unless until
till my your his her its our their is are was were be been am has have had do does did will would shall should can could may might must not no very so too i he she we
they it this these those some any every each such both either neither between among toward towards within without beneath beside besides against during through about
above across after before behind below beyond over under onto off out up down how why whether ere like near per more most less least only even just i'm i've i'll i'd
it's he's she's that's there's you're we're they're don't won't can't isn't doesn't didn't o oh ah lest let's then also rather quite almost always never ever there here
one two three other another same own much many few first last
""".split())
Required = tuple[tuple[str, ...], ...]  # words that each line must hold


@dataclass(frozen=True, eq=False)
class Verses:
    """What is the same for all rows of a run."""

    plan: PoemPlan
    vocabulary: Vocabulary
    table: WordTable
    classes: Classes
    spelling: Spelling
    groups: tuple[Group, ...]
    taken_words: frozenset[int]
    taken_sounds: frozenset[int]
    regex: TextAutomaton | None
    prior: np.ndarray               # (words,) float32: what rare words gain over frequent ones
    small: np.ndarray               # (words,) bool: words of little sense, which may come again but want another after them
    topic: np.ndarray               # (words of the topic,) their numbers
    kept: np.ndarray                # (words of kept lines,) their numbers
    made: dict                      # lines already compiled

    @classmethod
    def of(cls, plan: PoemPlan, vocabulary: Vocabulary) -> "Verses":
        """Raises UnsatisfiableError where a kept rhyme has no word."""
        table = _allowed_words(plan)
        has_metre = any(line.pattern is not None for line in plan.lines)
        regex = Regex(plan.options.regex).compile(None) if plan.options.regex else None
        classes = classify(table, has_metre, plan.include, (regex,) if regex else ())
        numbers = {word.lower(): number for number, word in enumerate(table.spellings)}
        ends = [line.kept_end for line in plan.lines if line.kept_end is not None]
        taken = frozenset(numbers[word.spelling] for word in ends if word.spelling in numbers)
        groups = tuple(group for letter, lines in plan.groups().items() if (group := _group(plan, letter, lines, table)) is not None)
        sounds = frozenset(group.sound for group in groups if group.sound is not None)
        return cls(plan, vocabulary, table, classes, spell(vocabulary, table.spellings), groups, taken, sounds, regex,
                   _prior(table), np.array([word.lower() in SMALL_WORDS for word in table.spellings]), _numbers(table, plan.options.topic, plan.options.title),
                   _numbers(table, *(piece for line in plan.lines for piece in line.pieces if piece is not OPEN)), {})

    @property
    def open_lines(self) -> list[int]:
        """Lines that hold a gap, refrains once."""
        return [index for index, line in enumerate(self.plan.lines) if not line.is_kept and line.refrain is None]

    def line(self, index: int, required: tuple[str, ...]) -> VerseLine:
        """One line, with words that its gaps must hold."""
        line = self.plan.lines[index]
        key = line.pieces, line.low, line.high, line.pattern, line.initial, required
        if key not in self.made:
            form = Form(line.low, line.high, line.pattern, required, self.regex)
            if form not in self.made:
                self.made[form] = build_grammar(form, self.table, self.classes)
            self.made[key] = _compile(line, self.made[form], self.table, self.classes)
        return self.made[key]

    def solve(self, required: Required, sizes: dict[int, tuple[int, ...]], logp: dict[int, np.ndarray], bias: np.ndarray) -> dict[int, tuple[Placed, ...]] | None:
        """The best words of all open lines; None where there is no way. `sizes`: tokens of the gaps of each; `logp`: see LineLattice."""
        lattices = {index: LineLattice(self.line(index, required[index]), self.spelling, sizes[index], logp[index], bias) for index in self.open_lines}
        ends = {index: lattice.ends() - WEAK_END * self.small for index, lattice in lattices.items() if self.plan.lines[index].kept_end is None}
        sounds = self.table.nears if self.plan.options.near else self.table.rhymes
        groups = tuple(replace(group, lines=tuple(line for line in group.lines if line in ends)) for group in self.groups)
        groups = tuple(group for group in groups if group.lines)
        chosen = choose_ends(ends, groups, sounds, self.table.onsets, self.taken_words, self.taken_sounds)
        if chosen is None or any(lattice.total() == -np.inf for index, lattice in lattices.items() if index not in ends):
            return None
        return {index: lattice.read(chosen.get(index)) for index, lattice in lattices.items()}


def _prior(table: WordTable) -> np.ndarray:
    ranks = {word: rank for rank, word in enumerate(common_words())}
    place = np.array([ranks.get(word.lower(), RARE_TO) for word in table.spellings], np.float32)
    return (RARE * np.log((np.minimum(place, RARE_TO) + RARE_FROM) / (RARE_TO + RARE_FROM))).astype(np.float32)


def _numbers(table: WordTable, *texts: str) -> np.ndarray:
    """Words of sense in texts."""
    wanted = {word.lower() for text in texts for word in split_words(text)} - SMALL_WORDS
    return np.array([number for number, word in enumerate(table.spellings) if word.lower() in wanted], np.int64)


def _allowed_words(plan: PoemPlan) -> WordTable:
    """The common words and the user's, without banned ones."""
    options = plan.options
    table = word_table(tuple(plan.include))
    banned, letters = {word.lower() for word in options.ban}, set(options.ban_letters.lower())
    kept = np.array([word.lower() not in banned and not letters & set(word.lower()) for word in table.spellings])
    if not kept.any():
        raise UnsatisfiableError(f"There must be words to write with; banning the letters {options.ban_letters!r} leaves none. Ban fewer.")
    return table if kept.all() else table.take(kept)


def _group(plan: PoemPlan, letter: str, lines: list[int], table: WordTable) -> Group | None:
    """The lines of a rhyme with what kept ends and the user's word make of it; None where all are kept."""
    near = plan.options.near
    told = [plan.lines[index].kept_end for index in lines if plan.lines[index].kept_end is not None]
    told += [look_up(word) for known, word in plan.group_words if known == letter]
    still_open = tuple(index for index in lines if plan.lines[index].kept_end is None)
    if not still_open:
        return None
    if not told:
        return Group(still_open)
    shared = [part for part in told[0].rhymes(near) if all(part in word.rhymes(near) for word in told)]
    names = table.near_names if near else table.rhyme_names
    known = [names.index(part) for part in shared if part in names]
    if not known:
        raise UnsatisfiableError(f"Line {plan.lines[still_open[0]].number} must rhyme with {told[0].spelling!r}; no common word does. Choose another word there.")
    onsets = frozenset(table.onset_names.index(word.onset) for word in told if word.onset in table.onset_names)
    return Group(still_open, known[0], onsets)


def _compile(line: PoemLine, grammar: Grammar, table: WordTable, classes: Classes) -> VerseLine:
    """A line with gaps, from the grammar of its form."""
    states = len(grammar.arcs)
    steps = [np.eye(states, dtype=bool)]  # before the first gap, between gaps, after the last
    for piece in line.pieces:
        if piece is OPEN:
            steps.append(np.eye(states, dtype=bool))
        else:
            for word in split_words(piece):
                steps[-1] = (steps[-1].astype(np.int32) @ grammar.word_arcs(look_up(word)).astype(np.int32)) > 0
    begins = None
    if line.initial and line.kept_start is None:
        begins = np.array([word.lower().startswith(line.initial) for word in table.spellings])
    return VerseLine(classes.numbers, grammar.arcs, steps[0][grammar.start], tuple(steps[1:-1]), (steps[-1] & grammar.accepting).any(1),
                     line.kept_start is None, begins, None)

