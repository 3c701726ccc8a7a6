import random
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
import torch

from dlm_editor.canvas import FIXED, Canvas
from dlm_editor.denoisers.blend import Blend, neighbours
from dlm_editor.denoisers.ngrams import EXPERTS, FILE, ORDERS, Ngrams, read_ngrams, save_ngrams
from dlm_editor.denoisers.protocol import Info, Prediction
from dlm_editor.errors import UnknownModelError
from dlm_editor.training.ngrams import count

VOCAB, MASK, NULL = 12, 3, 4
LEAST = {2: 1, 3: 2, 4: 2}


def corpus(size=4000, seed=0):
    rng = random.Random(seed)
    return np.array([rng.choice((5, 6, 7, 8, 9, 9, 10, 11)) for _ in range(size)], np.int64)


def counted(tokens=None, classes=None) -> Ngrams:
    return count(corpus() if tokens is None else tokens, np.arange(VOCAB) if classes is None else classes, LEAST)


@pytest.mark.parametrize("order", ORDERS)
def test_lookups_give_the_corpus_counts_to_a_factor_of_the_root_of_two_from_every_side(order):
    tokens = corpus()
    found, exact = counted(tokens), Counter(zip(*(tokens[i:].tolist() for i in range(order))))
    rng = random.Random(1)
    for run in rng.sample(sorted(exact), 40):
        for place in range(order):
            context = run[:place] + run[place + 1:]
            expected = {r[place]: n for r, n in exact.items() if r[:place] + r[place + 1:] == context and n >= LEAST[order]}
            seen, counts = found.counts(order, place, context)
            assert dict.fromkeys(seen.tolist()) == dict.fromkeys(expected), (run, place)
            assert all(2**-0.51 < n / expected[t] < 2**0.51 for t, n in zip(seen.tolist(), counts)), (run, place)


def test_experts_are_probabilities_and_fall_back_on_narrower_contexts():
    found = counted()
    nothing = found.document(np.array([MASK]), np.array([False]))
    wide = np.exp(found.experts((9, 5, 6), (7, 8, 9), nothing, 0))
    assert wide.shape == (len(EXPERTS), VOCAB)
    assert wide[:7].sum(1) == pytest.approx(np.ones(7), abs=1e-3)
    alone = np.exp(found.experts((9,), (), nothing, 0))
    assert alone[0] == pytest.approx(alone[4])                  # no wider left context: what the nearest neighbour says
    assert alone[5] == pytest.approx(found.frequency, abs=1e-6)  # nothing on the right: the frequency


@pytest.mark.parametrize(("row", "expected"), [
    ([5, 7, 9, 5, MASK, 8, 10], 7),             # after 5 stands 7
    ([9, 6, 8, 10, MASK, 8, 10], 6),            # before 8 stands 6
    ([9, 5, 7, 6, 5, 8, 9, 5, MASK, 11], 7),    # after 9 5 stands 7, after 6 5 stands 8: the longer agreement decides
])
def test_what_the_document_says_elsewhere_beside_the_same_word_is_expected_again(row, expected):
    found = counted()
    alone = blended(found, row)[0]
    found.weights[..., 1 + EXPERTS.index("document after"):] = 1.0
    told = blended(found, row)[0]
    assert alone[5:] == pytest.approx(np.full(VOCAB - 5, alone[5]), abs=1e-4)
    assert told[5:].argmax() + 5 == expected


def test_a_document_that_never_says_the_neighbours_says_nothing():
    found = counted()
    experts = found.experts((9,), (10,), found.document(np.array([5, 6, 7, 9, MASK, 10]), np.arange(6) != 4), 4)
    assert experts[-2:] == pytest.approx(np.zeros((2, VOCAB)), abs=1e-6)


def test_open_positions_of_the_document_are_no_words():
    found = counted()
    around = found.document(np.array([9, 8, 9, 7, 9, MASK]), np.array([True, False, True, True, True, False]))
    experts = np.exp(found.experts((9,), (), around, 5)[EXPERTS.index("document after")])
    assert experts.argmax() == 7
    assert np.exp(found.experts((8,), (), around, 2)[EXPERTS.index("document after")]) == pytest.approx(np.ones(VOCAB))  # beside what was filled in
    assert around.counts[MASK] == 0


def test_classes_are_looked_up_whatever_their_token():
    classes = np.arange(VOCAB)
    classes[11] = 10
    found = counted(classes=classes)
    ten, eleven = (found.experts_of((token,), (), found.document(np.array([5, token, 7, 5, token, MASK]), np.arange(6) < 5), 5) for token in (10, 11))
    assert (ten == eleven).all()


def test_a_file_comes_back_as_it_was(tmp_path):
    found = counted()
    save_ngrams(found, tmp_path)
    again = read_ngrams(tmp_path, VOCAB)
    assert all((again.tables[key] == table).all() for key, table in found.tables.items())
    assert (again.weights == found.weights).all()
    assert (again.classes == found.classes).all()
    assert read_ngrams(tmp_path / "none", VOCAB) is None


def test_damaged_and_foreign_files_are_refused(tmp_path):
    save_ngrams(counted(), tmp_path)
    with pytest.raises(UnknownModelError, match="with 99 tokens and 10 experts; got 12 and 10"):
        read_ngrams(tmp_path, 99)
    save_ngrams(replace(counted(), weights=np.ones((2, 2, 9), np.float32)), tmp_path)
    with pytest.raises(UnknownModelError, match="12 tokens and 10 experts; got 12 and 8"):
        read_ngrams(tmp_path, VOCAB)
    content = (tmp_path / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(content[:-100])
    with pytest.raises(UnknownModelError, match="whole file of token counts"):
        read_ngrams(tmp_path, VOCAB)


@pytest.mark.parametrize(("place", "expected"), [(1, ((9,), (5, 6, 7))), (3, ((6, 5), (7, 8))), (6, ((8, 7), ())), (0, ((), ()))])
def test_neighbours_end_at_masks_and_pass_over_empty_positions(place, expected):
    seen = {1: [9, MASK, NULL, 5, 6, 7, 8], 3: [MASK, 5, 6, 5, NULL, 7, 8], 6: [MASK, 7, 8, NULL, NULL, NULL, 5], 0: [5, MASK, 6]}[place]
    assert neighbours(np.array(seen), place, MASK, NULL) == expected


class Flat:
    """Says the same at every position."""

    class vocabulary:
        mask_id, null_id, size = MASK, NULL, VOCAB

    info = Info("flat", "table", 0, 64, mask_id=MASK, has_native_length=True)

    def __init__(self, empty=0.25):
        share = np.zeros(VOCAB)
        share[5:] = (1 - empty) / (VOCAB - 5)
        share[NULL] = empty
        with np.errstate(divide="ignore"):
            self.row = torch.tensor(np.log(share), dtype=torch.float32)

    def start(self, canvas):
        return "started"

    def noise(self, canvas, rng):
        return canvas

    def predict(self, canvas, positions, t, cache):
        return Prediction("x0", self.row.repeat(int(positions.sum()), 1)), cache


def canvas_of(*rows):
    ids = torch.tensor(rows)
    gaps = torch.where(ids == MASK, 0, FIXED)
    return Canvas(ids, torch.ones_like(ids, dtype=torch.bool), gaps, torch.zeros_like(ids, dtype=torch.bool))


def blended(ngrams, *rows, empty=0.25):
    canvas = canvas_of(*rows)
    prediction, cache = Blend(Flat(empty), ngrams).predict(canvas, canvas.masked, 1.0, "started")
    assert cache == "started"
    return prediction.values.numpy()


def test_without_weights_the_blend_is_the_denoiser():
    assert blended(counted(), [9, MASK, 7, MASK]) == pytest.approx(np.tile(Flat().row.numpy(), (2, 1)), abs=1e-4)


def test_a_blend_is_a_distribution_that_keeps_the_null_token_and_forbids_what_the_denoiser_forbids():
    found = counted()
    found.weights[:] = np.random.default_rng(0).normal(0.3, 0.2, found.weights.shape)
    values = blended(found, [9, MASK, MASK, MASK, 7, 8], [5, 6, MASK, 9, MASK, 8])
    assert np.exp(values).sum(1) == pytest.approx(np.ones(5), abs=1e-3)
    assert np.exp(values[:, NULL]) == pytest.approx(np.full(5, 0.25), abs=1e-6)
    assert np.isneginf(values[:, [0, 1, 2, MASK]]).all()


def test_a_phrase_of_the_corpus_is_known_from_its_left_its_right_and_both_sides():
    found = counted(np.tile([5, 6, 7, 8], 50))
    found.weights[..., 1:4] = 0.5
    for row, place, word in (([5, 6, MASK, 8, 9], 0, 7), ([9, 9, MASK, 8, 5], 0, 7), ([5, 6, MASK, 9, 9], 0, 7)):
        assert blended(found, row)[place].argmax() == word, row


def test_what_follows_a_gap_counts_as_far_as_the_rest_of_the_gap_may_stay_empty():
    found = counted(np.tile([5, 6, 7, 8], 50))
    found.weights[..., 1:4] = 0.5
    likely, hardly = (blended(found, [9, MASK, MASK, 8, 5], empty=empty)[0, 7] for empty in (0.9, 0.0))
    assert likely - np.log(0.1) > hardly + 1
