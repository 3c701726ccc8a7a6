"""Proofread: a text is a noisy canvas whose wrong places are to be found and denoised."""

import time
from collections.abc import Iterator

from ...denoisers import Denoiser
from ...text import Document, Edit, Span
from .ability import check_ability
from .checking import check
from .composing import Change
from .events import Correction, Proofreading, ProofreadStep
from .options import ProofreadOptions
from .parts import parts_of


def proofread(denoiser: Denoiser, document: Document, options: ProofreadOptions = ProofreadOptions()) -> Iterator[ProofreadStep | Proofreading]:
    """A ProofreadStep for every part of the text, line by line; the Proofreading last.

    With marks, only what they hold is corrected. Nothing is changed: corrections are offered. Raises AbilityError for a model that cannot proofread.
    """
    check_ability(denoiser.info)
    begin, found = time.perf_counter(), []
    for part in parts_of(document):
        allowed = tuple(Span(span.start - part.line.start, span.end - part.line.start) for span in part.allowed)
        corrections = tuple(_correction(change, part.line.start, document.text) for change in check(denoiser, document[part.line], allowed, part.begins, options))
        found += corrections
        yield ProofreadStep(part.checked, corrections, len(document.text))
    corrected = Document(document.text).apply(*(correction.edit for correction in found)).text
    yield Proofreading(document.text, corrected, tuple(found), time.perf_counter() - begin)


def _correction(change: Change, shift: int, text: str) -> Correction:
    span = Span(shift + change.start, shift + change.end)
    return Correction(Edit(span, text[span.start:span.end], change.after), change.certainty, change.reason)
