"""Judges a poem by its text: syllables, rhyme and metre of each line, and what it breaks of what was asked."""

import re
from dataclasses import dataclass

from ..constraints.prosody import Word, look_up, split_words, stress_fits
from .poem_events import Badge
from .poem_plan import PoemLine, PoemPlan


@dataclass(frozen=True)
class LineText:
    """A line as it stands, and whether words are still to come, and its last one."""

    text: str
    is_open: bool = False
    has_end: bool = True

    @property
    def words(self) -> list[Word]:
        return [look_up(word) for word in split_words(self.text)]


def badges(plan: PoemPlan, lines: list[LineText]) -> tuple[Badge, ...]:
    """One for each line of a poem, finished or not."""
    ends = [line.words[-1] if line.has_end and line.words else None for line in lines]
    return tuple(_badge(plan, line, lines, ends, index) for index, line in enumerate(plan.lines))


def _badge(plan: PoemPlan, line: PoemLine, lines, ends, index) -> Badge:
    text, words = lines[index], lines[index].words
    count = _count(words, line)
    fits, shape = _stress(words, line.pattern)
    guessed = tuple(dict.fromkeys(word.spelling for word in words if not word.is_known))
    is_right = line.low <= count <= line.high and not text.is_open
    return Badge(count, line.low, line.high, is_right, line.letter, _rhymes(plan, ends, index) if line.letter else None, shape, line.pattern,
                 None if line.pattern is None else fits, text.is_open, guessed)


def _count(words: list[Word], line: PoemLine) -> int:
    """Syllables; where pronunciations differ, as the line wants them if it can be had."""
    found = {0}
    for word in words:
        found = {before + more for before in found for more in word.syllable_counts}
    wanted = [count for count in sorted(found) if line.low <= count <= line.high]
    return wanted[0] if wanted else sum(word.syllable_counts[0] for word in words)


def _stress(words: list[Word], pattern: str | None) -> tuple[bool, str]:
    """Whether some reading fits the metre so far, and how the words are read, "/" and "x"."""
    ways: dict[int, str] = {0: ""}  # syllables so far → the reading
    if pattern is not None:
        for word in words:
            ways = {at + len(shape): read + _read(shape, at, pattern) for at, read in ways.items() for shape in word.stresses if stress_fits(shape, at, pattern)}
        if ways:
            return True, ways[max(ways)]
    return pattern is None, "".join(_alone(word) for word in words)


def _read(shape: str, at: int, pattern: str) -> str:
    return "".join(pattern[at + i] if mark == "-" else mark for i, mark in enumerate(shape))


def _alone(word: Word) -> str:
    """A word of one syllable is strong where the dictionary never leaves it unstressed."""
    if word.stresses[0] != "-":
        return word.stresses[0].replace("-", "x")
    return "/" if all("1" in pronunciation for pronunciation in word.pronunciations) else "x"


def _rhymes(plan: PoemPlan, ends, index) -> bool | None:
    """With the other ends of the group that stand, and with the word given: on another word of the same sound."""
    line, own = plan.lines[index], ends[index]
    if own is None:
        return None
    source = index if line.refrain is None else line.refrain
    others = [ends[i] for i in plan.groups().get(line.letter, []) if i != source and ends[i] is not None]
    others += [look_up(word) for letter, word in plan.group_words if letter == line.letter]
    near = plan.options.near
    shared = set(own.rhymes(near))
    for other in others:
        shared &= set(other.rhymes(near))
    return bool(shared) and all(other.spelling != own.spelling for other in others)


def poem_violations(plan: PoemPlan, lines: list[str]) -> tuple[str, ...]:
    """What finished lines break, in the user's words; empty where all is met."""
    found, options = [], plan.options
    for line, badge, text in zip(plan.lines, badges(plan, [LineText(text) for text in lines]), lines):
        if not badge.has_syllables:
            found.append(f"line {line.number} has {badge.syllables} syllables, not {line.low if line.low == line.high else f'{line.low} to {line.high}'}")
        if badge.has_meter is False:
            found.append(f"line {line.number} leaves the metre {line.pattern}")
        if badge.has_rhyme is False:
            found.append(f"line {line.number} does not rhyme as {line.letter}")
        if line.initial and not re.sub("[^a-z]", "", text.lower()).startswith(line.initial):
            found.append(f"line {line.number} does not begin with {line.initial!r}")
        if options.regex is not None and not re.fullmatch(options.regex, text.lower().strip().rstrip(",.;:!?")):
            found.append(f"line {line.number} does not match {options.regex!r}")
        if line.refrain is None and not line.is_kept and text in lines[:line.number - 1]:
            found.append(f"line {line.number} repeats an earlier one")
        if line.refrain is not None and text != lines[line.refrain]:
            found.append(f"line {line.number} does not repeat line {line.refrain + 1}")
    words = {word.lower() for text in lines for word in split_words(text)}
    found += [f"the word {word!r} is missing" for word in options.include if word.lower() not in words]
    found += [f"the banned word {word!r} stands in it" for word in options.ban if word.lower() in words]
    letters = sorted(set(options.ban_letters.lower()) & set("".join(lines).lower()))
    return tuple(found + [f"the banned letter {letter!r} stands in it" for letter in letters])
