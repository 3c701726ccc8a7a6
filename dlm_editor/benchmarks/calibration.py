"""Whether a certainty of 80 % means right four times in five."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..errors import EditorError
from ..tasks import Editor, FillOptions, Suggestion
from ..text import Document, Mark, Span, Tokens
from .metrics import words

BINS = 10
CONTEXT = 600        # characters of a passage
SPAN_WORDS = (1, 3, 6)


@dataclass(frozen=True)
class Guess:
    """One committed token: the model's certainty, and whether it is the text's own token."""

    certainty: float
    is_right: bool


def passages(text: str) -> Iterator[str]:
    """Stretches of about 600 characters, cut at paragraphs, long enough for a gap with text around it."""
    for paragraph in text.split("\n\n"):
        passage = paragraph.strip()[:CONTEXT]
        if len(words(passage)) >= 30:
            yield passage


def gap_in(passage: str, number: int) -> Span:
    """A gap of one, three or six words, with the space before it, at a place that depends on `number` alone."""
    starts = [i for i, char in enumerate(passage) if char == " " and passage[i + 1:i + 2].isalpha()]
    size = SPAN_WORDS[number % len(SPAN_WORDS)]
    first = 3 + number * 7 % max(1, len(starts) - size - 6)
    return Span(starts[first], starts[min(first + size, len(starts) - 1)])


def guesses(editor: Editor, texts: Iterable[str], seed: int = 0) -> Iterator[Guess]:
    """Every token of the fills of one gap a passage, the number of tokens given, so that each stands beside the one it replaces."""
    vocabulary = editor.denoiser.vocabulary
    for number, passage in enumerate(texts):
        span = gap_in(passage, number)
        wanted = vocabulary.encode(passage[span.start:span.end], continues=True)
        try:
            events = list(editor.fill(Document(passage, (Mark(span, Tokens(len(wanted))),)), FillOptions(seed=seed)))
        except EditorError:
            continue
        best = next(event for event in events if isinstance(event, Suggestion))
        pieces = [piece for piece in best.drafts[0] if piece.tokens]
        if len(pieces) == len(wanted):  # a healed border may have taken another number of tokens
            yield from (Guess(piece.certainty, piece.tokens == (token,)) for piece, token in zip(pieces, wanted))


def reliability(found: Iterable[Guess]) -> list[dict]:
    """A row for each tenth of certainty that occurs, and one over all with the expected calibration error (Guo et al., arXiv:1706.04599)."""
    bins = [[] for _ in range(BINS)]
    for guess in found:
        bins[min(int(guess.certainty * BINS), BINS - 1)].append(guess)
    total = max(1, sum(map(len, bins)))
    rows, error = [], 0.0
    for number, members in enumerate(bins):
        if members:
            stated, right = (100 * sum(x) / len(members) for x in ((g.certainty for g in members), (g.is_right for g in members)))
            error += len(members) / total * abs(stated - right)
            rows.append({"certainty": f"{100 * number // BINS}–{100 * (number + 1) // BINS} %", "tokens": len(members), "stated": stated, "right": right})
    everything = [g for members in bins for g in members]
    if everything:
        rows.append({"certainty": "all", "tokens": total, "stated": 100 * sum(g.certainty for g in everything) / total,
                     "right": 100 * sum(g.is_right for g in everything) / total, "calibration_error": error})
    return rows
