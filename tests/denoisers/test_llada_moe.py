"""LLaDA-MoE against the original code's outputs, against a second reading of its files, and as an editor."""

import json

import pytest
import tiny_blocks
import torch
from editor_laws import check_constraints, check_laws, check_rows
from safetensors.torch import load_file, save_file

import dlm_editor
from dlm_editor.canvas import Frame, lay_out
from dlm_editor.denoisers.loading import load_denoiser
from dlm_editor.errors import ModelError
from dlm_editor.tasks import FillOptions

TOLERANCE = 1e-4


def changed(folder, **values):
    config = json.loads((folder / "config.json").read_text()) | values
    (folder / "config.json").write_text(json.dumps(config))
    return folder


def distance(folder, reference, name="logits", row=0):
    """The greatest difference of log-probabilities of the tokens that may be predicted, at all positions that are no padding."""
    denoiser = load_denoiser(str(folder))
    valid = reference["attention_mask"].bool() if name == "logits_padded" else torch.ones_like(reference["input_ids"], dtype=torch.bool)
    canvas = tiny_blocks.row_canvas(reference["input_ids"][row].tolist(), 0, 0)
    canvas = type(canvas)(canvas.token_ids, valid[row:row + 1], canvas.gaps, canvas.committed)
    found, _ = denoiser.predict(canvas, canvas.valid, 1.0, denoiser.start(canvas))
    allowed = ~torch.from_numpy(denoiser.vocabulary.forbidden)
    return float((found.values[:, allowed] - torch.log_softmax(reference[name][row][valid[row]][:, allowed], -1)).abs().max())


@pytest.fixture(scope="module")
def reference():
    return load_file(tiny_blocks.LLADA_MOE_PARITY / "reference.safetensors")


@pytest.mark.parametrize(("name", "row"), [("logits", 0), ("logits", 1), ("logits_padded", 1)])
def test_logits_are_those_of_the_original_code(tmp_path, reference, name, row):
    assert distance(tiny_blocks.llada_moe_parity(tmp_path), reference, name, row) < TOLERANCE


@pytest.mark.parametrize("change", [{"rope_theta": 1000}, {"num_experts_per_tok": 2}, {"num_attention_heads": 3, "num_key_value_heads": 1}, "gate", "norms", "padding"], ids=str)
def test_a_deliberate_error_moves_the_logits(tmp_path, reference, change):
    folder = tiny_blocks.llada_moe_parity(tmp_path)
    if isinstance(change, dict) and "num_attention_heads" not in change:
        assert distance(changed(folder, **change), reference) > 0.5
    elif isinstance(change, dict):
        with pytest.raises(ModelError, match="must be those of"):
            distance(changed(folder, **change), reference)
    elif change == "padding":
        assert distance(folder, reference | {"attention_mask": torch.ones_like(reference["attention_mask"])}, "logits_padded", 1) > 0.5
    else:
        pair = ("gate_proj", "up_proj") if change == "gate" else ("q_norm", "k_norm")
        tensors = load_file(folder / "model.safetensors")
        swapped = {name.replace(pair[0], "\0").replace(pair[1], pair[0]).replace("\0", pair[1]): tensor.clone() for name, tensor in tensors.items()}
        save_file(swapped, folder / "model.safetensors")
        assert distance(folder, reference) > 0.5


SHAPES = [{}, {"num_key_value_heads": None}, {"moe_layer_freq": [1, 0, 1]}, {"num_experts": 5, "num_experts_per_tok": 1}, {"tie_word_embeddings": True, "rope_theta": 500}]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_other_shapes_agree_with_a_second_reading_of_the_files(tmp_path, shape):
    folder = tiny_blocks.llada_moe(tmp_path, seed=len(str(shape)), **shape)
    denoiser = load_denoiser(str(folder))
    draw = torch.Generator().manual_seed(3)
    pieces = tuple(tuple(torch.randint(0, 330, (length,), generator=draw).tolist()) for length in (9, 5, 7))
    canvas = denoiser.noise(lay_out((Frame(pieces, (object(),) * 2),) * 3, ((2, 3), (4, 1), (2, 3)), denoiser.info.mask_id), None)
    found, _ = denoiser.predict(canvas, canvas.masked, 1.0, denoiser.start(canvas))
    allowed = ~torch.from_numpy(denoiser.vocabulary.forbidden)
    logits = torch.cat([second_reading(folder, canvas.token_ids[row, canvas.valid[row]])[canvas.masked[row, canvas.valid[row]]] for row in range(3)])
    assert (found.values[:, allowed] - torch.log_softmax(logits[:, allowed], -1)).abs().max() < TOLERANCE


def test_the_second_reading_agrees_with_the_original_code(tmp_path, reference):
    folder = tiny_blocks.llada_moe_parity(tmp_path)
    assert (second_reading(folder, reference["input_ids"][0]) - reference["logits"][0]).abs().max() < TOLERANCE


def second_reading(folder, token_ids):
    """Logits of one row, (length, vocab), computed with plain tensors from the files as they are."""
    config, w = json.loads((folder / "config.json").read_text()), load_file(folder / "model.safetensors")
    heads = config["num_attention_heads"]
    size, groups = config["hidden_size"] // heads, heads // (config["num_key_value_heads"] or heads)
    angles = torch.arange(len(token_ids))[:, None] / config["rope_theta"] ** (torch.arange(0, size, 2) / size)
    angles = torch.cat([angles, angles], -1)[:, None]

    def norm(x, name):
        return x / (x.pow(2).mean(-1, keepdim=True) + config["rms_norm_eps"]).sqrt() * w[name + ".weight"]

    def turn(x):
        low, high = x.chunk(2, -1)
        return x * angles.cos() + torch.cat([-high, low], -1) * angles.sin()

    def mlp(x, name):
        return (torch.nn.functional.silu(x @ w[name + ".gate_proj.weight"].T) * (x @ w[name + ".up_proj.weight"].T)) @ w[name + ".down_proj.weight"].T

    def experts(x, name):
        shares, chosen = (x @ w[name + ".gate.weight"].T).softmax(-1).sort(-1, descending=True)
        used = range(config["num_experts_per_tok"])
        return torch.stack([sum(shares[i, k] * mlp(x[i], f"{name}.experts.{int(chosen[i, k])}") for k in used) for i in range(len(x))])

    x = w["model.embed_tokens.weight"][token_ids]
    for layer, has_experts in enumerate(config["moe_layer_freq"]):
        name = f"model.layers.{layer}"
        inner = norm(x, name + ".input_layernorm")
        q, k, v = ((inner @ w[f"{name}.self_attn.{part}_proj.weight"].T).unflatten(-1, (-1, size)) for part in "qkv")
        q, k = turn(norm(q, name + ".self_attn.q_norm")), turn(norm(k, name + ".self_attn.k_norm")).repeat_interleave(groups, 1)
        share = (torch.einsum("qhd,khd->hqk", q, k) / size**0.5).softmax(-1)
        mixed = torch.einsum("hqk,khd->qhd", share, v.repeat_interleave(groups, 1)).flatten(-2)
        x = x + mixed @ w[name + ".self_attn.o_proj.weight"].T
        x = x + (experts if has_experts else mlp)(norm(x, name + ".post_attention_layernorm"), name + ".mlp")
    return norm(x, "model.norm") @ w["model.embed_tokens.weight" if config["tie_word_embeddings"] else "lm_head.weight"].T


@pytest.fixture(scope="module")
def editor(tmp_path_factory):
    return dlm_editor.load(str(tiny_blocks.llada_moe(tmp_path_factory.mktemp("LLaDA-MoE-Instruct-tiny"))))


def test_three_spans_are_filled_by_the_laws(editor):
    assert editor.info.follows_instructions and editor.info.takes_guidance and editor.info.sees_suffix and editor.info.family == "llada_moe"
    for options in ({}, {"alternatives": 2, "steps": 5}):
        check_laws(editor, FillOptions(**options))
    check_rows(editor)
    check_constraints(editor)


@pytest.mark.parametrize(("change", "words"), [
    ({"qk_layernorm": False}, "qk_layernorm = True"), ({"moe_router_enable_expert_bias": True}, "expert_bias"), ({"shared_expert_intermediate_size": 8}, "shared_expert"),
    ({"moe_router_score_function": "sigmoid"}, "softmax"), ({"partial_rotary_factor": 0.5}, "partial_rotary"), ({"clip_qkv": 8}, "clip_qkv"),
    ({"num_experts": -1}, "gives num_experts=-1"), ({"moe_layer_freq": [1]}, "each of its 3 layers"), ({"moe_layer_freq": "x"}, "each of its 3 layers"),
    ({"expert_intermediate_size": None}, "expert_intermediate_size=None"),
])
def test_what_is_not_supported_is_refused_in_words(tmp_path, change, words):
    with pytest.raises(ModelError, match=words):
        load_denoiser(str(changed(tiny_blocks.llada_moe(tmp_path), **change)))
