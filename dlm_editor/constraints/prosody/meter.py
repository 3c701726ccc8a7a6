"""Metres: where in a line the stress falls."""

from ...errors import OptionError

FEET = {"iambic": "x/", "trochaic": "/x", "dactylic": "/xx", "anapestic": "xx/"}


def meter_pattern(name: str, syllables: int) -> str | None:
    """The metre's places for a line of so many syllables: "/" strong, "x" weak; None for `free`. A pattern such as x/x/ stands for itself, repeated.

    Raises OptionError for an unknown metre.
    """
    foot = FEET.get(name.lower(), name)
    if name.lower() == "free":
        return None
    if not foot or set(foot) - {"x", "/"}:
        raise OptionError(f"A metre is one of {', '.join(FEET)}, free, or a pattern of x and / such as x/x/; got {name!r}. Write one of these.")
    return (foot * (syllables // len(foot) + 1))[:syllables]


def stress_fits(shape: str, at: int, pattern: str) -> bool:
    """True where a word of this stress may begin at syllable `at`: every primary stress of a longer word falls on a strong place.

    Words of one syllable ("-") fit anywhere, and unstressed syllables may stand on strong places, as verse has them.
    """
    return at + len(shape) <= len(pattern) and all(pattern[at + i] == "/" for i, mark in enumerate(shape) if mark == "/")
