"""What grammar says of a place by the word before it, or after an article."""

from collections.abc import Sequence

from ...constraints.prosody.dictionary import look_up
from .candidates import NUMBER, VERB, Candidate
from .morphology import BASE, ING, PARTICIPLE, PAST, S, forms
from .units import WORD, Unit

THIRD = frozenset("he she it this that who everyone everybody someone nobody everything something nothing".split())
OTHERS = frozenset("i you we they these those people".split())
TAKES_BASE = frozenset("can could will would shall should may might must to do does did don't doesn't didn't can't couldn't won't wouldn't shouldn't let's cannot".split())
HAVING = frozenset("has have had haven't hasn't hadn't i've you've we've they've having".split())
BEING = frozenset("is are was were be been being am isn't aren't wasn't weren't i'm you're he's she's it's we're they're".split())
ONE = frozenset("a an this that every each another one".split())
MANY = frozenset("these those many several few some all most two three four five six seven eight nine ten various different both".split())
BETWEEN = frozenset("not also always never often really still just already even only usually sometimes easily".split())
COUNT = 8


def cues(candidate: Candidate, units: Sequence[Unit]) -> list[float]:
    """1 where a rule asks for the candidate and not for what stands there, -1 where it is the other way round, 0 where it says nothing; COUNT rules."""
    found = [0.0] * COUNT
    if candidate.first == candidate.last or len(candidate.after) != 1 or units[candidate.first].kind != WORD:
        return found
    old, new = units[candidate.first].plain.lower(), candidate.after[0].lower()
    if {old, new} <= {"a", "an"} and candidate.last < len(units):
        found[0] = _article(new, units[candidate.last])
    if candidate.kind in (NUMBER, VERB):
        own, form = next(((own, form) for own, form, other in forms(old) if other == new), (BASE, BASE))
        found[1:] = _form_cues(own, form, _before(units, candidate.first))
    return found


def _article(new: str, following: Unit) -> float:
    """By the sound that follows: an before a vowel."""
    pronunciations = look_up(following.plain).pronunciations
    if not pronunciations:
        return 0.5 if (following.text[0].lower() in "aeio") == (new == "an") else -0.5
    begins = {pronunciation.split()[0][-1].isdigit() for pronunciation in pronunciations}
    return 0.0 if len(begins) > 1 else 1.0 if begins == {new == "an"} else -1.0


def _before(units: Sequence[Unit], at: int) -> str:
    """The word before, small adverbs passed over; "" where none is."""
    at -= 1
    while at >= 0 and units[at].kind == WORD and units[at].plain.lower() in BETWEEN:
        at -= 1
    return units[at].plain.lower() if at >= 0 and units[at].kind == WORD else ""


def _form_cues(own: str, form: str, before: str) -> list[float]:
    def wants(context: bool, wanted: tuple[str, ...]) -> float:
        return float((form in wanted) - (own in wanted)) if context else 0.0

    return [wants(before in THIRD, (S, PAST)), wants(before in OTHERS, (BASE, PAST)), wants(before in TAKES_BASE, (BASE,)), wants(before in HAVING, (PARTICIPLE, PAST)),
            wants(before in BEING, (ING, PARTICIPLE, PAST)), wants(before in ONE, (BASE,)), wants(before in MANY, (S,))]
