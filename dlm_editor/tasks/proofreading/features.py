"""A candidate as numbers: what speaks for it and against it."""

import math
from collections.abc import Sequence

import numpy as np
from rapidfuzz.distance import OSA

from .candidates import GAP_KINDS, KINDS, Candidate
from .cues import COUNT, cues
from .evidence import Evidence
from .lexicon import SURE, read_lexicon
from .units import WORD, Unit

ALL_KINDS = (*KINDS, *GAP_KINDS)
GROUPS = {kind: group for group, kinds in enumerate((
    ("spelling", "split"), ("typo", "sound", "join", "apostrophe"), ("confusion",), ("article", "preposition"), ("number",), ("verb", "grade"), ("extra", "doubled", "extra mark"),
    ("capital",), ("missing article",), ("missing preposition", "missing word"), ("missing comma",))) for kind in kinds}
GROUP_COUNT = 1 + max(GROUPS.values())
_SIGNALS = 10
_SPELLINGS = 13
WIDTH = len(ALL_KINDS) + GROUP_COUNT * _SIGNALS + _SPELLINGS + COUNT + 2


def features(candidate: Candidate, evidence: Evidence, units: Sequence[Unit], strange: Sequence[bool]) -> np.ndarray:
    """(WIDTH,) float32: the kind, the evidence as its group weighs it, how the two spellings differ, what grammar says, and how many strange words stand elsewhere."""
    found = np.zeros(WIDTH, np.float32)
    found[ALL_KINDS.index(candidate.kind)] = 1
    begin = len(ALL_KINDS) + GROUPS[candidate.kind] * _SIGNALS
    found[begin:begin + _SIGNALS] = _signals(evidence)
    begin = len(ALL_KINDS) + GROUP_COUNT * _SIGNALS
    found[begin:begin + _SPELLINGS] = _spelling(candidate, units)
    begin += _SPELLINGS
    found[begin:begin + COUNT] = cues(candidate, units)
    elsewhere = sum(strange) - sum(strange[candidate.first:candidate.last])
    found[begin + COUNT:] = min(1.0, 10 * elsewhere / (len(units) + 10)), float(elsewhere > 0)
    return found


def strange_words(units: Sequence[Unit]) -> list[bool]:
    """For every unit, whether it is a word in small letters that the lexicon does not know: a sign of what writer this is."""
    lexicon = read_lexicon()
    return [unit.kind == WORD and unit.text.islower() and not lexicon.knows(unit.plain) for unit in units]


def _signals(evidence: Evidence) -> list[float]:
    (model_now, model_then), (counts_now, counts_then), (word_now, word_then) = evidence.model, evidence.counts, evidence.word
    has_model, has_counts = not math.isnan(model_now), not math.isnan(counts_now)
    gain = model_then - model_now if has_model else 0.0
    more = counts_then - counts_now if has_counts else 0.0
    surprise = (_squash(model_now + 5), _squash(model_then + 5), 1.0, _squash(model_then - evidence.best)) if has_model else (0.0,) * 4
    return [_squash(gain), *surprise, _squash(more),
            min(_squash(gain), _squash(more)), _squash(word_then - word_now) if word_now and word_then else 0.0, min(0.0, gain) * min(0.0, more) / 10, float(gain > 0 and more > 0)]


def _squash(value: float) -> float:
    """Bounded, nearly linear near 0."""
    return 6 * math.tanh(value / 12)


def _spelling(candidate: Candidate, units: Sequence[Unit]) -> list[float]:
    """How a word and what it becomes differ as strings; zeros where nothing is replaced by something."""
    if candidate.first == candidate.last or not candidate.after:
        return [0.0] * _SPELLINGS
    lexicon, unit = read_lexicon(), units[candidate.first]
    old, new = " ".join(u.plain for u in units[candidate.first:candidate.last]).lower(), " ".join(candidate.after).lower()
    changes = OSA.distance(old, new)
    count = lexicon.counts.get(old, 0)
    is_spelling = candidate.kind == "spelling"
    same_sound = _skeleton(old) == _skeleton(new)
    return [float(is_spelling and changes == 1), float(is_spelling and changes == 2), float(is_spelling and changes >= 3), float(is_spelling and old[0] != new[0]),
            float(is_spelling and same_sound), float(sorted(old) == sorted(new)), float(_single(old) == _single(new)),
            float(unit.text[0].isupper() and not unit.starts), float(unit.text[0].isupper() and unit.starts), float(len(old) <= 3),
            min(1.0, math.log1p(count) / math.log1p(SURE)), math.log1p(count) / 10, changes / len(new)]


def _single(word: str) -> str:
    """Doubled letters as one."""
    return "".join(char for i, char in enumerate(word) if not i or word[i - 1] != char)


def _skeleton(word: str) -> str:
    """A rough sound: consonants that sound alike as one, no vowels but a first one."""
    alike = word.replace("ph", "f").replace("ck", "k").replace("c", "k").replace("q", "k").replace("z", "s").replace("gh", "").replace("wh", "w").replace("kn", "n")
    return _single("".join(char for i, char in enumerate(alike) if not i or char not in "aeiouyh'"))
