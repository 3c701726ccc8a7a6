"""Runs of the page and of its API: wait for a place and for the model, then fill, as plain records."""

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import wait
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Literal

from ..errors import EditorError
from .gate import Gate
from .gpu import on_gpu
from .models import Models

log = logging.getLogger(__name__)

PATIENCE_S = 0.5  # how often a waiting run says so, and notices that its reader has left


def explain(error: Exception) -> str:
    """What to tell the reader of an error in a run; one that nobody foresaw is logged whole."""
    if isinstance(error, EditorError):
        return str(error)
    log.error("A run failed", exc_info=error)
    return f"The model failed ({type(error).__name__}: {error}). Your text is untouched. Try again, or with other settings."


@dataclass(frozen=True)
class Record:
    """One thing that happened: a `wait` (a sentence), a `step` (a step record) or the `result` (the verb's record, with what the page needs beside it)."""

    kind: Literal["wait", "step", "result"]
    value: Any


Work = Iterator[tuple[str, Any]]


class Runs:
    """The verbs for any number of visitors; holds models and no document."""

    def __init__(self, models: Models, gate: Gate):
        self._models, self._gate = models, gate
        self._fill, self._rewrite, self._proofread = on_gpu(self._filling), on_gpu(self._rewriting), on_gpu(self._proofreading)
        self._poem, self._words = on_gpu(self._writing), on_gpu(self._wording)

    def fill(self, fields: dict) -> Iterator[Record]:
        """`fields` as in a batch line; `step`s and a `result`. Raises EditorError. Closing the generator stops the work after the current step."""
        return self._run(fields, self._fill)

    def rewrite(self, fields: dict) -> Iterator[Record]:
        """As `fill`, of the doubtful words of the marks only."""
        return self._run(fields, self._rewrite)

    def proofread(self, fields: dict) -> Iterator[Record]:
        """As `fill`; a `step` is a part of the text that has been read (`proofread_step_record`), the `result` holds the `record` of `proofread --json`."""
        return self._run(fields, self._proofread)

    def poem(self, fields: dict) -> Iterator[Record]:
        """As `fill`, for a poem; `fields` as in a batch line."""
        return self._run(fields, self._poem)

    def words(self, fields: dict, lines: list[str], line: int, word: int) -> Iterator[Record]:
        """Other words for one word of a poem that was written to `fields`: `lines` as they stand, `line` and `word` from 0. One `result`."""
        return self._run(fields, lambda fields: self._words(fields, lines, line, word))

    def preview(self, fields: dict) -> list[dict]:
        """What a fill by a hosted model would send, and where; nothing is sent. Raises EditorError."""
        from ..tasks.requests import parse_fill

        document, options, model_id = parse_fill({"model": self._models.default, **fields})
        return [request.record() for request in self._models.get(model_id).result().preview(document, options)]

    def _run(self, fields: dict, compute: Callable[[dict], Work]) -> Iterator[Record]:
        loading = self._models.loading(fields.get("model") or self._models.default)
        while not loading.future.done():
            wait([loading.future], PATIENCE_S)
            if not loading.future.done():
                yield Record("wait", loading.sentence)
        loading.future.result()
        ticket = self._gate.take()  # only now: who waits for a model keeps nobody else from theirs
        try:
            while ahead := self._gate.wait(ticket, PATIENCE_S):
                yield Record("wait", f"Waiting: {ahead} {'run is' if ahead == 1 else 'runs are'} ahead of this one.")
            with closing(compute(fields)) as steps:
                for kind, value in steps:
                    yield Record(kind, value)
        finally:
            self._gate.leave(ticket)

    def _filling(self, fields: dict) -> Work:
        # Imported when the first run needs it: the page is up before torch is.
        from ..tasks.requests import parse_fill

        document, options, model_id = parse_fill({"model": self._models.default, **fields})
        yield from _suggesting(self._models.get(model_id).result().fill(document, options), document, model_id, options.seed)

    def _rewriting(self, fields: dict) -> Work:
        from ..tasks.requests import parse_rewrite

        document, options, model_id = parse_rewrite({"model": self._models.default, **fields})
        yield from _suggesting(self._models.get(model_id).result().rewrite(document, options), document, model_id, options.fill.seed)

    def _proofreading(self, fields: dict) -> Work:
        from ..tasks import Proofreading
        from ..tasks.proofread_requests import parse_proofread, proofread_record, proofread_step_record

        document, options, model_id = parse_proofread({"model": self._models.default, **fields})
        with closing(self._models.get(model_id).result().proofread(document, options)) as events:
            for event in events:
                if isinstance(event, Proofreading):
                    yield "result", {"record": proofread_record(event)}
                else:
                    yield "step", proofread_step_record(event)

    def _writing(self, fields: dict) -> Work:
        from ..tasks import PoemSuggestion
        from ..tasks.poem_requests import parse_poem, poem_record
        from .verse_records import poem_of, step_of

        options, model_id = parse_poem({"model": self._models.default, **fields})
        poems = []
        with closing(self._models.get(model_id).result().poem(options)) as events:
            for event in events:
                if isinstance(event, PoemSuggestion):
                    poems.append(event)
                else:
                    yield "step", step_of(event, options.alternatives)
        yield "result", {"record": poem_record(poems, options, model_id), "poems": [poem_of(poem, options.title) for poem in poems], "seconds": poems[0].seconds}

    def _wording(self, fields: dict, lines: list[str], line: int, word: int) -> Work:
        from ..tasks.poem_requests import parse_poem
        from .verse_records import choices_of

        options, model_id = parse_poem({"model": self._models.default, **fields})
        choices = self._models.get(model_id).result().other_words(options, tuple(lines), line, word)
        yield "result", {"words": choices_of(choices, lines, line, word, options.title)}


def _suggesting(events: Iterator, document: Any, model_id: str, seed: int) -> Work:
    """The steps and the suggestions of a fill or a rewrite."""
    from ..tasks import Suggestion
    from ..tasks.requests import draft_record, fill_record, step_record

    suggestions = []
    with closing(events):
        for event in events:
            if isinstance(event, Suggestion):
                suggestions.append(event)
            else:
                yield "step", step_record(event)
    yield "result", {
        "record": fill_record(document, suggestions, model_id, seed),
        "rows": [suggestion.row for suggestion in suggestions],
        "drafts": [draft_record(suggestion.drafts) for suggestion in suggestions],
    }
