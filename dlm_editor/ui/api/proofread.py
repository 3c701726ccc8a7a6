"""`proofread` and `proofread_stream`."""

from collections.abc import Callable, Iterator

from ..runs import Runs
from .told import Spans, fields_of, last_of, steps_and_record


def make_proofread(runs: Runs) -> tuple[Callable, ...]:
    def proofread_stream(
        text: str,
        spans: Spans | None = None,
        threshold: float | None = None,
        dictionary: list[str] | None = None,
        ignore: list[list[str]] | None = None,
        seed: int = 0,
        model: str | None = None,
    ) -> Iterator[dict]:
        """Correct the mistakes of a text, with a record {"start", "end", "edits", "total"} for every part that has been read; the last record is the result of `proofread`.

        Args:
            text: The document. Brackets in it are text.
            spans: Correct only what stands there: a list of {"start", "end"}, half-open, in Unicode code points; leave out for the whole text.
            threshold: How certain a correction must be, 0 to 1; higher means fewer. Leave out for a balance.
            dictionary: Words that are right, in any case.
            ignore: Corrections that are not wanted, each a pair [before, after].
            seed: Has no effect: nothing is drawn at random.
            model: A model id; leave out for the default.
        """
        yield from steps_and_record(runs.proofread(fields_of(text=text, spans=spans, threshold=threshold, dictionary=dictionary, ignore=ignore, seed=seed, model=model)))

    proofread = last_of(proofread_stream, "proofread", proofread_stream.__doc__.replace(
        'with a record {"start", "end", "edits", "total"} for every part that has been read; the last record is the result of `proofread`.',
        'and change nothing else. Gives {"text", "corrected", "edits", "seconds"}; applying the edits to the text gives `corrected`.'))
    return proofread, proofread_stream
