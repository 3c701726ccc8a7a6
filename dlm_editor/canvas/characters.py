"""Kinds of characters, for borders and for counting words. One definition for text and for bytes."""

import unicodedata

SPACE, WORD, OPENER, CLOSER, STOP, OTHER = range(6)

_OPENERS = set("([{‘“«¿¡<$#@*_`~£€¥")
_CLOSERS = set(")]}%’”»>°")
_STOPS = set(".,;:!?…")
JOINERS = frozenset("'’-‐‑")  # join two runs of word characters into one word


def kind(char: str) -> int:
    """SPACE, WORD (letters, digits, combining marks), OPENER, CLOSER, STOP (the marks of a sentence) or OTHER of one code point."""
    if char.isspace():
        return SPACE
    if char in _OPENERS:
        return OPENER
    if char in _CLOSERS:
        return CLOSER
    if char in _STOPS:
        return STOP
    return WORD if unicodedata.category(char)[0] in "LNM" else OTHER


def is_word(char: str) -> bool:
    return char != "" and kind(char) == WORD


def is_space(char: str) -> bool:
    return char != "" and char.isspace()


def well_formed(text: str) -> str:
    """The text as a tokenizer can take it: lone surrogates become U+FFFD, one for one, so positions stay."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace") if any("\ud800" <= c <= "\udfff" for c in text) else text
