"""Fill, seen from outside: what it refuses, how it resumes, how it stops."""

import pytest
import tiny
from hypothesis import given, settings
from hypothesis import strategies as st

from dlm_editor.errors import DocumentError, OptionError
from dlm_editor.sampling import SAMPLERS
from dlm_editor.tasks import Editor, FillOptions, RefinementStep, Suggestion, fill
from dlm_editor.text import Document, Mark, Span, Tokens, Words

TEXT = "The cat sat on the mat, and the dog said nothing about it at all."
MARKED = Document(TEXT, (Mark(Span(4, 7), Tokens(6)), Mark(Span(32, 35), Tokens(4))))


def table(kind="roberta", **options):
    return tiny.TableDenoiser.of(tiny.vocabulary(kind), **options)


def steps_of(denoiser, document, options):
    return [event for event in fill(denoiser, document, options) if isinstance(event, RefinementStep)]


@pytest.mark.parametrize(("document", "error", "words"), [
    (Document(""), DocumentError, "empty"),
    (Document(TEXT), OptionError, "nothing|no marked"),
    (Document("x" * (9 * 2**20), (Mark(Span(0, 1)),)), DocumentError, "8 MiB"),
    (Document(TEXT, (Mark(Span(4, 7), Tokens(200)),)), OptionError, "window of 128 tokens"),
    (Document(TEXT, (Mark(Span(4, 7), Words(100)),)), OptionError, "window of 128 tokens"),
])
def test_what_cannot_be_filled_is_refused_before_the_first_step(document, error, words):
    denoiser = table()
    with pytest.raises(error, match=words):
        next(iter(fill(denoiser, document, FillOptions())))
    assert denoiser.calls == []


@pytest.mark.parametrize("options", [
    {"alternatives": 0}, {"alternatives": 17}, {"temperature": -0.1}, {"temperature": 2.5}, {"temperature": float("nan")}, {"top_p": 0.0}, {"top_p": 1.5},
    {"seed": -1}, {"seed": 2**63}, {"steps": 0}, {"steps": 100_000}, {"block_length": 0}, {"window": 3}, {"alternatives": 2.5}, {"steps": True}, {"seed": 1.5}, {"temperature": "a"}, {"window": 64.5},
    {"sampler": "confidence"}, {"pins": 5}, {"pins": (5,)},
])
def test_options_out_of_range_are_refused_with_the_value_and_the_way_out(options):
    with pytest.raises(OptionError, match="got"):
        FillOptions(**options)


def test_fewer_steps_than_blocks_are_refused():
    with pytest.raises(OptionError, match="a step for each of the 5 blocks"):
        next(iter(fill(table(), MARKED, FillOptions(steps=2, block_length=2))))


def test_a_document_of_a_megabyte_is_filled():
    text = "The cat sat on the mat. " * 45_000
    document = Document(text, (Mark(Span(500_004, 500_007)),))
    *_, suggestion = fill(table(), document, FillOptions())
    assert suggestion.text[:500_004] == text[:500_004] and suggestion.text.endswith(text[500_007:])


def test_a_run_goes_on_from_the_tokens_it_had_when_it_was_stopped():
    denoiser = table()
    options = FillOptions(sampler=SAMPLERS["confidence"]())
    half = steps_of(denoiser, MARKED, options)[4]
    pins = tuple(tuple(None if piece.state == "open" else piece.tokens[0] for piece in draft if piece.tokens) for draft in half.drafts[0])
    assert sum(token is not None for draft in pins for token in draft) == 5
    resumed = list(fill(denoiser, MARKED, FillOptions(sampler=SAMPLERS["confidence"](), pins=pins)))
    final = [event for event in resumed if isinstance(event, RefinementStep)][-1]
    for before, after in zip(half.drafts[0], final.drafts[0]):
        for old, new in zip(before, after):
            assert old.state == "open" or old.tokens == new.tokens
    assert len(resumed) == 5 + 1


def test_a_run_over_several_canvases_goes_on_from_any_step():
    far = Document("The cat sat on the mat. " * 40, (Mark(Span(4, 7), Tokens(5)), Mark(Span(604, 607), Tokens(4)), Mark(Span(900, 903))))
    denoiser = table("with-null")
    for stopped in steps_of(denoiser, far, FillOptions()):
        pins = tuple(tuple(None if piece.state == "open" else piece.tokens[0] for piece in draft if piece.tokens) for draft in stopped.drafts[0])
        *_, suggestion = fill(denoiser, far, FillOptions(pins=pins))
        assert len(suggestion.edits) == 3
        assert [len(draft) for draft in suggestion.drafts[:2]] == [5, 4]
        for pinned, draft in zip(pins, suggestion.drafts):
            assert all(token in (None, piece.tokens[0]) for token, piece in zip(pinned, draft))


def test_a_settled_run_goes_on_with_one_step_that_changes_nothing():
    denoiser = table()
    *_, finished = fill(denoiser, MARKED, FillOptions())
    pins = tuple(tuple(piece.tokens[0] for piece in draft) for draft in finished.drafts)
    step, suggestion = fill(denoiser, MARKED, FillOptions(pins=pins))
    assert suggestion.text == finished.text and {piece.certainty for piece in step.drafts[0][0]} == {1.0}


def test_tokens_to_start_from_fit_the_window():
    with pytest.raises(OptionError, match="window"):
        list(fill(table(), MARKED, FillOptions(pins=((None,) * 600, (None,)))))


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from("我喜歡你 a𐍈.\n"), min_size=10, max_size=400), st.lists(st.integers(0, 400), min_size=2, max_size=16), st.integers(32, 200))
def test_no_canvas_is_longer_than_the_window(text, cuts, window):
    cuts = sorted({min(cut, len(text)) for cut in cuts})
    marks = tuple(Mark(Span(start, end)) for start, end in zip(cuts[::2], cuts[1::2]))
    if not marks:
        return
    for kind in ("roberta", "with-null"):
        denoiser = table(kind)
        try:
            for event in fill(denoiser, Document(text, marks), FillOptions(window=window)):
                assert isinstance(event, Suggestion) or event.canvas.token_ids.shape[1] <= min(window, denoiser.max_length)
        except OptionError as error:
            assert "window" in str(error)


def test_a_long_passage_is_not_replaced_by_a_word():
    text = "The cat sat on the mat, and the dog said nothing about it at all. " * 8
    *_, suggestion = fill(table(), Document("So: " + text + "End.", (Mark(Span(4, 4 + len(text))),)), FillOptions())
    assert len(suggestion.drafts[0]) > 20


def test_the_length_of_an_insertion_is_not_swayed_by_what_the_model_cannot_say():
    for text in ("The cat sat on", "The cat sat on 😀"):
        denoiser = table("bert-uncased", spread=0.0)
        *_, suggestion = fill(denoiser, Document(text, (Mark(Span(14, 14)),)), FillOptions())
        assert sum(bool(piece.tokens) for piece in suggestion.drafts[0]) == 4


def test_line_breaks_in_a_fill_are_those_of_the_document():
    text = "one\r\ntwo three\r\nfour five\r\nsix"
    marked = Document(text, (Mark(Span(5, 25), Tokens(40)),))
    for seed in range(5):
        *_, suggestion = fill(table(seed=seed), marked, FillOptions(temperature=2.0, seed=seed))
        assert suggestion.text.count("\n") == suggestion.text.count("\r\n")


@pytest.mark.parametrize("pins", [((1,),), ((None,), (10**6,)), ((None,), ("a",)), ((None,) * 2000, (None,)), ((None,), (True,))])
def test_tokens_to_start_from_are_checked(pins):
    with pytest.raises(OptionError, match="start from"):
        list(fill(table(), MARKED, FillOptions(pins=pins)))


def test_special_tokens_cannot_be_pinned():
    denoiser = table()
    with pytest.raises(OptionError, match="must fit the border"):
        list(fill(denoiser, MARKED, FillOptions(pins=((denoiser.vocabulary.mask_id,), (None,)))))


def test_closing_the_run_stops_the_work_after_the_current_step():
    denoiser = table()
    run = fill(denoiser, MARKED, FillOptions(sampler=SAMPLERS["confidence"]()))
    next(run)
    calls = len(denoiser.calls)
    run.close()
    assert len(denoiser.calls) == calls == 1


def test_alternatives_differ_and_cost_a_batch():
    denoiser = table("with-null")
    suggestions = [event for event in Editor(denoiser).fill(MARKED, FillOptions(alternatives=6)) if isinstance(event, Suggestion)]
    assert len({suggestion.text for suggestion in suggestions}) == 6
    assert [s.mean_logprob for s in suggestions] == sorted((s.mean_logprob for s in suggestions), reverse=True)
    assert len(denoiser.calls) <= 10 and denoiser.calls[0][0] == 7


def test_positions_may_stay_empty_where_the_model_decides_the_length():
    denoiser = table("with-null")
    denoiser.table[:, denoiser.vocabulary.null_id] = -0.4
    document = Document(TEXT, (Mark(Span(4, 22)),))
    *_, suggestion = fill(denoiser, document, FillOptions())
    tokens = [token for piece in suggestion.drafts[0] for token in piece.tokens]
    null = denoiser.vocabulary.null_id
    assert null in tokens and suggestion.edits[0].after
    assert tokens == sorted(tokens, key=lambda token: token == null)


def test_code_keeps_its_indentation():
    text = "def area(width, height):\n    if width < 0:\n        raise ValueError(width)\n    return width * height\n"
    marks = tuple(Mark(Span(text.index(part), text.index(part) + len(part))) for part in ("width < 0", "    return width * height"))
    *_, suggestion = fill(table(), Document(text, marks), FillOptions())
    lines = suggestion.text.split("\n")
    assert lines[1].startswith("    if ") and lines[1].endswith(":") and lines[3].startswith("    ") and lines[2] == "        raise ValueError(width)"
