"""What every kind of hosted model looks like to the infiller."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from ...errors import RemoteError
from .streams import text_of
from .wire import Endpoint


@dataclass(frozen=True)
class Hole:
    """One marked span as it is sent: the text near it, and what is asked for."""

    before: str
    old: str                # the marked text
    after: str
    most_tokens: int
    temperature: float = 0.0
    top_p: float = 1.0
    seed: int = 0
    instruction: str | None = None
    words: int | None = None  # how many are asked for


@dataclass(frozen=True)
class Reading:
    """What an answer says so far. `is_cut`: the model stopped at the number of tokens that was allowed."""

    text: str
    is_cut: bool = False


class Backend(Protocol):
    """One protocol of hosted models. Holds no key: `endpoint.key_name` says which environment variable does."""

    model: str                       # as the server calls it
    endpoint: Endpoint
    needs_key: bool
    family: str                      # as in the catalog
    temperatures: tuple[float, float]  # the range it takes; 0 is always taken
    zero_is_greedy: bool             # a temperature of 0 gives the same text each time; else it leaves the choice to the server
    sends_marked: bool               # the marked words go with the text around them
    options: frozenset[str]          # what it takes of `top_p`, `seed` and `instruction`

    def body(self, hole: Hole) -> dict[str, Any]:
        """The JSON to send."""

    def read(self, lines: Iterable[bytes], hole: Hole) -> Iterator[Reading]:
        """The text of the span as it grows or changes, from the lines of an answer; the last one stands. Raises RemoteError."""


def first_choice(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """The first of `choices`; empty where there is none, as in a last event that tells what was used."""
    choices = record.get("choices")
    return choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], dict) else {}


def with_choices(records: Iterable[Mapping[str, Any]], host: str) -> Iterator[Mapping[str, Any]]:
    """The records as they come. Raises RemoteError where there were some, none of them with `choices`: another kind of answer."""
    count = answers = 0
    for record in records:
        count, answers = count + 1, answers + bool(first_choice(record))
        yield record
    if count and not answers:
        raise RemoteError(f"An answer holds choices; what {host} sent holds none. Check that the address is that of the right kind of server.")


def read_completions(records: Iterable[Mapping[str, Any]], host: str) -> Iterator[Reading]:
    """The growing text of a stream of /v1/completions, whose parts are appended."""
    reading = Reading("")
    for record in with_choices(records, host):
        choice = first_choice(record)
        reading = Reading(reading.text + text_of(choice.get("text"), host), reading.is_cut or choice.get("finish_reason") == "length")
        yield reading
