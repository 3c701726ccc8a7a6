"""`fill` and `fill_stream`."""

from collections.abc import Callable, Iterator

from ..runs import Runs
from .told import Spans, fields_of, last_of, steps_and_record


def make_fill(runs: Runs) -> tuple[Callable, ...]:
    def fill_stream(
        text: str,
        spans: Spans | None = None,
        alternatives: int = 1,
        steps: int | str = "auto",
        temperature: float = 0.0,
        top_p: float = 1.0,
        seed: int = 0,
        sampler: str = "auto",
        block_length: int | None = None,
        window: int | None = None,
        regex: str | None = None,
        include: list[str] | None = None,
        ban: list[str] | None = None,
        ban_letters: str | None = None,
        only_words: list[str] | None = None,
        initials: str | None = None,
        line_initials: str | None = None,
        words: str | None = None,
        characters: str | None = None,
        tokens: str | None = None,
        ends_sentence: bool = False,
        no_repeats: bool = False,
        instruction: str | None = None,
        agree: bool = False,
        model: str | None = None,
        bound: float | None = None,
        guidance: float | None = None,
        style: str | None = None,
    ) -> Iterator[dict]:
        """Fill marked spans of a text, with a record after every refinement step; the last record is the result of `fill`.

        Args:
            text: The document. Without spans, marks stand in the text: [[old words]], [[]] to insert, [[old|8]] for 8 tokens, [[old|3w]] for 3 words.
            spans: What to rewrite: a list of {"start", "end", "length"}, half-open, in Unicode code points; length is auto, 8 (tokens) or 3w (words).
                The constraints below, from regex to no_repeats, may stand in an entry too: they hold for that span, others for all spans.
            alternatives: How many different fills to make, best first.
            steps: auto, or the number of refinement steps.
            temperature: 0 takes the most probable words, 1 samples as the model was trained.
            top_p: Samples only from the likeliest words that make up this share.
            seed: The same seed gives the same fill.
            sampler: auto (the one that the model was made with), entropy-bound, confidence, entropy, margin, ancestral, analytic, first-hitting, threshold or remasking.
            block_length: Fill from left to right in blocks of so many tokens; leave out to fill anywhere.
            window: Tokens that the model sees at a time; leave out for the default.
            regex: A regular expression that the whole fill matches.
            include: Words that stand in the fill; river@2 for the second word.
            ban: Words that do not.
            ban_letters: Letters that do not, like e.
            only_words: The words that may stand, and no others.
            initials: The first letters of the words, like abc.
            line_initials: The first letters of the lines: an acrostic.
            words: How many words: 3, 3-5, 3- or -5.
            characters: How many characters, in the same way.
            tokens: How many tokens, in the same way.
            ends_sentence: Whether the fill ends a sentence.
            no_repeats: Whether no line and no pair of neighbouring words stands twice in the fill, and no word directly after itself.
            instruction: What to write, for models that follow instructions.
            agree: Whether text may be sent to a hosted model; without it, that is refused.
            model: A model id; leave out for the default.
            bound: Of the sampler entropy-bound: higher is faster and less careful.
            guidance: Classifier-free guidance of models that take it, 0 to 10.
            style: A text to write like, which the model sees before the document.
        """
        constraints = fields_of(regex=regex, include=include or None, ban=ban or None, ban_letters=ban_letters, only_words=only_words or None, initials=initials,
                                line_initials=line_initials, words=words, characters=characters, tokens=tokens, ends_sentence=ends_sentence or None,
                                no_repeats=no_repeats or None)
        fields = fields_of(text=text, spans=spans or None, alternatives=alternatives, steps=steps, temperature=temperature, top_p=top_p, seed=seed, sampler=sampler,
                           bound=bound, block_length=block_length, window=window, instruction=instruction or None, guidance=guidance, style=style or None, agree=agree or None, model=model)
        yield from steps_and_record(runs.fill(fields | constraints))

    fill = last_of(fill_stream, "fill", fill_stream.__doc__.replace(
        "with a record after every refinement step; the last record is the result of `fill`.", "and change nothing else. Gives the suggestions, best first."))
    return fill, fill_stream
