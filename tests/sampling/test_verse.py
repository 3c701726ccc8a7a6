"""The lattice of a line and the joint choice of ends, against all there is to choose from."""

import itertools

import numpy as np
import pytest

from dlm_editor.constraints.prosody.spelling import Spelling, Spellings
from dlm_editor.sampling.rhyme import Group, choose_ends
from dlm_editor.sampling.verse import LineLattice, VerseLine

COLUMNS = 5


def random_case(seed):
    """A few words of one to three tokens, a random grammar, one or two gaps."""
    rng = np.random.default_rng(seed)
    words, states, classes = 7, 4, 3
    widths = rng.integers(1, 4, words)
    tokens = np.full((words, 3), -1, np.int32)
    for row, width in enumerate(widths):
        tokens[row, :width] = rng.integers(0, COLUMNS, width)
    spellings = Spellings(tokens, widths.astype(np.int32))
    spelling = Spelling(np.arange(COLUMNS), np.arange(COLUMNS, dtype=np.int32), spellings, Spellings(tokens[::-1].copy(), widths[::-1].astype(np.int32).copy()))
    sizes = tuple(int(size) for size in rng.integers(1, 4, rng.integers(1, 3)))
    line = VerseLine(
        classes=rng.integers(0, classes, words).astype(np.int32), arcs=rng.integers(-1, states, (states, classes)).astype(np.int32),
        entry=np.eye(states, dtype=bool)[0], jumps=tuple(rng.random((states, states)) < 0.5 for _ in sizes[1:]),
        accepting=rng.random(states) < 0.6, begins_line=bool(rng.random() < 0.5), begins=rng.random(words) < 0.7 if rng.random() < 0.4 else None,
        ends=rng.random(words) < 0.7 if rng.random() < 0.4 else None)
    logp = rng.normal(0, 2, (sum(sizes), COLUMNS)).astype(np.float32)
    return line, spelling, sizes, logp, rng.normal(0, 1, words).astype(np.float32)


def every_line(line, spelling, sizes, logp, bias):
    """(score, words) of every admitted line, by trying all."""

    def gap(number, at, state, score, words):
        if at == sizes[number]:
            if number + 1 == len(sizes):
                if line.accepting[state]:
                    yield score, words
                return
            for reached in np.flatnonzero(line.jumps[number][state]):
                yield from gap(number + 1, 0, int(reached), score, words)
            return
        start = number == at == 0 and line.begins_line
        source = spelling.start if start else spelling.inner
        for word, width in enumerate(source.widths):
            after = line.arcs[state, line.classes[word]]
            if after < 0 or at + width > sizes[number] or number == at == 0 and line.begins is not None and not line.begins[word]:
                continue
            offset = sum(sizes[:number]) + at
            more = sum(logp[offset + j, source.tokens[word, j]] for j in range(width)) + bias[word]
            yield from gap(number, at + width, int(after), score + more, (*words, word))

    for state in np.flatnonzero(line.entry):
        yield from gap(0, 0, int(state), 0.0, ())


@pytest.mark.parametrize("seed", range(120))
def test_the_best_line_and_the_best_for_each_end_are_those_of_brute_force(seed):
    line, spelling, sizes, logp, bias = random_case(seed)
    lattice = LineLattice(line, spelling, sizes, logp, bias)
    found = list(every_line(line, spelling, sizes, logp, bias))
    best = max((score for score, _ in found), default=-np.inf)
    assert lattice.total() == pytest.approx(best, abs=1e-4), seed
    ends = lattice.ends()
    for word in range(len(line.classes)):
        allowed = line.ends is None or line.ends[word]
        expected = max((score for score, words in found if words[-1] == word and allowed), default=-np.inf)
        assert ends[word] == pytest.approx(expected, abs=1e-4), (seed, word)
        if expected > -np.inf:
            read = tuple(placed.word for placed in lattice.read(word))
            assert read[-1] == word and max(score for score, words in found if words == read) == pytest.approx(expected, abs=1e-4), (seed, word)
    if best > -np.inf:
        read = tuple(placed.word for placed in lattice.read())
        assert max(score for score, words in found if words == read) == pytest.approx(best, abs=1e-4), seed


def brute_ends(scores, groups, sounds, onsets, taken_words, taken_sounds):
    """The best joint choice by trying all."""
    lines, best = list(scores), -np.inf
    for words in itertools.product(range(len(sounds)), repeat=len(lines)):
        total = sum(scores[line][word] for line, word in zip(lines, words))
        if total <= best or len(set(words)) < len(words) or set(words) & taken_words:
            continue
        chosen, heard, fits = dict(zip(lines, words)), [], True
        for group in groups:
            ends = [chosen[line] for line in group.lines]
            found = {int(sounds[word]) for word in ends}
            sound = found.pop()
            fits &= not found and sound >= 0 and len({int(onsets[word]) for word in ends}) == len(ends)
            fits &= sound == group.sound if group.sound is not None else sound not in taken_sounds
            fits &= not any(int(onsets[word]) in group.taken for word in ends) and sound not in heard
            heard.append(sound)
        if fits:
            best = total
    return best


@pytest.mark.parametrize("seed", range(60))
def test_the_joint_choice_of_ends_is_that_of_brute_force(seed):
    rng = np.random.default_rng(seed)
    words, lines = 9, 4
    sounds, onsets = rng.integers(-1, 4, words), rng.integers(0, 3, words)
    scores = {line: np.where(rng.random(words) < 0.75, rng.normal(0, 2, words), -np.inf) for line in range(lines)}
    groups = rng.choice([0, 1, 2])
    made = ((), (Group((0, 2)),), (Group((0, 3)), Group((1, 2), sound=int(rng.integers(0, 4)) if rng.random() < 0.4 else None, taken=frozenset({int(rng.integers(0, 3))}))))[groups]
    taken = frozenset({int(rng.integers(0, words))})
    heard = frozenset(group.sound for group in made if group.sound is not None)
    best = brute_ends(scores, made, sounds, onsets, taken, heard)
    found = choose_ends(scores, made, sounds, onsets, taken, heard)
    if best == -np.inf:
        assert found is None
    else:
        assert sum(scores[line][word] for line, word in found.items()) == pytest.approx(best), (seed, found)


def test_a_choice_that_cannot_be_met_is_found_to_be_so_in_time():
    words = 60
    scores = {line: np.zeros(words) for line in range(14)}
    groups = (Group(tuple(range(7))), Group(tuple(range(7, 14))))
    assert choose_ends(scores, groups, np.zeros(words, int), np.arange(words)) is None
