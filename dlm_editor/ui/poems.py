"""What the poem panel calls: a poem step by step, and other words for one of its words."""

from collections.abc import Callable, Iterator
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from .handlers import Short, Words, answer, message_of
from .runs import Record, Runs

TAKEN = "Writing…"

Text = Annotated[str, Field(max_length=100_000)]


class PagePoem(BaseModel):
    """What the page sends on Write poem. Untrusted; ranges are checked by the task."""

    model_config = ConfigDict(extra="forbid")
    run: int
    form: Short | None = None
    lines: int | None = None
    syllables: Short | None = None
    rhyme: Short | None = None
    meter: Short | None = None
    acrostic: Short | None = None
    rhymes_with: Words | None = None
    include: Words | None = None
    ban: Words | None = None
    ban_letters: Short | None = None
    near: bool | None = None
    topic: Short | None = None
    title: Short | None = None
    draft: Text | None = None
    alternatives: int | None = None
    seed: int | None = None
    model: Short | None = None

    def fields(self) -> dict:
        return self.model_dump(exclude={"run", "poem", "line", "word"}, exclude_none=True)


class PageWord(PagePoem):
    """What the page sends for other words: the poem's own request, its lines as they stand (blank ones part stanzas), and which word of which line, from 0."""

    poem: Annotated[list[Short], Field(max_length=256)]
    line: int
    word: int


def handle_poem(runs: Runs, payload: str) -> Iterator[str]:
    """One JSON message for everything that happens while a poem is written."""
    yield from answer(PagePoem, payload, TAKEN, lambda request: _told(runs.poem(request.fields()), {"step": _step, "result": _poems}))


def handle_word(runs: Runs, payload: str) -> Iterator[str]:
    """Other words for one word, each with the poem that it makes."""
    yield from answer(PageWord, payload, TAKEN, lambda request: _told(runs.words(request.fields(), request.poem, request.line, request.word), {"result": _words}))


def _step(value: dict) -> dict:
    return {"type": "step", **value}


def _poems(value: dict) -> dict:
    return {"type": "poems", "poems": value["poems"], "seconds": value["seconds"]}


def _words(value: dict) -> dict:
    return {"type": "words", **value}


def _told(records: Iterator[Record], messages: dict[str, Callable[[dict], dict]]) -> Iterator[dict]:
    for record in records:
        if record.kind == "wait":
            yield message_of(record)
        elif record.kind in messages:
            yield messages[record.kind](record.value)
