"""Immutable text with marks. Positions are half-open, in code points of `Document.text`."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

from ..errors import SpanError, StaleEditError
from .length import AUTO, Length


@dataclass(frozen=True, order=True)
class Span:
    """Half-open `[start, end)`, code points; empty where something is to be inserted."""

    start: int
    end: int

    def __post_init__(self):
        if isinstance(self.start, bool) or isinstance(self.end, bool) or not (isinstance(self.start, int) and isinstance(self.end, int)):
            raise SpanError(f"A span's start and end are whole numbers; got {self.start!r}:{self.end!r}. Pass two integers.")
        if self.start < 0 or self.end < self.start:
            raise SpanError(f"A span needs 0 <= start <= end; got {self.start}:{self.end}. Swap or correct the two numbers.")

    def __len__(self):
        return self.end - self.start

    def overlaps(self, other: "Span") -> bool:
        """True where both hold a character, or one is empty and lies strictly inside the other, or both are the same."""
        return self == other or (self.start < other.end and other.start < self.end)


@dataclass(frozen=True)
class Mark:
    """A span that the user wants filled, and the length asked for."""

    span: Span
    length: Length = AUTO


@dataclass(frozen=True)
class Edit:
    """Replaces `before` at `span` by `after`."""

    span: Span
    before: str
    after: str

    def __post_init__(self):
        if len(self.before) != len(self.span):
            raise SpanError(f"An edit's `before` must be as long as its span; got {len(self.before)} characters for "
                            f"{self.span.start}:{self.span.end}. "
                            "Take `before` from the document.")

    def inverse(self) -> "Edit":
        """The edit that undoes this one, in the document that this one made."""
        return Edit(Span(self.span.start, self.span.start + len(self.after)), self.after, self.before)


@dataclass(frozen=True)
class Document:
    """A text and its marks, in order of position, no two overlapping."""

    text: str
    marks: tuple[Mark, ...] = ()

    def __post_init__(self):
        ordered = tuple(sorted(self.marks, key=lambda mark: mark.span))
        for mark in ordered:
            if mark.span.end > len(self.text):
                raise SpanError(f"A span must lie within the document's {len(self.text)} characters; got "
                                f"{mark.span.start}:{mark.span.end}. "
                                "Positions count Unicode code points from 0.")
        for left, right in pairwise(ordered):
            if left.span.overlaps(right.span):
                raise SpanError(f"Spans must not overlap; got {left.span.start}:{left.span.end} and {right.span.start}:{right.span.end}. "
                                "Merge them into one.")
        object.__setattr__(self, "marks", ordered)

    def __getitem__(self, span: Span) -> str:
        return self.text[span.start:span.end]

    def apply(self, *edits: Edit) -> "Document":
        """The document after all `edits`, whose positions count in this one.

        Marks stay on the same characters; a mark that an edit touches is dropped, and of two insertions that come to stand at one place
        the first stays. Raises StaleEditError where `before` is not what stands there, SpanError where edits overlap.
        """
        ordered = _in_order(edits)
        parts, at = [], 0
        for edit in ordered:
            if edit.span.end > len(self.text) or self[edit.span] != edit.before:
                raise StaleEditError(f"An edit applies only where its text still stands; expected {edit.before[:40]!r} at "
                                     f"{edit.span.start}:{edit.span.end}, "
                                     f"found {self[edit.span][:40]!r}. Make the suggestion again.")
            parts += [self.text[at:edit.span.start], edit.after]
            at = edit.span.end
        mapped = {span: replace(mark, span=span) for mark in reversed(self.marks) if (span := map_span(mark.span, ordered)) is not None}
        return Document("".join([*parts, self.text[at:]]), tuple(mapped.values()))


def map_span(span: Span, edits: Iterable[Edit]) -> Span | None:
    """`span` on the same characters after `edits`; None where one touches it. An insertion at its border stays outside."""
    shift = 0
    for edit in edits:
        if edit.span.overlaps(span):
            return None
        if edit.span.end <= span.start:
            shift += len(edit.after) - len(edit.before)
    return Span(span.start + shift, span.end + shift)


def inverse(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """The edits that undo all `edits` at once, in the document that they made; neighbours become one."""
    joined: list[Edit] = []
    for edit in _in_order(edits):
        if joined and joined[-1].span.end == edit.span.start:
            last = joined.pop()
            edit = Edit(Span(last.span.start, edit.span.end), last.before + edit.before, last.after + edit.after)
        joined.append(edit)
    undone, shift = [], 0
    for edit in joined:
        start = edit.span.start + shift
        undone.append(Edit(Span(start, start + len(edit.after)), edit.after, edit.before))
        shift += len(edit.after) - len(edit.before)
    return tuple(undone)


def _in_order(edits: Iterable[Edit]) -> list[Edit]:
    """`edits` by position; SpanError where two overlap."""
    ordered = sorted(edits, key=lambda edit: edit.span)
    for left, right in pairwise(ordered):
        if left.span.overlaps(right.span):
            raise SpanError(f"Edits must not overlap; got {left.span.start}:{left.span.end} and {right.span.start}:{right.span.end}. Apply "
                            "them one by one.")
    return ordered
