"""How fast a proofreading is, and whether its memory grows with the document."""

import re
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import psutil

from ..tasks import Editor
from ..tasks.proofreading import ProofreadOptions, ProofreadStep
from ..text import Document
from .texts import long_document, paragraph

PARAGRAPH_WORDS, DOCUMENT_WORDS = 150, 10_000
REPEATS = 3
LONG_WORD = re.compile(r"\b[A-Za-z]{5,}\b")


@dataclass(frozen=True)
class Pass:
    """One proofreading of a document."""

    seconds: float
    first_part: float  # seconds to the first part's result
    corrections: int
    growth_mb: float   # resident memory at the end, beyond what it was after the first part


def speed_rows(editor: Editor, options: ProofreadOptions, words: int = DOCUMENT_WORDS) -> Iterator[dict]:
    """A paragraph, median of three after one that prepares what later ones share; then a long document. One word in seventeen is misspelt."""
    text = misspelt(paragraph(PARAGRAPH_WORDS))
    passes = [read_through(editor, text, options) for _ in range(REPEATS + 1)][1:]
    median = statistics.median(one.seconds for one in passes)
    yield {"what": "a paragraph", "words": len(text.split()), "seconds": median, "corrections": passes[0].corrections,
           "words a minute": 60 * len(text.split()) / median}
    text = misspelt(" ".join(long_document(words).split(" ")[:words]))
    long = read_through(editor, text, options)
    yield {"what": "a document", "words": len(text.split()), "seconds": long.seconds, "corrections": long.corrections,
           "words a minute": 60 * len(text.split()) / long.seconds, "first part s": long.first_part, "memory growth MB": long.growth_mb}


def read_through(editor: Editor, text: str, options: ProofreadOptions) -> Pass:
    process, began, first, base, found = psutil.Process(), time.perf_counter(), None, 0, 0
    for event in editor.proofread(Document(text), options):
        if isinstance(event, ProofreadStep):
            found += len(event.corrections)
            if first is None:
                first, base = time.perf_counter() - began, process.memory_info().rss
    seconds = time.perf_counter() - began
    return Pass(seconds, seconds if first is None else first, found, (process.memory_info().rss - base) / 1e6)


def misspelt(text: str) -> str:
    """Two letters change places in every sixth word of five letters or more, which is about one word in seventeen."""
    numbers = count()
    return LONG_WORD.sub(lambda found: found[0] if next(numbers) % 6 else found[0][0] + found[0][2] + found[0][1] + found[0][3:], text)
