"""How fills are scored: lower-cased words only."""

import re
from collections.abc import Sequence

from .items import Item


def words(text: str) -> list[str]:
    """Runs of letters and digits, joined by apostrophes or hyphens."""
    return re.findall(r"[a-z0-9]+(?:['’-][a-z0-9]+)*", text.lower())


FUNCTION_WORDS = frozenset(words(
    "the of and to in a is was for on as with by at from it he his that an be were are which had has have this or their its they but not "
    "she her you i we who him them been my your our me one would could there when what if so all no do did out up then than into"))


def score(items: Sequence[Item], fills: Sequence[Sequence[str]]) -> dict[str, float]:
    """Percentages over `items`; `fills[i]` are the answers to item i, best first, none where it failed.

    EM@1, EM@10: the answer's words exactly, in the first or in any of ten. EM@1_content: answers of one word that is no function word.
    token_acc: words right at their place, of all words of the answers. same_length: as many words as the answer.
    """
    first = at_ten = content = content_right = length_right = words_right = words_all = 0
    for item, given in zip(items, fills, strict=True):
        wanted, best = words(item.answer), words(given[0]) if given else []
        is_right = wanted == best
        first += is_right
        at_ten += any(words(text) == wanted for text in (given or [""])[:10])
        length_right += len(best) == len(wanted)
        words_right += sum(a == b for a, b in zip(wanted, best))
        words_all += len(wanted)
        if len(wanted) == 1 and wanted[0] not in FUNCTION_WORDS:
            content += 1
            content_right += is_right
    n = max(len(items), 1)
    figures = {"EM@1": 100 * first / n, "EM@10": 100 * at_ten / n, "token_acc": 100 * words_right / max(words_all, 1), "same_length": 100 * length_right / n}
    return figures | ({"EM@1_content": 100 * content_right / content} if content else {})
