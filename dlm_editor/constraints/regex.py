"""A regular expression over the filled text."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from re import _constants as names  # the tree of Python's own reader, so that a pattern means here what it means in `re`
from re import _parser as reader

from ..canvas import LAST, TextAutomaton
from ..errors import OptionError
from .expression import Alt, Chars, Expression, Repeat, Seq, automaton_of, but
from .site import Site
from .violation import Violation

LONGEST = 2000  # characters of a pattern
MOST_REPEATS = 1000

_REFUSED = {
    "GROUPREF": "a back-reference", "GROUPREF_EXISTS": "a condition on a group", "ASSERT": "a look-around", "ASSERT_NOT": "a look-around",
    "ATOMIC_GROUP": "an atomic group", "POSSESSIVE_REPEAT": "a possessive repeat", "AT": "a boundary inside the pattern",
}


@dataclass(frozen=True)
class Regex:
    """The fill matches a pattern of Python's `re` from end to end; white space at its rims may be left out of the match.

    Raises OptionError where the pattern is no regular expression in the strict sense (back-references, look-around, `\\b`) or too large.
    """

    pattern: str

    def __post_init__(self):
        if not isinstance(self.pattern, str) or not 0 < len(self.pattern) <= LONGEST:
            raise OptionError(f"A pattern has 1 to {LONGEST} characters; got {str(self.pattern)[:40]!r}. Write a regular expression, like [0-9]+.")
        _automaton(self.pattern)

    def __str__(self):
        return f"match {self.pattern}"

    def compile(self, site: Site) -> TextAutomaton:
        return _automaton(self.pattern)

    def violations(self, text: str, before: str = "", after: str = "") -> tuple[Violation, ...]:
        first, last = len(text) - len(text.lstrip()), len(text.rstrip())
        rims = [(low, high) for low in range(first + 1) for high in range(max(low, last), len(text) + 1)]
        rims.sort(key=lambda rim: rim not in ((0, len(text)), (first, last)))  # what is likeliest to match first
        return () if any(re.fullmatch(self.pattern, text[low:high]) for low, high in rims) else (Violation(str(self), repr(text)),)


@lru_cache(maxsize=64)
def _automaton(pattern: str) -> TextAutomaton:
    try:
        tree = reader.parse(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        raise OptionError(f"A pattern is a regular expression of Python; {pattern[:80]!r} is none: {error}. Escape what is meant literally with \\.") from None
    items = list(tree)
    while items and _is_rim(items[0], "AT_BEGINNING", "AT_BEGINNING_STRING"):
        items.pop(0)
    while items and _is_rim(items[-1], "AT_END", "AT_END_STRING"):
        items.pop()
    try:
        inner = _read(items, tree.state.flags, pattern)
        white = Repeat(_evaluated(r"\s", 0))
        return automaton_of(Seq((white, inner, white)), f"the pattern {pattern[:80]!r}")
    except RecursionError:
        raise OptionError(f"A pattern must be nested less deeply than {pattern[:80]!r}. Write fewer groups in groups.") from None


def _is_rim(item, *places) -> bool:
    return str(item[0]) == "AT" and str(item[1]) in places


def _read(items, flags: int, pattern: str) -> Expression:
    return Seq(tuple(_one(op, value, flags, pattern) for op, value in items))


def _one(op, value, flags: int, pattern: str) -> Expression:
    if op is names.LITERAL:
        return Chars(((value, value),), True) if not flags & re.IGNORECASE else Chars(_evaluated(f"\\U{value:08x}", flags).ranges, True)
    if op is names.NOT_LITERAL:
        return but(_evaluated(f"\\U{value:08x}", flags))
    if op is names.ANY:
        return Chars(((0, LAST),)) if flags & re.DOTALL else Chars(((0, 9), (11, LAST)))
    if op is names.IN:
        return _evaluated(_class(value), flags)
    if op is names.BRANCH:
        return Alt(tuple(_read(branch, flags, pattern) for branch in value[1]))
    if op is names.SUBPATTERN:
        _, added, removed, inner = value
        return _read(inner, (flags | added) & ~removed, pattern)
    if op in (names.MAX_REPEAT, names.MIN_REPEAT):
        least, most, inner = value
        if least > MOST_REPEATS or most is not names.MAXREPEAT and most > MOST_REPEATS:
            raise OptionError(f"A repeat in a pattern is at most {MOST_REPEATS}; got {most if most is not names.MAXREPEAT else least} in {pattern[:80]!r}. "
                              "Write a smaller one, or * for any number.")
        return Repeat(_read(inner, flags, pattern), least, None if most is names.MAXREPEAT else most)
    raise OptionError(f"A pattern must be a regular expression that looks at each character by itself; {pattern[:80]!r} holds "
                      f"{_REFUSED.get(str(op), str(op).lower())}. Write it without; the pattern always covers the whole fill.")


def _class(items) -> str:
    """A class of characters written anew."""
    parts = []
    for op, value in items:
        if op is names.NEGATE:
            parts.insert(0, "^")
        elif op is names.LITERAL:
            parts.append(f"\\U{value:08x}")
        elif op is names.RANGE:
            parts.append(f"\\U{value[0]:08x}-\\U{value[1]:08x}")
        else:
            parts.append(_CATEGORIES[str(value)])
    return f"[{''.join(parts)}]"


_CATEGORIES = {"CATEGORY_DIGIT": r"\d", "CATEGORY_NOT_DIGIT": r"\D", "CATEGORY_SPACE": r"\s", "CATEGORY_NOT_SPACE": r"\S", "CATEGORY_WORD": r"\w",
               "CATEGORY_NOT_WORD": r"\W"}


@cache
def _all_characters() -> str:
    return "".join(map(chr, range(LAST + 1)))


@lru_cache(maxsize=256)
def _evaluated(one: str, flags: int) -> Chars:
    """The characters that a pattern of one character matches, as `re` itself finds them."""
    kept = flags & (re.IGNORECASE | re.ASCII)
    spans = [found.span() for found in re.finditer(f"(?:{one})+", _all_characters(), kept)]
    return Chars(tuple((low, high - 1) for low, high in spans), one.startswith("[\\U") and len(spans) < 16)
