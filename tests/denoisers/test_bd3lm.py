"""BD3LM: the original's block-causal predictions and sampler runs, other checkpoints in its format, and as an editor.

The original's first-hitting sampler is one algorithm with `FirstHitting`, which plays its runs again, the one with a cache included: ours
keeps none and gives the same tokens. Not ours: the runs on a time grid, whose last point leaves masks that all become token 0, and the
nucleus that leaves out the token which crosses its bound.
"""

import json

import dit_runs
import pytest
import tiny_dit
import torch
from editor_laws import check_laws, check_rows
from parity import canvas_of
from safetensors.torch import load_file

import dlm_editor
from dlm_editor.canvas import FIXED, Frame, lay_out
from dlm_editor.denoisers.loading import load_denoiser
from dlm_editor.errors import UnknownModelError
from dlm_editor.sampling import SAMPLERS, FirstHitting, Tick
from dlm_editor.tasks import FillOptions, RefinementStep
from dlm_editor.text import Document, Mark, Span, Tokens

TOLERANCE = 1e-4
NOTES = json.loads((dit_runs.PARITY / "bd3lm" / "reference.json").read_text())


def test_log_probabilities_are_the_originals():
    reference = load_file(dit_runs.PARITY / "bd3lm" / "reference.safetensors")
    canvas = canvas_of(reference["input_ids_block_causal"].tolist(), 319)
    everywhere = torch.ones_like(canvas.valid)
    found, _ = dit_runs.unfiltered("bd3lm").predict(canvas, everywhere, 0.5, None)
    expected = torch.log_softmax(reference["logits_block_causal"][..., :319], -1).flatten(0, 1)
    assert (found.values[:, :319] - expected).abs().max() < TOLERANCE


@pytest.mark.parametrize("size", [1, 4, 24])
def test_other_blocks_move_the_predictions(size, tmp_path):
    reference = load_file(dit_runs.PARITY / "bd3lm" / "reference.safetensors")
    config = json.loads((dit_runs.folder("bd3lm") / "config.json").read_text()) | {"block_size": size}
    (tmp_path / "config.json").write_text(json.dumps(config))
    (tmp_path / "model.safetensors").symlink_to(dit_runs.folder("bd3lm") / "model.safetensors")
    (tmp_path / "tokenizer").symlink_to(dit_runs.PARITY / "bd3lm" / "tokenizer")
    denoiser = load_denoiser(str(tmp_path))
    canvas = canvas_of(reference["input_ids_block_causal"].tolist(), 319)
    found, _ = denoiser.predict(canvas, canvas.masked, 0.5, None)
    allowed = ~torch.from_numpy(denoiser.vocabulary.forbidden)
    expected = torch.log_softmax(reference["logits_block_causal"][canvas.masked][:, allowed], -1)
    assert (found.values[:, allowed] - expected).abs().max() > 1


@pytest.mark.parametrize("name", [name for name in NOTES["sampler_runs"] if name.startswith("first_hitting") and "nucleus" not in name])
def test_recorded_runs_are_token_identical(name):
    run = NOTES["sampler_runs"][name]
    denoiser, noise = dit_runs.unfiltered("bd3lm"), dit_runs.Noise(run["noise"])
    tokens, seen, chosen = [318], [], iter(run["first_hitting_index"])
    for block in range(3):
        tokens = tokens + [319] * (8 - len(tokens) % 8)
        while 319 in tokens:
            canvas = canvas_of([tokens], 319)
            seen.append([tokens])
            prediction, _ = denoiser.predict(canvas, canvas.masked, 0.5, None)
            clocks = noise.clocks(1, 8, 320)[0][canvas.masked[0, -8:]]
            ranks = torch.zeros(len(tokens))
            ranks[canvas.masked[0].nonzero()[:, 0][next(chosen)[0]]] = 1.0
            proposal = dit_runs.propose(canvas, (prediction.x0.exp() / clocks).argmax(-1), None)
            canvas, _ = FirstHitting().step(proposal, canvas, (Tick(1.0, 0.5, 1),), None, (dit_runs.Script(ranks),))
            tokens = canvas.token_ids[0].tolist()
    assert [tokens] == run["tokens"] and len(seen) == run["sampling_steps"]
    if not run["settings"]["kv_cache"]:  # with a cache the original is given the last block alone
        assert seen == run["forward_inputs"]


@pytest.mark.parametrize("shape", [{}, {"n_heads": 4, "n_blocks": 3, "cond_dim": 9, "vocab_size": 290, "block_size": 4}, {"block_size": 16}, {"block_size": 1}], ids=str)
def test_holes_in_rows_of_several_lengths_are_predicted_as_each_row_by_itself(tmp_path, shape):
    folder = tiny_dit.bd3lm(tmp_path, seed=7, **shape)
    denoiser = load_denoiser(str(folder))
    size = denoiser.info.block_length
    draw = torch.Generator().manual_seed(0)
    pieces = tuple(tuple(torch.randint(0, 250, (length,), generator=draw).tolist()) for length in (11, 6, 9))
    laid_out = lay_out((Frame(pieces, (object(),) * 2),) * 4, ((2, 3), (5, 1), (2, 3), (7, 7)), denoiser.info.mask_id, size)
    canvas = denoiser.noise(laid_out, None)
    found, _ = denoiser.predict(canvas, canvas.masked, 0.5, denoiser.start(canvas))
    tensors = {name.removeprefix("backbone."): tensor for name, tensor in load_file(folder / "model.safetensors").items() if "eps" not in name}
    rows = []
    for row in range(4):
        valid = canvas.valid[row]
        block = (torch.arange(len(valid)) // size)[valid]
        logits = tiny_dit.second_reading(tensors, shape.get("n_heads", 3), canvas.token_ids[row][valid], 0.0, block[:, None] >= block)
        rows.append(logits[canvas.masked[row][valid]])
    allowed = ~torch.from_numpy(denoiser.vocabulary.forbidden)
    assert (found.values[:, allowed] - torch.log_softmax(torch.cat(rows)[:, allowed], -1)).abs().max() < TOLERANCE


@pytest.mark.parametrize(("change", "words"), [
    ({"causal": True}, "causal = false.*left-to-right"), ({"adaln": False}, "adaln = true"), ({"block_size": 0}, "block_size.* is 0"),
    ({"block_size": "8"}, "block_size.* is '8'"), ({"block_size": 97}, "1 to its model_length, 96"), ({"hidden_dim": None}, "whole numbers"),
])
def test_what_is_not_supported_is_refused_in_words(tmp_path, change, words):
    folder = tiny_dit.bd3lm(tmp_path)
    config = json.loads((folder / "config.json").read_text()) | change
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(UnknownModelError, match=words):
        load_denoiser(str(folder))


# --- as an editor -------------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def editor(tmp_path_factory):
    return dlm_editor.load(str(tiny_dit.bd3lm(tmp_path_factory.mktemp("bd3lm"))))


@pytest.mark.parametrize("options", [{}, {"alternatives": 3}, {"steps": 16}, {"sampler": FirstHitting(), "temperature": 1.0, "seed": 3}, {"block_length": 2}], ids=str)
def test_three_spans_are_filled_by_the_laws(editor, options):
    assert len(check_laws(editor, FillOptions(**options))) == options.get("alternatives", 1)


def test_the_recorded_checkpoint_fills_by_the_laws():
    check_laws(dlm_editor.load(str(dit_runs.folder("bd3lm"))), FillOptions(sampler=FirstHitting()))


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_every_sampler_fills_it(editor, sampler):
    check_laws(editor, FillOptions(sampler=SAMPLERS[sampler]()))


def test_an_alternative_does_not_depend_on_how_many_there_are(editor):
    check_rows(editor)


def test_a_hole_sees_what_follows_as_far_as_its_block_reaches_and_no_further(editor):
    denoiser = editor.denoiser
    assert denoiser.info.sees_suffix is False and denoiser.info.block_length == 6
    canvas = lay_out((Frame((tuple(range(40)), tuple(range(40, 80))), (object(),)),), ((2,),), denoiser.info.mask_id, 6)
    before, _ = denoiser.predict(canvas, canvas.masked, 1.0, None)
    first = int(canvas.masked[0].nonzero()[0, 0])
    for place in range(first + 2, canvas.token_ids.shape[1]):
        other = canvas.token_ids.clone()
        other[0, place] = 150
        after, _ = denoiser.predict(type(canvas)(other, canvas.valid, canvas.gaps, canvas.committed), canvas.masked, 1.0, None)
        moved = float((after.values - before.values).nan_to_num().abs().max())
        assert moved > 0 if place < first + 6 else moved == 0, place


def test_blocks_are_settled_from_left_to_right(editor):
    document = Document("The cat sat on the mat, and the dog said nothing at all.", (Mark(Span(4, 7), Tokens(15)),))
    for name in SAMPLERS:
        for event in editor.fill(document, FillOptions(sampler=SAMPLERS[name]())):
            if isinstance(event, RefinementStep):
                canvas = event.canvas
                block = torch.arange(canvas.gaps.shape[1]) // 6
                for row in range(len(canvas.gaps)):
                    is_open = canvas.gaps[row] != FIXED
                    settled = [bool(canvas.committed[row][is_open & (block == b)].all()) for b in block[is_open].unique()]
                    begun = [bool(canvas.committed[row][is_open & (block == b)].any()) for b in block[is_open].unique()]
                    assert all(settled[:place] == [True] * place for place, has in enumerate(begun) if has), name
