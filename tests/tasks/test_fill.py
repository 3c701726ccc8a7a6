"""Fill, seen from outside: what it refuses, how it resumes, how it stops."""

import pytest
import tiny

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
    {"seed": -1}, {"seed": 2**63}, {"steps": 0}, {"steps": 100_000}, {"block_length": 0}, {"window": 3},
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


@pytest.mark.parametrize("pins", [((1,),), ((None,), (10**6,)), ((None,), ("a",)), ((), (None,)), ((None,) * 2000, (None,)), ((None,), (True,))])
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
    assert len(denoiser.calls) <= 10 and denoiser.calls[0][0] == 9


def test_positions_may_stay_empty_where_the_model_decides_the_length():
    denoiser = table("with-null")
    denoiser.table[:, denoiser.vocabulary.null_id] = -0.4
    document = Document(TEXT, (Mark(Span(4, 7)),))
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
