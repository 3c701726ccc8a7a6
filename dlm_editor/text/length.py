"""How long a fill shall be: `auto`, a number of tokens (`8`) or of words (`3w`)."""

import re
from dataclasses import dataclass

from ..errors import OptionError

MAX_TOKENS = 512
MAX_WORDS = 256


def is_whole(value: object) -> bool:
    """True for an integer that is no truth value."""
    return isinstance(value, int) and not isinstance(value, bool)


@dataclass(frozen=True)
class Auto:
    """The model finds the length."""

    def __str__(self):
        return "auto"


@dataclass(frozen=True)
class Tokens:
    """Exactly `count` tokens of the model, those that re-spell kept halves of cut words included."""

    count: int

    def __post_init__(self):
        if not is_whole(self.count) or not 1 <= self.count <= MAX_TOKENS:
            raise OptionError(f"A length in tokens is 1 to {MAX_TOKENS}; got {self.count}. Split a longer text into several spans.")

    def __str__(self):
        return str(self.count)


@dataclass(frozen=True)
class Words:
    """Exactly `count` words: runs of letters, digits and marks, joined by apostrophes or hyphens."""

    count: int

    def __post_init__(self):
        if not is_whole(self.count) or not 1 <= self.count <= MAX_WORDS:
            raise OptionError(f"A length in words is 1 to {MAX_WORDS}; got {self.count}. Split a longer text into several spans.")

    def __str__(self):
        return f"{self.count}w"


Length = Auto | Tokens | Words
AUTO = Auto()


def parse_length(value: str | int | None) -> Length:
    """`auto`, `8` or `3w` as a Length; None and the empty string mean auto."""
    text = "auto" if value is None else str(value).strip().lower()
    if text in ("", "auto"):
        return AUTO
    match = re.fullmatch(r"(-?[0-9]{1,9})(w?)", text)
    if not match:
        raise OptionError(f"A length is auto, a number of tokens like 8, or of words like 3w; got {value!r}. Write one of these.")
    return (Words if match[2] else Tokens)(int(match[1]))
