"""The laws of a rewrite on random documents, marks, strengths and words to keep, and with a model of each family that is loaded from disk."""

import re

import pytest
import tiny
import tiny_causal
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dlm_editor import load
from dlm_editor.errors import UnsatisfiableError
from dlm_editor.tasks import Editor, FillOptions, RewriteOptions, Suggestion
from dlm_editor.text import Document, Mark, Span, inverse, parse_length

PIECES = ["the cat", " sat", " on", "\r\n", "\n", "\r", " it was", "don't", "e\u0301", "👩‍🔬", "\0", "אע", "مرحبا", "  ", "\t", "\ud83d", ".", "字", "[[x]]", "'", "…", "dog", ", "]
TEXTS = st.one_of(st.lists(st.sampled_from(PIECES), min_size=1, max_size=14).map("".join), st.text(min_size=1, max_size=30))
ODD = "\ufeffOne: the cat sat on\r\nthe mat 👩‍🔬; \0שלום, it was cold, dark and e\u0301 quiet.\rThe dog said nothing.\n"


@st.composite
def documents(draw):
    text = draw(TEXTS)
    cuts = sorted(set(draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=6))))
    marks = tuple(Mark(Span(*pair), parse_length(draw(st.sampled_from(["auto", "auto", 2, "2w"])))) for pair in zip(cuts[::2], cuts[1::2]))
    return Document(text, marks or (Mark(Span(0, len(text))),))


def check_rewrite(editor, document, options):
    """Independent of the engine: what stands outside the marks is copied, applying the edits gives the text, and rejecting them the document."""
    suggestions = [event for event in editor.rewrite(document, options) if isinstance(event, Suggestion)]
    assert suggestions
    for suggestion in suggestions:
        at, out = 0, 0
        for mark, edit in zip(document.marks, suggestion.edits, strict=True):
            kept = document.text[at:mark.span.start]
            assert (edit.span, edit.before) == (mark.span, document[mark.span])
            assert suggestion.text[out:out + len(kept)] == kept and suggestion.text[out + len(kept):].startswith(edit.after)
            out, at = out + len(kept) + len(edit.after), mark.span.end
        assert suggestion.text[out:] == document.text[at:]
        applied = Document(document.text).apply(*suggestion.edits)
        assert applied.text == suggestion.text and applied.apply(*inverse(suggestion.edits)).text == document.text
    return suggestions


@pytest.mark.parametrize("kind", ["with-null", "bert-uncased"])
@settings(max_examples=40, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(document=documents(), strength=st.sampled_from([0, 0.2, 0.5, 0.9, 1]), seed=st.integers(0, 3), alternatives=st.sampled_from([1, 2]))
def test_nothing_outside_the_marks_changes_and_rejecting_gives_the_document_back(kind, document, strength, seed, alternatives):
    editor = Editor(tiny.TableDenoiser.of(tiny.vocabulary(kind)))
    try:
        suggestions = check_rewrite(editor, document, RewriteOptions(strength, (), FillOptions(seed=seed, alternatives=alternatives)))
    except UnsatisfiableError:
        assert any(str(mark.length) != "auto" for mark in document.marks)  # only a length that was asked for
        return
    assert strength or suggestions[0].text == document.text


WRITERS = {"bert": lambda folder: tiny.checkpoint("bert-uncased"), "bundled's kind": lambda folder: tiny.checkpoint("with-null"),
           "llada": tiny_causal.tiny_llada, "dream": tiny_causal.tiny_dream}


@pytest.mark.parametrize("family", WRITERS)
def test_a_model_of_each_family_that_is_loaded_from_disk_keeps_the_laws(family, tmp_path):
    editor = load(str(WRITERS[family](tmp_path / "model")), "cpu")
    cut = ODD.index("it was")
    document = Document(ODD, (Mark(Span(ODD.index("the cat"), ODD.index(";"))), Mark(Span(cut, ODD.index(" quiet")))))
    assert check_rewrite(editor, document, RewriteOptions(0))[0].text == ODD
    (half,) = check_rewrite(editor, document, RewriteOptions(0.5, ("cat", "dark")))
    assert half.text != ODD and [re.search(rf"(?<!\w){word}(?!\w)", edit.after) is not None for word, edit in zip(("cat", "dark"), half.edits)] == [True, True]
    assert check_rewrite(editor, document, RewriteOptions(0.5, ("cat", "dark")))[0].text == half.text
    check_rewrite(editor, document, RewriteOptions(1, (), FillOptions(alternatives=2)))
