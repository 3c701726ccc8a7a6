"""Finds what is wrong in a line of text: candidates are judged, the most certain are taken, and what they changed is read again."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, islice

import numpy as np

from ...denoisers import Denoiser
from ...text import Span
from .candidates import ARTICLE, CAPITAL, CONFUSION, DOUBLED, Candidate, at_gap, at_unit
from .composing import Change, Draft
from .confusions import mixed_up
from .cues import cues
from .evidence import STRIDE, Evidence, Reader
from .features import ALL_KINDS, features, strange_words
from .judge import Judge, read_judge
from .lexicon import read_lexicon
from .options import ProofreadOptions
from .protected import inline_spans
from .reasons import reason_of
from .surroundings import surroundings
from .units import OTHER, WORD, Unit, split_units
from .writing import write

ROUNDS = 3
RULE = 0.98             # chance of what a rule demands
RULED = 0.75            # share of words mixed up that were rightly told so, read by eye: references of spelling pass over them
BY_MODEL, BY_COUNTS = 4.5, 3.0  # nats by which a word that is mixed up must be the more probable
NEVER_TWICE = frozenset("a an the and or of to at from with by for we they he she i my your his our their this are was were be".split())
LEAST = 0.03            # chance below which a candidate is not looked at further
FLOOR = 0.02            # certainty that a correction has at least, whatever the threshold
AGAIN_KINDS = (CAPITAL, ARTICLE, DOUBLED)  # corrections of what was corrected
AGAIN = 8               # units around a correction that are read again in the next round
STRETCH = 100           # units that are read at a time
CONTEXT = 20            # units on each side of a stretch that are seen with it
ENGLISH_SHARE = 0.5     # share of the words of a sentence that must be known, or it is in another language
ALL_KNOWN, COMMON_SHARE = 0.9, 0.2  # … nor may fewer be known than this where fewer are among the commonest
FEW = 4                 # words of a sentence about whose language nothing can be said


def check(denoiser: Denoiser, line: str, allowed: Sequence[Span], begins: bool, options: ProofreadOptions) -> tuple[Change, ...]:
    """Changes of a line, in order, none overlapping, all within the spans `allowed`. `begins`: the line begins a sentence."""
    draft, judge = Draft.of(line), read_judge(getattr(denoiser, "ngrams", None) is not None)
    dictionary, ignored = frozenset(word.lower() for word in options.dictionary), frozenset(options.ignore)
    doubts = None
    for number in range(ROUNDS):
        text, places = draft.text, [draft.now(span) for span in allowed]
        units = left_alone(split_units(text, inline_spans(text), begins), dictionary)
        corrected = [max(0, bisect_right(units, at, key=lambda unit: unit.span.start) - 1) for at in draft.written]
        judged_places = [(chance, candidate) for chance, candidate in judged(denoiser, judge, units, corrected if number else None)
                         if chance >= LEAST and (candidate.kind in AGAIN_KINDS or set(corrected).isdisjoint(range(candidate.first, candidate.last)))]
        around = surroundings(judged_places, units, corrected, doubts)
        doubts = float(around[:, 1].mean()) if len(around) and doubts is None else doubts
        found = [write(candidate, certainty, reason_of(candidate, units), units, text)
                 for candidate, certainty in _chosen(judge, judged_places, around, max(FLOOR, options.threshold))]
        found = [change for change in found if (text[change.start:change.end], change.after) not in ignored and any(place.start <= change.start and change.end <= place.end for place in places)]
        if not found:
            break
        draft = draft.changed(sorted(found, key=lambda change: (change.start, change.end)))
    kept = (change for change in draft.changes if (before := line[change.start:change.end]) != change.after and (before, change.after) not in ignored)
    return tuple(kept)


def left_alone(units: Sequence[Unit], dictionary: frozenset[str]) -> tuple[Unit, ...]:
    """With words of the user's dictionary, and sentences that are not English, as OTHER."""
    found = []
    all_foreign = _is_foreign(units, dictionary)
    for sentence in _sentences(units):
        is_foreign = all_foreign or _is_foreign(sentence, dictionary)
        found += [unit.as_other() if is_foreign or unit.plain.lower() in dictionary else unit for unit in sentence]
    return tuple(found)


def _is_foreign(units: Sequence[Unit], dictionary: frozenset[str]) -> bool:
    """Whether too few words are known, or some are not and hardly any is one of the commonest."""
    lexicon, words = read_lexicon(), [unit.plain.lower() for unit in units if unit.kind == WORD]
    if len(words) < FEW:
        return False
    known = sum(lexicon.knows(word) or word in dictionary for word in words) / len(words)
    common = sum(word in lexicon.commonest for word in words) / len(words)
    return known < ENGLISH_SHARE or known < ALL_KNOWN and common < COMMON_SHARE


def _sentences(units: Sequence[Unit]) -> Iterator[list[Unit]]:
    sentence: list[Unit] = []
    for unit in units:
        if unit.starts and sentence:
            yield sentence
            sentence = []
        sentence.append(unit)
    if sentence:
        yield sentence


def _chosen(judge: Judge, found: Sequence[tuple[float, Candidate]], around: np.ndarray, threshold: float) -> list[tuple[Candidate, float]]:
    """Candidates that pass the threshold, of neighbours only the more certain."""
    certainties = judge.certainties(np.array([chance for chance, _ in found]), [ALL_KINDS.index(candidate.kind) for _, candidate in found], around)
    sure = np.array([chance >= RULE and candidate.kind == CONFUSION for chance, candidate in found], bool)
    certainties = np.where(sure, np.maximum(certainties, RULED), certainties)
    taken: set[int] = set()
    kept = []
    for certainty, (_, candidate) in sorted(zip(certainties.tolist(), found), key=lambda pair: (-pair[0], pair[1][1].first)):
        beside = 0 if candidate.kind == CAPITAL else 1
        if certainty >= threshold and taken.isdisjoint(range(candidate.first - beside, candidate.last + beside)):
            kept.append((candidate, certainty))
            taken |= set(range(candidate.first, max(candidate.last, candidate.first + 1)))
    return kept


def judged(denoiser: Denoiser, judge: Judge, units: Sequence[Unit], near: Sequence[int] | None = None) -> list[tuple[float, Candidate]]:
    """Every place of a line where something might be wrong: the best candidate, and its chance. `near`: only places near these units."""
    asked = range(len(units)) if near is None else sorted({i for number in near for i in range(max(0, number - AGAIN), min(len(units), number + AGAIN + 1))})
    found: list[tuple[float, Candidate]] = []
    vocabulary = denoiser.vocabulary
    room = denoiser.info.max_length - len(vocabulary.prefix_ids) - len(vocabulary.suffix_ids) - STRETCH // STRIDE
    sizes = [len(tokens) for tokens in Reader(denoiser, units, True).ids]
    for begin, end in _stretches(units, sizes, 7 * room // 10):
        low, high = begin - _reach(reversed(sizes[:begin]), room // 8), end + _reach(sizes[end:], room // 8)
        if inner := [i - low for i in asked if begin <= i < end and units[i].kind != OTHER]:
            found += _judged(denoiser, judge, units[low:high], inner, low)
    return found


def _stretches(units: Sequence[Unit], sizes: Sequence[int], room: int) -> Iterator[tuple[int, int]]:
    """Unit numbers [begin, end) of what is read together, cut at sentences where there are some. `sizes`: tokens of each; `room`: of them all."""
    begin = 0
    while begin < len(units):
        end, used = begin, 0
        while end < len(units) and end - begin < STRETCH and (end == begin or used + sizes[end] <= room):
            used += sizes[end]
            end += 1
        if end < len(units):
            end = next((i for i in range(end, begin + (end - begin) // 2, -1) if units[i].starts), end)
        yield begin, end
        begin = end


def _reach(sizes: Iterable[int], room: int) -> int:
    """How many of the units beside a stretch are seen with it."""
    return sum(total <= room for total in islice(accumulate(sizes), CONTEXT))


def _judged(denoiser: Denoiser, judge: Judge, units: Sequence[Unit], inner: Sequence[int], shift: int) -> list[tuple[float, Candidate]]:
    """The best candidate of every place in `inner` with its chance; unit numbers moved by `shift`."""
    candidates = [candidate for i in inner for candidate in (*at_unit(units, i), *at_gap(units, i))]
    places: dict[tuple[int, bool], list] = {}
    strange = strange_words(units)
    for candidate, evidence in Reader(denoiser, units, shift == 0).weigh(candidates):
        places.setdefault((candidate.first, candidate.first == candidate.last), []).append((candidate, features(candidate, evidence, units, strange), evidence))
    chances = judge.probabilities([[row for _, row, _ in weighed] for weighed in places.values()])
    best = [_best(chance, [(candidate, evidence) for candidate, _, evidence in weighed], units) for chance, weighed in zip(chances, places.values())]
    return [(chance, candidate.moved(shift)) for chance, candidate in best]


def _best(chances: np.ndarray, weighed: Sequence[tuple[Candidate, Evidence]], units: Sequence[Unit]) -> tuple[float, Candidate]:
    """The most probable candidate, or what a rule demands."""
    ruled = next((candidate for candidate, evidence in weighed if _is_ruled(candidate, evidence, units)), None)
    number = int(chances.argmax())
    return (max(RULE, float(chances[number])), ruled) if ruled is not None else (float(chances[number]), weighed[number][0])


def _is_ruled(candidate: Candidate, evidence: Evidence, units: Sequence[Unit]) -> bool:
    """Between a and an the sound that follows decides; a small word twice is once too much; of two words that are mixed up, the one that model and counts
    both find far more probable is right."""
    if candidate.kind == ARTICLE:
        return cues(candidate, units)[0] == 1
    low = units[candidate.first].plain.lower()
    if candidate.kind == DOUBLED:
        return low in NEVER_TWICE
    is_mixed_up = candidate.kind == CONFUSION and len(candidate.after) == 1 and candidate.after[0].lower() in mixed_up(low)
    return is_mixed_up and evidence.model[1] - evidence.model[0] > BY_MODEL and evidence.counts[1] - evidence.counts[0] > BY_COUNTS
