"""How many positions the rows of a fill get."""

import pytest
import tiny

from dlm_editor.sampling import Lengths
from dlm_editor.tasks import FillOptions, RefinementStep, fill
from dlm_editor.text import Document, Mark, Span, Words

TEXT = "The cat sat on the mat, and the dog said nothing about it at all."


def sizes(words: int, alternatives: int) -> list[int]:
    denoiser = tiny.TableDenoiser.of(tiny.vocabulary("with-null"))
    document = Document(TEXT, (Mark(Span(4, 7), Words(words)),))
    first = next(event for event in fill(denoiser, document, FillOptions(alternatives=alternatives)) if isinstance(event, RefinementStep))
    return first.canvas.editable.sum(1).tolist()


def test_rows_take_the_ranks_in_turn_and_know_which_variant_of_it_they_are():
    ranks = ((1,), (4,))
    assert [Lengths(ranks, (None,)).row(i) for i in range(4)] == [((1,), 0), ((4,), 0), ((1,), 1), ((4,), 1)]
    taken = [Lengths(ranks, (None,), (0, 0, 0, 1)).row(i) for i in range(9)]
    assert [variant for lengths, variant in taken if lengths == (1,)] == list(range(7))
    assert [variant for lengths, variant in taken if lengths == (4,)] == [0, 1]


@pytest.mark.parametrize("words", [1, 2])
def test_few_counted_words_get_a_position_each_and_are_seen_beside_what_follows(words):
    (alone,) = sizes(words, 1)
    assert alone == min(sizes(words, 8))
    assert sizes(words + 1, 1) == [alone + 1]


def test_some_of_several_alternatives_have_room_for_longer_words():
    found = sizes(1, 8)
    assert found.count(min(found)) > found.count(max(found)) > 0
