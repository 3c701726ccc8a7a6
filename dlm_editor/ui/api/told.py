"""What the functions of the API share: how fields are left out, how an error reaches the caller, and how a stream is drained."""

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import gradio as gr

from ..runs import Record, explain

Spans = list[dict[str, Any]]


def fields_of(**options) -> dict:
    """Those that were given."""
    return {name: value for name, value in options.items() if value is not None}


def steps_and_record(records: Iterator[Record]) -> Iterator[dict]:
    """The step records and, last, the record of the result. Whatever breaks inside a model is told to the caller."""
    try:
        for record in records:
            if record.kind != "wait":
                yield record.value if record.kind == "step" else record.value["record"]
    except Exception as error:  # the last line of defence
        raise gr.Error(explain(error), print_exception=False) from error


def results(records: Iterator[Record]) -> Iterator[Any]:
    """The values of all results, with errors told as above."""
    try:
        yield from (record.value for record in records if record.kind == "result")
    except Exception as error:  # the last line of defence
        raise gr.Error(explain(error), print_exception=False) from error


def last_of(stream: Callable[..., Iterator[dict]], name: str, told: str) -> Callable[..., dict]:
    """A function that takes what `stream` takes, and gives its last record."""

    def last(*values, **named) -> dict:
        *_, found = stream(*values, **named)
        return found

    last.__name__, last.__doc__ = name, told
    last.__signature__ = inspect.signature(stream).replace(return_annotation=dict)
    last.__annotations__ = {**stream.__annotations__, "return": dict}
    return last
