"""A poem as plain JSON, in and out: one reading and one writing for the command line, batch files, HTTP and the page.

A field is named as its option; `null` means: left out. A draft is its text with marks; lists may also be written with commas.
"""

import math
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from ..errors import OptionError
from ..text import parse_marked
from .poem_events import PoemSuggestion
from .poem_options import PoemOptions

WHOLE = ("lines", "alternatives", "steps", "refine", "candidates", "seed")
TEXT = ("form", "rhyme", "meter", "acrostic", "ban_letters", "regex", "topic", "title")
WORDS = ("include", "ban", "rhymes_with")
FIELDS = (*WHOLE, *TEXT, *WORDS, "syllables", "near", "temperature", "draft", "model")
DEFAULT_MODEL = "bundled"


def parse_poem(fields: Mapping[str, Any]) -> tuple[PoemOptions, str]:
    """The options and the model's id. Raises InputError that names the field."""
    given = {name: value for name, value in fields.items() if value is not None and value != "auto"}
    for name in given:
        if name not in FIELDS:
            near = get_close_matches(name, FIELDS, 1)
            raise OptionError(f"A field is one of {', '.join(FIELDS)}; got {name!r}. {f'Did you mean {near[0]}?' if near else 'Leave it out.'}")
    read: dict[str, Any] = {name: _whole(name, given[name]) for name in WHOLE if name in given}
    read |= {name: _text(name, given[name]) for name in (*TEXT, "draft") if name in given}
    read |= {name: _words(name, given[name]) for name in WORDS if name in given}
    if "syllables" in given:
        read["syllables"] = tuple(_whole("syllables", size) for size in _list(given["syllables"]))
    if "near" in given:
        if not isinstance(given["near"], bool):
            raise OptionError(f"near is true or false; got {given['near']!r}. Leave it out for perfect rhymes.")
        read["near"] = given["near"]
    if "temperature" in given:
        read["temperature"] = _number(given["temperature"])
    if "draft" in read:
        read["draft"] = parse_marked(read["draft"])
    if read.get("form") == "":
        del read["form"]
    return PoemOptions(**read), _text("model", given.get("model", DEFAULT_MODEL))


def poem_record(poems: Sequence[PoemSuggestion], options: PoemOptions, model: str) -> dict:
    """What `poem --json` prints: the best poem, and all of them, itself among them, as `candidates`."""
    best = poems[0]
    return {**_one(best), "seconds": round(best.seconds, 4), "model": model, "seed": options.seed,
            "unknown_words": sorted({word for badge in best.badges for word in badge.guessed}), "candidates": [_one(poem) for poem in poems]}


def _one(poem: PoemSuggestion) -> dict:
    return {"text": poem.text, "lines": list(poem.lines), "violations": list(poem.violations), "badges": [badge.record() for badge in poem.badges],
            "score": poem.score, "mean_logprob": poem.mean_logprob, "steps": poem.steps}


def _list(value: Any) -> list:
    if isinstance(value, str):
        return [part for part in value.replace(",", " ").split() if part]
    return list(value) if isinstance(value, list | tuple) else [value]


def _words(name: str, value: Any) -> tuple[str, ...]:
    found = tuple(word for entry in (value if isinstance(value, list | tuple) else [value]) for word in (_list(entry) if isinstance(entry, str) else [entry]))
    for word in found:
        _text(name, word)
    return found


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise OptionError(f"{name} is text; got {str(value)[:60]!r}. Write it in quotes.")
    return value


def _whole(name: str, value: Any) -> int:
    try:
        number = None if isinstance(value, bool) else int(value)
    except (TypeError, ValueError, OverflowError):
        number = None
    if number is None or isinstance(value, float) and number != value:
        raise OptionError(f"{name} is a whole number; got {str(value)[:60]!r}. Write one, like 4.")
    return number


def _number(value: Any) -> float:
    try:
        number = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        raise OptionError(f"temperature is a number; got {str(value)[:60]!r}. Write one, like 0.7.")
    return number
