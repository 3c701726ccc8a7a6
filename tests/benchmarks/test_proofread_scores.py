"""The figures of proofreading, on cases counted by hand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlm_editor.benchmarks.proofread_gleu import gleu, sentence_gleu, statistics
from dlm_editor.benchmarks.proofread_joining import Joined, edits_between, is_tokenised, join
from dlm_editor.benchmarks.proofread_spelling import Tally, is_aligned, tally, word_accuracy
from dlm_editor.text import Edit, Span

SOURCE, REFERENCE = "she have two cat in the house .", "she has two cats in the house ."


def test_the_ngrams_of_a_correction_are_counted_as_the_papers_say():
    # 8 tokens. Half corrected: `has` is right, `cat` still wrong.
    # 1-grams: 7 of 8 are in the reference, `cat` is in the source and not in the reference: 7 − 1 = 6.
    # 2-grams: she-has has-two | in-the the-house house-. shared = 5; two-cat cat-in of the source remain: 5 − 2 = 3 of 7.
    # 3-grams: she-has-two in-the-house the-house-. shared = 3; two-cat-in cat-in-the of the source remain: 1 of 6
    #          (has-two-cat stands neither in the source nor in the reference: no more than missed).
    # 4-grams: in-the-house-. shared = 1; two-cat-in-the, cat-in-the-house of the source remain: −1, so 0 of 5.
    counts = statistics(SOURCE, "she has two cat in the house .", REFERENCE)
    assert counts.tolist() == [8, 8, 6, 8, 3, 7, 1, 6, 0, 5]


def test_a_sentence_is_scored_with_ones_for_zeros():
    expected = 100 * (6 / 8 * 3 / 7 * 1 / 6 * 1 / 5) ** 0.25
    assert sentence_gleu(SOURCE, "she has two cat in the house .", [REFERENCE]) == pytest.approx(expected)


def test_a_corpus_is_summed_before_it_is_divided():
    # The second sentence is right: 4 tokens, all n-grams shared, so what is divided grows by 4 3 2 1 and so does what it is divided by.
    sources, corrections, references = [SOURCE, "it is so ."], ["she has two cat in the house .", "it is so ."], [[REFERENCE], ["it is so ."]]
    expected = 100 * (10 / 12 * 6 / 10 * 3 / 8 * 1 / 6) ** 0.25
    assert gleu(sources, corrections, references) == pytest.approx(expected)


def test_a_short_correction_is_punished_and_a_long_one_is_not():
    reference = "one two three four five six seven eight"
    assert gleu([reference], ["one two three four five six"], [[reference]]) == pytest.approx(100 * math.exp(1 - 8 / 6))
    longer = gleu([reference], [reference + " nine"], [[reference]])
    assert longer == pytest.approx(100 * (8 / 9 * 7 / 8 * 6 / 7 * 5 / 6) ** 0.25)


def test_of_several_references_one_is_drawn_for_each_sentence_and_the_draws_are_always_the_same():
    other = "something else altogether was meant here , I think ."
    scores = [gleu([SOURCE], [REFERENCE], [[reference]]) for reference in (REFERENCE, other)]
    drawn = gleu([SOURCE], [REFERENCE], [[REFERENCE, other]])
    assert scores == [pytest.approx(100), 0] and 44 < drawn < 56  # 500 draws of two: 50 ± 2.2
    assert drawn == gleu([SOURCE], [REFERENCE], [[REFERENCE, other]])


def test_nothing_in_common_and_nothing_at_all_score_nothing():
    assert gleu(["a b c d"], ["e f g h"], [["a b c d"]]) == gleu(["a b c d"], [""], [["a b c d"]]) == gleu([], [], []) == 0


def test_changed_tokens_are_counted_by_hand():
    found = tally("teh cat sat onn a matt today .", "the cat sat on a mat today .", "the cat sit onn a mate today .")
    assert found == Tally(mistakes=3, corrected=1, spoiled=1, right_tokens=5, false_changes=1)
    figures = found.figures()
    assert figures["P"] == pytest.approx(100 / 3) and figures["R"] == pytest.approx(100 / 3) and figures["F0.5"] == pytest.approx(100 / 3)
    assert figures["false per 1,000"] == pytest.approx(200)


def test_f_half_weighs_precision():
    figures = Tally(mistakes=4, corrected=1, right_tokens=10).figures()  # P 1, R ¼
    assert figures["F0.5"] == pytest.approx(100 * 1.25 * 0.25 / (0.25 + 0.25))


@pytest.mark.parametrize(("correction", "expected"), [
    ("we goe home very now", Tally(1, 0, 0, 3, 0, 1)),       # a token put in; the mistake is left
    ("we gohome now", Tally(1, 0, 1, 3, 1, 0)),              # two tokens made one: the first changed, the second gone
    ("we home now", Tally(1, 0, 1, 3, 0, 0)),                # the mistake deleted, not corrected
    ("", Tally(1, 0, 1, 3, 3, 0))])
def test_tokens_that_are_inserted_joined_or_lost_count_against_a_correction(correction, expected):
    assert tally("we goe home now", "we go home now", correction) == expected


def test_texts_without_a_token_for_each_token_are_left_out():
    assert is_aligned("we haveto go", "we must go") and not is_aligned("we haveto go", "we have to go")


def test_single_words_are_compared_without_case():
    assert word_accuracy(["the", "Monday", "their", "went"], ["The", "monday ", "there", ""]) == 50


@pytest.mark.parametrize(("tokens", "text"), [
    ("I do n't know , he said .", "I don't know, he said."), ("It 's ( nearly ) over !", "It's (nearly) over!"),
    ('He said " go home " and left .', 'He said "go home" and left.'), ('An odd " mark stays .', 'An odd " mark stays.'),
    ("the ' old ' one", "the 'old' one"), ("no marks here", "no marks here")])
def test_tokens_are_joined_as_people_write(tokens, text):
    assert join(tokens).text == text and join(tokens).split([]) == tokens


TOKENS = st.lists(st.one_of(st.sampled_from([".", ",", "n't", "'s", '"', "'", "(", ")", "...", "?", "a", "İ", "wórd", "''", "``", "3", "%", "-"]),
                            st.text(st.characters(blacklist_categories=("Z", "C")), min_size=1, max_size=4)), max_size=12)


@given(TOKENS)
def test_what_is_joined_comes_back_token_for_token(tokens):
    source = " ".join(tokens)
    assert join(source).split([]).split() == source.split()


@given(TOKENS, st.data())
def test_tokens_that_an_edit_does_not_touch_come_back(tokens, data):
    source = " ".join(tokens).split()
    joined = join(" ".join(source))
    words = [i for i, token in enumerate(source) if token.isalpha()]
    if not words:
        return
    place = data.draw(st.sampled_from(words))
    starts, at = [], 0
    for token in source:
        at = joined.text.index(token, at)
        starts.append(at)
        at += len(token)
    span = Span(starts[place], starts[place] + len(source[place]))
    assert joined.split([Edit(span, source[place], "new")]).split() == [*source[:place], "new", *source[place + 1:]]


@pytest.mark.parametrize(("source", "before", "after", "expected"), [
    ("we dont know .", "t know", "'t know", "we do n't know ."), ("the ' greeny ' one", "y", "ies", "the ' greenies ' one"),
    ("we dont know .", "dont", "don't", "we do n't know ."), ("I know him he said .", "him", "him,", "I know him , he said ."),
    ("no end here", "here", "here.", "no end here ."), ("we met Mr Brown .", "Mr", "Mr.", "we met Mr. Brown ."),
    ("its late .", "its", "it's", "it 's late ."), ('a good thing .', "good", '"good"', 'a " good " thing .')])
def test_what_an_edit_writes_is_split_as_the_references_are(source, before, after, expected):
    joined = join(source)
    start = joined.text.index(before)
    assert joined.split([Edit(Span(start, start + len(before)), before, after)]) == expected


def test_text_that_was_never_joined_is_never_split():
    joined = Joined("It was late", splits=False)
    assert joined.split([Edit(Span(11, 11), "", ", wasn't it?")]) == "It was late, wasn't it?"


@given(st.text("ab \n.,", max_size=20), st.text("ab \n.,", max_size=20))
def test_edits_between_two_texts_make_one_of_the_other(before, after):
    edits = edits_between(before, after)
    text = before
    for edit in reversed(edits):
        assert text[edit.span.start:edit.span.end] == edit.before != edit.after
        text = text[:edit.span.start] + edit.after + text[edit.span.end:]
    assert text == after


def test_sets_are_known_to_be_tokenised_by_their_marks():
    assert is_tokenised(["So it is , I think .", "No mark"]) and not is_tokenised(["So it is, I think.", "Etc . and so on.", "Yes."])
