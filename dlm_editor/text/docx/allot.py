"""Edits of a story as what is to be done to each of its paragraphs."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from ...errors import DocumentError
from ..document import Edit, Span
from .story import Paragraph, Story


class Insertion(NamedTuple):
    """`text` at code point `at` of the story; `is_instead` where the words that stood there go."""

    at: int
    text: str
    is_instead: bool


@dataclass(frozen=True)
class Work:
    """What is to be done to one paragraph, in code points of the story. `is_joining`: its end goes, the next goes on in its line."""

    deletions: tuple[Span, ...] = ()
    insertions: tuple[Insertion, ...] = ()
    is_joining: bool = False

    def and_also(self, other: "Work") -> "Work":
        return Work(self.deletions + other.deletions, self.insertions + other.insertions, self.is_joining or other.is_joining)


def allot(story: Story, edits: tuple[Edit, ...]) -> dict[int, Work]:
    """By the number of the paragraph, in order. Raises DocumentError for a line break that cannot go."""
    ends, work = [paragraph.end for paragraph in story.paragraphs], {}
    for edit in edits:
        for part in _by_lines(edit):
            for number, one in _shares(story, ends, _turned(story, ends, part, part is edit)):
                work[number] = work.get(number, Work()).and_also(one)
    return work


def _by_lines(edit: Edit) -> Iterator[Edit]:
    """The edit line by line, so that a line break stays where both sides have one."""
    if not edit.after:
        yield edit
        return
    old, new = edit.before.split("\n"), edit.after.split("\n")
    common, at = min(len(old), len(new)), edit.span.start
    for before, after in zip(old[:common], [*new[:common - 1], "\n".join(new[common - 1:])], strict=True):
        if before != after:
            yield Edit(Span(at, at + len(before)), before, after)
        at += len(before) + 1
    if len(old) > common:
        rest = "\n" + "\n".join(old[common:])
        yield Edit(Span(at - 1, at - 1 + len(rest)), rest, "")


def _turned(story: Story, ends: list[int], edit: Edit, is_whole: bool) -> Edit:
    """The same edit with its line break at the other side, where that is better: a new line takes after the one above it, unless that is a heading,
    and of lines that go, it is the break below them that goes with them, where it can. `is_whole`: nothing is put where the edit begins."""
    start, end = edit.span.start, edit.span.end
    number = bisect_left(ends, start)
    paragraph = story.paragraphs[number]
    if not edit.before and edit.after.endswith("\n") and start == paragraph.start and number and _can_join(story, number - 1):
        if not _is_heading(story.paragraphs[number - 1]):
            return Edit(Span(start - 1, start - 1), "", "\n" + edit.after[:-1])
    elif not edit.after and edit.before.startswith("\n") and story.text[end:end + 1] == "\n" and _can_join(story, bisect_left(ends, end)):
        return Edit(Span(start + 1, end + 1), edit.before[1:] + "\n", "")
    elif is_whole and not edit.after and edit.before.endswith("\n") and start == paragraph.start and number:
        if _can_join(story, number - 1) and not _can_join(story, bisect_left(ends, end - 1)):
            return Edit(Span(start - 1, end - 1), "\n" + edit.before[:-1], "")
    return edit


def _shares(story: Story, ends: list[int], edit: Edit) -> Iterator[tuple[int, Work]]:
    """(number of a paragraph, what of the edit falls to it)."""
    start, end = edit.span.start, edit.span.end
    first = bisect_left(ends, start)
    for number in range(first, len(ends)):
        paragraph = story.paragraphs[number]
        gone = Span(max(start, paragraph.start), max(start, paragraph.start, min(end, paragraph.end)))
        is_joining = start <= paragraph.end < end and not paragraph.is_joined
        if is_joining and not _can_join(story, number):
            line = line_of(story, paragraph.end)
            raise DocumentError(f"The break after a line goes only between two paragraphs that stand side by side, not at the border of a table "
                                f"cell or a section; line {line} ends at one. Leave that line where it is, empty if need be.")
        put = edit.after if number == first else ""
        yield number, Work((gone,) if len(gone) else (), (Insertion(start, put, gone.start == start and len(gone) > 0),) if put else (), is_joining)
        if end <= paragraph.end:
            return


def _can_join(story: Story, number: int) -> bool:
    """True where the break between a paragraph and the next can go."""
    paragraph, following = story.paragraphs[number], story.paragraphs[number + 1:number + 2]
    properties = paragraph.node.child("w:pPr")
    return bool(following) and following[0].parent is paragraph.parent and not (properties and properties.child("w:sectPr"))


def _is_heading(paragraph: Paragraph) -> bool:
    properties = paragraph.node.child("w:pPr")
    style = properties and properties.child("w:pStyle")
    return bool(style) and style.attributes.get("w:val", "").lower().startswith(("heading", "title"))


def line_of(story: Story, at: int) -> int:
    """The line, from 1, for a message."""
    return story.text.count("\n", 0, at) + 1
