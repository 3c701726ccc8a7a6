"""Where a fill stands, as far as constraints must know."""

import re
from dataclasses import dataclass

from ..canvas import Gap
from ..canvas.characters import WORD

NEAR = 1000  # characters on both sides that show which scripts are at home
LONGEST_HALF = 64  # characters of a cut word that are looked at


@dataclass(frozen=True)
class Site:
    """`before` and `after`: the kept halves of words that the mark cuts; words of a fill are read together with them."""

    before: str = ""
    after: str = ""
    blocks: frozenset[int] = frozenset()  # one character of every block of 64, beyond ASCII, that the text around and the old text hold


def site_of(gap: Gap, text: str) -> Site:
    """The site of a gap in its document's text."""
    border = gap.border
    begin, end = border.core.start, border.core.end
    before = re.search(r"\w*\Z", text[max(0, begin - LONGEST_HALF):begin])[0] if border.first == {WORD} else ""
    after = re.match(r"\w*", text[end:end + LONGEST_HALF])[0] if border.last == {WORD} else ""
    near = text[max(0, begin - NEAR):end + NEAR]
    return Site(before, after, frozenset(ord(char) // 64 * 64 for char in near if char >= "\x80"))
