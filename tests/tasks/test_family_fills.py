"""The laws of a fill with a model of each family that is loaded from disk: three marks in a document, fixed text before, between and after them."""

import json
import pickle
import re

import pytest
import tiny_causal

from dlm_editor import load
from dlm_editor.errors import AbilityError
from dlm_editor.sampling import SAMPLERS
from dlm_editor.tasks import FillOptions, RefinementStep, Suggestion
from dlm_editor.tasks.branching import Put
from dlm_editor.tasks.branching_words import words_of
from dlm_editor.text import Document, Mark, Span, Tokens, Words

TEXT = "The king said:\r\n“She [[did not]] know 字👩‍🔬 it”\n\tand [[]] so we [[walked to|3w]] the river \0\u0301אע.\n"
WRITERS = {**tiny_causal.WRITERS, "dreamon": lambda folder: tiny_causal.tiny_dream(folder, expands=True),
           "llada-instruct": lambda folder: tiny_causal.tiny_llada(folder.with_name("tiny-instruct"))}


@pytest.fixture(scope="module", params=sorted(WRITERS))
def editor(request, tmp_path_factory):
    return load(str(WRITERS[request.param](tmp_path_factory.mktemp("models") / request.param)), "cpu")


def document():
    """TEXT without its brackets, and its marks."""
    text, marks = "", []
    for number, part in enumerate(re.split(r"\[\[(.*?)\]\]", TEXT)):
        old, _, length = part.partition("|")
        if number % 2:
            marks.append(Mark(Span(len(text), len(text) + len(old)), *([Words(3)] if length else [])))
        text += old
    return Document(text, tuple(marks))


def split(source, text):
    """The new texts of the three marks in `text`, checked to be the source outside them."""
    pieces, at = [], 0
    for mark in source.marks:
        pieces.append(source.text[at:mark.span.start])
        at = mark.span.end
    found = re.fullmatch("(.*)".join(re.escape(piece) for piece in [*pieces, source.text[at:]]), text, re.DOTALL)
    assert found, text
    return found.groups()


def run(editor, **options):
    events = list(editor.fill(document(), FillOptions(**options)))
    return [event for event in events if isinstance(event, RefinementStep)], [event for event in events if isinstance(event, Suggestion)]


def samplers(info):
    """Samplers do not know families: all are tried with two, of the others the default and the most erratic."""
    able = ["entropy-bound", "ancestral"] if info.family not in ("llada", "dreamon") else sorted(SAMPLERS)
    for name in able:
        try:
            SAMPLERS[name]().check(info)
        except AbilityError:
            assert name == "analytic", name  # it wants scores
        else:
            yield SAMPLERS[name]()


def test_three_marks_are_filled_and_nothing_else_changes(editor):
    source = document()
    special = [token for token in (editor.denoiser.vocabulary.backend.id_to_token(i) for i in range(300)) if token.startswith("<|")]
    for sampler in samplers(editor.info):
        steps, (suggestion,) = run(editor, sampler=sampler)
        after = split(source, suggestion.text)
        assert suggestion.text.encode().decode() == suggestion.text and "\ufffd" not in suggestion.text
        assert not any(token in suggestion.text for token in special)
        assert all(edit.after == text for edit, text in zip(suggestion.edits, after, strict=True))
        assert len(after[2].split()) == 3
        assert not steps[-1].canvas.masked.any() and len(steps) <= steps[0].total
        fixed = fixed_tokens(steps[0].canvas)
        assert all(fixed_tokens(step.canvas) == fixed for step in steps)


def fixed_tokens(canvas):
    return [canvas.token_ids[row, canvas.valid[row] & ~canvas.editable[row]].tolist() for row in range(len(canvas.token_ids))]


def test_the_same_seed_gives_the_same_run_and_rows_do_not_depend_on_their_number(editor):
    def rows(alternatives):
        steps, _ = run(editor, temperature=0.8, seed=5, alternatives=alternatives)
        return [["".join(piece.text for piece in draft) for draft in row] for row in steps[-1].drafts]

    few = rows(2)
    assert rows(2) == few
    assert rows(5)[:len(few)] == few


def test_undoing_the_edits_gives_the_document_back(editor):
    source = document()
    _, (suggestion,) = run(editor)
    edited = Document(source.text).apply(*suggestion.edits)
    assert edited.text == suggestion.text
    shift, backwards = 0, []
    for edit in suggestion.edits:
        start = edit.span.start + shift
        backwards.append(type(edit)(Span(start, start + len(edit.after)), edit.after, edit.before))
        shift += len(edit.after) - len(edit.before)
    assert edited.apply(*backwards).text == source.text


def test_a_fixed_length_is_kept_and_steps_are_as_many_as_asked(editor):
    source = Document("The king saw the river and said so.", (Mark(Span(9, 12), Tokens(4)), Mark(Span(17, 22), Tokens(2))))
    events = list(editor.fill(source, FillOptions(steps=3)))
    steps = [event for event in events if isinstance(event, RefinementStep)]
    assert len(steps) == 3
    for step in steps:
        assert [int((step.canvas.gaps[0] == gap).sum()) for gap in range(2)] == [4, 2]


def test_an_instruction_is_heard_by_models_that_follow_one_and_refused_by_others(editor):
    follows = editor.info.follows_instructions
    assert follows == ("instruct" in editor.info.name)
    if not follows:
        with pytest.raises(AbilityError):
            run(editor, instruction="Rhyme!")
        return
    heard, (suggestion,) = run(editor, instruction="Rhyme!")
    split(document(), suggestion.text)
    unheard, _ = run(editor)
    assert len(fixed_tokens(heard[0].canvas)[0]) != len(fixed_tokens(unheard[0].canvas)[0])


def test_a_long_instruction_takes_nothing_from_the_documents_window(tmp_path):
    editor = load(str(tiny_causal.tiny_llada(tmp_path / "tiny-instruct", max_position_embeddings=2048)), "cpu")
    source = Document("The king saw the river and said so. " * 40, (Mark(Span(700, 704), Tokens(4)),))

    def context(instruction):
        first = next(editor.fill(source, FillOptions(window=64, instruction=instruction))).canvas
        marker = editor.denoiser.vocabulary.backend.token_to_id("<|end_header_id|>")
        row = first.token_ids[0].tolist()
        return len(row) - len(row[:len(row) - row[::-1].index(marker)])

    assert context("Rhyme!") == context("Rhyme, and write it all as a sailor would. " * 20)


def test_guidance_is_taken_by_llada_and_refused_by_others(editor):
    if editor.info.family != "llada":
        with pytest.raises(AbilityError, match="llada"):
            run(editor, guidance=1.0)
        return
    _, (suggestion,) = run(editor, guidance=1.0)
    split(document(), suggestion.text)


class Trap:
    """Unpickling it leaves a file behind."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), "w")


@pytest.mark.parametrize("family", sorted(WRITERS))
def test_code_and_pickles_beside_the_weights_never_run(family, tmp_path, monkeypatch):
    folder, ran = WRITERS[family](tmp_path / "model"), tmp_path / "ran"
    code = f"open({str(ran)!r}, 'w')\nclass Evil: pass\n"
    for name in ("modeling_evil.py", "configuration_evil.py", "tokenization_evil.py", "generate.py"):
        (folder / name).write_text(code)
    (folder / "custom_generate").mkdir()
    (folder / "custom_generate" / "generate.py").write_text(code)
    remote = {"AutoConfig": "configuration_evil.Evil", "AutoModel": "modeling_evil.Evil", "AutoModelForCausalLM": "modeling_evil.Evil",
              "AutoTokenizer": ["tokenization_evil.Evil", "tokenization_evil.Evil"]}
    for file in ("config.json", "tokenizer_config.json"):
        (folder / file).write_text(json.dumps(json.loads((folder / file).read_text()) | {"auto_map": remote}))
    for name in ("pytorch_model.bin", "training_args.bin", "optimizer.pt", "adapter_model.bin"):
        (folder / name).write_bytes(pickle.dumps(Trap(ran)))
    monkeypatch.setattr("builtins.input", lambda *_: pytest.fail("a question was asked"))
    list(load(str(folder), "cpu").fill(Document("The king said so.", (Mark(Span(4, 8)),))))
    assert not ran.exists()


def test_other_words_are_found_and_what_they_make_doubtful_settles(editor):
    source = document()
    _, (done,) = run(editor)
    for mark, pieces in ((0, words_of(done.drafts[0])[0]), (2, words_of(done.drafts[2])[-1])):
        found = editor.slots(source, done.drafts, mark, pieces)
        choice = next(choice for choice in found.choices if not choice.is_current)
        settling = editor.settle(source, done.drafts, Put(mark, pieces, choice.tokens))
        *_, again = editor.fill(source, FillOptions(pins=settling.pins))
        split(source, again.text)
        assert choice.text in again.edits[mark].after and 0 < choice.certainty <= 1
