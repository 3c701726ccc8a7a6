"""Plain readings of a text for the judges, which share no code with the automata."""

import unicodedata

_JOINERS = "'’-‐‑"


def words_of(text: str) -> list[str]:
    """Runs of letters, digits and marks, joined by single apostrophes and hyphens."""
    found, current = [], ""
    for place, char in enumerate(text):
        if _is_letter(char):
            current += char
        elif char in _JOINERS and current and _is_letter(text[place + 1:place + 2]):
            current += char
        elif current:
            found.append(current)
            current = ""
    return [*found, current] if current else found


def _is_letter(char: str) -> bool:
    return char != "" and unicodedata.category(char)[0] in "LNM"
