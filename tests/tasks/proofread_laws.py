"""The laws of a proofreading as one check for any model, independent of the engine: it walks the text and the corrected text side by side."""

import re

from dlm_editor.tasks import Proofreading, ProofreadOptions, proofread
from dlm_editor.text import Document

REASONS = {"spelling", "missing word", "extra word", "doubled word", "wrong word", "agreement", "verb form", "word form", "article", "preposition", "punctuation", "capital letter", "spacing"}
EVERYTHING = ProofreadOptions(threshold=0.0)  # of a model that knows nothing: as many wrong corrections as there can be
SPECIAL = re.compile(r"\[(MASK|PAD|CLS|SEP|UNK)\]|<(pad|bos|eos|mask|null|s|/s|unk)>|<\|")


def check_proofread(denoiser, document: Document, options: ProofreadOptions = EVERYTHING) -> Proofreading:
    """Proofreads the document and checks what always holds; gives the Proofreading."""
    *steps, found = proofread(denoiser, document, options)
    assert isinstance(found, Proofreading) and not any(isinstance(step, Proofreading) for step in steps)
    assert found.text == document.text
    assert tuple(correction for step in steps for correction in step.corrections) == found.corrections
    _check_parts(document, steps)
    _check_edits(document, found, options)
    return found


def _check_parts(document, steps):
    at = 0
    for step in steps:
        assert at <= step.checked.start <= step.checked.end <= step.total == len(document.text)
        assert all(step.checked.start <= one.edit.span.start and one.edit.span.end <= step.checked.end for one in step.corrections)
        at = step.checked.end


def _check_edits(document, found, options):
    text, at, out = document.text, 0, 0
    for one in found.corrections:
        start, end, after = one.edit.span.start, one.edit.span.end, one.edit.after
        assert at <= start and text[start:end] == one.edit.before != after
        assert not document.marks or any(mark.span.start <= start and end <= mark.span.end for mark in document.marks)
        assert found.corrected[out:out + start - at] == text[at:start]  # what is not corrected is copied
        out += start - at
        assert found.corrected[out:out + len(after)] == after
        out, at = out + len(after), end
        assert options.threshold <= one.certainty <= 1 and one.reason in REASONS
        assert (one.edit.before, after) not in options.ignore
        after.encode()
        assert "\ufffd" not in after and not SPECIAL.search(after), after
    assert found.corrected[out:] == text[at:]
    assert line_ends(found.corrected) == line_ends(text)
    corrected = Document(text).apply(*(one.edit for one in found.corrections))
    assert corrected.text == found.corrected
    assert rejected(found) == text


def rejected(found: Proofreading) -> str:
    """The corrected text with every correction taken back, from left to right."""
    text = found.corrected
    for one in found.corrections:
        start = one.edit.span.start  # what stands before it is as it was
        assert text[start:start + len(one.edit.after)] == one.edit.after
        text = text[:start] + one.edit.before + text[start + len(one.edit.after):]
    return text


def line_ends(text: str) -> list[str]:
    return re.findall(r"\r\n|\r|\n", text)
