import json
import math
import random

import pytest

from dlm_editor.benchmarks.calibration import Guess, gap_in, guesses, passages, reliability
from dlm_editor.benchmarks.fill import Floors, ask, document_of, lengths_of, model_rows
from dlm_editor.benchmarks.items import Item, read_sets
from dlm_editor.benchmarks.metrics import score, words
from dlm_editor.benchmarks.ngram import Lexicon, TwoSidedNgram, frequent_in_context, frequent_phrases
from dlm_editor.benchmarks.scoring import choose, pseudo_log_likelihood
from dlm_editor.benchmarks.table import table
from dlm_editor.benchmarks.texts import TEXT
from dlm_editor.errors import DocumentError, InputError
from dlm_editor.tasks import FillOptions
from dlm_editor.text import AUTO, Words


def item(answer, before="a ", after=" b", number=0):
    return Item(str(number), before, after, answer)


def test_words_are_lower_case_and_keep_apostrophes_and_hyphens_inside():
    assert words("“Don’t,” said the well-known 3rd man—'twas!") == ["don’t", "said", "the", "well-known", "3rd", "man", "twas"]


def test_scores_are_those_worked_out_by_hand():
    items = [item("The"), item("package"), item("the end of"), item("who's there")]
    fills = [["the.", "x"], ["box", "a", "Package!"], ["the start of it"], []]
    assert score(items, fills) == pytest.approx({
        "EM@1": 25, "EM@10": 50, "token_acc": 100 * 3 / 7, "same_length": 50, "EM@1_content": 0.0})


def test_an_empty_answer_list_is_wrong_and_the_eleventh_does_not_count():
    figures = score([item("river")] * 2, [[], ["no"] * 10 + ["river"]])
    assert figures["EM@10"] == 0 and figures["EM@1_content"] == 0


def test_no_content_figure_without_content_words():
    assert "EM@1_content" not in score([item("the")], [["the"]])


def test_sets_are_read_by_kind_and_limited(data):
    sets = {s.name: s for s in read_sets(data, 1)}
    assert {s.kind for s in sets.values()} == {"word", "word3", "clause", "sentence", "last", "storycloze"}
    assert all(len(s.items) == 1 for s in sets.values())
    assert sets["own_dev_storycloze"].items[0].choices[0] == "She read the letter."


def test_a_folder_without_sets_and_a_bad_line_are_refused(tmp_path):
    with pytest.raises(InputError, match="has none"):
        read_sets(tmp_path)
    (tmp_path / "infill").mkdir()
    (tmp_path / "infill/x_word.jsonl").write_text('{"id": "1"}\n')
    with pytest.raises(DocumentError, match="line 1 of x_word"):
        read_sets(tmp_path)


def test_the_answer_is_never_in_the_text_that_the_model_sees(data):
    for item_set in read_sets(data):
        for one in item_set.items:
            document = document_of(one, AUTO)
            assert document.text == one.before + one.after
            assert [(m.span.start, m.span.end) for m in document.marks] == [(len(one.before), len(one.before))]


def test_sets_of_known_length_are_asked_with_it_and_with_auto():
    assert lengths_of("word") == (Words(1), AUTO) and lengths_of("word3") == (Words(3), AUTO)
    assert lengths_of("last") == (Words(1),) and lengths_of("sentence") == (AUTO,)


def test_a_model_gets_a_row_for_every_set_and_length(editor, data):
    rows = list(model_rows("tiny", editor, read_sets(data, 1)))
    assert [(r["set"], r["length"]) for r in rows] == [
        ("own_dev_clause", "auto"), ("own_dev_sentence", "auto"), ("own_dev_storycloze", "per word"), ("own_dev_storycloze", "gain by story"),
        ("own_dev_word", "1w"), ("own_dev_word", "auto"), ("own_dev_word3", "3w"), ("own_dev_word3", "auto"), ("own_last_dev", "1w")]
    assert all(r["same_length"] == 100 for r in rows if r["length"] in ("1w", "3w"))
    assert all("EM@10" in r for r in rows if r["length"].endswith("w"))


def test_ten_alternatives_are_asked_for_and_differ(editor):
    fills = ask(editor, item("nine", "The library opens at ", " on most mornings."), Words(1), FillOptions(alternatives=10))
    assert len(set(fills)) == len(fills) == 10


def test_what_the_editor_refuses_counts_as_wrong(editor):
    assert ask(editor, Item("1", "", ""), Words(1), FillOptions()) == []


def test_floors_without_a_corpus_count_the_contexts(data):
    rows = list(Floors(read_sets(data)).rows())
    assert {r["filler"] for r in rows} == {"most frequent", "frequent in context", "longer ending"}
    assert next(r for r in rows if r["filler"] == "longer ending")["accuracy"] == 50


def test_the_n_gram_finds_what_stood_between_the_same_neighbours(data, corpus):
    rows = {(r["set"], r["filler"]): r for r in Floors(read_sets(data), str(corpus)).rows()}
    assert rows["own_dev_word", "two-sided n-gram"]["EM@1"] == 100
    assert rows["own_last_dev", "two-sided n-gram"]["EM@1"] == 100


def test_three_words_are_ranked_by_the_narrowest_context_first():
    lexicon = Lexicon()
    gram = TwoSidedNgram([item("x", "we went to ", " in winter.")], 3, lexicon)
    for _ in range(2):
        gram.read(lexicon.read("We walked to the old house by day. They went to the dark sea. We went to the wide sea in winter. He went to a b c."))
    assert gram.fill(0)[0] == "the wide sea"


def test_frequent_phrases_and_context_words():
    assert frequent_phrases(["the cat and the dog", "The end"], 1)[0] == "the"
    assert frequent_in_context(item("x", "Boats and boats and a river. ", "The river was far.")) == ["river", "boats"]


def test_a_pseudo_log_likelihood_adds_up_over_single_masks(editor):
    total, count = pseudo_log_likelihood(editor.denoiser, "The library on Mill Street ", "opens at nine", ", but on most mornings")
    assert count == len(editor.denoiser.vocabulary.encode(" opens at nine", continues=True))
    assert total / count == pytest.approx(-math.log(700), rel=0.05), "a network that knows nothing"


def test_a_text_longer_than_the_window_is_scored_at_its_end(editor):
    total, count = pseudo_log_likelihood(editor.denoiser, TEXT, " It never sailed.")
    assert 0 < count < 20 and math.isfinite(total)
    assert pseudo_log_likelihood(editor.denoiser, "", "It never sailed.")[1] > 0


def test_choices_are_compared_a_token(editor):
    assert all(pick in (0, 1) for pick in choose(editor.denoiser, "She held the tin. ", ("She read.", "The engine would not start at all.")))


def test_a_table_of_honest_guesses_has_no_error_and_a_boaster_has():
    rng = random.Random(0)
    honest = [Guess(p, rng.random() < p) for p in (rng.random() for _ in range(20000))]
    assert reliability(honest)[-1]["calibration_error"] < 2
    assert reliability([Guess(0.95, False)] * 10 + [Guess(1.0, True)] * 10)[-1]["calibration_error"] == pytest.approx(47.5)
    assert [row["tokens"] for row in reliability([Guess(0.05, True), Guess(0.999, True)])] == [1, 1, 2]


def test_every_gap_stands_at_word_borders_with_text_around_it():
    for number, passage in enumerate(list(passages(TEXT)) * 10):
        span = gap_in(passage, number)
        assert 0 < span.start < span.end < len(passage)
        assert passage[span.start] == " " and passage[span.end] == " "


def test_guesses_stand_beside_the_tokens_they_replace(editor):
    found = list(guesses(editor, passages(TEXT)))
    assert found and all(0 <= guess.certainty <= 1 for guess in found)


def test_a_table_is_aligned():
    text = table([{"set": "a", "EM@1": 41.2567, "n": 5}, {"set": "long name", "n": 1000, "seconds": 0.12345}])
    assert text.splitlines() == ["set         EM@1     n  seconds", "---------  -----  ----  -------", "a          41.26     5",
                                 "long name         1000    0.123"]
    assert json.dumps(text)
