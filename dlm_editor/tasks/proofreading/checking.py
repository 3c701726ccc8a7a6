"""Finds what is wrong in a part of a text."""

import re

from ...denoisers import Denoiser
from ...text import Edit, Span
from .events import Correction
from .options import ProofreadOptions

_DOUBLED = re.compile(r"\b(\w+)(\s+)\1\b", re.IGNORECASE)


def check(denoiser: Denoiser, text: str, part: Span, options: ProofreadOptions) -> tuple[Correction, ...]:
    """Corrections of a part, in order."""
    found = []
    for doubled in _DOUBLED.finditer(text, part.start, part.end):
        span = Span(doubled.end(1), doubled.end())
        found.append(Correction(Edit(span, text[span.start:span.end], ""), 0.9, "doubled word"))
    return tuple(correction for correction in found if correction.certainty >= options.threshold)
