"""Random sequences of everything a writer does with a run, over a model that is a table: the laws hold after every act."""

import tiny
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from strategies import edits, spans

from dlm_editor.constraints import Ban, WordCount
from dlm_editor.errors import InputError, StaleEditError
from dlm_editor.history import Branches, History, differences
from dlm_editor.tasks import FillOptions, RefinementStep, fill
from dlm_editor.tasks.branching import Keep, Open, Type, branch
from dlm_editor.tasks.branching_words import words_of
from dlm_editor.text import Document, Mark, Span, parse_length

WRITTEN = st.sampled_from(["The cat sat on the mat.", "a\r\nb and c\r\n", "né 👩\u200d🔬 a dog ", "x", "We walked to the river; it was cold."])
LENGTHS = st.sampled_from(["auto", "2", "2w"])
STOPS = st.sampled_from([None, None, 1, 2, 4])  # at which a run is stopped; None: it comes to its end
RULES = st.sampled_from([(), (Ban(("the",)),), (WordCount(1, 3),)])


class Studio(RuleBasedStateMachine):
    """`first` is the text at the start; `before` what undo must bring back; `gone` suggestions that were answered or outdated."""

    @initialize(text=WRITTEN, seed=st.integers(0, 3), data=st.data())
    def start(self, text, seed, data):
        self.denoiser = tiny.TableDenoiser.of(tiny.vocabulary("with-null"), seed)
        self.first, self.history = text, History(Document(text))
        self.before, self.gone, self.run = [], [], None
        self.mask(data)
        self.fill((), 1, 0, None)

    def change(self, history):
        self.before.append(self.history)
        self.gone += [waiting.suggestion for waiting in self.history.pending if waiting.suggestion not in [other.suggestion for other in history.pending]]
        self.history = history

    @rule(data=st.data())
    def mask(self, data):
        text = self.history.document.text
        kept = data.draw(spans(text, most=2)) or [Span(0, min(3, len(text)))]
        self.history = self.history.mark(*(Mark(span, parse_length(data.draw(LENGTHS))) for span in kept))

    @precondition(lambda self: self.history.document.marks)
    @rule(rules=RULES, alternatives=st.integers(1, 2), seed=st.integers(0, 3), stop=STOPS)
    def fill(self, rules, alternatives, seed, stop):
        """To its end, or to a step at which it is stopped."""
        tree, new = Branches().leave(None, 0, None, FillOptions(alternatives=alternatives, constraints=rules, seed=seed))
        self.run = None
        try:
            self.follow(tree, new, self.history.document, stop)
        except InputError:
            return

    @precondition(lambda self: self.run)
    @rule(data=st.data(), stop=STOPS)
    def branch(self, data, stop):
        """From any step of any branch, with words kept, thrown back and typed."""
        tree, document = self.run
        parent = data.draw(st.sampled_from([one for one in tree.all if one.steps or one.parent is not None]))
        step = data.draw(st.integers(1 if parent.parent is None else 0, len(parent.steps)))
        draft = tree.drafts(parent.id, step, data.draw(st.integers(0, 1)))
        hands = []
        for mark, pieces in enumerate(draft):
            for word in words_of(pieces):
                if any(pieces[piece].tokens for piece in word):
                    act = data.draw(st.sampled_from([None, None, Keep, Open, Type]))
                    hands += [act(mark, word, data.draw(st.sampled_from(["it", "a dog", ""])))] if act is Type else [act(mark, word)] if act else []
        try:
            found = branch(self.denoiser, document, draft, hands, parent.options)
        except InputError:
            assert hands
            return
        tree, new = tree.leave(parent.id, step, found.pins, parent.options)
        self.follow(tree, new, document, stop)
        kept = self.run[0][new.id]
        for pins, now in zip(found.pins, self.run[0].drafts(kept.id)):
            held = [piece for piece in now if piece.tokens]
            assert not pins or all(pin is None or pin == piece.tokens[0] and piece.state != "open" for pin, piece in zip(pins, held, strict=True)), "pinned words stay"
        for one in differences(self.run[0].drafts(kept.id), draft):
            assert one.edit.before != one.edit.after

    def follow(self, tree, new, document, stop):
        options = FillOptions(alternatives=new.options.alternatives, constraints=new.options.constraints, seed=new.options.seed, pins=new.pins)
        suggestions = []
        for event in fill(self.denoiser, document, options):
            if isinstance(event, RefinementStep):
                tree = tree.step(new.id, event.drafts)
                if event.index == stop:
                    break
            else:
                suggestions.append(event)
        self.run = tree.finish(new.id, tuple(suggestions)), document
        for suggestion in suggestions:
            assert not suggestion.violations
        if suggestions and document == self.history.document:
            self.history = self.history.propose(*suggestions)

    @precondition(lambda self: self.history.pending)
    @rule(data=st.data())
    def accept(self, data):
        waiting = data.draw(st.sampled_from(self.history.pending))
        expected, text = self.history.document.apply(*waiting.edits), self.history.document.text
        self.change(self.history.accept(waiting.suggestion))
        assert self.history.document == expected
        at = place = 0
        for edit in waiting.edits:  # outside the spans the text is the same, code point by code point
            kept = text[at:edit.span.start]
            assert expected.text[place:place + len(kept)] == kept
            at, place = edit.span.end, place + len(kept) + len(edit.after)
        assert expected.text[place:] == text[at:]

    @precondition(lambda self: self.history.pending)
    @rule(data=st.data())
    def reject(self, data):
        waiting = data.draw(st.sampled_from(self.history.pending))
        text = self.history.document.text
        self.history = self.history.reject(waiting.suggestion)
        self.gone.append(waiting.suggestion)
        assert self.history.document.text == text

    @rule(data=st.data())
    def edit(self, data):
        made = data.draw(edits(self.history.document.text))
        marks, before = self.history.document.marks, self.history.document
        self.change(self.history.apply(*made))
        touched = [edit.span for edit in made]
        for mark in marks:
            if len(mark.span) and not any(span.overlaps(mark.span) for span in touched):
                shift = sum(len(edit.after) - len(edit.before) for edit in made if edit.span.end <= mark.span.start)
                moved = Span(mark.span.start + shift, mark.span.end + shift)
                assert any(other.span == moved for other in self.history.document.marks) and self.history.document[moved] == before[mark.span]

    @precondition(lambda self: self.before)
    @rule()
    def undo(self):
        expected = self.before.pop()
        self.history = self.history.undo()
        assert self.history.document.text == expected.document.text

    @precondition(lambda self: self.history.future)
    @rule()
    def redo(self):
        self.before.append(self.history)
        self.history = self.history.redo()

    @invariant()
    def what_waits_applies_and_what_was_answered_is_refused(self):
        for waiting in self.history.pending:
            self.history.document.apply(*waiting.edits)
        live = [waiting.suggestion for waiting in self.history.pending]
        for suggestion in self.gone[-2:]:
            if not any(suggestion is other for other in live):
                try:
                    self.history.accept(suggestion)
                except StaleEditError:
                    continue
                raise AssertionError("a suggestion that waits no more was accepted")

    def teardown(self):
        if not hasattr(self, "history"):
            return
        history = self.history
        while history.past:
            history = history.undo()
        assert history.document.text.encode() == self.first.encode(), "undo to the start gives the first bytes"


Studio.TestCase.settings = settings(max_examples=35, stateful_step_count=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
TestStudio = Studio.TestCase
