"""What the model and the counts say of a candidate is what they say when asked one by one."""

import numpy as np
import pytest
import tiny
import torch

from dlm_editor.canvas import FIXED, Canvas
from dlm_editor.denoisers.ngrams import EXPERTS, ORDERS, Ngrams, pack
from dlm_editor.tasks.proofreading.candidates import Candidate, at_gap, at_unit
from dlm_editor.tasks.proofreading.evidence import FLOOR, Reader
from dlm_editor.tasks.proofreading.judge import Judge, read_judge
from dlm_editor.tasks.proofreading.surroundings import surroundings
from dlm_editor.tasks.proofreading.units import split_units

TEXT = "The cat sat on the mat , and the dog saw it walk to the old house by the river again ."


@pytest.mark.parametrize("kind", ["with-null", "bert-uncased", "roberta"])
def test_places_that_share_a_row_are_open_one_by_one_as_far_as_the_model_sees(kind):
    denoiser = tiny.TableDenoiser.of(tiny.vocabulary(kind))
    vocabulary, units = denoiser.vocabulary, split_units(TEXT, ())
    reader = Reader(denoiser, units, True)
    asked = [candidate for i in (1, 9) for candidate in at_unit(units, i) if len(reader.words(candidate)) == 1 and candidate.last == i + 1]
    assert asked
    for candidate, evidence in reader.weigh(asked):
        row = [*vocabulary.prefix_ids, *(token for i, ids in enumerate(reader.ids) for token in ([FIXED] if i == candidate.first else ids)), *vocabulary.suffix_ids]
        line = torch.tensor([row])
        canvas = Canvas(torch.where(line == FIXED, vocabulary.mask_id, line), torch.ones_like(line, dtype=torch.bool), torch.where(line == FIXED, 0, FIXED), torch.zeros_like(line, dtype=torch.bool))
        values = denoiser.predict(canvas, canvas.masked, 0.1, None)[0].x0[0]
        assert evidence.model[1] == pytest.approx(max(float(values[reader.words(candidate)[0]]), FLOOR), abs=1e-4)
        assert evidence.best == pytest.approx(float(values.max()), abs=1e-4)


def test_a_model_without_a_null_token_is_silent_about_what_is_missing_or_too_much():
    denoiser = tiny.TableDenoiser.of(tiny.vocabulary("roberta"))
    units = split_units(TEXT, ())
    told = [evidence for _, evidence in Reader(denoiser, units, True).weigh(at_gap(units, 2))]
    assert told and all(np.isnan(evidence.model).all() for evidence in told)


def brute_follow(tokens, run, classes, least):
    """Stupid backoff by counting."""
    count = lambda part: sum(tuple(tokens[i:i + len(part)]) == tuple(part) for i in range(len(tokens) - len(part) + 1))
    for order in sorted(ORDERS, reverse=True):
        part = run[-order:]
        if min(part) >= 0 and count(part) >= least:
            before = count(part[:-1]) if order > 2 else None
            return order, count(part), before
    return 1, None, None


def test_counts_of_runs_back_off_to_the_longest_that_is_held():
    rng = np.random.default_rng(0)
    tokens = rng.integers(1, 6, 4000)
    classes = np.arange(8)
    firsts, rests = {}, {}
    for order in ORDERS:
        keys, counts = np.unique(sum(tokens[i:len(tokens) - order + 1 + i].astype(np.int64) << (14 * (order - 1 - i)) for i in range(order)), return_counts=True)
        firsts[order], rests[order] = pack(order, keys[counts >= 1], counts[counts >= 1], 1)
    frequency = (np.bincount(tokens, minlength=8) / len(tokens)).astype(np.float32)
    ngrams = Ngrams(classes, frequency, firsts, rests, dict.fromkeys(ORDERS, 1), np.zeros((2, 2, 1 + len(EXPERTS)), np.float32))
    runs = np.array([[*rng.integers(1, 6, 4)] for _ in range(50)] + [[-1, -1, 2, 3], [1, 2, 3, 7]])
    told = ngrams.follows(runs)
    for run, value in zip(runs.tolist(), told.tolist()):
        order, both, before = brute_follow(tokens.tolist(), run, classes, 1)
        if order > 2:  # codes keep powers of two: within a factor of two of the true share
            assert abs(value - np.log(both / before) - (4 - order) * np.log(0.4)) <= np.log(2.1)
    assert told[-1] < -20  # never seen: hardly anything
    assert abs(np.exp(ngrams.follows(np.array([[-1, -1, 2, c] for c in range(1, 6)]))).sum() / 0.4**2 - 1) < 0.6


def test_chances_of_a_place_and_of_nothing_wrong_sum_to_one():
    judge = read_judge(True)
    rng = np.random.default_rng(0)
    places = [list(rng.normal(size=(n, len(judge.linear))).astype(np.float32)) for n in (1, 5, 3)]
    for place, chances in zip(places, judge.probabilities(places)):
        scores = np.array([float(row @ judge.linear + np.maximum(judge.hidden @ row + judge.bias, 0) @ judge.out) for row in place])
        expected = np.exp(scores) / (1 + np.exp(scores).sum())
        assert np.allclose(chances, expected, atol=1e-4)
    assert judge.probabilities([]) == []


def test_certainty_rises_with_chance_whatever_the_kind():
    for with_counts in (True, False):
        judge = read_judge(with_counts)
        for kind in range(judge.kinds.shape[1]):
            told = judge.certainties(np.linspace(0, 1, 50), [kind] * 50, np.zeros((50, 2))).tolist()
            assert told == sorted(told) and 0 <= told[0] < told[-1] <= 1


def test_mistakes_around_a_place_leave_itself_out():
    units = split_units("one two three four five six", ())
    found = [(0.9, Candidate(1, 2, ("x",), "typo")), (0.2, Candidate(4, 5, ("x",), "typo"))]
    first, second = surroundings(found, units, ())
    assert first[0] == 0 and second[0] == pytest.approx(10 * 0.9 / 16) and first[1] > second[1]
    assert surroundings(found, units, (3,))[0][0] == pytest.approx(10 / 16)


def test_a_judge_is_read_as_it_was_saved(tmp_path):
    from safetensors.numpy import load_file

    from dlm_editor.tasks.proofreading.judge import save_judges

    parts = [np.random.default_rng(i).normal(size=shape).astype(np.float32) for i, shape in enumerate([(4,), (2, 4), (2,), (2,), (4,), (2, 3)])]
    tensors = load_file(save_judges({"counts": Judge(*parts)}, tmp_path / "judge.safetensors"))
    assert (tensors["counts.hidden"] == parts[1]).all() and len(tensors) == 6
