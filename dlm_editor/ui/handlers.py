"""What the page's events call: read the payload, run, pack each step as one string."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ..errors import AgreementError
from .runs import Record, Runs, explain

Words = Annotated[list[Annotated[str, Field(max_length=256)]], Field(max_length=256)]
Short = Annotated[str, Field(max_length=1024)]

Request = TypeVar("Request", bound=BaseModel)

OF_A_SPAN = re.compile(r"spans\[(\d+)\](?:\.(\w+))?: (.*)", re.DOTALL)  # how the task says which mark, and which of its fields, is wrong


class PageSpan(BaseModel):
    """A mask, in code points, and what its fill must keep to."""

    model_config = ConfigDict(extra="forbid")
    start: int
    end: int
    length: Annotated[str, Field(max_length=16)] = "auto"
    regex: Short | None = None
    include: Words | None = None
    ban: Words | None = None
    ban_letters: Short | None = None
    initials: Short | None = None
    words: Short | None = None
    characters: Short | None = None
    tokens: Short | None = None
    ends_sentence: bool | None = None
    no_repeats: bool | None = None
    pins: Annotated[list[int | None], Field(max_length=2048)] | None = None


class PageFill(BaseModel):
    """What the page sends on Fill. Untrusted; ranges are checked by the task."""

    model_config = ConfigDict(extra="forbid")
    run: int
    text: str
    spans: Annotated[list[PageSpan], Field(max_length=4096)]
    pins: list[list[int | None]] | None = None
    model: Annotated[str, Field(max_length=512)] | None = None
    sampler: Annotated[str, Field(max_length=64)] | None = None
    steps: int | Literal["auto"] | None = None
    bound: float | None = None
    temperature: float | None = None
    top_p: float | None = None
    alternatives: int | None = None
    seed: int | None = None
    block_length: int | None = None
    guidance: float | None = None
    instruction: Annotated[str, Field(max_length=4096)] | None = None
    agree: bool | None = None

    def fields(self) -> dict:
        return self.model_dump(exclude={"run"}, exclude_none=True)


def handle_fill(runs: Runs, payload: str) -> Iterator[str]:
    """One JSON message for everything that happens in a run. Errors are messages too: the page shows them and keeps the text."""
    yield from tell_fill(PageFill, payload, "Filling…", runs.fill, runs.preview)


def tell_fill(kind: type[PageFill], payload: str, taken: str, start: Callable[[dict], Iterator[Record]], preview: Callable[[dict], list[dict]]) -> Iterator[str]:
    """The messages of a run that `start` makes of the request's fields; `preview` shows what would leave this machine."""
    def messages(request: PageFill) -> Iterator[dict]:
        try:
            yield from map(message_of, start(request.fields()))
        except AgreementError:  # text would leave this machine: the page shows it first
            yield {"type": "consent", "requests": preview(request.fields())}

    yield from answer(kind, payload, taken, messages)


def answer(kind: type[Request], payload: str, taken: str, messages: Callable[[Request], Iterator[dict]]) -> Iterator[str]:
    """What the page is told of a request, one JSON message each. `taken` is said as soon as it has been read: the page then knows that the run is under way."""
    try:
        request = kind.model_validate_json(payload or "")
    except ValidationError as error:
        yield from misread(payload, error)
        return
    yield pack(request.run, type="wait", message=taken)
    try:
        for message in messages(request):
            yield pack(request.run, **message)
    except Exception as error:  # the last line of defence: whatever breaks inside a model is told to the reader
        yield pack(request.run, **refusal(explain(error)))


def refusal(said: str) -> dict:
    """An error for the page; with the mark, and the field of it, where it speaks of one."""
    if found := OF_A_SPAN.fullmatch(said):
        return {"type": "error", "mark": int(found[1]), "field": found[2] or "", "message": found[3]}
    return {"type": "error", "message": said}


def misread(payload: str, error: ValidationError) -> Iterator[str]:
    """The answer to a payload that is not as the page sends it; none where it names no run, for there is nobody to answer."""
    try:
        run = json.loads(payload or "")["run"]
    except (ValueError, KeyError, TypeError):
        return
    first = error.errors()[0]
    if isinstance(run, int):
        yield pack(run, type="error", message=f"A request is as the page sends it; {'.'.join(map(str, first['loc']))} is wrong: {first['msg']}. Change it, or reload the page: your text stays.")


def message_of(record: Record) -> dict:
    """What the page is told of a run."""
    if record.kind == "wait":
        return {"type": "wait", "message": record.value}
    if record.kind == "step":
        return {"type": "step", **record.value}
    result = record.value
    lengths = {"lengths": result["record"]["lengths"]} if "lengths" in result["record"] else {}
    return {"type": "suggestions", **lengths, "suggestions": [
        {"after": [edit["after"] for edit in suggestion["edits"]], "drafts": drafts, "row": row, **{key: suggestion[key] for key in ("mean_logprob", "steps", "seconds", "violations")}}
        for suggestion, drafts, row in zip(result["record"]["suggestions"], result["drafts"], result["rows"])
    ]}


def pack(run: int, **message) -> str:
    """One message on the Wire."""
    return json.dumps({"run": run, **message}, ensure_ascii=False, separators=(",", ":"))
