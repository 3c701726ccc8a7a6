"""Sounds of words, against what every speaker knows and against the dictionary itself."""

import random
import subprocess
import sys
import time

import pytest

from dlm_editor.constraints.prosody import common_words, look_up, meter_pattern, split_words, stress_fits, word_table
from dlm_editor.constraints.prosody.dictionary import FOLDER, guess_syllables
from dlm_editor.errors import OptionError


@pytest.mark.parametrize(("word", "count"), [("moon", 1), ("river", 2), ("banana", 3), ("Beautiful", 3), ("don't", 1), ("don’t", 1), ("queen's", 1), ("rose's", 2)])
def test_syllables_are_those_of_every_speaker(word, count):
    assert look_up(word).syllables == count


@pytest.mark.parametrize(("word", "counts"), [("fire", {1, 2}), ("every", {2, 3}), ("hour", {1, 2})])
def test_where_pronunciations_differ_no_number_is_sure(word, counts):
    assert look_up(word).syllables is None and set(look_up(word).syllable_counts) == counts


@pytest.mark.parametrize(("first", "second"), [("night", "light"), ("station", "nation"), ("sky", "multiply"), ("heart", "art"), ("through", "blue"), ("rough", "stuff")])
def test_perfect_rhymes_share_their_rhyme_part(first, second):
    assert look_up(first).rhyme() == look_up(second).rhyme() is not None


@pytest.mark.parametrize(("first", "second"), [("night", "ride"), ("love", "move"), ("cough", "though"), ("river", "liver's")])
def test_what_only_looks_alike_is_no_rhyme(first, second):
    assert look_up(first).rhyme() != look_up(second).rhyme()


@pytest.mark.parametrize(("first", "second"), [("home", "bone"), ("time", "line"), ("great", "made"), ("breath", "breathe's")])
def test_near_rhymes_are_wider_than_perfect_ones(first, second):
    near = look_up(first).rhyme(near=True) == look_up(second).rhyme(near=True)
    assert look_up(first).rhyme() != look_up(second).rhyme() and near == (first != "breath")


def test_a_word_whose_pronunciations_differ_in_rhyme_has_none():
    assert look_up("read").rhyme() is None and len(look_up("read").rhymes()) == 2


def test_words_that_sound_alike_share_their_onset_too():
    night, knight, light = map(look_up, ("night", "knight", "light"))
    assert night.onset == knight.onset != light.onset


def test_stress_of_longer_words_is_told_and_short_ones_fit_anywhere():
    assert look_up("banana").stress == "x/x" and look_up("about").stress == "x/" and look_up("the").stress == "-"
    assert look_up("record").stress is None


def test_an_unknown_word_is_known_as_such_and_its_syllables_are_guessed():
    word = look_up("Zxorvanity")
    assert not word.is_known and word.rhyme() is None and word.syllable_counts == (4,)


def test_the_rule_for_unknown_words_agrees_with_the_dictionary_on_nine_of_ten():
    sample = random.Random(0).sample(common_words(), 2000)
    right = sum(guess_syllables(word) in look_up(word).syllable_counts for word in sample)
    assert right > 0.9 * len(sample), f"{right} of {len(sample)}"


def test_words_of_a_text_are_parted_by_spaces_marks_and_hyphens():
    assert split_words("“Don’t,” he said—well-known, 3 times.") == ["Don’t", "he", "said", "well", "known", "3", "times"]


def test_metres_repeat_their_foot_and_stress_falls_on_strong_places():
    assert meter_pattern("iambic", 5) == "x/x/x" and meter_pattern("dactylic", 4) == "/xx/" and meter_pattern("free", 4) is None
    assert stress_fits("x/x", 0, "x/x/x/") and not stress_fits("x/x", 1, "x/x/x/")
    assert stress_fits("-", 0, "x/") and stress_fits("-", 1, "x/") and not stress_fits("x/x", 4, "x/x/x/")


@pytest.mark.parametrize("name", ["jazzy", "", "x-x"])
def test_an_unknown_metre_is_refused_with_the_known_ones(name):
    with pytest.raises(OptionError, match="iambic"):
        meter_pattern(name, 4)


def test_the_table_leaves_out_what_is_not_sure_and_keeps_the_words_of_the_user_first():
    table = word_table(("fire", "Zxor"))
    assert table.spellings[:2] == ("fire", "Zxor") and table.syllables[0] == 2 and table.rhymes[1] == -1
    place = table.spellings.index("every")
    assert table.syllables[place] == 0 and "I" in table.spellings
    assert len(set(table.spellings)) == len(table.spellings)


def test_the_table_agrees_with_the_words_one_by_one():
    table = word_table()
    for place in random.Random(1).sample(range(len(table.spellings)), 500):
        word = look_up(table.spellings[place])
        assert table.syllables[place] == (word.syllables or 0), word
        assert (table.rhymes[place] == -1) == (word.rhyme() is None), word
        assert word.rhyme() is None or table.rhyme_names[table.rhymes[place]] == word.rhyme()


def test_the_dictionary_loads_in_a_moment():
    code = ("import time; from dlm_editor.constraints.prosody import look_up; began = time.process_time(); look_up('moon'); "
            "print(time.process_time() - began)")
    seconds = min(float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout) for _ in range(3))
    assert seconds < 0.2


def test_looking_a_word_up_again_takes_no_time():
    look_up("moonlight")
    began = time.process_time()
    for _ in range(1000):
        look_up("moonlight")
    assert time.process_time() - began < 0.1


def test_the_licence_of_the_dictionary_lies_beside_it():
    text = (FOLDER / "LICENSE").read_text(encoding="utf-8")
    assert "Carnegie Mellon University" in text and "Redistribution and use in source and binary forms" in text
