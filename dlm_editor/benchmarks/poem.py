"""Poems: twenty to be read, how fast they are, whether they are what was asked for, and what the plain way gives instead."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from ..errors import InputError
from ..tasks import Editor, FillOptions, PoemSuggestion, Suggestion
from ..tasks.poem_requests import parse_poem
from ..text import Document, Mark, Span, Words
from .poem_checker import faults, words_of
from .poem_second_source import agreement, is_installed
from .poem_specs import judged_fields, random_spec
from .scoring import pseudo_log_likelihood

PROMPTS = (
    ("haiku", "Autumn Rain"), ("haiku", "The Sea at Night"), ("haiku", "First Snow"), ("haiku", "A Train Window"), ("haiku", "Morning"), ("haiku", "The Old Garden"),
    ("tanka", "Summer Evening"), ("tanka", "Leaving Home"), ("cinquain", "The Moon"), ("cinquain", "A Letter"), ("couplet", "Time"), ("couplet", "The River"),
    ("couplet", "Friendship"), ("quatrain", "Winter Night"), ("quatrain-aabb", "The Wind"), ("quatrain-abba", "My Mother"), ("limerick", "The Sailor"),
    ("acrostic", "The Rose"), ("lipogram", "The Moon"), ("sonnet", "Love and Time"),
)
EXTRA = {"acrostic": {"acrostic": "rose"}, "lipogram": {"ban_letters": "z"}}
QUICK = {"steps": 4, "refine": 0, "candidates": 1}
TIMED = ("haiku", "sonnet")
SPECS = 500
TRIES = 100            # of the plain way
SYLLABLES_A_WORD = 1.3
PLAIN_STEPS = 8
PLAIN = ({"syllables": "5,7,5"}, {"syllables": "8,8", "rhyme": "AA"}, {"syllables": "6,6,6,6", "rhyme": "ABAB"}, {"syllables": "5,5,5", "acrostic": "sea"},
         {"syllables": "7,7", "include": ["moon"]}, {"syllables": "6,6,6", "ban_letters": "e"})


def write(editor: Editor, fields: dict) -> PoemSuggestion:
    """The best poem. Raises InputError."""
    return next(event for event in editor.poem(parse_poem(fields)[0]) if isinstance(event, PoemSuggestion))


def reading_rows(editor: Editor, seed: int = 0, limit: int | None = None) -> Iterator[dict]:
    """Poems in full, a slash between lines."""
    for number, (form, topic) in enumerate(PROMPTS[:limit]):
        try:
            poem = write(editor, {"form": form, "topic": topic, "seed": seed + number, **EXTRA.get(form, {})})
        except InputError as error:  # a window that is too small
            yield {"form": form, "topic": topic, "poem": str(error)}
            continue
        yield {"form": form, "topic": topic, "poem": " / ".join(poem.lines), "log p": poem.score, "seconds": poem.seconds}


@dataclass
class _Timed:
    """A denoiser that counts the time it takes."""

    inner: object
    seconds: float = field(default=0.0)

    def __getattr__(self, name):
        return getattr(self.inner, name)

    def predict(self, *arguments):
        began = time.perf_counter()
        try:
            return self.inner.predict(*arguments)
        finally:
            self.seconds += time.perf_counter() - began


def speed_rows(editor: Editor, seed: int = 0) -> Iterator[dict]:
    """A warm haiku and a warm sonnet; `constraints %`: of the time, all that is not the model."""
    write(editor, {"form": "couplet", **QUICK})  # tables of the vocabulary are made once
    for form in TIMED:
        timed = _Timed(editor.denoiser)
        began, busy = time.perf_counter(), time.process_time()
        try:
            poem = write(Editor(timed), {"form": form, "topic": "Autumn Rain", "seed": seed})
        except InputError as error:  # a window that is too small
            yield {"form": form, "refused": str(error)}
            continue
        total = time.perf_counter() - began
        yield {"form": form, "seconds": total, "CPU seconds": time.process_time() - busy, "steps": poem.steps, "constraints %": 100 * (1 - timed.seconds / total)}


def spec_rows(editor: Editor, count: int = SPECS, seed: int = 0) -> Iterator[dict]:
    """Random specifications: met and refused by the judge's count; then the agreement of a second source, where there is one."""
    met, broken, refused, seconds, poems = 0, 0, 0, [], []
    for number in range(seed, seed + count):
        spec, began = random_spec(number), time.perf_counter()
        try:
            poem = write(editor, {**spec, **QUICK})
        except InputError:
            refused += 1
        else:
            found = faults(list(poem.lines), judged_fields(spec))
            met, broken = met + (not found), broken + bool(found)
            poems.append(_heard(poem, judged_fields(spec)))
        seconds.append(time.perf_counter() - began)
    yield {"judge": "the dictionary", "specifications": count, "met": met, "refused with a reason": refused, "broken": broken,
           "seconds": sum(seconds) / max(1, len(seconds)), "slowest": max(seconds, default=0.0)}
    if is_installed():
        yield {"judge": "espeak-ng", **agreement(poems)}


def _heard(poem: PoemSuggestion, fields: dict):
    """Lines, their syllables, and the ends of each rhyme, for the second source."""
    sizes = [int(size) for size in str(fields.get("syllables", "")).split(",") if size]
    sizes = sizes * len(poem.lines) if len(sizes) == 1 else sizes or [None] * len(poem.lines)
    scheme = re.findall(r"[A-Za-z-][0-9]?", fields.get("rhyme", ""))
    groups: dict[str, list[str]] = {}
    for mark, line in dict(zip(scheme, poem.lines)).items() if any(len(mark) > 1 for mark in scheme) else zip(scheme, poem.lines):
        if mark[0] != "-" and not fields.get("near"):
            groups.setdefault(mark[0], []).append(words_of(line)[-1])
    return list(poem.lines), sizes, list(groups.values())


def plain_rows(editor: Editor, seed: int = 0, tries: int = TRIES) -> Iterator[dict]:
    """The same poems by filling without constraints and trying again, up to so many times: how often that succeeds, and what it costs."""
    for way, attempt in (("constraints", _constrained), ("plain fill, tried again", _tried)):
        done, logprobs, seconds, used = 0, [], [], []
        for number, spec in enumerate(PLAIN):
            began = time.perf_counter()
            lines, count = attempt(editor, spec, seed + number, tries)
            seconds.append(time.perf_counter() - began)
            used.append(count)
            if lines is not None:
                done += 1
                total, tokens = pseudo_log_likelihood(editor.denoiser, "", "\n".join(lines))
                logprobs.append(total / tokens)
        yield {"way": way, "poems": len(PLAIN), "success %": 100 * done / len(PLAIN), "tries": sum(used) / len(used),
               "log p a token": sum(logprobs) / len(logprobs) if logprobs else None, "seconds": sum(seconds) / len(seconds)}


def _constrained(editor, spec, seed, tries):
    lines = list(write(editor, {**spec, "seed": seed}).lines)
    return (None if faults(lines, spec) else lines), 1


def _tried(editor, spec, seed, tries):
    """Lines of as many words as their syllables make likely, at temperature 1."""
    sizes = [max(1, round(int(size) / SYLLABLES_A_WORD)) for size in spec["syllables"].split(",")]
    text = "\n".join("." for _ in sizes)
    document = Document(text, tuple(Mark(Span(2 * at, 2 * at + 1), Words(size)) for at, size in enumerate(sizes)))
    for number in range(tries):
        options = FillOptions(temperature=1.0, top_p=0.9, seed=seed * tries + number, steps=PLAIN_STEPS)
        found = next(event for event in editor.fill(document, options) if isinstance(event, Suggestion))
        lines = found.text.split("\n")
        if all(words_of(line) for line in lines) and not faults(lines, spec):
            return lines, number + 1
    return None, tries
