"""Going on from any step of a fill, with words kept, thrown back and typed."""

import dataclasses

import pytest
import tiny
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from test_fill_laws import documents
from test_resizing_laws import denoiser as denoiser_that_resizes

from dlm_editor.constraints import Ban, Include, WordCount
from dlm_editor.errors import InputError, OptionError, UnsatisfiableError
from dlm_editor.sampling import SAMPLERS
from dlm_editor.tasks import FillOptions, RefinementStep, Suggestion, fill
from dlm_editor.tasks.branching import Keep, Open, Put, Type, branch
from dlm_editor.tasks.branching_words import words_of
from dlm_editor.text import Document, Mark, Span, Tokens, Words

KINDS = ("roberta", "with-null", "bert-uncased", "xlm-roberta")
TEXT = "The cat sat on the mat, and the dog said nothing about it at all."
MARKED = Document(TEXT, (Mark(Span(4, 14)), Mark(Span(28, 35))))
RULES = ((), (Ban(("cat",)),), (Include("river"),), (WordCount(1, 4),))


def table(kind="roberta", seed=0):
    return tiny.TableDenoiser.of(tiny.vocabulary(kind), seed)


def run(denoiser, document, options=FillOptions()):
    events = list(fill(denoiser, document, options))
    return [event for event in events if isinstance(event, RefinementStep)], [event for event in events if isinstance(event, Suggestion)]


def tokens_of(draft):
    return [token for piece in draft for token in piece.tokens]


def settled_words(draft):
    return [pieces for pieces in words_of(draft) if draft[pieces[0]].state != "open" and "".join(draft[piece].text for piece in pieces).strip() and draft[pieces[0]].tokens]


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=8, deadline=None, database=None)
@given(document=documents(), data=st.data())
def test_from_any_step_with_any_hands_what_is_kept_stays_and_all_that_was_asked_for_holds(kind, document, data):
    denoiser = table(kind, data.draw(st.integers(0, 2)))
    rules = data.draw(st.sampled_from(RULES))
    options = FillOptions(alternatives=data.draw(st.integers(1, 2)), constraints=rules, sampler=SAMPLERS[data.draw(st.sampled_from(["entropy-bound", "remasking"]))]())
    try:
        steps, _ = run(denoiser, document, options)
    except InputError:
        return
    rows = data.draw(st.sampled_from(steps)).drafts
    draft = data.draw(st.sampled_from(rows))
    hands = []
    for mark, pieces in enumerate(draft):
        for word in words_of(pieces):
            kind_of = data.draw(st.sampled_from([None, None, Keep, Open, Type])) if any(pieces[piece].tokens for piece in word) else None
            if kind_of is not None:
                hands.append(Type(mark, word, data.draw(st.sampled_from(["a", "the dog", "cold,", ""]))) if kind_of is Type else kind_of(mark, word))
    called = len(denoiser.calls)
    try:
        found = branch(denoiser, document, draft, hands, options)
    except InputError as error:
        assert hands and ("must meet" in str(error) or "tokens can write" in str(error)), error
        return
    finally:
        assert len(denoiser.calls) == called, "no step is taken before the words are looked at"
    _, suggestions = run(denoiser, document, FillOptions(pins=found.pins, constraints=rules))
    for suggestion in suggestions:
        assert not suggestion.violations
        assert Document(document.text).apply(*suggestion.edits).text == suggestion.text
        for pins, final in zip(found.pins, suggestion.drafts):
            assert not pins or len(pins) == len(tokens_of(final))
            assert all(pin in (None, token) for pin, token in zip(pins, tokens_of(final)))
    for mark, (pins, pieces) in enumerate(zip(found.pins, draft)):
        touched = {piece for hand in hands if hand.mark == mark and not isinstance(hand, Keep) for piece in hand.pieces}
        if not touched:
            assert list(pins) == [None if piece.state == "open" else token for piece in pieces for token in piece.tokens]


@pytest.mark.parametrize("kind", KINDS)
def test_a_typed_word_stands_in_the_finished_fill_and_a_word_thrown_back_is_found_anew(kind):
    denoiser = table(kind)
    steps, (first,) = run(denoiser, MARKED, FillOptions(sampler=SAMPLERS["confidence"]()))
    word = settled_words(first.drafts[0])[0]
    found = branch(denoiser, MARKED, first.drafts, [Type(0, word, "river")])
    assert "".join(piece.text for piece in found.draft[0]).strip().startswith("river") and None not in found.pins[0]
    assert found.draft[0][0].certainty == 1.0 and found.draft[1] == first.drafts[1]
    *_, last = fill(denoiser, MARKED, FillOptions(pins=found.pins))
    assert last.edits[0].after.startswith("river") and last.text[:4] == TEXT[:4]
    opened = branch(denoiser, MARKED, first.drafts, [Open(0, word)])
    assert opened.pins[0].count(None) >= len(word) and opened.pins[1] == tuple(tokens_of(first.drafts[1]))


def test_text_typed_into_a_hole_takes_masks_from_there_on_and_an_empty_text_takes_the_word_out():
    denoiser = table("roberta")
    marked = Document(TEXT, (Mark(Span(4, 14), Tokens(8)),))
    steps, _ = run(denoiser, marked, FillOptions(sampler=SAMPLERS["confidence"]()))
    draft = steps[0].drafts[0]
    hole = next(place for place, piece in enumerate(draft[0]) if piece.state == "open" and all(later.state == "open" for later in draft[0][place:place + 3]))
    found = branch(denoiser, marked, draft, [Type(0, (hole,), "river")])
    assert len(found.pins[0]) == 8 and found.pins[0].count(None) < 7
    assert "river" in "".join(piece.text for piece in found.draft[0])
    done = steps[-1].drafts[0]
    word = settled_words(done[0])[-1]
    shorter = branch(denoiser, marked, done, [Type(0, word, "")])
    assert len(shorter.pins[0]) == 8 - len(word)


def test_what_the_vocabulary_cannot_write_is_refused_with_the_way_out():
    for kind, text, words in (("bert-uncased", "Ágnes", "no capitals"), ("bert-uncased", "zebra 字", "tokens can write"), ("xlm-roberta", "字", "tokens can write")):
        denoiser = table(kind)
        _, (done,) = run(denoiser, MARKED)
        with pytest.raises(OptionError, match=rf"spans\[1\]: A typed text .*{words}"):
            branch(denoiser, MARKED, done.drafts, [Type(1, settled_words(done.drafts[1])[0], text)])


def test_a_first_letter_that_the_border_makes_a_capital_may_be_typed_as_one():
    denoiser = table("bert-uncased")
    document = Document("The cat sat.", (Mark(Span(0, 3)),))
    _, (done,) = run(denoiser, document)
    found = branch(denoiser, document, done.drafts, [Type(0, words_of(done.drafts[0])[0], "Dog")])
    assert "".join(piece.text for piece in found.draft[0]).startswith("Dog")


@pytest.mark.parametrize(("rules", "length", "text"), [((Ban(("dog",)),), None, "dog"), ((WordCount(1, 1),), None, "a dog"), ((), Words(2), "a dog and a cat")])
def test_words_that_contradict_what_was_asked_for_are_refused_before_the_first_step(rules, length, text):
    denoiser = table("roberta")
    document = Document(TEXT, (Mark(Span(4, 14), length) if length else Mark(Span(4, 14)),))
    options = FillOptions(constraints=rules)
    _, (done,) = run(denoiser, document, options)
    called = len(denoiser.calls)
    with pytest.raises(UnsatisfiableError, match=r"spans\[0\]: What is kept, chosen and typed must meet .* cannot"):
        branch(denoiser, document, done.drafts, [Type(0, settled_words(done.drafts[0])[0], text)], options)
    assert len(denoiser.calls) == called


def test_a_mark_of_which_nothing_is_kept_begins_anew_and_one_with_empty_positions_may_change_its_length():
    marked = Document(TEXT, (Mark(Span(4, 14)), Mark(Span(28, 35), Words(5))))
    plain = table("with-null")
    gain = torch.zeros(plain.table.shape[1]).index_fill(0, torch.tensor(plain.vocabulary.null_id), 6.0)
    denoiser = dataclasses.replace(plain, table=torch.log_softmax(plain.table + gain, -1))  # leaves much empty
    _, (done,) = run(denoiser, marked)
    words = [word for word in words_of(done.drafts[0]) if any(done.drafts[0][piece].tokens for piece in word)]
    assert branch(denoiser, marked, done.drafts, [Open(0, word) for word in words]).pins[0] == ()
    null = denoiser.vocabulary.null_id
    assert null in tokens_of(done.drafts[1])
    found = branch(denoiser, marked, done.drafts, [Open(1, settled_words(done.drafts[1])[0])])
    assert null not in found.pins[1] and any(token is not None for token in found.pins[1]) and found.pins[0] == tuple(tokens_of(done.drafts[0]))


@pytest.mark.parametrize(("hands", "words"), [
    ([Open(2, (0,))], "pieces of a mark"), ([Open(0, (99,))], "pieces of a mark"), ([Open(0, ())], "pieces of a mark"), ([Open(0, (0,)), Keep(0, (0,))], "one hand"),
    ([Put(0, (0,), (10**6,))], "ids from 0"), ([Type(0, (0,), "x" * 1001)], "1000 characters"),
])
def test_hands_that_lie_nowhere_are_refused(hands, words):
    denoiser = table()
    _, (done,) = run(denoiser, MARKED)
    with pytest.raises(OptionError, match=words):
        branch(denoiser, MARKED, done.drafts, hands)


def test_a_draft_of_another_document_or_model_is_refused():
    denoiser = table()
    _, (done,) = run(denoiser, MARKED)
    with pytest.raises(OptionError, match="each of the 2 marks; got 1"):
        branch(denoiser, MARKED, done.drafts[:1])
    with pytest.raises(OptionError, match="the model that made it"):
        branch(denoiser, MARKED, (done.drafts[0], (done.drafts[1][0].__class__("x", "settled", 1.0, (10**6,)),)))
    other = dataclasses.replace(done.drafts[1][0], text="what its tokens are with another model")
    with pytest.raises(OptionError, match="read otherwise"):
        branch(denoiser, MARKED, (done.drafts[0], (other, *done.drafts[1][1:])))
    with pytest.raises(OptionError, match="the model that made it"):
        branch(denoiser, MARKED, (done.drafts[0], (done.drafts[1][0].__class__("sent back by a hosted model", "settled", None, ()),)))


@pytest.mark.parametrize("seed", range(3))
def test_a_mark_of_a_model_that_resizes_goes_on_resizing_with_its_kept_words_in_place(seed):
    resizing = denoiser_that_resizes(seed)
    document = Document(TEXT, (Mark(Span(4, 14)),))
    steps, _ = run(resizing, document)
    draft = next(step for step in steps if any(piece.state != "open" for piece in step.drafts[0][0])).drafts[0]
    found = branch(resizing, document, draft)
    kept = [token for token in found.pins[0] if token is not None]
    more, (done,) = run(resizing, document, FillOptions(pins=found.pins))
    sizes = {len(tokens_of(step.drafts[0][0])) for step in more}
    assert len(sizes) > 1, "it goes on to expand or delete"
    following = iter(tokens_of(done.drafts[0]))
    assert all(token in following for token in kept), "in their order"
