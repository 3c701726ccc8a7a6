"""Fills that repeat something are written anew: the events, the alternatives, and what is said where it cannot be."""

from dataclasses import replace

import pytest
import tiny

from dlm_editor.constraints import NoRepeats, OnlyWords
from dlm_editor.errors import UnsatisfiableError
from dlm_editor.sampling import RefinementStep
from dlm_editor.tasks import FillOptions, Suggestion, fill
from dlm_editor.text import parse_marked

MARKED = "The cat [[sat there|9w]] on the mat, [[and then|6w]] it was raining."


def lover(kind, seed=0):
    """Predicts the same words at every position."""
    denoiser = tiny.TableDenoiser.of(tiny.vocabulary(kind), seed)
    return replace(denoiser, table=denoiser.table[:1].repeat(len(denoiser.table), 1))


def run(denoiser, marked, **options):
    events = list(fill(denoiser, parse_marked(marked), FillOptions(**{"constraints": (NoRepeats(),), **options})))
    return [event for event in events if isinstance(event, RefinementStep)], [event for event in events if isinstance(event, Suggestion)]


def pairs(text):
    words = text.lower().split()
    return list(zip(words, words[1:]))


@pytest.mark.parametrize("kind", ["with-null", "roberta"])
def test_steps_go_on_and_show_every_mark_of_every_alternative(kind):
    steps, suggestions = run(lover(kind), MARKED, alternatives=3)
    assert [step.index for step in steps] == list(range(1, len(steps) + 1)) and len({step.total for step in steps}) == 1
    assert len(steps) > len(run(lover(kind), MARKED, alternatives=3, constraints=())[0])
    assert {(len(step.drafts), *map(len, step.drafts)) for step in steps} == {(4, 2, 2, 2, 2)}
    assert [step.seconds for step in steps] == sorted(step.seconds for step in steps)
    for suggestion in suggestions:
        assert suggestion.steps == len(steps)
        assert all(piece.state == "settled" for draft in suggestion.drafts for piece in draft)
    last = steps[-1].drafts[suggestions[0].row]
    assert ["".join(piece.text for piece in draft) for draft in last] == ["".join(piece.text for piece in draft) for draft in suggestions[0].drafts]


@pytest.mark.parametrize("draws", [{}, {"temperature": 1.0, "seed": 5}])
def test_the_same_seed_gives_the_same_and_an_alternative_does_not_depend_on_how_many_there_are(draws):
    few, more = (run(lover("roberta"), MARKED, alternatives=count, **draws)[1] for count in (2, 4))
    again = run(lover("roberta"), MARKED, alternatives=4, **draws)[1]
    assert [(one.text, one.mean_logprob, one.row) for one in more] == [(one.text, one.mean_logprob, one.row) for one in again]
    texts = {one.row: one.text for one in more}
    assert {one.row for one in few} <= set(texts) and all(texts[one.row] == one.text for one in few)


def test_what_repeats_nothing_is_the_fill_as_it_was():
    denoiser = tiny.TableDenoiser.of(tiny.vocabulary("roberta"), 1)
    with_, without = (run(denoiser, "The cat [[sat|3w]] on.", alternatives=3, constraints=held)[1] for held in ((NoRepeats(),), ()))
    assert {one.row: one.text for one in with_} == {one.row: one.text for one in without}


def test_it_may_hold_for_one_mark_alone():
    _, (suggestion,) = run(lover("roberta"), MARKED, constraints=(), mark_constraints=((), (NoRepeats(),)))
    first, second = (pairs(edit.after) for edit in suggestion.edits)
    assert len(set(second)) == len(second) and len(set(first)) < len(first)


def test_the_impossible_is_refused_with_the_reason():
    for words, length in ((("the",), 4), (("the", "cat"), 5)):
        with pytest.raises(UnsatisfiableError, match=rf"spans\[0\]: .* length {length}w must “use only the words the.*” and “repeat no line or word pair”.*Leave one of them out"):
            run(lover("roberta"), f"It [[sat|{length}w]] on.", constraints=(OnlyWords(words), NoRepeats()))
    with pytest.raises(UnsatisfiableError, match=r"“repeat no line or word pair”; none was found that does not. Ask for a shorter fill"):
        run(lover("roberta"), "It [[sat|9w]] on.", constraints=(NoRepeats(), OnlyWords(("the", "cat", "dog"))))


def test_given_tokens_stay_or_are_refused_where_they_repeat():
    denoiser = lover("roberta")
    the = denoiser.vocabulary.encode(" the", continues=True)
    pins = ((*the, None, None, None, None, None, None, *the),)
    free, (suggestion,) = (run(denoiser, "It was [[sat|8w]] on.", pins=pins, constraints=held)[1] for held in ((), (NoRepeats(),)))
    assert suggestion.edits[0].after.startswith("the") and suggestion.edits[0].after.endswith("the") and suggestion.violations == ()
    assert len(set(pairs(free[0].edits[0].after))) < 7
    with pytest.raises(UnsatisfiableError, match="repeat no line"):
        run(denoiser, "It was [[sat]] on.", pins=((*the, *the),))
