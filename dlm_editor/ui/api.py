"""The functions of the HTTP and MCP interface: plain JSON in and out, the same fields as the command line's `--json`."""

from collections.abc import Callable, Iterator
from typing import Any

import gradio as gr

from .runs import Runs, explain

Spans = list[dict[str, Any]]


def _fields(**options) -> dict:
    return {name: value for name, value in options.items() if value is not None}


def make_api(runs: Runs, catalog: Callable[[], list[dict]]) -> tuple[Callable, Callable, Callable]:
    """`fill`, `fill_stream` and `models` over `runs`; an error reaches the caller as a Gradio error with its message."""

    def fill_stream(
        text: str,
        spans: Spans | None = None,
        alternatives: int = 1,
        steps: int | str = "auto",
        temperature: float = 0.0,
        top_p: float = 1.0,
        seed: int = 0,
        sampler: str = "entropy-bound",
        block_length: int | None = None,
        window: int | None = None,
        model: str | None = None,
    ) -> Iterator[dict]:
        """Fill marked spans of a text, with a record after every refinement step; the last record is the result of `fill`.

        Args:
            text: The document. Without spans, marks stand in the text: [[old words]], [[]] to insert, [[old|8]] for 8 tokens, [[old|3w]] for 3 words.
            spans: What to rewrite: a list of {"start", "end", "length"}, half-open, in Unicode code points; length is auto, 8 (tokens) or 3w (words).
            alternatives: How many different fills to make, best first.
            steps: auto, or the number of refinement steps.
            temperature: 0 takes the most probable words, 1 samples as the model was trained.
            top_p: Samples only from the likeliest words that make up this share.
            seed: The same seed gives the same fill.
            sampler: entropy-bound, confidence, entropy, margin, ancestral, analytic, first-hitting or remasking.
            block_length: Fill from left to right in blocks of so many tokens; leave out to fill anywhere.
            window: Tokens that the model sees at a time; leave out for the default.
            model: A model id; leave out for the default.
        """
        fields = _fields(text=text, spans=spans or None, alternatives=alternatives, steps=steps, temperature=temperature, top_p=top_p, seed=seed, sampler=sampler,
                         block_length=block_length, window=window, model=model)
        try:
            for record in runs.fill(fields):
                if record.kind == "step":
                    yield record.value
                elif record.kind == "result":
                    yield record.value["record"]
        except Exception as error:  # the last line of defence: whatever breaks inside a model is told to the caller
            raise gr.Error(explain(error), print_exception=False) from error

    def fill(
        text: str,
        spans: Spans | None = None,
        alternatives: int = 1,
        steps: int | str = "auto",
        temperature: float = 0.0,
        top_p: float = 1.0,
        seed: int = 0,
        sampler: str = "entropy-bound",
        block_length: int | None = None,
        window: int | None = None,
        model: str | None = None,
    ) -> dict:
        result = {}
        for result in fill_stream(text, spans, alternatives, steps, temperature, top_p, seed, sampler, block_length, window, model):
            pass
        return result

    fill.__doc__ = fill_stream.__doc__.replace(
        "with a record after every refinement step; the last record is the result of `fill`.", "and change nothing else. Gives the suggestions, best first.")

    def models() -> list[dict]:
        """The models that can fill."""
        return catalog()

    return fill, fill_stream, models
