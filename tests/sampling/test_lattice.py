"""The dynamic program against brute force on small vocabularies."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlm_editor.canvas import DEAD, Automaton
from dlm_editor.sampling import Choice
from dlm_editor.sampling.lattice import Lattice

VOCAB, LENGTH = 5, 4


@st.composite
def lattices(draw):
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    states, classes = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    arcs = rng.integers(DEAD, states, (states, classes + 1))
    arcs[:, 0] = DEAD
    automaton = Automaton(rng.integers(0, classes + 1, VOCAB), arcs, rng.random(states) < 0.6)
    logp = np.log(rng.dirichlet(np.full(VOCAB, 0.7), LENGTH))
    open_ = rng.random(LENGTH) < 0.8
    tokens = rng.integers(0, VOCAB, LENGTH)
    return automaton, logp, open_, tokens


def admitted(automaton, open_, tokens):
    for run in itertools.product(range(VOCAB), repeat=LENGTH):
        if automaton.accepts(run) and all(o or t == r for o, t, r in zip(open_, tokens, run)):
            yield run


def weight(run, logp, open_):
    return sum(logp[i, token] for i, token in enumerate(run) if open_[i])


@settings(max_examples=300, deadline=None)
@given(lattices())
def test_the_best_completion_is_the_best_of_all(case):
    automaton, logp, open_, tokens = case
    runs = list(admitted(automaton, open_, tokens))
    if not runs or not open_.any():
        return
    best = Lattice.of(automaton, logp[open_], open_, tokens).best()
    assert tuple(best) in runs
    assert weight(best, logp, open_) == pytest.approx(max(weight(run, logp, open_) for run in runs), abs=1e-6)


@settings(max_examples=200, deadline=None)
@given(lattices())
def test_marginals_entropies_and_margins_are_those_of_all_completions(case):
    automaton, logp, open_, tokens = case
    runs = list(admitted(automaton, open_, tokens))
    if not runs or not open_.any():
        return
    probabilities = np.exp([weight(run, logp, open_) for run in runs])
    probabilities /= probabilities.sum()
    lattice = Lattice.of(automaton, logp[open_], open_, tokens)
    marginals = lattice.marginals
    for i in np.flatnonzero(open_):
        exact = np.bincount([run[i] for run in runs], probabilities, VOCAB)
        held = exact[exact > 0]
        assert marginals.entropy[i] == pytest.approx(-(held * np.log(held)).sum(), abs=1e-6)
        ordered = np.sort(exact)[::-1]
        assert marginals.margin(i) == pytest.approx(ordered[0] - ordered[1], abs=1e-6)
        for token in np.flatnonzero(exact > 1e-9):
            assert marginals.probability(i, token) == pytest.approx(exact[token], rel=1e-5)
        assert marginals.ranked(i, 0) in np.flatnonzero(exact > ordered[0] - 1e-9)


@pytest.mark.parametrize("temperature", [0.5, 1.0])
def test_samples_have_the_frequencies_of_all_completions(temperature):
    rng = np.random.default_rng(1)
    automaton = Automaton(np.array([1, 2, 1, 3, 0]), np.array([[-1, 1, 0, -1], [-1, 1, 2, 2], [-1, -1, 0, 2]]), np.array([False, False, True]))
    logp = np.log(rng.dirichlet(np.ones(VOCAB), LENGTH))
    open_, tokens = np.array([True, True, False, True]), np.array([0, 0, 0, 0])
    runs = list(admitted(automaton, open_, tokens))
    expected = np.exp([weight(run, logp, open_) / temperature for run in runs])
    expected /= expected.sum()
    lattice = Lattice.of(automaton, logp[open_], open_, tokens)
    draws = [tuple(lattice.sample(Choice(temperature), rng)) for _ in range(4000)]
    found = np.array([draws.count(run) for run in runs]) / len(draws)
    assert sum(found) == pytest.approx(1)
    assert np.abs(found - expected).max() < 4 * np.sqrt(0.25 / len(draws))


def test_a_nucleus_gives_way_where_the_constraint_leaves_nothing_else():
    automaton = Automaton(np.array([1, 2, 2, 2, 2]), np.array([[-1, 0, -1]]), np.array([True]))  # token 0 alone
    logp = np.log(np.array([[1e-12, 0.5, 0.3, 0.1, 0.1]] * 2))
    lattice = Lattice.of(automaton, logp, np.array([True, True]), np.array([1, 1]))
    assert lattice.sample(Choice(1.0, top_p=0.5), np.random.default_rng(0)).tolist() == [0, 0]


def test_what_is_demanded_stays_possible_however_improbable():
    automaton = Automaton(np.array([1, 2, 0, 0, 0]), np.array([[-1, 1, -1], [-1, 2, -1], [-1, -1, 2]]), np.array([False, False, True]))
    logp = np.full((30, VOCAB), -2000.0)
    logp[:, 4] = 0.0
    lattice = Lattice.of(automaton, logp, np.ones(30, bool), np.zeros(30, int))
    assert lattice.best().tolist() == [0, 0] + [1] * 28
    assert lattice.sample(Choice(1.0), np.random.default_rng(0)).tolist() == [0, 0] + [1] * 28
