"""Runs of the page and of its API: wait for a place and for the model, then fill, as plain records."""

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import wait
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from ..errors import EditorError
from .gate import Gate
from .gpu import on_gpu
from .models import Models
from .studio_work import StudioWork
from .suggesting import Work, suggesting

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
    """One thing that happened: a `wait` (a sentence), the `begin` of a fill that goes on from a choice, a `step` (a step record) or the `result` (the verb's record, with what the page needs beside it)."""

    kind: Literal["wait", "begin", "step", "result"]
    value: Any


class Runs:
    """The verbs for any number of visitors; holds models and no document."""

    def __init__(self, models: Models, gate: Gate):
        self._models, self._gate = models, gate
        self._fill, self._rewrite, self._proofread = on_gpu(self._filling), on_gpu(self._rewriting), on_gpu(self._proofreading)
        self._poem, self._words = on_gpu(self._writing), on_gpu(self._wording)
        self._studio = StudioWork(models)
        self._slots, self._settle, self._lane = on_gpu(self._studio.slots), on_gpu(self._studio.settle), on_gpu(self._studio.lane)

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

    def branch(self, fields: dict) -> Iterator[Record]:
        """`fields` as in `tasks.branching`, here and below. One `result`. Waits for the model, but for no other run: nothing is computed."""
        yield from self._loaded(fields)
        yield from (Record(kind, value) for kind, value in self._studio.branch(fields))

    def slots(self, fields: dict) -> Iterator[Record]:
        """One `result`: what else could stand in the place of a word."""
        return self._run(fields, self._slots)

    def settle(self, fields: dict) -> Iterator[Record]:
        """A `begin`: where the fill goes on once a word is chosen; then as `fill`."""
        return self._run(fields, self._settle)

    def compare(self, fields: dict) -> Iterator[Record]:
        """The lanes one after another: `step`s and a `result` of each, with the number of the lane. A lane that fails has an `error` as its result."""
        from ..tasks.branching_requests import parse_lanes

        judge = fields.get("judge") or self._models.default
        for number, (label, own) in enumerate(parse_lanes(fields)):
            try:
                yield from self._run(own, partial(self._lane, number=number, label=label, judge=judge))
            except Exception as error:  # the other lanes have nothing to do with it
                yield Record("result", {"lane": number, "label": label, "error": explain(error)})

    def preview(self, fields: dict) -> list[dict]:
        """What a fill by a hosted model would send, and where; nothing is sent. Raises EditorError."""
        from ..tasks.requests import parse_fill

        document, options, model_id = parse_fill({"model": self._models.default, **fields})
        return [request.record() for request in self._models.get(model_id).result().preview(document, options)]

    def _run(self, fields: dict, compute: Callable[[dict], Work]) -> Iterator[Record]:
        yield from self._loaded(fields)
        ticket = self._gate.take()  # only now: who waits for a model keeps nobody else from theirs
        try:
            while ahead := self._gate.wait(ticket, PATIENCE_S):
                yield Record("wait", f"Waiting: {ahead} {'run is' if ahead == 1 else 'runs are'} ahead of this one.")
            with closing(compute(fields)) as steps:
                for kind, value in steps:
                    yield Record(kind, value)
        finally:
            self._gate.leave(ticket)

    def _loaded(self, fields: dict) -> Iterator[Record]:
        """Waits until the model is there. Raises what its loading raised."""
        loading = self._models.loading(fields.get("model") or self._models.default)
        while not loading.future.done():
            wait([loading.future], PATIENCE_S)
            if not loading.future.done():
                yield Record("wait", loading.sentence)
        loading.future.result()

    def _filling(self, fields: dict) -> Work:
        # Imported when the first run needs it: the page is up before torch is.
        from ..tasks.requests import parse_fill

        document, options, model_id = parse_fill({"model": self._models.default, **fields})
        yield from suggesting(self._models.get(model_id).result().fill(document, options), document, model_id, options.seed)

    def _rewriting(self, fields: dict) -> Work:
        from ..tasks.requests import parse_rewrite

        document, options, model_id = parse_rewrite({"model": self._models.default, **fields})
        yield from suggesting(self._models.get(model_id).result().rewrite(document, options), document, model_id, options.fill.seed)

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
