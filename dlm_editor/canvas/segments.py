"""Automata whose arcs are words: each spells one token or several, as the tokenizer writes it.

A dictionary of thousands of words as an automaton over tokens has a state for every beginning of a word. Here a word is one arc between the states that
the other constraints tell apart, and words that lead every state to the same one share a class.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .automaton import DEAD, Automaton, numbered
from .vocabulary import Vocabulary

BARE, SPACED, STOP, NULL = range(4)  # kinds of arcs: a word without a space before it, one with its space, a mark, an empty position
MARKS = ",;:.!?"
# What may follow what: rows are before all, after a word, after a mark, after an empty position; columns the kinds.
_GRAMMAR = np.array([[1, 1, DEAD, DEAD], [DEAD, 1, 2, 3], [DEAD, 1, DEAD, 3], [DEAD, DEAD, DEAD, 3]])
_ENDS = np.array([False, True, True, True])


@dataclass(frozen=True, eq=False)
class Width:
    """The arcs of one number of tokens, in order of class."""

    tokens: np.ndarray   # (n, width) int64
    numbers: np.ndarray  # (n,) which arc it is, counted over all widths
    classes: np.ndarray  # (classes in use,) rising
    starts: np.ndarray   # (classes in use,) where each begins


@dataclass(frozen=True, eq=False)
class Segments:
    """Deterministic over arcs: `arcs[state, class]` is the next state or DEAD."""

    widths: tuple[Width, ...]
    arcs: np.ndarray       # (states, classes) int32
    accepting: np.ndarray  # (states,) bool
    start: int = 0

    @classmethod
    def of(cls, automaton: Automaton, spelled: tuple[tuple[tuple[int, ...], int], ...]) -> "Segments | None":
        """Runs of `spelled` arcs, tokens and kind of each, that the automaton accepts; None where there is none."""
        count, kinds = len(automaton.arcs), np.array([kind for _, kind in spelled])
        effects = np.empty((len(spelled), count), np.int32)
        table = np.append(automaton.table, np.full((1, automaton.table.shape[1]), count), 0)  # with dead as a state
        by_width: dict[int, list[int]] = {}
        for number, (tokens, _) in enumerate(spelled):
            by_width.setdefault(len(tokens), []).append(number)
        for numbers in by_width.values():
            classes = automaton.classes[np.array([spelled[number][0] for number in numbers])]  # (n, width)
            state = np.repeat(np.arange(count)[None], len(numbers), 0)
            for column in classes.T:
                state = table[state, column[:, None]]
            effects[numbers] = state
        grouped = numbered(np.concatenate([kinds[:, None], effects], 1))
        first = np.unique(grouped, return_index=True)[1]
        grammar = _GRAMMAR[:, kinds[first]]                                # (4, classes)
        moved = effects[first].T                                           # (states, classes)
        joint = np.where((grammar[:, None] != DEAD) & (moved[None] != count), grammar[:, None] * count + moved[None], DEAD).reshape(4 * count, -1)
        accepting = (_ENDS[:, None] & automaton.accepting[None]).ravel()
        kept = _useful(joint, accepting, automaton.start)
        if not kept[automaton.start]:
            return None
        place = np.append(np.where(kept, np.cumsum(kept) - 1, DEAD), DEAD)
        arcs = place[joint[kept]].astype(np.int32)
        alive = (arcs != DEAD).any(0)
        names = np.where(alive, np.cumsum(alive) - 1, DEAD)[grouped]
        widths = tuple(_width(by_width.get(width, []), names, spelled, width) for width in range(1, max(by_width) + 1))
        return cls(widths, np.ascontiguousarray(arcs[:, alive]), accepting[kept], int(place[automaton.start]))

    @cached_property
    def edges(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """From, class and to of every arc between states, in order of where they come from."""
        states, classes = np.nonzero(self.arcs != DEAD)
        return states, classes, self.arcs[states, classes]

    @cached_property
    def used(self) -> np.ndarray:
        """The tokens of all arcs, rising."""
        return np.unique(np.concatenate([width.tokens.ravel() for width in self.widths]))

    @cached_property
    def columns(self) -> tuple[np.ndarray, ...]:
        """The tokens of every width as places in `used`."""
        return tuple(np.searchsorted(self.used, width.tokens) for width in self.widths)

    def lengths(self, limit: int) -> np.ndarray:
        """Which numbers of tokens are accepted, (limit + 1,) bool."""
        return np.array([bool((row & self.accepting).any()) for row in self._walk([None] * limit)])

    def admits(self, tokens: Sequence[int | None]) -> bool:
        """True where the open positions, None, can be filled so that it is accepted."""
        return bool((self._walk(tokens)[-1] & self.accepting).any())

    def _walk(self, tokens: Sequence[int | None]) -> np.ndarray:
        """The states that can be reached before each position and after the last, (positions + 1, states) bool."""
        froms, classes, to = self.edges
        reached = np.zeros((len(tokens) + 1, len(self.arcs)), bool)
        reached[0, self.start] = True
        for at in range(len(tokens)):
            for span, width in enumerate(self.widths, 1):
                if not len(width.classes) or at + span > len(tokens) or not reached[at].any():
                    continue
                fits = np.ones(len(width.tokens), bool)
                for column, given in enumerate(tokens[at:at + span]):
                    if given is not None:
                        fits &= width.tokens[:, column] == given
                open_classes = np.zeros(self.arcs.shape[1], bool)
                open_classes[width.classes] = np.logical_or.reduceat(fits, width.starts)
                reached[at + span, to[reached[at, froms] & open_classes[classes]]] = True
        return reached


def _useful(arcs: np.ndarray, accepting: np.ndarray, start: int) -> np.ndarray:
    """States on a way from the start to acceptance, (states,) bool."""
    live = accepting.copy()
    while (grown := live | np.where(arcs != DEAD, live[arcs], False).any(1)).sum() > live.sum():
        live = grown
    seen = np.zeros(len(arcs), bool)
    seen[start] = True
    frontier = np.array([start])
    while len(frontier):
        after = np.unique(arcs[frontier])
        frontier = after[(after != DEAD) & ~seen[after]]
        seen[frontier] = True
    return live & seen


def _width(numbers, names, spelled, width) -> Width:
    numbers = np.array([number for number in numbers if names[number] != DEAD], np.int64)
    numbers = numbers[np.argsort(names[numbers], kind="stable")]
    classes, starts = np.unique(names[numbers], return_index=True)
    tokens = np.array([spelled[number][0] for number in numbers], np.int64).reshape(len(numbers), width)
    return Width(tokens, numbers, classes, starts)


def spell_words(words: tuple[str, ...], vocabulary: Vocabulary) -> tuple[tuple[tuple[int, ...], int], ...]:
    """Every word and mark as the tokenizer writes it, with and without a space before it; empty positions, where there are. Words that it cannot write
    are left out."""
    found: dict[tuple[tuple[int, ...], int], None] = {}
    kinds = ((SPACED, ""),) if vocabulary.is_spaced else ((BARE, ""), (SPACED, " "))  # joining writes the space, or a token of its own
    for word in words:
        for kind, space in kinds:
            if tokens := _tokens(space + word, vocabulary):
                found[tokens, kind] = None
    for mark in MARKS:
        if tokens := _tokens(mark, vocabulary):
            found[tokens, STOP] = None
    if vocabulary.null_id is not None:
        found[(vocabulary.null_id,), NULL] = None
    return tuple(found)


def _tokens(text: str, vocabulary: Vocabulary) -> tuple[int, ...]:
    """Empty where the tokens would not write the text; small letters may stand for capitals."""
    tokens = vocabulary.encode(text, continues=True)
    is_right = vocabulary.write(tokens).decode("utf-8", "replace").casefold() == text.casefold() and not vocabulary.forbidden[tokens].any()
    return tuple(tokens) if is_right else ()
