"""Text in lines of a given width, each part with a style of its own."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

OPEN = "\0"  # a place that is open, drawn as a box; no text holds it, since controls are taken out before


@dataclass(frozen=True)
class Part:
    """A run of characters in one style, or OPEN."""

    text: str
    style: str


@dataclass(frozen=True)
class Placed:
    """A part on a line, at `x` pixels from its left edge."""

    part: Part
    x: float
    width: float


Line = tuple[Placed, ...]
Measure = Callable[[str], float]

_PIECES = re.compile(r"\n|[^\S\n]+|\0|[^\s\0]+")


def set_lines(parts: Iterable[Part], width: float, measure: Measure) -> list[Line]:
    """Breaks at spaces and around open places, inside a word only where it is wider than a line."""
    lines, line, x = [], [], 0.0

    def end():
        nonlocal line, x
        while line and line[-1].part.text.isspace():
            line.pop()
        lines.append(tuple(_joined(line)))
        line, x = [], 0.0

    for word in _words(parts):
        if word[0].text == "\n":
            end()
            continue
        size = sum(measure(part.text) for part in word)
        is_space = word[0].text.isspace()
        if x + size > width and x and not is_space:
            end()
        if is_space and (not x or x + size > width):
            continue
        for part in word if size <= width else _characters(word):
            step = measure(part.text)
            if x + step > width and x:
                end()
            line.append(Placed(part, x, step))
            x += step
    end()
    return lines


def _joined(line: list[Placed]) -> Iterator[Placed]:
    """Neighbours of one style as one part."""
    for (style, is_open), group in groupby(line, lambda placed: (placed.part.style, placed.part.text == OPEN)):
        placed = list(group)
        if is_open:
            yield from placed
        else:
            yield Placed(Part("".join(one.part.text for one in placed), style), placed[0].x, sum(one.width for one in placed))


def _words(parts: Iterable[Part]) -> Iterator[list[Part]]:
    """Parts that stay together: the pieces of a word, a run of spaces, a line break, an open place."""
    word: list[Part] = []
    for part in parts:
        for found in _PIECES.findall(part.text):
            is_word = not found.isspace() and found != OPEN
            if word and not is_word:
                yield word
                word = []
            if is_word:
                word.append(Part(found, part.style))
            else:
                yield [Part(found, part.style)]
    if word:
        yield word


def _characters(word: list[Part]) -> Iterator[Part]:
    for part in word:
        yield from (Part(char, part.style) for char in part.text)
