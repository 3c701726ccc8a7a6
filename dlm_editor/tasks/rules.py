"""Constraints as plain fields: named as options, for all spans of a fill or for one of them."""

import re
from collections.abc import Mapping
from typing import Any

from ..constraints import (
    Ban,
    BanLetters,
    CharacterCount,
    Constraint,
    EndsSentence,
    Include,
    Initials,
    LineInitials,
    NoRepeats,
    OnlyWords,
    Regex,
    TokenCount,
    WordCount,
)
from ..errors import InputError, OptionError

RULES = ("regex", "include", "ban", "ban_letters", "only_words", "initials", "line_initials", "words", "characters", "tokens", "ends_sentence", "no_repeats")
_COUNTS = {"words": WordCount, "characters": CharacterCount, "tokens": TokenCount}
_TRUTHS = {"ends_sentence": EndsSentence, "no_repeats": NoRepeats}
_TEXTS = {"regex": Regex, "ban_letters": BanLetters, "initials": Initials, "line_initials": LineInitials}


def read_rules(given: Mapping[str, Any], place: str = "") -> tuple[Constraint, ...]:
    """The constraints among the fields; `null` means left out. Raises InputError that names the field, after `place`."""
    found: list[Constraint] = []
    for name in RULES:
        if given.get(name) is not None:
            try:
                found += _read(name, given[name])
            except InputError as error:
                raise type(error)(f"{place}{name}: {error}") from None
    return tuple(found)


def _read(name: str, value: Any) -> list[Constraint]:
    if name in _COUNTS:
        return [_COUNTS[name](*_range(value))]
    if name in _TEXTS:
        return [_TEXTS[name](_text(value))]
    if name in _TRUTHS:
        if not isinstance(value, bool):
            raise OptionError(f"{name} is true or false; got {str(value)[:60]!r}. Leave it out for false.")
        return [_TRUTHS[name]()] if value else []
    words = [value] if isinstance(value, str) else value
    if not isinstance(words, list | tuple) or not all(isinstance(word, str) for word in words):
        raise OptionError(f"{name} is a word or a list of words; got {str(value)[:60]!r}. Write one, like [\"river\"].")
    if name == "include":
        return [_include(word) for word in words]
    return [(Ban if name == "ban" else OnlyWords)(tuple(words))] if words else []


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise OptionError(f"It is a string; got {str(value)[:60]!r}. Pass it as one.")
    return value


def _include(word: str) -> Include:
    """`river`, or `river@2` for the second word of the fill."""
    placed = re.fullmatch(r"(.*\S)@([0-9]{1,4})", word.strip(), re.DOTALL)
    return Include(placed[1], int(placed[2])) if placed else Include(word)


def _range(value: Any) -> tuple[int, int | None]:
    """`3`, `3-5`, `3-` and `-5`."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    found = re.fullmatch(r"\s*(?:([0-9]{1,6})|([0-9]{1,6})?\s*[-–]\s*([0-9]{1,6})?)\s*", text) if isinstance(text, str) else None
    if not found or not any(found.groups()):
        raise OptionError(f"A count is 3, 3-5, 3- or -5; got {str(value)[:60]!r}. Write one of these.")
    if found[1]:
        return int(found[1]), int(found[1])
    return int(found[2] or 0), int(found[3]) if found[3] else None
