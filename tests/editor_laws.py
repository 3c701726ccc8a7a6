"""The laws of DESIGN as one check for a model of any family: a document with three marks, both sides fixed, through the editor."""

import dataclasses
import re

import numpy as np

from dlm_editor.constraints import BanLetters, Include, Regex
from dlm_editor.tasks import Editor, FillOptions, RefinementStep, Suggestion
from dlm_editor.text import Document, Mark, Span, parse_length

TEXT = "The cat sat on the mat, and the dog said “nothing” 😀 about it at all.\r\nWe walked to the river; it was cold, dark and quiet."
LENGTHS = (("cat", "1w"), ("dog", "3"), ("cold", "auto"))


def three_spans(lengths=LENGTHS) -> Document:
    return Document(TEXT, tuple(Mark(Span(TEXT.index(word), TEXT.index(word) + len(word)), parse_length(length)) for word, length in lengths))


def check_laws(editor: Editor, options: FillOptions = FillOptions(), document: Document | None = None) -> list[Suggestion]:
    """Fills the document and checks laws 1 to 5 on the way; gives the suggestions."""
    document = document or three_spans()
    steps, suggestions = _run(editor, document, options)
    assert steps and suggestions
    _check_fixed_positions(steps)
    for suggestion in suggestions:
        _check_suggestion(editor, document, suggestion)
    again, same = _run(editor, document, options)
    assert [step.drafts for step in again] == [step.drafts for step in steps] and [s.text for s in same] == [s.text for s in suggestions]
    return suggestions


def check_rows(editor: Editor, options: FillOptions = FillOptions(alternatives=2)):
    """Law 4: an alternative does not depend on how many there are, where the lengths are given."""
    document = Document(TEXT, (Mark(Span(4, 7), parse_length("3")), Mark(Span(32, 35), parse_length("2"))))
    few, _ = _run(editor, document, options)
    many, _ = _run(editor, document, dataclasses.replace(options, alternatives=6))
    read = lambda step: [["".join(piece.text for piece in draft) for draft in row] for row in step.drafts]
    assert read(many[-1])[:len(few[-1].drafts)] == read(few[-1])


def check_constraints(editor: Editor, options: FillOptions = FillOptions()):
    """Law 6, judged by `re` and by reading: a pattern, letters that are banned, and a word that is asked for."""
    rules = ((Regex("[a-z]{2,6} or [a-z]{2,6}"),), (BanLetters("aeo"),), (Include("river"),))
    *_, suggestion = editor.fill(three_spans([(word, "auto") for word, _ in LENGTHS]), dataclasses.replace(options, mark_constraints=rules))
    first, second, third = (edit.after for edit in suggestion.edits)
    assert re.fullmatch("[a-z]{2,6} or [a-z]{2,6}", first.strip()), first
    assert second and not set(second.casefold()) & set("aeo"), second
    assert re.search(r"(?<![a-z])river(?![a-z])", third, re.IGNORECASE), third
    assert suggestion.violations == ()


def _run(editor, document, options):
    events = list(editor.fill(document, options))
    return [e for e in events if isinstance(e, RefinementStep)], [e for e in events if isinstance(e, Suggestion)]


def _check_fixed_positions(steps):
    """Law 2: bit-identical after every step, on each canvas of the run. The next canvas can begin where the one before has nothing open."""
    first = before = None
    for step in steps:
        canvas = step.canvas
        if first is None or not before.masked.any() or canvas.gaps.shape != first.gaps.shape:
            first = canvas
        before, fixed = canvas, ~canvas.editable & canvas.valid
        assert (canvas.token_ids[fixed] == first.token_ids[fixed]).all()
        assert not (step.changed & ~canvas.editable).any()
    assert not steps[-1].canvas.masked.any()


def _check_suggestion(editor, document, suggestion):
    """Laws 1, 3 and 5, and the lengths that were asked for."""
    at, out = 0, 0
    vocabulary = editor.denoiser.vocabulary
    specials = [text for number in np.flatnonzero(vocabulary.forbidden) if (text := vocabulary.backend.id_to_token(int(number))) and len(text) > 2]
    for mark, edit in zip(document.marks, suggestion.edits, strict=True):
        kept = document.text[at:mark.span.start]
        assert suggestion.text[out:out + len(kept)] == kept
        out += len(kept)
        assert suggestion.text[out:out + len(edit.after)] == edit.after
        assert (edit.span, edit.before) == (mark.span, document[mark.span])
        assert edit.after.encode("utf-8").decode("utf-8") == edit.after and "\ufffd" not in edit.after
        assert not any(special in edit.after for special in specials), edit.after
        if str(mark.length) == "1w":
            assert sum(any(char.isalnum() for char in chunk) for chunk in edit.after.split()) <= 1, edit.after  # signs alone may stand beside it
        out, at = out + len(edit.after), mark.span.end
    assert suggestion.text[out:] == document.text[at:]
    applied = Document(document.text).apply(*suggestion.edits)
    assert applied.text == suggestion.text
    for edit in suggestion.edits:  # from left to right: what stands before an edit is as it was
        inverse = dataclasses.replace(edit, span=Span(edit.span.start, edit.span.start + len(edit.after)), before=edit.after, after=edit.before)
        applied = applied.apply(inverse)
    assert applied.text == document.text
