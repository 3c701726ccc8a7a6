"""The functions of the HTTP and MCP interface: plain JSON in and out, the same fields as the command line's `--json`."""

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import gradio as gr

from .runs import Runs, explain

Spans = list[dict[str, Any]]


def _fields(**options) -> dict:
    return {name: value for name, value in options.items() if value is not None}


def make_api(runs: Runs, catalog: Callable[[], list[dict]]) -> tuple[Callable, ...]:
    """`fill`, `fill_stream`, `poem` and `models` over `runs`; an error reaches the caller as a Gradio error with its message."""

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
        """
        constraints = _fields(regex=regex, include=include or None, ban=ban or None, ban_letters=ban_letters, only_words=only_words or None, initials=initials,
                              line_initials=line_initials, words=words, characters=characters, tokens=tokens, ends_sentence=ends_sentence or None,
                              no_repeats=no_repeats or None)
        fields = _fields(text=text, spans=spans or None, alternatives=alternatives, steps=steps, temperature=temperature, top_p=top_p, seed=seed, sampler=sampler,
                         block_length=block_length, window=window, instruction=instruction or None, agree=agree or None, model=model)
        yield from _told(record.value if record.kind == "step" else record.value["record"] for record in runs.fill(fields | constraints) if record.kind != "wait")

    fill = _last_of(fill_stream, "fill", fill_stream.__doc__.replace(
        "with a record after every refinement step; the last record is the result of `fill`.", "and change nothing else. Gives the suggestions, best first."))

    def poem(
        form: str | None = None,
        lines: int | None = None,
        syllables: str | None = None,
        rhyme: str | None = None,
        meter: str | None = None,
        acrostic: str | None = None,
        rhymes_with: list[str] | None = None,
        include: list[str] | None = None,
        ban: list[str] | None = None,
        ban_letters: str | None = None,
        regex: str | None = None,
        near: bool = False,
        topic: str | None = None,
        title: str | None = None,
        draft: str | None = None,
        alternatives: int = 1,
        steps: int | str = "auto",
        refine: int | str = "auto",
        temperature: float | None = None,
        seed: int = 0,
        model: str | None = None,
    ) -> dict:
        """Write a poem to a form, every constraint met. Gives the best poem, its text, lines and badges, and all of them as candidates.

        Args:
            form: haiku, tanka, cinquain, couplet, quatrain, limerick, sonnet, villanelle, acrostic or lipogram; leave out for free settings. Settings replace the form's.
            lines: How many lines.
            syllables: Of each line, like 5,7,5, or one number for all.
            rhyme: A letter for each line, like ABAB; - for a line without rhyme; a digit after it for a refrain; a space parts stanzas.
            meter: iambic, trochaic, dactylic, anapestic, free, or a pattern of x and / like x/x/.
            acrostic: The word that the first letters of the lines spell.
            rhymes_with: A word for the rhyme of each group of lines, in their order.
            include: Words that the poem holds.
            ban: Words that it does not hold.
            ban_letters: Letters that it does not hold.
            regex: What every line must match, in small letters and without the mark at its end.
            near: Whether near rhymes will do.
            topic: What it is about.
            title: What stands above it.
            draft: Own lines, with [[]] where something is to be written; blank lines part stanzas.
            alternatives: How many poems to choose from, best first.
            steps: auto, or the number of steps in which the words are written.
            refine: auto, or the rounds in which doubtful words are found anew.
            temperature: How much alternatives differ.
            seed: The same seed gives the same poem.
            model: A model id; leave out for the default.
        """
        fields = _fields(form=form, lines=lines, syllables=syllables, rhyme=rhyme, meter=meter, acrostic=acrostic, rhymes_with=rhymes_with or None, include=include or None,
                         ban=ban or None, ban_letters=ban_letters, regex=regex, near=near or None, topic=topic, title=title, draft=draft, alternatives=alternatives,
                         steps=steps, refine=refine, temperature=temperature, seed=seed, model=model)
        (found,) = _told(record.value["record"] for record in runs.poem(fields) if record.kind == "result")
        return found

    def models() -> list[dict]:
        """The models that can fill."""
        return catalog()

    return fill, fill_stream, poem, models


def _told(records: Iterator[dict]) -> Iterator[dict]:
    """The records; whatever breaks inside a model is told to the caller."""
    try:
        yield from records
    except Exception as error:  # the last line of defence
        raise gr.Error(explain(error), print_exception=False) from error


def _last_of(stream: Callable[..., Iterator[dict]], name: str, told: str) -> Callable[..., dict]:
    """A function that takes what `stream` takes, and gives its last record."""

    def last(*values, **named) -> dict:
        *_, found = stream(*values, **named)
        return found

    last.__name__, last.__doc__ = name, told
    last.__signature__ = inspect.signature(stream).replace(return_annotation=dict)
    last.__annotations__ = {**stream.__annotations__, "return": dict}
    return last
