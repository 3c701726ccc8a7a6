"""Tokenised text as people write it, and back: `do n't stop .` is proofread as `don't stop.` and scored as `do n't stop .`

The editor is given what its users write; the score needs the tokens of the references. Only spaces are taken out, and where one was is
remembered, so that what no edit touches comes back token for token; what an edit writes is split as the references are.
"""

import difflib
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from os.path import commonprefix

from ..text import Document, Edit, Span

CLOSING = re.compile(r"[.,;:?!)\]}%]+|'(?:s|re|ve|ll|d|m)|n't|\.\.\.|''", re.IGNORECASE)
OPENING = re.compile(r"[(\[{$£€]+|``")
QUOTES = ('"', "'")
_SPLIT = re.compile(r"(?<=\w)(?=n't\b)|(?<=\w)(?='(?:s|re|ve|ll|d|m)\b)|(?<=[^\s.,;:?!)])(?=[,;:?!)\"](?:\W|$))|(?<=[\s(][(\"])(?=\w)|(?<=^[(\"])(?=\w)"
                    r"|(?<=\w\w)(?=\.[\"')]*(?:\s|$))|(?<=[.,;:?!])(?=[\")])|(?<=\))(?=[.,;:?!])", re.IGNORECASE)
_ABBREVIATION = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|St|etc|vs|i\.e|e\.g|a\.m|p\.m)$", re.IGNORECASE)


@dataclass(frozen=True)
class Joined:
    """`text` without the spaces that stood before the characters at `cuts`, in order; what is written into it is split unless it was never joined."""

    text: str
    cuts: tuple[int, ...] = ()
    splits: bool = True

    def split(self, edits: Sequence[Edit]) -> str:
        """The tokens after `edits` of `text`, apart by single spaces."""
        ordered = sorted(edits, key=lambda edit: edit.span)
        text = Document(self.text).apply(*ordered).text
        cuts, written, shift, done = set(), [], 0, 0
        for edit in ordered:
            start, end = edit.span.start, edit.span.end
            cuts |= {cut + shift for cut in self.cuts[bisect_left(self.cuts, done):] if cut < start or cut == start < end}
            written.append(_whole_words(text, start + shift, start + shift + len(edit.after)))
            shift, done = shift + len(edit.after) - len(edit.before), end
        cuts |= {cut + shift for cut in self.cuts[bisect_left(self.cuts, done):]}
        cuts |= {cut for cut in split_places(text) if self.splits and any(first <= cut <= last for first, last in written)}
        places = [0, *sorted(cuts), len(text)]
        return " ".join(" ".join(text[a:b] for a, b in zip(places, places[1:])).split())


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch and what is left of the words that it begins and ends in: an apostrophe put into `dont` makes two tokens of it."""
    while start and (text[start - 1].isalnum() or text[start - 1] == "'"):
        start -= 1
    while end < len(text) and (text[end].isalnum() or text[end] == "'"):
        end += 1
    return start, end


def join(source: str) -> Joined:
    """Tokens apart by spaces, put together: marks with the word before, brackets and quotation marks with what they hold."""
    tokens = source.split()
    sticks = _sticks(tokens)
    text, cuts = "", []
    for number, token in enumerate(tokens):
        if number and sticks[number]:
            cuts.append(len(text))
        elif number:
            text += " "
        text += token
    return Joined(text, tuple(cuts))


def edits_between(before: str, after: str) -> list[Edit]:
    """Edits that make `after` of `before`, found word by word and cut to the characters that differ."""
    old, new = (re.findall(r"\s+|\S+", text) for text in (before, after))
    places = list(accumulate(map(len, old), initial=0))
    codes = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [_cut(places[a], "".join(old[a:b]), "".join(new[c:d])) for kind, a, b, c, d in codes if kind != "equal"]


def _cut(start: int, old: str, new: str) -> Edit:
    first = len(commonprefix((old, new)))
    shared = len(commonprefix((old[first:][::-1], new[first:][::-1])))
    last = len(old) - shared
    return Edit(Span(start + first, start + last), old[first:last], new[first:len(new) - shared])


def _sticks(tokens: Sequence[str]) -> list[bool]:
    """Whether each token belongs to the one before. Quotation marks open and close by turns; where their number is odd they stay apart."""
    sticks = [bool(number and (CLOSING.fullmatch(token) or OPENING.fullmatch(tokens[number - 1]))) for number, token in enumerate(tokens)]
    for quote in QUOTES:
        places = [number for number, token in enumerate(tokens) if token == quote]
        if len(places) % 2:
            continue
        for first, last in zip(places[::2], places[1::2]):
            sticks[last] = True
            if first + 1 < len(tokens):
                sticks[first + 1] = True
    return sticks


def split_places(text: str) -> list[int]:
    """Where a tokeniser of these sets would put a space: before a mark that follows a word, before `n't` and `'s`, inside quotation marks and brackets."""
    found = (match.start() for match in _SPLIT.finditer(text))
    return [place for place in found if place and not (text[place] == "." and _ABBREVIATION.search(text[:place]))]


def is_tokenised(texts: Sequence[str]) -> bool:
    """True for texts of which most sentence marks stand apart from the word before."""
    apart = sum(len(re.findall(r"(?<!\S)[.,?!](?!\S)", text)) for text in texts)
    attached = sum(len(re.findall(r"\w[.,?!](?!\S)", text)) for text in texts)
    return apart > attached
