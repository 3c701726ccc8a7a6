"""The dynamic program over words of several tokens against brute force on small vocabularies."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlm_editor.canvas import Automaton
from dlm_editor.canvas.segments import BARE, NULL, SPACED, STOP, Segments
from dlm_editor.sampling import Choice
from dlm_editor.sampling.segment_lattice import SegmentLattice

VOCAB, LENGTH = 6, 4
NULL_ID = 5


@st.composite
def cases(draw):
    """A random automaton, random arcs of one to three tokens and their kinds, a random prediction, and some positions that are committed."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    states, classes = draw(st.integers(1, 3)), draw(st.integers(1, 4))
    arcs = rng.integers(-1, states, (states, classes + 1))
    arcs[:, 0] = -1
    automaton = Automaton(rng.integers(0 if draw(st.booleans()) else 1, classes + 1, VOCAB), arcs, rng.random(states) < 0.7)
    spelled = {(tuple(rng.integers(0, 2, rng.integers(1, 4)).tolist()), BARE) for _ in range(3)}
    spelled |= {(((2 + int(rng.integers(2))), *rng.integers(0, 2, rng.integers(0, 3)).tolist()), SPACED) for _ in range(4)} | {((4,), STOP)}
    spelled |= {((NULL_ID,), NULL)} if draw(st.booleans()) else set()
    logp = np.log(rng.dirichlet(np.full(VOCAB, 0.7), LENGTH))
    return automaton, tuple(sorted(spelled)), logp, rng.random(LENGTH) < 0.8, rng.integers(0, VOCAB, LENGTH)


FOLLOWS = {None: {BARE, SPACED}, BARE: {SPACED, STOP, NULL}, SPACED: {SPACED, STOP, NULL}, STOP: {SPACED, NULL}, NULL: {NULL}}


def runs_of(automaton, spelled, open_, tokens, length=LENGTH):
    """Every admitted run of tokens, by trying all sequences of arcs."""
    found = set()

    def grow(run, last):
        if len(run) == length:
            if last is not None and automaton.accepts(run) and all(o or t == r for o, t, r in zip(open_, tokens, run)):
                found.add(run)
            return
        for arc, kind in spelled:
            if kind in FOLLOWS[last] and len(run) + len(arc) <= length:
                grow(run + arc, kind)

    grow((), None)
    return sorted(found)


def weight(run, logp, open_):
    return sum(logp[i, token] for i, token in enumerate(run) if open_[i])


def lattice_of(case, null_id=None):
    automaton, spelled, logp, open_, tokens = case
    segments = Segments.of(automaton, spelled)
    return None if segments is None else SegmentLattice.of(segments, logp[open_], open_, tokens, null_id)


@settings(max_examples=400, deadline=None)
@given(cases())
def test_which_lengths_and_which_committed_tokens_are_admitted(case):
    automaton, spelled, logp, open_, tokens = case
    segments = Segments.of(automaton, spelled)
    by_length = [bool(runs_of(automaton, spelled, [True] * n, [0] * n, n)) for n in range(LENGTH + 1)]
    if segments is None:
        assert not any(by_length)
        return
    assert segments.lengths(LENGTH).tolist() == by_length
    assert segments.admits([None if o else int(t) for o, t in zip(open_, tokens)]) == bool(runs_of(automaton, spelled, open_, tokens))


@settings(max_examples=400, deadline=None)
@given(cases())
def test_the_best_run_of_words_is_the_best_of_all(case):
    automaton, spelled, logp, open_, tokens = case
    runs = runs_of(automaton, spelled, open_, tokens)
    if not runs or not open_.any():
        return
    best = tuple(lattice_of(case).best().tolist())
    assert best in runs
    assert weight(best, logp, open_) == pytest.approx(max(weight(run, logp, open_) for run in runs), abs=1e-6)


@settings(max_examples=300, deadline=None)
@given(cases())
def test_marginals_entropies_and_margins_are_those_of_all_runs(case):
    automaton, spelled, logp, open_, tokens = case
    runs = runs_of(automaton, spelled, open_, tokens)
    if not runs or not open_.any():
        return
    probabilities = np.exp([weight(run, logp, open_) for run in runs])
    probabilities /= probabilities.sum()
    marginals = lattice_of(case).marginals
    for i in np.flatnonzero(open_):
        exact = np.bincount([run[i] for run in runs], probabilities, VOCAB)
        held = exact[exact > 0]
        ordered = np.sort(exact)[::-1]
        assert marginals.entropy[i] == pytest.approx(-(held * np.log(held)).sum(), abs=1e-6)
        assert marginals.margin(i) == pytest.approx(ordered[0] - ordered[1], abs=1e-6)
        for token in np.flatnonzero(exact > 1e-9):
            assert marginals.probability(i, token) == pytest.approx(exact[token], rel=1e-5)
        assert marginals.ranked(i, 0) in np.flatnonzero(exact > ordered[0] - 1e-9)
        assert marginals.ranked(i, VOCAB) is None
    assert (marginals.entropy[~open_] == 0).all()


@settings(max_examples=300, deadline=None)
@given(cases())
def test_where_positions_may_stay_empty_the_length_is_the_median_one_and_the_run_the_best_of_it(case):
    automaton, spelled, logp, open_, tokens = case
    runs = runs_of(automaton, spelled, open_, tokens)
    if not runs or not open_.any() or (((NULL_ID,), NULL)) not in spelled:
        return
    probabilities = np.exp([weight(run, logp, open_) for run in runs])
    probabilities /= probabilities.sum()
    empty = [sum(p for run, p in zip(runs, probabilities) if run[i] == NULL_ID) for i in range(LENGTH)]
    if any(abs(p - 0.5) < 1e-6 for p in empty):
        return
    wanted = [p >= 0.5 for p in empty]
    fitting = [run for run in runs if [token == NULL_ID for token in run] == wanted]
    if fitting:
        best = tuple(lattice_of(case, NULL_ID).best().tolist())
        assert weight(best, logp, open_) == pytest.approx(max(weight(run, logp, open_) for run in fitting), abs=1e-6)


@pytest.mark.parametrize("temperature", [0.5, 1.0])
def test_samples_have_the_frequencies_of_all_runs(temperature):
    rng = np.random.default_rng(1)
    automaton = Automaton(np.array([1, 2, 1, 2, 1, 2]), np.array([[-1, 1, 0], [-1, 0, 1]]), np.array([True, True]))
    spelled = (((0,), BARE), ((0, 1), BARE), ((2,), SPACED), ((2, 0), SPACED), ((3, 1, 0), SPACED), ((3,), SPACED), ((4,), STOP))
    logp = np.log(rng.dirichlet(np.ones(VOCAB), LENGTH))
    open_, tokens = np.array([True, True, False, True]), np.array([0, 0, 2, 0])
    runs = runs_of(automaton, spelled, open_, tokens)
    assert len(runs) > 5
    expected = np.exp([weight(run, logp, open_) / temperature for run in runs])
    expected /= expected.sum()
    lattice = SegmentLattice.of(Segments.of(automaton, spelled), logp[open_], open_, tokens)
    draws = [tuple(lattice.sample(Choice(temperature), rng).tolist()) for _ in range(3000)]
    found = np.array([draws.count(run) for run in runs]) / len(draws)
    assert sum(found) == pytest.approx(1)
    assert np.abs(found - expected).max() < 4 * np.sqrt(0.25 / len(draws))


def test_a_chosen_token_is_kept():
    automaton = Automaton(np.ones(VOCAB, int), np.array([[-1, 0]]), np.array([True]))
    spelled = (((0,), BARE), ((2,), SPACED), ((3, 1), SPACED))
    logp = np.log(np.full((3, VOCAB), 1 / VOCAB))
    lattice = SegmentLattice.of(Segments.of(automaton, spelled), logp, np.ones(3, bool), np.zeros(3, int))
    chosen = lattice.fixed(0, 0).fixed(1, 3)
    assert chosen.best().tolist() == [0, 3, 1]
    assert chosen.marginals.entropy.tolist() == [0, 0, 0]
    assert lattice.fixed(2, 1).marginals.probability(1, 3) == 1


def test_what_is_demanded_stays_possible_however_improbable():
    automaton = Automaton(np.array([1, 2, 2, 2, 2, 2]), np.array([[-1, 1, -1], [-1, -1, 1]]), np.array([False, True]))  # token 0, once, first
    logp = np.full((9, VOCAB), -5000.0)
    logp[:, 4] = 0.0
    lattice = SegmentLattice.of(Segments.of(automaton, (((0, 1), BARE), ((2,), SPACED))), logp, np.ones(9, bool), np.zeros(9, int))
    assert lattice.best().tolist() == [0, 1] + [2] * 7
    assert lattice.sample(Choice(1.0), np.random.default_rng(0)).tolist() == [0, 1] + [2] * 7
    assert np.isfinite(lattice.marginals.table).all()
