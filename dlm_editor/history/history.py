"""Undo, redo and pending suggestions, as one immutable value: an operation returns a new History, the old one stays good."""

from dataclasses import dataclass, replace

from ..errors import InputError, StaleEditError
from ..tasks import Suggestion
from ..text import Document, Edit, Mark, inverse, map_span


@dataclass(frozen=True)
class Pending:
    """A suggestion that waits, and its edits as they stand in the document of now."""

    suggestion: Suggestion
    edits: tuple[Edit, ...]


@dataclass(frozen=True)
class Change:
    """The way from one state to another: edits of the text, and the marks and pending suggestions at its end."""

    edits: tuple[Edit, ...]
    marks: tuple[Mark, ...]
    pending: tuple[Pending, ...]


@dataclass(frozen=True)
class History:
    """`past` leads back, last change last; `future` leads forward again, next change last.

    Undo restores text, marks and pending suggestions exactly.
    """

    document: Document
    past: tuple[Change, ...] = ()
    future: tuple[Change, ...] = ()
    pending: tuple[Pending, ...] = ()

    def apply(self, *edits: Edit) -> "History":
        """The history after all `edits` at once. What could be redone is forgotten.

        Suggestions stay on their characters, or go where an edit touches them.
        Raises StaleEditError where an edit's `before` is not what stands there.
        """
        document = self.document.apply(*edits)
        pending = tuple(moved for waiting in self.pending if (moved := _move(waiting, edits)))
        back = Change(inverse(edits), self.document.marks, self.pending)
        return History(document, (*self.past, back), (), pending)

    def mark(self, *marks: Mark) -> "History":
        """The history with other marks, not a change of its own."""
        return replace(self, document=Document(self.document.text, marks))

    def propose(self, *suggestions: Suggestion) -> "History":
        """The history with more suggestions waiting. Raises StaleEditError where one was made for another text."""
        for suggestion in suggestions:
            self.document.apply(*suggestion.edits)
        return replace(self, pending=(*self.pending, *(Pending(suggestion, suggestion.edits) for suggestion in suggestions)))

    def accept(self, suggestion: Suggestion) -> "History":
        """The history after the edits of a pending suggestion; others on the same text go. Raises StaleEditError if it waits no more."""
        waiting = self._waiting(suggestion)
        return self._without(waiting).apply(*waiting.edits)._remember(self.pending)

    def reject(self, suggestion: Suggestion) -> "History":
        """The history with a suggestion gone. Raises StaleEditError where it no longer waits."""
        return self._without(self._waiting(suggestion))

    def undo(self) -> "History":
        """The state before the last change. Raises InputError where there is none."""
        if not self.past:
            raise InputError("Undo takes back a change; nothing has been changed yet. Change something first.")
        document, back = self._follow(self.past[-1])
        return History(document, self.past[:-1], (*self.future, back), self.past[-1].pending)

    def redo(self) -> "History":
        """The state before the last undo. Raises InputError where there is none."""
        if not self.future:
            raise InputError("Redo repeats a change that was undone; there is none. Undo something first.")
        document, back = self._follow(self.future[-1])
        return History(document, (*self.past, back), self.future[:-1], self.future[-1].pending)

    def _follow(self, change: Change) -> tuple[Document, Change]:
        """The document at the end of a change, and the change that leads back from there."""
        text = self.document.apply(*change.edits).text
        return Document(text, change.marks), Change(inverse(change.edits), self.document.marks, self.pending)

    def _waiting(self, suggestion: Suggestion) -> Pending:
        for waiting in self.pending:
            if waiting.suggestion is suggestion:
                return waiting
        raise StaleEditError("A suggestion can be answered while it waits; this one was answered before, or its text has been edited. Make "
                             "the suggestion again.")

    def _without(self, waiting: Pending) -> "History":
        return replace(self, pending=tuple(other for other in self.pending if other is not waiting))

    def _remember(self, pending: tuple[Pending, ...]) -> "History":
        """The same, but undoing the last change brings back these suggestions."""
        return replace(self, past=(*self.past[:-1], replace(self.past[-1], pending=pending)))


def _move(waiting: Pending, edits: tuple[Edit, ...]) -> Pending | None:
    """A suggestion on the same characters after `edits`; None where one of them touches it."""
    spans = [map_span(edit.span, edits) for edit in waiting.edits]
    if None in spans or len(set(spans)) < len(spans):
        return None
    return replace(waiting, edits=tuple(replace(edit, span=span) for edit, span in zip(waiting.edits, spans, strict=True)))
