"""How fast the editor is, and what a faster setting costs."""

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from tqdm import tqdm

from ..sampling import EntropyBound
from ..tasks import Editor, FillOptions, RefinementStep, Suggestion
from ..text import Document, Mark, Span, Tokens
from .texts import TEXT, long_document, paragraph

REPEATS = 5
BATCH = 8  # alternatives
SPAN_TOKENS = 10
FILL_TOKENS = 30
BOUNDS = (0.1, 0.3, 1.0, 3.0, 10.0)
STEPS = (15, 8, 4, 2, 1)


@dataclass(frozen=True)
class Timing:
    """Seconds from the call of `fill`, medians over repeats, and how many steps there were."""

    first_step: float
    whole: float
    steps: int


def three_spans(text: str, at: int = 0) -> Document:
    """Three marks of ten tokens each, on five words each, in the paragraph that begins at `at`."""
    marks, position = [], at
    for words_before in (20, 55, 55):
        start = _skip(text, position, words_before)
        position = _skip(text, start, 5) - 1
        marks.append(Mark(Span(start, position), Tokens(SPAN_TOKENS)))
    return Document(text, tuple(marks))


def _skip(text: str, position: int, words: int) -> int:
    """Where the word begins that stands `words` words after `position`."""
    for _ in range(words):
        position = text.index(" ", position) + 1
    return position


def measure(editor: Editor, *jobs: tuple[Document, FillOptions]) -> list[Timing]:
    """A timing for each job. They take turns, so that a busy moment of the machine does not fall on one alone; the first round, which prepares
    what later ones share, is thrown away."""
    rounds = [[_run(editor, document, options) for document, options in jobs] for _ in range(REPEATS + 1)][1:]
    return [Timing(*(statistics.median(values) for values in zip(*runs))) for runs in zip(*rounds)]


def _run(editor: Editor, document: Document, options: FillOptions) -> tuple[float, float, int]:
    began, first, steps = time.perf_counter(), None, 0
    for event in editor.fill(document, options):
        if isinstance(event, RefinementStep):
            steps += 1
            first = first or time.perf_counter() - began
    return first or 0.0, time.perf_counter() - began, steps


def latency_rows(editor: Editor) -> Iterator[dict]:
    """Three spans of ten tokens in a paragraph of 200 words, and in a document of 100,000."""
    text = long_document()
    begin = text.index("\n\n", len(text) // 2) + 2
    short, long = measure(editor, (three_spans(paragraph()), FillOptions()), (three_spans(text, begin), FillOptions()))
    for name, timing in (("200 words", short), ("100,000 words", long)):
        yield {"what": f"3 spans of {SPAN_TOKENS} tokens in {name}", "first step s": timing.first_step, "whole fill s": timing.whole, "steps": timing.steps}
    yield {"what": "100,000 words : 200 words", "first step s": long.first_step / short.first_step, "whole fill s": long.whole / short.whole}


def batch_rows(editor: Editor, alternatives: int = BATCH) -> Iterator[dict]:
    """Alternatives as rows of one batch beside as many fills one after another."""
    document = three_spans(paragraph())
    single, batch = measure(editor, (document, FillOptions(temperature=1.0)), (document, FillOptions(alternatives=alternatives, temperature=1.0)))
    yield {"what": "1 alternative", "whole fill s": single.whole, "steps": single.steps}
    yield {"what": f"{alternatives} alternatives, one batch", "whole fill s": batch.whole, "steps": batch.steps}
    yield {"what": f"{alternatives} alternatives, one after another", "whole fill s": alternatives * single.whole, "steps": alternatives * single.steps}


@dataclass(frozen=True)
class Cost:
    """What one setting took and gave over all fills."""

    steps: float           # mean a fill
    seconds: float         # mean a fill
    token_accuracy: float  # per cent of the text's own tokens found at their place
    mean_logprob: float    # of the fills under the model


def long_fills(editor: Editor, count: int) -> list[tuple[Document, list[int]]]:
    """Passages of about 150 words with a gap of exactly 30 tokens, and those tokens, spread over the text."""
    encode, length = editor.denoiser.vocabulary.encode, len(TEXT)
    places = []
    for number in range(count):
        start = TEXT.index(" ", 300 + number * (length - 1200) // max(1, count))
        end = start
        while len(encode(TEXT[start:end], continues=True)) < FILL_TOKENS:
            end = next(i for i in range(end + 1, length) if TEXT[i] in " \n")
        tokens = encode(TEXT[start:end], continues=True)
        first, last = max(0, start - 400), min(length, end + 400)
        passage = TEXT[first:last]
        places.append((Document(passage, (Mark(Span(start - first, end - first), Tokens(len(tokens))),)), tokens))
    return places


def cost(editor: Editor, fills: list[tuple[Document, list[int]]], options: FillOptions, name: str) -> Cost:
    steps = right = total = 0
    logprob, began = 0.0, time.perf_counter()
    for document, tokens in tqdm(fills, desc=name, disable=None, leave=False):
        events = list(editor.fill(document, options))
        best = next(event for event in events if isinstance(event, Suggestion))
        given = [piece.tokens[0] for piece in best.drafts[0] if piece.tokens]
        steps += sum(isinstance(event, RefinementStep) for event in events)
        right += sum(a == b for a, b in zip(given, tokens))
        total += len(tokens)
        logprob += best.mean_logprob
    n = max(1, len(fills))
    return Cost(steps / n, (time.perf_counter() - began) / n, 100 * right / max(1, total), logprob / n)


def dial_rows(editor: Editor, count: int = 200, dial: int = 50) -> Iterator[dict]:
    """`steps=auto` beside one token a step over `count` fills of 30 tokens; then the dial, over the first `dial` of them."""
    fills = long_fills(editor, count)
    one = cost(editor, fills, FillOptions(steps=FILL_TOKENS), "one token a step")
    auto = cost(editor, fills, FillOptions(), "auto")
    yield _cost_row("one token a step", len(fills), one)
    yield _cost_row("auto", len(fills), auto)
    yield {"setting": "auto : one token a step", "steps": auto.steps / one.steps, "seconds": auto.seconds / one.seconds,
           "token accuracy": auto.token_accuracy - one.token_accuracy, "mean logprob": auto.mean_logprob - one.mean_logprob}
    some = fills[:: max(1, len(fills) // max(1, dial))][:dial]
    settings: list[tuple[str, FillOptions]] = [(f"entropy bound {bound:g} nats", replace(FillOptions(), sampler=EntropyBound(bound))) for bound in BOUNDS]
    settings += [(f"{steps} steps", FillOptions(steps=steps)) for steps in STEPS]
    for name, options in settings:
        yield _cost_row(name, len(some), cost(editor, some, options, name))


def _cost_row(name: str, fills: int, found: Cost) -> dict:
    return {"setting": name, "fills": fills, "steps": found.steps, "seconds": found.seconds, "token accuracy": found.token_accuracy,
            "mean logprob": found.mean_logprob}


def settle(step: Callable[[], bool], timeout_s: float, pause_s: float = 0.05) -> float | None:
    """Seconds until `step` is true; None where it is not in time."""
    began = time.perf_counter()
    while time.perf_counter() - began < timeout_s:
        if step():
            return time.perf_counter() - began
        time.sleep(pause_s)
    return None
