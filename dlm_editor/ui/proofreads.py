"""What the page's proofreading and rewriting call: corrections part by part, and a fill that begins from the words as they stand."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from .handlers import PageFill, Short, Words, answer, message_of, tell_fill
from .runs import Record, Runs

THRESHOLD = 0.4  # that of a proofreading which is given none, as the page's slider shows it

Pair = Annotated[list[Annotated[str, Field(max_length=1024)]], Field(min_length=2, max_length=2)]


class PagePart(BaseModel):
    """A stretch of the document, in code points."""

    model_config = ConfigDict(extra="forbid")
    start: int
    end: int


class PageProofread(BaseModel):
    """What the page sends on Proofread; without spans the whole text is meant. Untrusted; ranges are checked by the task."""

    model_config = ConfigDict(extra="forbid")
    run: int
    text: str
    spans: Annotated[list[PagePart], Field(max_length=256)] = []
    threshold: float | None = None
    dictionary: Annotated[list[Annotated[str, Field(max_length=256)]], Field(max_length=20_000)] | None = None
    ignore: Annotated[list[Pair], Field(max_length=4096)] | None = None
    model: Short | None = None

    def fields(self) -> dict:
        return self.model_dump(exclude={"run"}, exclude_none=True)


class PageRewrite(PageFill):
    """What the page sends on Rewrite: a fill, how much of it to write anew, and the words that stay."""

    strength: float | None = None
    keep: Words | None = None


def handle_proofread(runs: Runs, payload: str) -> Iterator[str]:
    """A message for every part that has been read, and one at the end. Positions count in the text that was sent."""
    yield from answer(PageProofread, payload, "Proofreading…", lambda request: map(_told, runs.proofread(request.fields())))


def _told(record: Record) -> dict:
    if record.kind == "wait":
        return message_of(record)
    if record.kind == "step":
        return {"type": "step", **{name: record.value[name] for name in ("start", "end", "total", "edits")}}
    return {"type": "done", "seconds": record.value["record"]["seconds"]}


def handle_rewrite(runs: Runs, payload: str) -> Iterator[str]:
    """As `handle_fill`, from the words that stand in the marks."""
    yield from tell_fill(PageRewrite, payload, "Rewriting…", runs.rewrite, runs.preview)
