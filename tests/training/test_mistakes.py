"""Mistakes that are put into text can be taken out again, and a judge can be fitted to them."""

import random

import numpy as np
import pytest
from safetensors.numpy import load_file

from dlm_editor.tasks.proofreading.features import WIDTH
from dlm_editor.tasks.proofreading.judge import save_judges
from dlm_editor.training.judging import Places, fit
from dlm_editor.training.lexicon import count_words, write_lexicon
from dlm_editor.training.mistakes import misspell, spoil

WORDS = "The old man isn't going to the river , because he has seen many children there . It's cold and I know their house in London .".split()


@pytest.mark.parametrize("seed", range(30))
def test_what_was_meant_put_back_gives_the_clean_text(seed):
    shown, mistakes = spoil(WORDS, [word.isalpha() or "'" in word for word in WORDS], 0.5, random.Random(seed))
    for mistake in reversed(mistakes):
        shown[mistake.start:mistake.end] = mistake.meant
    assert shown == WORDS


def test_clean_text_stays_clean_at_rate_zero_and_hardly_does_at_one():
    is_word = [word.isalpha() or "'" in word for word in WORDS]
    assert spoil(WORDS, is_word, 0.0, random.Random(0)) == (WORDS, [])
    assert all(len(spoil(WORDS, is_word, 1.0, random.Random(seed))[1]) > 3 for seed in range(5))


def test_a_misspelling_is_near_its_word():
    rng = random.Random(0)
    made = [misspell("necessary", rng) for _ in range(200)]
    assert len(set(made)) > 20 and all(abs(len(word) - 9) <= 2 for word in made)


def test_a_judge_learns_which_candidate_is_meant_and_when_none_is():
    rng = np.random.default_rng(0)
    rows = np.zeros((4000, WIDTH), np.float16)
    rows[:, 0], rows[:, -2:] = 1, rng.normal(size=(4000, 2))
    signal = rows[:, -1].astype(float)
    meant = [int(np.argmax(signal[i:i + 4])) if signal[i:i + 4].max() > 1 else -1 for i in range(0, 4000, 4)]
    judge, held = fit(Places(rows, np.full(1000, 4), np.array(meant)), 0)
    places = [list(rows[i:i + 4].astype(np.float32)) for i in range(0, 400, 4)]
    found = [int(chance.argmax()) if chance.max() > 0.5 else -1 for chance in judge.probabilities(places)]
    assert np.mean([a == b for a, b in zip(found, meant)]) > 0.85 and held < 0.6


def test_fitting_is_repeatable(tmp_path):
    rows = np.random.default_rng(1).normal(size=(300, WIDTH)).astype(np.float16)
    places = Places(rows, np.full(100, 3), np.random.default_rng(2).integers(-1, 3, 100))
    files = [load_file(save_judges({"plain": fit(places, 3)[0]}, tmp_path / f"{i}.safetensors")) for i in range(2)]
    assert all((files[0][name] == files[1][name]).all() for name in files[0])


def test_a_lexicon_leaves_out_what_is_rare_and_knows_names(tmp_path):
    import gzip

    texts = ["the London river " * 10, "The don’t once " * 6, "rare"]
    assert write_lexicon(count_words(texts), tmp_path) == 5
    with gzip.open(tmp_path / "lexicon.txt.gz", "rt") as file:
        assert dict(line.split() for line in file) == {"the": "16", "London": "10", "river": "10", "don't": "6", "once": "6"}
