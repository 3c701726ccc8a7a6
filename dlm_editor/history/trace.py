"""The record of a run, made from its events."""

from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from typing import Any

from ..sampling import RefinementStep
from ..tasks import Suggestion
from ..tasks.remote import TextStep
from ..tasks.requests import draft_record, step_record
from ..text import Document
from .record import Recorder, head

Event = RefinementStep | TextStep | Suggestion
Events = Generator[Event, None, None]


class Trace:
    """Writes a run down while its events pass; `record` can be asked for at any time, also after the run was stopped.

    `fields`: the options as in a batch line.
    """

    def __init__(self, verb: str, document: Document, model: str, seed: int, fields: Mapping[str, Any], made_by: str = "dlm-editor"):
        self._recorder = Recorder(head(verb, document, model, seed, fields, made_by))
        self._suggestions: list[Suggestion] = []
        self._is_done = False

    def follow(self, events: Events) -> Iterator[Event]:
        """The same events. Closing it closes them."""
        with closing(events):
            for event in events:
                if isinstance(event, Suggestion):
                    self._suggestions.append(event)
                else:
                    self._recorder.add(step_record(event))
                yield event
        self._is_done = True

    def record(self) -> dict:
        """See `record`."""
        return self._recorder.record(map(_ending, self._suggestions), "done" if self._is_done else "stopped")


def record_of_run(verb: str, document: Document, model: str, seed: int, fields: Mapping[str, Any], events: Events) -> dict:
    """The record of a run, which is taken to its end."""
    trace = Trace(verb, document, model, seed, fields)
    for _ in trace.follow(events):
        pass
    return trace.record()


def _ending(suggestion: Suggestion) -> dict:
    return {"row": suggestion.row, "after": [edit.after for edit in suggestion.edits], "mean_logprob": suggestion.mean_logprob, "steps": suggestion.steps,
            "seconds": round(suggestion.seconds, 4), "violations": list(suggestion.violations), "drafts": draft_record(suggestion.drafts)}
