"""Style by example: the example stands on every canvas before the document, and nowhere else."""

import pytest
import tiny
import tiny_causal
from editor_laws import TEXT, check_laws, check_rows, three_spans

from dlm_editor import load
from dlm_editor.errors import OptionError
from dlm_editor.tasks import Editor, FillOptions, RefinementStep, RewriteOptions, Suggestion
from dlm_editor.tasks.remote import RemoteInfiller
from dlm_editor.tasks.requests import parse_fill, parse_rewrite
from dlm_editor.text import Document, Mark, Span, Tokens

STYLE = "The king said: “We walked to the garden.”\n"
KINDS = ("with-null", "bert-uncased", "roberta")


def editor_of(kind, **options):
    return Editor(tiny.TableDenoiser.of(tiny.vocabulary(kind), **options))


def fixed(events):
    """The fixed tokens of the first canvas."""
    canvas = next(event for event in events if isinstance(event, RefinementStep)).canvas
    return canvas.token_ids[0][canvas.valid[0] & ~canvas.editable[0]].tolist()


@pytest.mark.parametrize("kind", KINDS)
def test_with_an_example_the_laws_of_a_fill_hold(kind):
    check_laws(editor_of(kind), FillOptions(style=STYLE))
    check_rows(editor_of(kind), FillOptions(style=STYLE, alternatives=2))


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_stands_before_what_the_model_sees_of_the_document(kind):
    editor = editor_of(kind, max_length=256)
    vocabulary = editor.denoiser.vocabulary
    example, prefix = vocabulary.encode(STYLE.strip() + "\n\n"), list(vocabulary.prefix_ids)
    plain, seen = (fixed(editor.fill(three_spans(), FillOptions(style=style))) for style in (None, STYLE))
    assert seen == prefix + example + plain[len(prefix):] and len(example) > 5


@pytest.mark.parametrize("kind", KINDS)
def test_far_into_a_long_document_the_example_is_there_too_and_takes_nothing_from_its_window(kind):
    editor = editor_of(kind, max_length=512)
    document = Document(TEXT * 60, (Mark(Span(4000, 4003), Tokens(2)),))
    example = editor.denoiser.vocabulary.encode(STYLE.strip() + "\n\n")
    plain, seen = (fixed(editor.fill(document, FillOptions(style=style, window=64))) for style in (None, STYLE))
    start = next(i for i in range(len(seen)) if seen[i:i + len(example)] == example)
    assert start <= 1 and seen[:start] + seen[start + len(example):] == plain


def test_a_rewrite_judges_and_writes_with_the_example():
    editor = editor_of("roberta", max_length=256)
    document = Document(TEXT, (Mark(Span(4, 22)),))
    plain, seen = (list(editor.rewrite(document, RewriteOptions(0.5, (), FillOptions(style=style)))) for style in (None, STYLE))
    example = editor.denoiser.vocabulary.encode(STYLE.strip() + "\n\n")
    assert fixed(seen)[1:1 + len(example)] == example
    lengths = [shape[1] for shape in editor.denoiser.calls]
    assert max(lengths) - min(lengths) >= len(example)
    for *_, suggestion in (plain, seen):
        assert isinstance(suggestion, Suggestion) and suggestion.text.endswith(TEXT[22:])


@pytest.mark.parametrize("family", ["llada", "dream"])
def test_models_from_disk_take_it_beside_an_instruction_and_guidance_where_they_have_these(family, tmp_path):
    editor = load(str({"llada": tiny_causal.tiny_llada, "dream": tiny_causal.tiny_dream}[family](tmp_path / "tiny-instruct")), "cpu")
    more = {"guidance": 1.0, "instruction": "Rhyme!"} if family == "llada" else {}
    without, (*_, suggestion) = (list(editor.fill(three_spans(), FillOptions(style=style, **more))) for style in (None, STYLE))
    assert suggestion.text.endswith(TEXT[-15:]) and suggestion.text != without[-1].text


def test_an_example_that_leaves_no_room_for_the_document_is_refused():
    editor = editor_of("roberta")
    with pytest.raises(OptionError, match="at most 64 tokens of what 'table' sees at a time; got one of .* Shorten it"):
        list(editor.fill(three_spans(), FillOptions(style=STYLE * 9)))
    assert editor.denoiser.calls == []
    for style in ("", " \n", "x" * 4001, 3):
        with pytest.raises(OptionError, match="at most 4000 characters"):
            FillOptions(style=style)


def test_a_hosted_model_takes_none():
    with pytest.raises(OptionError, match="got style, an example of style, for 'ollama:m'"):
        RemoteInfiller.of("ollama:m").preview(three_spans(), FillOptions(style=STYLE))


def test_it_is_a_field_of_fill_and_rewrite():
    assert parse_fill({"text": "a [[b]]", "style": STYLE})[1] == FillOptions(style=STYLE)
    assert parse_rewrite({"text": "a [[b]]", "style": STYLE})[1].fill.style == STYLE
    with pytest.raises(OptionError, match="style is a string"):
        parse_fill({"text": "a [[b]]", "style": 3})
