"""Changes of a changed text are changes of the first."""

from hypothesis import given
from hypothesis import strategies as st

from dlm_editor.tasks.proofreading.composing import Change, Draft
from dlm_editor.text import Span

LETTERS = st.text("abc ", max_size=12)


def apply(text, changes):
    for change in sorted(changes, key=lambda change: (change.start, change.end), reverse=True):
        text = text[:change.start] + change.after + text[change.end:]
    return text


@st.composite
def rounds(draw):
    text = draw(LETTERS)
    steps, now = [], text
    for _ in range(draw(st.integers(0, 4))):
        cuts = sorted(draw(st.lists(st.integers(0, len(now)), max_size=6, unique=True)))
        changes = [Change(a, b, draw(LETTERS), draw(st.sampled_from([0.5, 0.7, 0.9])), "spelling") for a, b in zip(cuts[::2], cuts[1::2])]
        steps.append(changes)
        now = apply(now, changes)
    return text, steps, now


@given(rounds())
def test_the_changes_of_all_rounds_together_make_the_last_text_from_the_first(case):
    text, steps, last = case
    draft = Draft.of(text)
    for changes in steps:
        draft = draft.changed(changes)
    assert draft.text == last
    assert all(a.end < b.start or a.end == b.start and a.start < a.end and b.start < b.end for a, b in zip(draft.changes, draft.changes[1:]))
    assert apply(text, draft.changes) == last


@given(rounds(), st.data())
def test_a_stretch_that_no_change_touches_stands_where_it_is_said_to_stand(case, data):
    text, steps, _ = case
    draft = Draft.of(text)
    for changes in steps:
        draft = draft.changed(changes)
    a, b = sorted((data.draw(st.integers(0, len(text))), data.draw(st.integers(0, len(text)))))
    if a < b and not any(change.start < b and a < change.end or change.start == change.end and a < change.start < b for change in draft.changes):
        now = draft.now(Span(a, b))
        assert text[a:b] in draft.text[now.start:now.end]


def test_a_change_of_a_change_is_as_certain_as_the_less_certain():
    draft = Draft.of("a teh b").changed([Change(2, 5, "the", 0.9, "spelling")]).changed([Change(2, 5, "this", 0.6, "wrong word")])
    assert draft.changes == (Change(2, 5, "this", 0.6, "spelling"),)


def test_what_is_changed_back_is_no_change_of_the_text():
    draft = Draft.of("a b").changed([Change(1, 1, " x", 0.9, "missing word")]).changed([Change(1, 3, "", 0.9, "extra word")])
    assert draft.text == "a b" and all(change.after == "" for change in draft.changes)
