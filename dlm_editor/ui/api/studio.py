"""`slots` and `compare`."""

from collections.abc import Callable
from typing import Any

from ..runs import Runs
from .told import Spans, fields_of, results

Pieces = list[int]


def make_studio(runs: Runs) -> tuple[Callable, ...]:
    def slots(text: str, spans: Spans, draft: list[Any], mark: int, pieces: Pieces, options: dict[str, Any] | None = None, model: str | None = None) -> dict:
        """What else could stand in the place of one word of a fill, given everything else. Gives the likeliest words, each with its tokens and its certainty.

        Args:
            text: The document.
            spans: As `fill` takes them.
            draft: One alternative as a record of `fill_stream` holds it, one of its `drafts`.
            mark: The number of the span that the word stands in, from 0.
            pieces: The numbers of its pieces in the draft of that span, from 0.
            options: Other fields of `fill` that the fill was made with, constraints among them.
            model: A model id; leave out for the default.
        """
        fields = fields_of(**(options or {}) | {"text": text, "spans": spans, "draft": draft, "mark": mark, "pieces": pieces, "model": model})
        (found,) = results(runs.slots(fields))
        return found

    def compare(text: str, spans: Spans, lanes: list[dict[str, Any]], options: dict[str, Any] | None = None, judge: str | None = None) -> list[dict]:
        """Fill the same spans in several ways, one after another. Gives the record of each lane, with steps, seconds, and its score under one model.

        Args:
            text: The document.
            spans: As `fill` takes them.
            lanes: 2 to 6 ways to fill, each with a label and any of model, sampler, steps, bound, temperature, top_p, block_length, seed.
            options: Other fields of `fill`, the same for all lanes.
            judge: The model that scores the results; leave out for the default.
        """
        fields = fields_of(**(options or {}) | {"text": text, "spans": spans, "lanes": lanes, "judge": judge})
        return [{**lane.pop("record", {}), **{name: value for name, value in lane.items() if name not in ("rows", "drafts")}} for lane in results(runs.compare(fields))]

    return slots, compare
