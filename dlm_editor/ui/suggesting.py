"""The steps and the suggestions of a fill or a rewrite, as plain records."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

Work = Iterator[tuple[str, Any]]


def suggesting(events: Iterator, document: Any, model_id: str, seed: int) -> Work:
    """A `step` after another, and the `result`. Closing it closes the events."""
    from ..tasks import Suggestion
    from ..tasks.requests import lengths_record, step_record

    suggestions = []
    with closing(events):
        for event in events:
            if isinstance(event, Suggestion):
                suggestions.append(event)
            else:
                yield "step", step_record(event) | lengths_record(getattr(event, "lengths", ()))
    yield "result", result_of(suggestions, document, model_id, seed)


def result_of(suggestions: list, document: Any, model_id: str, seed: int) -> dict:
    """The record of a fill, and what the page needs beside it."""
    from ..tasks.requests import draft_record, fill_record

    return {
        "record": fill_record(document, suggestions, model_id, seed),
        "rows": [suggestion.row for suggestion in suggestions],
        "drafts": [draft_record(suggestion.drafts) for suggestion in suggestions],
    }
