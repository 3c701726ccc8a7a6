"""What the studio of the page calls: branches, other words, a choice that settles, lanes side by side.

Messages beside those of a fill (`handlers`): `branch` (pins, draft), `slots` (mark, pieces, text, choices), `settle` (pins, draft, reopened; then as a fill),
and of a comparison `lane_step` (lane, and a step), `lane` (lane, label, model, judge, score, scores, steps, seconds, suggestions as of a fill),
`lane_error` (lane, label, message), `done`. The fields are those of `tasks.branching`.
"""

from collections.abc import Callable, Iterator
from typing import Annotated, Any

from pydantic import Field

from .handlers import PageFill, Short, answer, message_of
from .runs import Record, Runs

Numbers = Annotated[list[int], Field(max_length=2048)]
Drafts = Annotated[list[list[list[Any]]], Field(max_length=4096)]


class PageBranch(PageFill):
    """What the page sends to go on from a draft."""

    draft: Drafts
    hands: Annotated[list[dict[str, Any]], Field(max_length=8192)] = []


class PageSlots(PageFill):
    """… for other words in the place of one."""

    draft: Drafts
    mark: int
    pieces: Numbers


class PageSettle(PageSlots):
    """… when one of them is chosen."""

    tokens: Numbers
    kept: Annotated[list[Numbers], Field(max_length=4096)] = []
    threshold: float | None = None


class PageCompare(PageFill):
    """… to fill in several ways side by side."""

    lanes: Annotated[list[dict[str, Any]], Field(max_length=16)]
    judge: Short | None = None


def handle_branch(runs: Runs, payload: str) -> Iterator[str]:
    """One JSON message for everything that happens, as all here. Errors are messages too."""
    yield from _handle(PageBranch, payload, runs.branch, lambda record: {"type": "branch", **record.value})


def handle_slots(runs: Runs, payload: str) -> Iterator[str]:
    yield from _handle(PageSlots, payload, runs.slots, lambda record: {"type": "slots", **record.value})


def handle_settle(runs: Runs, payload: str) -> Iterator[str]:
    yield from _handle(PageSettle, payload, runs.settle, lambda record: {"type": "settle", **record.value} if record.kind == "begin" else message_of(record))


def handle_compare(runs: Runs, payload: str) -> Iterator[str]:
    yield from _handle(PageCompare, payload, runs.compare, _lane, {"type": "done"})


def _lane(record: Record) -> dict:
    if record.kind == "step":
        return {"type": "lane_step", **record.value}
    if "error" in record.value:
        return {"type": "lane_error", "lane": record.value["lane"], "label": record.value["label"], "message": record.value["error"]}
    kept = ("lane", "label", "model", "judge", "score", "scores", "steps", "seconds")
    return {"type": "lane", **{key: record.value[key] for key in kept}, "suggestions": message_of(record)["suggestions"]}


def _handle(kind: type[PageFill], payload: str, start: Callable[[dict], Iterator[Record]], message: Callable[[Record], dict], last: dict | None = None) -> Iterator[str]:
    def messages(request: PageFill) -> Iterator[dict]:
        for record in start(request.fields()):
            yield message_of(record) if record.kind == "wait" else message(record)
        if last:
            yield last

    yield from answer(kind, payload, "Working…", messages)
