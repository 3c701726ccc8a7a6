"""What the studio's record asks of the server: the steps of a run as a file, and a file as the steps of a run. No model is needed for either."""

import base64
import json
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from .handlers import PageFill, Short, misread, pack
from .runs import explain

Piece = tuple[str, float | None, Literal["open", "new", "settled"], list[int]]
Drafts = list[list[Piece]]

NAME = "refinement"  # of a saved file, without its ending


class PageStep(BaseModel):
    """One step: when it came, and the drafts of every alternative."""

    model_config = ConfigDict(extra="forbid")
    seconds: float
    drafts: list[Drafts]


class PageSuggestion(BaseModel):
    """A finished alternative, as the page was told of it."""

    row: int
    after: list[str]
    mean_logprob: float | None
    steps: int
    seconds: float
    violations: list[str] = []
    drafts: Drafts


class PageAsked(PageFill):
    """What the run was asked with. The page sends it without a number of its own."""

    model_config = ConfigDict(extra="ignore")
    run: int = 0


class PageRecord(BaseModel):
    """A run that is to be saved. Untrusted; what is made of it is checked as any record."""

    model_config = ConfigDict(extra="forbid")
    run: int
    want: Literal["json", "html", "gif"]
    verb: Literal["fill", "rewrite"]
    model: Short
    fields: PageAsked
    finish: Literal["done", "stopped"]
    steps: Annotated[list[PageStep], Field(max_length=4096)]
    suggestions: Annotated[list[PageSuggestion], Field(max_length=64)]


class PageReplay(BaseModel):
    """A file that is to be replayed."""

    model_config = ConfigDict(extra="forbid")
    run: int
    data: str


def handle_record(payload: str) -> Iterator[str]:
    """One message: the file."""
    yield from _answer(PageRecord, payload, _file)


def handle_replay(payload: str) -> Iterator[str]:
    """One message: the run that a record holds."""
    yield from _answer(PageReplay, payload, _replay)


def _answer(kind: type[BaseModel], payload: str, make) -> Iterator[str]:
    try:
        request = kind.model_validate_json(payload or "")
    except ValidationError as error:
        yield from misread(payload, error)
        return
    try:
        yield pack(request.run, **make(request))
    except Exception as error:  # the last line of defence: whatever breaks is told to the reader
        yield pack(request.run, type="error", message=explain(error))


def _file(request: PageRecord) -> dict:
    from ..history.record import Recorder, check_record, encode_record, gif, head, html
    from ..tasks.requests import parse_fill

    fields = request.fields.fields()
    document, options, _ = parse_fill({name: value for name, value in fields.items() if name != "pins"})
    recorder = Recorder(head(request.verb, document, request.model, options.seed, fields))
    for number, step in enumerate(request.steps, 1):
        recorder.add({"step": number, "of": len(request.steps), **step.model_dump()})
    record = json.loads(json.dumps(recorder.record([one.model_dump() for one in request.suggestions], request.finish)))
    check_record(record)
    said = {"type": "file", "name": f"{NAME}.{request.want}"}
    if request.want == "gif":
        return {**said, "mime": "image/gif", "base64": base64.b64encode(gif(record)).decode()}
    if request.want == "html":
        return {**said, "mime": "text/html", "text": html(record)}
    return {**said, "mime": "application/json", "text": encode_record(record).decode()}


def _replay(request: PageReplay) -> dict:
    """The checked record with its changes, which the page plays back: written out step by step, a small file could become a very large message."""
    from ..history.record import read_record

    record = read_record(request.data.encode("utf-8", "replace"))
    text, spans = _as_shown(record["text"], record["spans"])
    return {"type": "replay", "record": {**record, "text": text, "spans": spans}}


def _as_shown(text: str, spans: list[dict]) -> tuple[str, list[dict]]:
    """The text with line feeds only, as the page counts it, and the spans at the same characters."""
    def shown(position: int) -> int:
        return position - text.count("\r\n", 0, position)

    moved = [{**{name: span[name] for name in ("start", "end", "length")}, "start": shown(span["start"]), "end": shown(span["end"])} for span in spans]
    return text.replace("\r\n", "\n").replace("\r", "\n"), moved
