"""A text under correction: which characters are as they were, and which stand for what."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from ...text import Span


@dataclass(frozen=True)
class Change:
    """[start, end) of a text becomes `after`."""

    start: int
    end: int
    after: str
    certainty: float
    reason: str


@dataclass(frozen=True)
class _Atom:
    """A stretch of the text of now, and where it comes from in the first: kept as it was, or written by `change`."""

    text: str
    start: int
    end: int
    change: Change | None = None


@dataclass(frozen=True)
class Draft:
    """A text with changes made one after another; all of them together are changes of the first text."""

    atoms: tuple[_Atom, ...]

    @staticmethod
    def of(text: str) -> "Draft":
        return Draft((_Atom(text, 0, len(text)),))

    @property
    def text(self) -> str:
        return "".join(atom.text for atom in self.atoms)

    @property
    def changes(self) -> tuple[Change, ...]:
        """In order, none overlapping, positions in the first text; what came to be as it was is left out."""
        found: list[Change] = []
        for before, atom in zip((None, *self.atoms), self.atoms):
            if atom.change is None:
                continue
            change = Change(atom.start, atom.end, atom.text, atom.change.certainty, atom.change.reason)
            if before is not None and before.change is not None:  # nothing was kept between the two
                last = found.pop()
                change = Change(last.start, change.end, last.after + change.after, min(last.certainty, change.certainty), last.reason)
            found.append(change)
        return tuple(found)

    @property
    def written(self) -> tuple[int, ...]:
        """Where in the text of now changes begin."""
        ends = accumulate((len(atom.text) for atom in self.atoms), initial=0)
        return tuple(at for at, atom in zip(ends, self.atoms) if atom.change is not None)

    def now(self, span: Span) -> Span:
        """Where a stretch of the first text stands in the text of now, with what was put in at its ends."""
        start, end, at = None, 0, 0
        for atom in self.atoms:
            length = len(atom.text)
            if start is None and (atom.end > span.start or atom.change is not None and atom.start >= span.start):
                start = at + (max(0, span.start - atom.start) if atom.change is None else 0)
            if atom.start < span.end or atom.change is not None and atom.end <= span.end:
                end = at + (min(length, span.end - atom.start) if atom.change is None else length)
            at += length
        return Span(at if start is None else start, max(at if start is None else start, end))

    def changed(self, changes: Sequence[Change]) -> "Draft":
        """After `changes`, which count in `text`, are in order and do not overlap."""
        draft = self
        for change in reversed(changes):
            draft = draft._with(change)
        return draft

    def _with(self, change: Change) -> "Draft":
        """A change that touches what an earlier one wrote becomes one with it, as certain as the less certain of the two."""
        left, touched, right, at = [], [], [], 0
        for atom in self.atoms:
            end = at + len(atom.text)
            is_inside = at < change.end and change.start < end or at < change.start == change.end < end
            if is_inside:
                touched.append((atom, at))
            elif end <= change.start and (end < change.start or not touched and at <= change.start):
                left.append(atom)
            else:
                right.append(atom)
            at = end
        if not touched:
            place = left[-1].end if left else 0
            return Draft((*left, _Atom(change.after, place, place, change), *right))
        (first, low), (last, high) = touched[0], touched[-1]
        before, after = first.text[:max(0, change.start - low)], last.text[change.end - high:] if change.end >= high else last.text
        start, end, kept = first.start, last.end, []
        if first.change is None:  # what it does not touch stays as it was
            start, before, left = first.start + len(before), "", [*left, *([_Atom(before, first.start, first.start + len(before))] if before else [])]
        if last.change is None:
            end, after, kept = last.end - len(after), "", [_Atom(after, last.end - len(after), last.end)] if after else []
        earlier = [atom.change for atom, _ in touched if atom.change is not None]
        made = Change(start, end, before + change.after + after, min([change.certainty, *(c.certainty for c in earlier)]), (earlier or [change])[0].reason)
        return Draft((*left, _Atom(made.after, start, end, made), *kept, *right))
