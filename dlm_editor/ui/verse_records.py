"""Poems as the page takes them: every line with what is judged of it."""

from collections.abc import Iterable

from ..tasks import PoemStep, PoemSuggestion
from ..tasks.poem_events import Badge
from ..tasks.poem_words import WordChoice


def step_of(step: PoemStep, most: int) -> dict:
    """A step: the pieces and the badge of every line, of at most so many alternatives, those that are at work first."""
    rows = sorted(range(len(step.badges)), key=lambda row: not any(badge.is_open for badge in step.badges[row]) and not step.changed[row].any())[:most]
    return {"step": step.index, "of": step.total, "poems": [
        {"lines": [{"pieces": [[piece.text, piece.certainty, piece.state] for piece in pieces], "badge": badge.record()}
                   for pieces, badge in zip(step.drafts[row], step.badges[row])]} for row in rows]}


def poem_of(poem: PoemSuggestion, title: str) -> dict:
    """A finished poem."""
    return {"title": title, "lines": _lines(poem.text.removeprefix(title).split("\n"), poem.lines, poem.badges)}


def choices_of(choices: Iterable[WordChoice], lines: list[str], line: int, word: int, title: str) -> list[dict]:
    """Other words, each with the poem that it makes of `lines`."""
    return [{"text": choice.text, "line": line, "word": word, "poem": {"title": title, "lines": _lines(lines, choice.lines, choice.badges)}} for choice in choices]


def _lines(laid_out: list[str], lines: Iterable[str], badges: Iterable[Badge]) -> list[dict]:
    """`laid_out`: the lines with the blank ones that part stanzas. `opens_stanza`: one stands before the line."""
    opens, is_blank = [], False
    for text in laid_out:
        if text.strip():
            opens.append(is_blank and bool(opens))
        is_blank = not text.strip()
    return [{"text": text, "badge": badge.record(), "opens_stanza": is_first} for text, badge, is_first in zip(lines, badges, opens, strict=True)]
