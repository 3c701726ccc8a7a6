"""From the constraints of a mark to the automaton of its gap, or to the reason why there is none."""

from dataclasses import replace
from functools import lru_cache
from typing import Protocol

import numpy as np

from ..canvas import DEAD, Automaton, Gap, Segments, TextAutomaton, TooLargeError, Vocabulary, compile_text, spell_words
from ..errors import OptionError, UnsatisfiableError
from ..text import Auto, Tokens
from .counts import TokenCount
from .only import OnlyWords
from .repeats import NoRepeats
from .site import Site, site_of
from .violation import Violation

LONGEST = 512  # tokens of a fill that constraints may ask for


class Constraint(Protocol):
    """What a fill must be; `str` says it in plain words, as what the fill must do. A frozen dataclass, one file for each kind.

    A TokenCount alone has no `compile`: it counts tokens, and texts have none.
    """

    def compile(self, site: Site) -> TextAutomaton:
        """The automaton of all fills that meet it. Raises OptionError where it is too large."""

    def violations(self, text: str, before: str = "", after: str = "") -> tuple[Violation, ...]:
        """Judges the finished text of a fill between the kept halves of words, in plain code that shares nothing with `compile`."""


def constrain(gap: Gap, constraints: tuple[Constraint, ...], text: str, vocabulary: Vocabulary) -> Gap:
    """The gap with its automaton cut down to what meets all constraints.

    Raises UnsatisfiableError, which names a smallest set of constraints that contradict each other or the place, and OptionError where the
    automaton would be too large.
    """
    if not constraints:
        return gap
    site = site_of(gap, text)
    found = _constrained(gap, constraints, site, vocabulary)
    if found is None:
        raise UnsatisfiableError(_reason(gap, constraints, site, vocabulary))
    return found


def judge(gap: Gap, after: str, constraints: tuple[Constraint, ...], text: str) -> tuple[Violation, ...]:
    """What the finished text of a mark breaks, white space that was kept at its rims aside; line breaks are read as \n."""
    if not constraints:
        return ()
    whole = _read(gap, after, text)
    return tuple(violation for constraint in constraints for violation in constraint.violations(*whole))


def learn(gap: Gap, after: str, constraints: tuple[Constraint, ...], text: str) -> tuple[tuple[Constraint, ...], ...]:
    """What the constraints become where NoRepeats learns from the finished text of a mark: the weakest form first, the last goes on from that text."""
    whole = _read(gap, after, text)
    learned, resumed = [], []
    for constraint in constraints:
        holds_repeats = isinstance(constraint, NoRepeats)
        learned.append(constraint.learned(*whole) if holds_repeats else constraint)
        resumed.append(constraint.resumed(*whole) if holds_repeats else constraint)
    return (tuple(resumed),) if None in learned else (tuple(learned), tuple(resumed))


def _read(gap: Gap, after: str, text: str) -> tuple[str, str, str]:
    """The fill in the finished text of a mark, and the kept halves before and after it."""
    border, site = gap.border, site_of(gap, text)
    fill = after.removeprefix(border.lead).removesuffix(border.trail) if border.trail else after.removeprefix(border.lead)
    return fill.replace(gap.newline, "\n"), site.before, site.after


def _constrained(gap: Gap, constraints: tuple[Constraint, ...], site: Site, vocabulary: Vocabulary) -> Gap | None:
    """None where nothing meets them all."""
    frame = gap.mode, gap.prefix, gap.suffix, gap.capital
    try:
        automaton = _token_automaton(gap.automaton, frame, constraints, site, vocabulary)
    except TooLargeError as error:
        raise OptionError(f"Constraints together must come to an automaton of some thousand states; these come to {error}: "
                          f"{'; '.join(map(str, constraints))}. Give fewer, or shorter ones.") from None
    if automaton is None:
        return None
    lengths = automaton.lengths(LONGEST + gap.shortest)
    if isinstance(gap.length, Tokens):
        least = np.flatnonzero(gap.automaton.lengths(len(lengths) - 1)[gap.length.count:])  # some counts cannot write the border alone
        lengths &= np.arange(len(lengths)) == gap.length.count + (least[0] if len(least) else 0)
    return replace(gap, automaton=automaton, shortest=int(lengths.argmax())) if lengths.any() else None


@lru_cache(maxsize=64)
def _token_automaton(border: Automaton, frame: tuple[int, bytes, bytes, bool], constraints: tuple[Constraint, ...], site: Site,
                     vocabulary: Vocabulary) -> Automaton | Segments | None:
    """`frame`: mode, prefix, suffix and capital of the gap."""
    mode, prefix, suffix, capital = frame
    automaton = border
    dictionaries = () if site.before or site.after else tuple(constraint for constraint in constraints if isinstance(constraint, OnlyWords))
    texts = tuple(constraint for constraint in constraints if not isinstance(constraint, TokenCount) and constraint not in dictionaries)
    if texts:
        text = _text_automaton(texts, site, capital).framed(prefix.decode("utf-8", "replace"), suffix.decode("utf-8", "replace"))
        automaton = automaton.intersect(compile_text(text, vocabulary, mode))
    for constraint in constraints:
        if isinstance(constraint, TokenCount):
            automaton = automaton.intersect(_counted(constraint, vocabulary))
    automaton = automaton.smallest()
    if not dictionaries:
        return automaton
    forms = set.intersection(*(set(dictionary.forms) for dictionary in dictionaries))
    return Segments.of(automaton, _spelled(tuple(form for form in dictionaries[0].forms if form in forms), vocabulary))


@lru_cache(maxsize=8)
def _spelled(words: tuple[str, ...], vocabulary: Vocabulary):
    return spell_words(words, vocabulary)


@lru_cache(maxsize=64)
def _text_automaton(constraints: tuple[Constraint, ...], site: Site, capital: bool) -> TextAutomaton:
    """What the fill may be: the least automata are intersected first."""
    first, *rest = sorted((_compiled(constraint, site) for constraint in constraints), key=lambda part: len(part.arcs))
    for part in rest:
        first = first.intersect(part)
    first = replace(first, named=first.named | site.blocks)
    return first.capitalised() if capital else first


@lru_cache(maxsize=128)
def _compiled(constraint: Constraint, site: Site) -> TextAutomaton:
    return constraint.compile(site)


def _counted(constraint: TokenCount, vocabulary: Vocabulary) -> Automaton:
    """Counts tokens; empty positions do not count."""
    top = constraint.least if constraint.most is None else constraint.most
    classes = np.ones(vocabulary.size, np.int32)
    if vocabulary.null_id is not None:
        classes[vocabulary.null_id] = 2
    states = np.arange(top + 1)
    more = np.where(states < top, states + 1, top if constraint.most is None else DEAD)
    return Automaton(classes, np.stack([np.full(top + 1, DEAD), more, states], 1).astype(np.int32), states >= constraint.least)


def _is_impossible(gap: Gap, constraints: tuple[Constraint, ...], site: Site, vocabulary: Vocabulary) -> bool:
    try:
        return _constrained(gap, constraints, site, vocabulary) is None
    except OptionError:  # without the one that was left out they are too large to tell
        return False


def _reason(gap: Gap, constraints: tuple[Constraint, ...], site: Site, vocabulary: Vocabulary) -> str:
    """Names a smallest set that cannot be met: none of it can be left out."""
    kept = constraints
    for constraint in constraints:
        rest = tuple(other for other in kept if other is not constraint)
        if rest and _is_impossible(gap, rest, site, vocabulary):
            kept = rest
    place = f"{gap.border.span.start}:{gap.border.span.end}"
    named = " and ".join(f"“{constraint}”" for constraint in kept)
    length = "" if isinstance(gap.length, Auto) else f" of the length {gap.length}"
    rule = f"The fill of {place}{length} must {named}"
    texts = tuple(constraint for constraint in kept if not isinstance(constraint, TokenCount | OnlyWords))
    text = _text_automaton(texts, site, gap.capital) if len(texts) == len(kept) else None
    if text is not None and not _text_automaton(texts, site, False).accepting.any():
        return (f"{rule}; no text can, for these contradict each other. Leave one of them out." if len(texts) > 1
                else f"{rule}; no text can. Leave that out or change it.")
    if text is not None and not compile_text(text, vocabulary, gap.mode).accepting.any():
        return f"{rule}; this model has no tokens to write that with{' (it writes no capitals)' if vocabulary.is_uncased else ''}. Change it, or choose another model."
    beside = f"what stands beside the span{' and its length' if length else ''}"
    return f"{rule}; with {beside} no text of at most {LONGEST} tokens can. Leave {'one of them' if len(kept) > 1 else 'it'} out, or mark more."
