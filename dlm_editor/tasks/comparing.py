"""Comparing: the same marks filled by several models, samplers or settings, one after another, and judged by one model."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

from ..canvas import open_gaps
from ..denoisers import Denoiser
from ..errors import InputError
from ..sampling import RefinementStep
from ..text import Document, Mark, Span
from .editor import Editor
from .fill import FillOptions, Suggestion
from .remote import RemoteInfiller, TextStep
from .rewrite import logprobs_of, tokens_of


@dataclass(frozen=True)
class Lane:
    """One way to fill: an editor or a hosted infiller, with its options."""

    label: str
    editor: Editor | RemoteInfiller
    options: FillOptions = FillOptions()


@dataclass(frozen=True, eq=False)
class LaneStep:
    """A step of one lane."""

    lane: int
    step: RefinementStep | TextStep


@dataclass(frozen=True, eq=False)
class LaneResult:
    """What a lane came to, best first. `scores`: see `judged`, one for each suggestion."""

    lane: int
    suggestions: tuple[Suggestion, ...]
    scores: tuple[float | None, ...]


def compare(document: Document, lanes: tuple[Lane, ...], judge: Denoiser | None = None) -> Iterator[LaneStep | LaneResult]:
    """The steps and the result of every lane in turn. Without a judge there are no scores, for models of different vocabularies give figures that
    cannot be compared. Raises what `fill` raises."""
    for number, lane in enumerate(lanes):
        yield from run_lane(document, lane, number, judge)


def run_lane(document: Document, lane: Lane, number: int, judge: Denoiser | None) -> Iterator[LaneStep | LaneResult]:
    """One lane of a comparison."""
    suggestions = []
    with closing(lane.editor.fill(document, lane.options)) as events:
        for event in events:
            if isinstance(event, Suggestion):
                suggestions.append(event)
            else:
                yield LaneStep(number, event)
    scores = tuple(judged(judge, document, suggestion) if judge is not None else None for suggestion in suggestions)
    yield LaneResult(number, tuple(suggestions), scores)


def judged(judge: Denoiser, document: Document, suggestion: Suggestion) -> float | None:
    """The mean over the tokens of all fills of log p(token | everything else), each token with itself open, in nats, in the tokens of the judge.

    None where the judge cannot write one of them, or has no window for it.
    """
    marks, shift = [], 0
    for edit in suggestion.edits:
        start = edit.span.start + shift
        marks.append(Mark(Span(start, start + len(edit.after))))
        shift += len(edit.after) - len(edit.before)
    logprobs = []
    for mark in marks:
        if not suggestion.text[mark.span.start:mark.span.end].strip():
            continue
        alone = Document(suggestion.text, (mark,))
        try:
            gap = open_gaps(alone, judge.vocabulary)[0]
            tokens = tokens_of(gap, suggestion.text[gap.border.core.start:gap.border.core.end], judge)
            logprobs += logprobs_of(judge, alone, gap, tokens) if tokens else [None]
        except InputError:
            return None
    return sum(logprobs) / len(logprobs) if logprobs and None not in logprobs else None
