"""MDLM: the originals' log-probabilities and sampler runs, other checkpoints in its format, and as an editor.

The originals' ddpm, ddpm_cache and analytic predictors are one algorithm with `Ancestral`, and are played again with its own step. Their
semi-autoregressive run has no counterpart here.
"""

import json

import dit_runs
import pytest
import tiny
import tiny_dit
import torch
from editor_laws import check_laws, check_rows
from parity import canvas_of
from safetensors.torch import load_file, save_file

import dlm_editor
from dlm_editor.canvas import Frame, lay_out
from dlm_editor.denoisers.loading import load_denoiser
from dlm_editor.errors import ModelError, ResourceError, UnknownModelError, UnsafeModelError
from dlm_editor.sampling import SAMPLERS, Analytic, Ancestral
from dlm_editor.tasks import FillOptions

TOLERANCE = 1e-4
NOTES = json.loads((dit_runs.PARITY / "mdlm" / "reference.json").read_text())
RUNS = [name for name in NOTES["sampler_runs"] if name != "semi_ar_seeded"]


def test_log_probabilities_are_the_originals():
    reference = load_file(dit_runs.PARITY / "mdlm" / "reference.safetensors")
    canvas = canvas_of(reference["input_ids"].tolist(), 319)
    found, _ = dit_runs.unfiltered("mdlm").predict(canvas, canvas.masked, 0.3, None)
    assert (found.values[:, :319] - reference["subs_logprobs"][canvas.masked][:, :319]).abs().max() < TOLERANCE
    assert found.kind == "x0" and (found.values[:, 319] == -torch.inf).all()


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("sampler", [Ancestral(), Analytic()], ids=["ancestral", "analytic"])
def test_recorded_runs_are_token_identical(name, sampler):
    run = NOTES["sampler_runs"][name]
    denoiser = dit_runs.unfiltered("mdlm", is_timed=run["settings"].get("tc", False))
    rows = [[319] * 24] * run["settings"].get("batch", 1) if run["start"] == "all masks" else run["start"]
    noise = dit_runs.Noise(run["noise"])
    seen, tokens = dit_runs.play(denoiser, sampler, rows, run["settings"]["steps"], noise, ends_with_noise=False)
    assert tokens == run["tokens"]
    distinct = [ids for number, ids in enumerate(seen) if not number or ids != seen[number - 1]]  # the cached runs leave out calls that see nothing new
    recorded = run["forward_inputs"]
    recorded = [ids for number, ids in enumerate(recorded) if not number or ids != recorded[number - 1]]
    assert distinct[:len(recorded)] == recorded


def test_a_run_with_other_noise_or_at_another_noise_level_ends_elsewhere():
    run = NOTES["sampler_runs"]["ddpm_seeded"]
    other = dit_runs.Noise(run["noise"] | {"mode": "const", "first_values": [0.5] * 4})
    assert dit_runs.play(dit_runs.unfiltered("mdlm"), Ancestral(), [[319] * 24], 8, other, False)[1] != run["tokens"]
    timed = dit_runs.unfiltered("mdlm", is_timed=True)
    assert dit_runs.play(timed, Ancestral(), [[319] * 24], 8, dit_runs.Noise(run["noise"]), False)[1] != run["tokens"]


@pytest.mark.parametrize("timed", [False, True])
@pytest.mark.parametrize("shape", [{}, {"n_heads": 4, "n_blocks": 3, "cond_dim": 9, "vocab_size": 290}], ids=str)
def test_holes_in_rows_of_several_lengths_are_predicted_as_each_row_by_itself(tmp_path, shape, timed):
    folder = tiny_dit.mdlm(tmp_path, seed=3, time_conditioning=timed, **shape)
    denoiser = load_denoiser(str(folder))
    draw = torch.Generator().manual_seed(0)
    pieces = tuple(tuple(torch.randint(0, 250, (length,), generator=draw).tolist()) for length in (11, 6, 9))
    canvas = denoiser.noise(lay_out((Frame(pieces, (object(),) * 2),) * 4, ((2, 3), (5, 1), (2, 3), (2, 3)), denoiser.info.mask_id), None)
    times = torch.tensor([0.9, 0.4, 0.9, 0.2])
    found, _ = denoiser.predict(canvas, canvas.masked, times, denoiser.start(canvas))
    allowed = ~torch.from_numpy(denoiser.vocabulary.forbidden)
    tensors = {name.removeprefix("backbone."): tensor for name, tensor in load_file(folder / "model.safetensors").items()}
    heads = shape.get("n_heads", tiny_dit.SHAPE["n_heads"])
    rows = []
    for row in range(4):
        sigma = float(-torch.log1p(-0.999 * times[row])) if timed else 0.0
        rows.append(tiny_dit.second_reading(tensors, heads, canvas.token_ids[row][canvas.valid[row]], sigma)[canvas.masked[row][canvas.valid[row]]])
    expected = torch.log_softmax(torch.cat(rows)[:, allowed], -1)
    assert (found.values[:, allowed] - expected).abs().max() < TOLERANCE
    assert (found.values[:, ~allowed] == -torch.inf).all() and not allowed[-2:].any()


# --- files --------------------------------------------------------------------------------------------------------------------------------


def test_the_rotation_may_be_left_out_of_the_files_and_a_pickle_serves_as_well(tmp_path):
    folder = tiny_dit.mdlm(tmp_path)
    canvas = canvas_of([[1, 2, 330, 4, 330]], 330)
    before, _ = load_denoiser(str(folder)).predict(canvas, canvas.masked, 1.0, None)
    tensors = load_file(folder / "model.safetensors")
    del tensors["backbone.rotary_emb.inv_freq"]
    (folder / "model.safetensors").unlink()
    torch.save(tensors, folder / "pytorch_model.bin")
    after, _ = load_denoiser(str(folder)).predict(canvas, canvas.masked, 1.0, None)
    assert torch.allclose(before.values, after.values, atol=1e-5)


class Malice:
    def __reduce__(self):
        return (open, ("planted", "w"))


def test_code_beside_the_weights_and_in_a_pickle_is_never_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = tiny_dit.mdlm(tmp_path / "model")
    (folder / "modeling_mdlm.py").write_text("open('planted', 'w')")
    load_denoiser(str(folder))
    (folder / "model.safetensors").unlink()
    torch.save({"backbone.vocab_embed.embedding": Malice()}, folder / "pytorch_model.bin")
    with pytest.raises(UnsafeModelError, match="tensors and nothing else"):
        load_denoiser(str(folder))
    assert not (tmp_path / "planted").exists()


@pytest.mark.parametrize(("change", "words"), [
    ({"n_heads": 5}, "an even number for each head"), ({"hidden_dim": "48"}, "whole numbers"), ({"vocab_size": 0}, "whole numbers"), ({"cond_dim": True}, "whole numbers"),
    ({"hidden_dim": 96}, "not .*size mismatch"), ({"n_blocks": 3}, "not .*[Mm]issing key"), ({"n_blocks": 1}, "not .*[Uu]nexpected key"), ({"vocab_size": 400}, "size mismatch"),
])
def test_a_config_that_does_not_fit_is_refused_in_words(tmp_path, change, words):
    folder = tiny_dit.mdlm(tmp_path)
    config = json.loads((folder / "config.json").read_text()) | change
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(UnknownModelError, match=words):
        load_denoiser(str(folder))


def test_a_config_without_sizes_and_kin_that_are_not_supported_are_refused(tmp_path):
    folder = tiny_dit.mdlm(tmp_path)
    config = json.loads((folder / "config.json").read_text())
    for key in ("cond_dim", "model_length"):
        (folder / "config.json").write_text(json.dumps({k: v for k, v in config.items() if k != key}))
        with pytest.raises(UnknownModelError, match=f"lacks '{key}'"):
            load_denoiser(str(folder))
    for kind, words in (("DUO", "DUO is known but not supported"), ("mdlm-next", "mdlm-next.*mdlm, bd3lm, sedd")):
        (folder / "config.json").write_text(json.dumps(config | {"model_type": kind}))
        with pytest.raises(ModelError, match=words):
            load_denoiser(str(folder))


# --- the tokenizer that they do not ship -----------------------------------------------------------------------------------------------------


def without_tokenizer(folder):
    for path in folder.glob("*token*"):
        path.unlink()
    return folder


def test_without_a_tokenizer_the_way_out_is_said(tmp_path):
    with pytest.raises(UnknownModelError, match="331 tokens does not use GPT-2's.*tokenizer.json"):
        load_denoiser(str(without_tokenizer(tiny_dit.mdlm(tmp_path / "odd"))))
    shape = {"vocab_size": 50258, "hidden_dim": 4, "n_heads": 1, "n_blocks": 1, "cond_dim": 2}
    folder = without_tokenizer(tiny_dit.mdlm(tmp_path / "gpt2-sized", **shape))
    with pytest.raises(ResourceError, match="put the tokenizer.json of openai-community/gpt2 into the folder"):
        load_denoiser(str(folder))


def test_gpt2s_tokenizer_is_fetched_where_the_model_is_of_its_size(tmp_path, monkeypatch):
    asked = []

    def fetched(repository, file, **_):
        asked.append((repository, file))
        return str(tmp_path / "far" / "tokenizer.json")

    tiny_dit.tokenizer(330, tiny_dit.END).save_pretrained(tmp_path / "far")
    shape = {"vocab_size": 50258, "hidden_dim": 4, "n_heads": 1, "n_blocks": 1, "cond_dim": 2}
    folder = without_tokenizer(tiny_dit.mdlm(tmp_path / "model", **shape))
    monkeypatch.setattr("huggingface_hub.hf_hub_download", fetched)
    vocabulary = load_denoiser(str(folder)).vocabulary
    assert asked == [("openai-community/gpt2", "tokenizer.json")]
    assert (vocabulary.mask_id, vocabulary.size, vocabulary.prefix_ids) == (50257, 50258, (329,)) and vocabulary.forbidden[329:].all()


def test_a_tokenizer_of_too_many_tokens_is_refused(tmp_path):
    folder = tiny_dit.mdlm(tmp_path)
    tiny_dit.tokenizer(340, tiny_dit.END).save_pretrained(folder)
    with pytest.raises(ModelError, match="at most 330 tokens.*it has 340"):
        load_denoiser(str(folder))


def test_tokenizer_json_alone_is_enough_and_so_are_vocab_and_merges(tmp_path):
    folder = tiny_dit.mdlm(tmp_path)
    whole = load_denoiser(str(folder)).vocabulary
    without_tokenizer(folder)
    backend = tiny_dit.tokenizer(330, tiny_dit.END).backend_tokenizer
    backend.save(str(folder / "tokenizer.json"))
    alone = load_denoiser(str(folder)).vocabulary
    state = json.loads((folder / "tokenizer.json").read_text())
    without_tokenizer(folder)
    (folder / "vocab.json").write_text(json.dumps(state["model"]["vocab"] | {"<|endoftext|>": 329}))
    (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(" ".join(pair) for pair in state["model"]["merges"]) + "\n")
    apart = load_denoiser(str(folder)).vocabulary
    text = "The cat sat, didn't it? <|endoftext|> 😀\n"
    for other in (alone, apart):
        assert (other.mask_id, other.prefix_ids, other.suffix_ids) == (whole.mask_id, whole.prefix_ids, whole.suffix_ids) == (330, (329,), (329,))
        assert (other.forbidden == whole.forbidden).all() and other.encode(text) == whole.encode(text)
        assert other.write(other.encode(text)).decode() == text


def test_a_tokenizer_with_a_mask_and_a_frame_of_its_own_keeps_both(tmp_path):
    made = tiny.wordpiece(uncased=True)
    folder = without_tokenizer(tiny_dit.mdlm(tmp_path))
    made.save_pretrained(folder)
    config = json.loads((folder / "config.json").read_text()) | {"vocab_size": len(made)}
    (folder / "config.json").write_text(json.dumps(config))
    save_file({f"backbone.{name}": tensor for name, tensor in tiny_dit.tensors(config).items()}, folder / "model.safetensors")
    editor = dlm_editor.load(str(folder))
    vocabulary = editor.denoiser.vocabulary
    assert editor.info.mask_id == made.mask_token_id != len(made) - 1
    assert (vocabulary.prefix_ids, vocabulary.suffix_ids) == ((made.cls_token_id,), (made.sep_token_id,))
    check_laws(editor)


# --- as an editor -------------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def editor(tmp_path_factory):
    return dlm_editor.load(str(tiny_dit.mdlm(tmp_path_factory.mktemp("mdlm"))))


@pytest.mark.parametrize("options", [{}, {"alternatives": 3}, {"steps": 6}, {"temperature": 1.0, "seed": 3}, {"block_length": 2}], ids=str)
def test_three_spans_are_filled_by_the_laws(editor, options):
    assert len(check_laws(editor, FillOptions(**options))) == options.get("alternatives", 1)


def test_the_recorded_checkpoint_fills_by_the_laws():
    check_laws(dlm_editor.load(str(dit_runs.folder("mdlm"))))


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_every_sampler_fills_it(editor, sampler):
    check_laws(editor, FillOptions(sampler=SAMPLERS[sampler]()))


def test_an_alternative_does_not_depend_on_how_many_there_are(editor, tmp_path):
    check_rows(editor)
    check_rows(dlm_editor.load(str(tiny_dit.mdlm(tmp_path, time_conditioning=True))), FillOptions(alternatives=2, steps=5))
