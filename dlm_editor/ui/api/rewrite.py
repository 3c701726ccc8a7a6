"""`rewrite` and `rewrite_stream`."""

from collections.abc import Callable, Iterator

from ..runs import Runs
from .told import Spans, fields_of, last_of, steps_and_record


def make_rewrite(runs: Runs) -> tuple[Callable, ...]:
    def rewrite_stream(
        text: str,
        spans: Spans | None = None,
        strength: float | None = None,
        keep: list[str] | None = None,
        instruction: str | None = None,
        alternatives: int = 1,
        steps: int | str = "auto",
        temperature: float = 0.0,
        top_p: float = 1.0,
        seed: int = 0,
        sampler: str = "auto",
        block_length: int | None = None,
        window: int | None = None,
        model: str | None = None,
        bound: float | None = None,
        guidance: float | None = None,
        style: str | None = None,
    ) -> Iterator[dict]:
        """Find the doubtful words of marked spans anew, with a record after every refinement step; the last record is the result of `rewrite`.

        Args:
            text: The document. Without spans, marks stand in the text: [[old words]].
            spans: What to rewrite: a list of {"start", "end"}, half-open, in Unicode code points.
            strength: The share of the words that are found anew, the most doubtful first: 0 changes nothing, 1 writes everything anew; leave out for 0.5.
            keep: Words that stay.
            instruction: How to write, for models that follow instructions.
            alternatives: How many different texts to make, best first.
            steps: auto, or the number of refinement steps.
            temperature: 0 takes the most probable words, 1 samples as the model was trained.
            top_p: Samples only from the likeliest words that make up this share.
            seed: The same seed gives the same text.
            sampler: auto (the one that the model was made with), entropy-bound, confidence, entropy, margin, ancestral, analytic, first-hitting, threshold or remasking.
            block_length: Write from left to right in blocks of so many tokens; leave out to write anywhere.
            window: Tokens that the model sees at a time; leave out for the default.
            model: A model id; leave out for the default.
            bound: Of the sampler entropy-bound: higher is faster and less careful.
            guidance: Classifier-free guidance of models that take it, 0 to 10.
            style: A text to write like, which the model sees before the document.
        """
        yield from steps_and_record(runs.rewrite(fields_of(
            text=text, spans=spans or None, strength=strength, keep=keep or None, instruction=instruction or None, alternatives=alternatives, steps=steps, temperature=temperature,
            top_p=top_p, seed=seed, sampler=sampler, bound=bound, guidance=guidance, style=style or None, block_length=block_length, window=window, model=model)))

    rewrite = last_of(rewrite_stream, "rewrite", rewrite_stream.__doc__.replace(
        "with a record after every refinement step; the last record is the result of `rewrite`.", "and change nothing else. Gives the suggestions, best first."))
    return rewrite, rewrite_stream
