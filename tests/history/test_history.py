"""Random sequences of edits, suggestions, undo and redo against a model that simply keeps every state."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from strategies import documents, edits, spans

from dlm_editor.errors import InputError, StaleEditError
from dlm_editor.history import History
from dlm_editor.tasks import Suggestion
from dlm_editor.text import Document, Edit, Mark, Span


def suggest(document: Document, made: tuple[Edit, ...]) -> Suggestion:
    return Suggestion(document.apply(*made).text, made, -1.0, 1, 0.0, 0, ())


def state_of(history: History):
    return history.document, history.pending


class Sequences(RuleBasedStateMachine):
    """`before` and `after` hold whole states: what undo and redo must bring back."""

    @initialize(document=documents())
    def start(self, document):
        self.history = History(document)
        self.before, self.after = [], []

    def change(self, history):
        self.before.append(state_of(self.history))
        self.after.clear()
        self.history = history

    @rule(data=st.data())
    def edit(self, data):
        made = data.draw(edits(self.history.document.text))
        expected = self.history.document.apply(*made)
        self.change(self.history.apply(*made))
        assert self.history.document == expected

    @rule(data=st.data())
    def mark(self, data):
        marks = tuple(map(Mark, data.draw(spans(self.history.document.text))))
        self.history = self.history.mark(*marks)
        assert self.history.document.marks == marks

    @rule(data=st.data())
    def propose(self, data):
        made = data.draw(edits(self.history.document.text))
        self.history = self.history.propose(suggest(self.history.document, made), suggest(self.history.document, made))

    @precondition(lambda self: self.history.pending)
    @rule(data=st.data())
    def accept(self, data):
        waiting = data.draw(st.sampled_from(self.history.pending))
        expected = self.history.document.apply(*waiting.edits)
        before = self.history
        self.change(self.history.accept(waiting.suggestion))
        assert self.history.document == expected
        assert state_of(self.history.undo()) == state_of(before)
        with pytest.raises(StaleEditError):
            self.history.accept(waiting.suggestion)

    @precondition(lambda self: self.history.pending)
    @rule(data=st.data())
    def reject(self, data):
        waiting = data.draw(st.sampled_from(self.history.pending))
        self.history = self.history.reject(waiting.suggestion)
        assert waiting not in self.history.pending
        with pytest.raises(StaleEditError):
            self.history.reject(waiting.suggestion)

    @rule()
    def undo(self):
        if not self.before:
            with pytest.raises(InputError):
                self.history.undo()
            return
        self.after.append(state_of(self.history))
        self.history = self.history.undo()
        assert state_of(self.history) == self.before.pop()

    @rule()
    def redo(self):
        if not self.after:
            with pytest.raises(InputError):
                self.history.redo()
            return
        self.before.append(state_of(self.history))
        self.history = self.history.redo()
        assert state_of(self.history) == self.after.pop()

    @invariant()
    def every_pending_suggestion_still_applies(self):
        for waiting in self.history.pending:
            self.history.document.apply(*waiting.edits)


Sequences.TestCase.settings = settings(max_examples=150, stateful_step_count=25, deadline=None)
TestSequences = Sequences.TestCase


def test_accepting_one_of_several_alternatives_drops_the_others_and_undo_brings_them_back():
    document = Document("a cat", (Mark(Span(2, 5)),))
    first, second = (suggest(document, (Edit(Span(2, 5), "cat", word),)) for word in ("dog", "bird"))
    history = History(document).propose(first, second)
    accepted = history.accept(second)
    assert accepted.document == Document("a bird") and not accepted.pending
    assert state_of(accepted.undo()) == state_of(history)
    assert accepted.undo().accept(first).document == Document("a dog")


def test_suggestions_move_with_the_text_before_them():
    document = Document("a cat")
    suggestion = suggest(document, (Edit(Span(2, 5), "cat", "dog"),))
    history = History(document).propose(suggestion).apply(Edit(Span(0, 0), "", "see "))
    assert history.accept(suggestion).document.text == "see a dog"


def test_a_stale_suggestion_is_refused_when_proposed_and_when_accepted():
    document = Document("a cat")
    suggestion = suggest(document, (Edit(Span(2, 5), "cat", "dog"),))
    with pytest.raises(StaleEditError, match="still stands"):
        History(Document("a bat")).propose(suggestion)
    edited = History(document).propose(suggestion).apply(Edit(Span(2, 3), "c", "b"))
    with pytest.raises(StaleEditError, match="while it waits"):
        edited.accept(suggestion)


def test_a_stale_edit_changes_nothing():
    history = History(Document("a cat")).apply(Edit(Span(0, 1), "a", "the"))
    with pytest.raises(StaleEditError):
        history.apply(Edit(Span(0, 1), "a", "one"))
    assert history.document.text == "the cat"
