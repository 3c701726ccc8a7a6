"""Values as plain JSON holds them, each read or refused by the name of its field. Numbers may also stand as strings, the way an option takes them."""

import math
import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from ..errors import DocumentError, InputError, OptionError
from ..text import Span

_SPAN = re.compile(r"\s*(-?[0-9]{1,18})\s*:\s*(-?[0-9]{1,18})\s*(?::(.*))?", re.DOTALL)


def given_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Those that are not left out; `null` means left out."""
    return {name: value for name, value in fields.items() if value is not None}


def check_known(verb: str, name: str, known: Iterable[str]) -> None:
    """Raises OptionError where `verb`, with its article, has no such field."""
    known = tuple(known)
    if name not in known:
        near = get_close_matches(str(name), known, n=1)
        raise OptionError(f"{verb} has the fields {', '.join(known)}; got {name!r}. {f'Did you mean {near[0]}?' if near else 'Leave it out.'}")


def read_document_text(given: Mapping) -> str:
    """The field `text`. Raises OptionError where there is none, DocumentError where UTF-8 cannot hold it."""
    text = read_text(given, "text", None)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise DocumentError(f"text must be Unicode that UTF-8 can hold; got half of a character, {text[error.start]!a}, at position {error.start}. "
                            "Save the document as UTF-8 and send it again.") from None
    return text


def read_span(entry: Any) -> tuple[Span, str | None] | None:
    """A span written START:END or START:END:REST, with what stands after the second colon; None for anything else. Raises SpanError."""
    found = _SPAN.fullmatch(entry) if isinstance(entry, str) else None
    return (Span(int(found[1]), int(found[2])), found[3]) if found else None


def in_place(number: int, error: InputError) -> InputError:
    """The error, told of the span that it is about."""
    return type(error)(f"spans[{number}]: {error}")


def read_list(name: str, value: Any, of: str, way_out: str) -> list | tuple:
    if not isinstance(value, list | tuple):
        raise OptionError(f"{name} is a list of {of}; got {shown(value)}. {way_out}")
    return value


def read_text(given: Mapping, name: str, default: str | None) -> str:
    """A string; needed where `default` is None."""
    value = given.get(name, default)
    if not isinstance(value, str):
        raise OptionError(f"{name} is a string{'' if default else ', and needed'}; got {shown(value)}. Pass it as one.")
    return value


def read_words(name: str, value: Any) -> tuple[str, ...]:
    """A word, or a list of words."""
    words = [value] if isinstance(value, str) else value
    if not isinstance(words, list | tuple) or not all(isinstance(word, str) for word in words):
        raise OptionError(f"{name} is a word or a list of words; got {shown(words)}. Write one, like [\"river\"].")
    return tuple(words)


def read_whole(name: str, value: Any, also: str = "") -> int:
    if isinstance(value, str) and re.fullmatch(r"\s*[+-]?[0-9]{1,18}\s*", value):
        return int(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise OptionError(f"{name} is {also}a whole number; got {shown(value)}. Write one, like 8.")
    return value


def read_truth(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise OptionError(f"{name} is true or false; got {shown(value)}. Leave it out for false.")
    return value


def read_number(name: str, value: Any) -> float:
    """A finite number."""
    try:
        number = math.nan if isinstance(value, bool) or not isinstance(value, int | float | str) else float(value)
    except (ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise OptionError(f"{name} is a number; got {shown(value)}. Write one, like 0.7.")
    return number


def shown(value: Any) -> str:
    """A value as a message shows it."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
