"""Proofread: a text is a noisy canvas whose wrong places are to be found and denoised."""

import time
from collections.abc import Iterator

from ...denoisers import Denoiser
from ...text import Document, Edit, Span
from .checking import check
from .composing import Change
from .events import Correction, Proofreading, ProofreadStep
from .options import ProofreadOptions
from .parts import parts_of


def proofread(denoiser: Denoiser, document: Document, options: ProofreadOptions = ProofreadOptions()) -> Iterator[ProofreadStep | Proofreading]:
    """A ProofreadStep for every part of the text, paragraph by paragraph; the Proofreading last.

    With marks, only what they hold is corrected. Nothing is changed: corrections are offered.
    """
    begin, found = time.perf_counter(), []
    for part in parts_of(document):
        corrections = tuple(_correction(change, part, document.text) for change in check(denoiser, document[part], options))
        found += corrections
        yield ProofreadStep(part, corrections, len(document.text))
    corrected = Document(document.text).apply(*(correction.edit for correction in found)).text
    yield Proofreading(document.text, corrected, tuple(found), time.perf_counter() - begin)


def _correction(change: Change, part: Span, text: str) -> Correction:
    span = Span(part.start + change.start, part.start + change.end)
    return Correction(Edit(span, text[span.start:span.end], change.after), change.certainty, change.reason)
