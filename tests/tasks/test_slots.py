"""Other words for a place, and what settles around a choice, under a model that knows pairs of neighbours and nothing else."""

from dataclasses import dataclass

import numpy as np
import pytest
import tiny
import torch

from dlm_editor.constraints import Ban, CharacterCount
from dlm_editor.denoisers import Prediction
from dlm_editor.errors import OptionError, UnsatisfiableError
from dlm_editor.tasks import Editor, FillOptions, fill
from dlm_editor.tasks.branching import Put
from dlm_editor.tasks.branching_words import words_of
from dlm_editor.tasks.settling import settle
from dlm_editor.tasks.slots import slots
from dlm_editor.text import Document, Mark, Span

TEXT = "The cat sat on the mat, and the dog said nothing about it."
MARKED = Document(TEXT, (Mark(Span(8, 22)),))  # sat on the mat


@dataclass(frozen=True, eq=False)
class Neighbours(tiny.TableDenoiser):
    """log p of a token is that of a table, and more where the token before it is one that it goes with."""

    pairs: dict = None

    def predict(self, canvas, positions, t, cache):
        values = self.table[torch.zeros(int(positions.sum()), dtype=torch.int64)].clone()
        for number, (row, at) in enumerate(positions.nonzero().tolist()):
            for (before, token), gain in self.pairs.items():
                if not positions[row, at - 1] and int(canvas.token_ids[row, at - 1]) == before:
                    values[number, token] += gain
        return Prediction("x0", torch.log_softmax(values, -1)), cache


def model(kind="roberta", words=(), pairs=()):
    """Words of one token each and their log-weights; everything else is far below them."""
    vocabulary = tiny.vocabulary(kind)
    table = torch.full((1, vocabulary.size), -12.0)
    table[0, torch.from_numpy(vocabulary.forbidden.copy())] = -torch.inf
    ids = {word: vocabulary.encode(f" {word}", continues=True) for word in (*dict(words), *(word for pair in dict(pairs) for word in pair))}
    assert all(len(tokens) == 1 for tokens in ids.values()), ids
    for word, weight in dict(words).items():
        table[0, ids[word]] = weight
    return Neighbours(vocabulary, torch.log_softmax(table, -1), 128, [], {(ids[a][0], ids[b][0]): gain for (a, b), gain in dict(pairs).items()}), ids


def draft_of(denoiser, text, document=MARKED):
    """The draft of a fill that came to `text`."""
    vocabulary = denoiser.vocabulary
    tokens = vocabulary.encode(f" {text}", continues=True)
    *_, done = fill(denoiser, document, FillOptions(pins=(tuple(tokens),)))
    assert done.edits[0].after == text
    return done.drafts


def word(draft, text):
    return next(pieces for pieces in words_of(draft) if "".join(draft[piece].text for piece in pieces).strip() == text)


def test_the_likeliest_words_come_first_with_their_probability_given_the_rest():
    denoiser, ids = model(words={"cat": 3.0, "dog": 2.0, "mat": 1.0, "said": 0.0})
    draft = draft_of(denoiser, "dog was it")
    found = slots(denoiser, MARKED, draft, 0, word(draft[0], "dog"))
    assert [choice.text for choice in found.choices[:4]] == ["cat", "dog", "mat", "said"] and found.text == "dog"
    assert [choice.is_current for choice in found.choices[:4]] == [False, True, False, False] and found.choices[0].tokens == tuple(ids["cat"])
    shares = np.array([choice.certainty for choice in found.choices[:4]])
    assert shares[:-1] / shares[1:] == pytest.approx(np.e, rel=1e-3) and sum(choice.certainty for choice in found.choices) <= 1 + 1e-6


@pytest.mark.parametrize("kind", ["roberta", "with-null", "bert-uncased", "xlm-roberta"])
def test_what_is_offered_is_one_word_that_fits_its_place(kind):
    denoiser = tiny.TableDenoiser.of(tiny.vocabulary(kind), seed=3)
    *_, done = fill(denoiser, MARKED)
    for pieces in words_of(done.drafts[0])[:4]:
        found = slots(denoiser, MARKED, done.drafts, 0, pieces, most=30)
        assert sum(choice.certainty for choice in found.choices) <= 1 + 1e-6 and any(choice.is_current for choice in found.choices)
        for choice in found.choices:
            assert len(choice.text.split()) == 1 and 0 <= choice.certainty <= 1, choice
            settled = settle(denoiser, MARKED, done.drafts, Put(0, pieces, choice.tokens), threshold=0.0)
            texts = ["".join(settled.draft[0][piece].text for piece in group).strip() for group in words_of(settled.draft[0])]
            assert choice.is_current or choice.text in texts, (choice, texts)
            assert settled.reopened == ((),)


def test_a_word_of_several_tokens_is_found_and_weighed_beside_those_of_one():
    vocabulary = tiny.vocabulary("roberta")
    whole = vocabulary.encode(" river", continues=True)
    assert len(whole) == 2
    table = torch.full((1, vocabulary.size), -12.0)
    table[0, torch.from_numpy(vocabulary.forbidden.copy())] = -torch.inf
    table[0, whole[0]], table[0, vocabulary.encode(" cat", continues=True)[0]] = 1.0, 0.0
    denoiser = Neighbours(vocabulary, torch.log_softmax(table, -1), 128, [], {(whole[0], whole[1]): 20.0})
    draft = draft_of(denoiser, "dog was it")
    found = slots(denoiser, MARKED, draft, 0, word(draft[0], "dog"))
    assert {"river", "cat"} <= {choice.text for choice in found.choices}, found.choices
    assert next(choice.tokens for choice in found.choices if choice.text == "river") == tuple(whole)


def test_borders_and_constraints_hold_for_what_is_offered():
    denoiser, _ = model(words={"cat": 3.0, "dog": 2.0, "mat": 1.0, "said": 0.0})
    draft = draft_of(denoiser, "dog was it")
    options = FillOptions(constraints=(Ban(("cat",)), CharacterCount(10, 10)))
    found = slots(denoiser, MARKED, draft, 0, word(draft[0], "dog"), options)
    assert {choice.text for choice in found.choices} >= {"dog", "mat"} and not {choice.text for choice in found.choices} & {"cat", "said"}
    with pytest.raises(UnsatisfiableError, match=r"spans\[0\]"):
        settle(denoiser, MARKED, draft, Put(0, word(draft[0], "dog"), tuple(denoiser.vocabulary.encode(" said", continues=True))), options=options)


def test_a_choice_reopens_what_it_makes_doubtful_and_nothing_else():
    denoiser, ids = model(words={"cat": 3.0, "dog": 2.5, "mat": 1.0, "it": 1.0, "was": 1.0}, pairs={("cat", "mat"): 6.0, ("dog", "it"): 6.0})
    draft = draft_of(denoiser, "was cat mat was")
    chosen = Put(0, word(draft[0], "cat"), tuple(ids["dog"]))
    found = settle(denoiser, MARKED, draft, chosen)
    assert found.pins == ((ids["was"][0], ids["dog"][0], None, ids["was"][0]),) and found.reopened == ((2,),)
    *_, done = Editor(denoiser).fill(MARKED, FillOptions(pins=found.pins))
    assert done.edits[0].after == "was dog it was"
    assert [piece.certainty for piece in found.draft[0]][1] == 1.0 and found.draft[0][2].state == "open"
    kept = settle(denoiser, MARKED, draft, chosen, kept=(word(draft[0], "mat"),))
    assert kept.reopened == ((),) and None not in kept.pins[0]
    assert settle(denoiser, MARKED, draft, chosen, threshold=0.0).reopened == ((),)


def test_words_of_other_marks_on_the_canvas_settle_too():
    denoiser, ids = model(words={"cat": 3.0, "dog": 2.5, "mat": 1.0, "it": 1.0}, pairs={("cat", "mat"): 6.0, ("dog", "it"): 6.0})
    document = Document(TEXT, (Mark(Span(8, 11)), Mark(Span(12, 14))))  # sat, on
    *_, done = fill(denoiser, document, FillOptions(pins=((ids["cat"][0],), (ids["mat"][0],))))
    found = settle(denoiser, document, done.drafts, Put(0, (0,), tuple(ids["dog"])))
    assert found.pins == ((ids["dog"][0],), (None,)) and found.reopened == ((), (0,))


def test_a_place_without_a_word_is_refused():
    denoiser, _ = model(words={"cat": 3.0})
    draft = draft_of(denoiser, "dog was it")
    for mark, pieces in ((1, (0,)), (0, (9,)), (0, (0, 2)), (0, ())):
        with pytest.raises(OptionError, match="neighbouring pieces"):
            slots(denoiser, MARKED, draft, mark, pieces)
    with pytest.raises(OptionError, match="0 to 1"):
        settle(denoiser, MARKED, draft, Put(0, (0,), (5,)), threshold=2.0)
