"""Other words for a word of a poem: whichever is taken, the poem still is what was asked for, as judged by the dictionary alone."""

import pytest

import dlm_editor
from dlm_editor.constraints.prosody import look_up, split_words
from dlm_editor.errors import OptionError
from dlm_editor.tasks.poem_options import PoemOptions
from dlm_editor.tasks.poem_words import poem_word_spans

QUATRAIN = ("In the direction of the tree,", "The bottom of the river high", "To the directions of the sea,", "On the horizon of the sky.")
OPTIONS = PoemOptions(form="quatrain-abab", topic="the sea")


@pytest.fixture(scope="module")
def editor():
    return dlm_editor.load("bundled", "cpu")


def syllables(line: str) -> set[int]:
    counts = {0}
    for word in split_words(line):
        counts = {before + more for before in counts for more in look_up(word).syllable_counts}
    return counts


@pytest.mark.parametrize("line, word", [(0, 0), (0, 5), (1, 3), (2, 2), (3, 5)])
def test_every_choice_changes_one_word_and_keeps_syllables_rhymes_and_the_rest(editor, line, word):
    choices = editor.other_words(OPTIONS, QUATRAIN, line, word)
    start, end = poem_word_spans(QUATRAIN[line])[word]
    assert len(choices) >= 2 and len({choice.text for choice in choices}) == len(choices)
    for choice in choices:
        assert choice.lines[:line] + choice.lines[line + 1:] == QUATRAIN[:line] + QUATRAIN[line + 1:]
        assert choice.lines[line].startswith(QUATRAIN[line][:start]) and choice.text in choice.lines[line] and choice.lines[line] != QUATRAIN[line]
        assert 8 in syllables(choice.lines[line]), choice
        ends = [look_up(split_words(text)[-1]) for text in choice.lines]
        for one, other in ((0, 2), (1, 3)):
            assert set(ends[one].rhymes(False)) & set(ends[other].rhymes(False)) and ends[one].spelling != ends[other].spelling
        assert all(badge.has_syllables and badge.has_rhyme and badge.has_meter for badge in choice.badges)


def test_marks_beside_the_word_and_capitals_stay(editor):
    for choice in editor.other_words(OPTIONS, QUATRAIN, 0, 5):
        assert choice.lines[0].endswith(",")
    for choice in editor.other_words(OPTIONS, QUATRAIN, 0, 0):
        assert choice.lines[0][0].isupper()


def test_stanzas_are_no_lines(editor):
    lines = (*QUATRAIN[:2], "", *QUATRAIN[2:])
    assert [choice.text for choice in editor.other_words(OPTIONS, lines, 3, 0)]


def test_letters_and_first_letters_still_hold(editor):
    options = PoemOptions(syllables=(8,), lines=4, acrostic="ITTO", ban_letters="wp")
    for choice in editor.other_words(options, QUATRAIN, 1, 0):
        assert choice.text.startswith("T") and not set("wp") & set(choice.text)


def test_a_word_that_must_stand_has_no_other(editor):
    options = PoemOptions(syllables=(8,), lines=4, include=("river",))
    assert editor.other_words(options, QUATRAIN, 1, 4) == ()


@pytest.mark.parametrize("line, word", [(4, 0), (0, 9), (-1, 0)])
def test_a_word_that_is_not_there_is_refused(editor, line, word):
    with pytest.raises(OptionError, match="one of a line"):
        editor.other_words(OPTIONS, QUATRAIN, line, word)
