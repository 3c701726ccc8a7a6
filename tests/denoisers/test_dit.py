"""The network of MDLM, BD3LM and SEDD against the originals' outputs, and against a second reading of its weights in other shapes."""

import dit_runs
import pytest
import tiny_dit
import torch
from safetensors.torch import load_file

from dlm_editor.denoisers.blocks import block_mask
from dlm_editor.denoisers.dit import DiT, DiTShape

TOLERANCE = 1e-4
SHAPES = [{}, {"n_heads": 1, "hidden_dim": 10}, {"n_heads": 12, "n_blocks": 1}, {"cond_dim": 7, "vocab_size": 300}, {"n_blocks": 4, "hidden_dim": 32, "n_heads": 2}]


def network(tensors, heads=4):
    vocab, hidden = tensors["vocab_embed.embedding"].shape
    blocks = 1 + max(int(name.split(".")[1]) for name in tensors if name.startswith("blocks."))
    found = DiT(DiTShape(vocab, hidden, blocks, heads, tensors["sigma_map.mlp.0.weight"].shape[0]))
    found.load_state_dict(tensors)
    return found.eval()


def swapped(tensors):
    """Shift and scale of the first block's attention in each other's place."""
    tensors = dict(tensors)
    for part in ("weight", "bias"):
        name = f"blocks.0.adaLN_modulation.{part}"
        shift, scale, *rest = tensors[name].chunk(6)
        tensors[name] = torch.cat([scale, shift, *rest])
    return tensors


def sines_first(tensors):
    """The noise features with sines before cosines."""
    low, high = tensors["sigma_map.mlp.0.weight"].chunk(2, 1)
    return tensors | {"sigma_map.mlp.0.weight": torch.cat([high, low], 1)}


@pytest.fixture(scope="module")
def mdlm():
    return load_file(dit_runs.PARITY / "mdlm" / "reference.safetensors")


@torch.inference_mode()
def test_logits_at_every_noise_level_are_the_originals(mdlm):
    found = network(dit_runs.weights("mdlm"))
    assert (found(mdlm["input_ids"], torch.zeros(2)) - mdlm["logits"]).abs().max() < TOLERANCE
    for sigma, expected in zip(mdlm["sigmas"], mdlm["logits_at_sigma"]):
        assert (found(mdlm["input_ids"], sigma.expand(2)) - expected).abs().max() < TOLERANCE


@pytest.mark.parametrize(("change", "arguments"), [
    (dict, {"sigma": torch.ones(2)}), (dict, {"visible": torch.ones(24, 24, dtype=torch.bool).tril()}), (dict, {"positions": torch.zeros(24)}),
    (dict, {"positions": torch.arange(24) // 2}), (swapped, {}), (sines_first, {}),
    (lambda tensors: tensors | {"blocks.1.norm1.weight": tensors["blocks.1.norm2.weight"] * 0 + 1}, {}),
], ids=["wrong sigma", "causal mask", "no rotation", "slower rotation", "shift and scale swapped", "sines first", "norm without its weight"])
@torch.inference_mode()
def test_a_deliberate_error_moves_the_logits(mdlm, change, arguments):
    found = network(change(dit_runs.weights("mdlm")))
    logits = found(mdlm["input_ids"], **{"sigma": torch.zeros(2)} | arguments)
    assert (logits - mdlm["logits"]).abs().max() > (0.5 if change is not dict and change is not swapped else 4)


@torch.inference_mode()
def test_the_layouts_of_block_diffusion_are_the_originals():
    """Sampling: blocks see those before them. Training: noised blocks see themselves and the clean blocks before them."""
    reference = load_file(dit_runs.PARITY / "bd3lm" / "reference.safetensors")
    found = network(dit_runs.weights("bd3lm"))
    causal = reference["input_ids_block_causal"]
    logits = found(causal, torch.zeros(2), block_mask(torch.ones_like(causal, dtype=torch.bool), 8))
    assert (logits - reference["logits_block_causal"]).abs().max() < TOLERANCE
    assert (logits[:, 16:] - reference["logits_last_block_kv_cache"]).abs().max() < TOLERANCE
    noised, clean = reference["input_ids_xt"], reference["input_ids_x0"]
    block = torch.arange(32) // 8
    same, before = block[:, None] == block, block[:, None] > block
    visible = torch.cat([torch.cat([same, before], 1), torch.cat([torch.zeros_like(same), same | before], 1)])
    dual = found(torch.cat([noised, clean], 1), torch.zeros(2), visible, torch.arange(32).repeat(2))[:, :32]
    assert (dual - reference["logits_dual_stream"]).abs().max() < TOLERANCE


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: ", ".join(f"{k}={v}" for k, v in shape.items()) or "plain")
@torch.inference_mode()
def test_other_shapes_and_seeds_agree_with_a_second_reading(shape, seed):
    shape = tiny_dit.SHAPE | shape
    tensors = tiny_dit.tensors(shape, seed)
    draw = torch.Generator().manual_seed(seed)
    token_ids = torch.randint(0, shape["vocab_size"], (3, 19), generator=draw)
    valid = torch.arange(19) < torch.tensor([19, 11, 1])[:, None]
    sigma = torch.tensor([0.0, 0.7, 5.0])
    found = network(tensors, shape["n_heads"])(token_ids, sigma, valid[:, None, :])
    for row in range(3):
        length = int(valid[row].sum())
        expected = tiny_dit.second_reading(tensors, shape["n_heads"], token_ids[row, :length], float(sigma[row]))
        assert (found[row, :length] - expected).abs().max() < TOLERANCE
        assert expected.std() > 1


@torch.inference_mode()
def test_the_second_reading_agrees_with_the_original_code(mdlm):
    for sigma, expected in zip(mdlm["sigmas"], mdlm["logits_at_sigma"]):
        logits = tiny_dit.second_reading(dit_runs.weights("mdlm"), 4, mdlm["input_ids"][0], float(sigma))
        assert (logits - expected[0]).abs().max() < 10 * TOLERANCE  # it adds up in another order, which these large weights magnify


@torch.inference_mode()
def test_the_head_runs_at_the_asked_positions_only(mdlm):
    found = network(dit_runs.weights("mdlm"))
    sigma, asked = torch.tensor([0.1, 2.0]), mdlm["input_ids"] == 319
    whole, part = found(mdlm["input_ids"], sigma), found(mdlm["input_ids"], sigma, asked=asked)
    assert part.shape == (int(asked.sum()), 320) and torch.allclose(part, whole[asked], atol=1e-5)


@torch.inference_mode()
def test_half_precision_stays_near(mdlm):
    whole = network(dit_runs.weights("mdlm"))
    half = network(dit_runs.weights("mdlm")).to(torch.bfloat16)
    logits, exact = half(mdlm["input_ids"], torch.zeros(2)).float(), whole(mdlm["input_ids"], torch.zeros(2))
    assert logits.isfinite().all() and (logits - exact).std() < 0.1 * exact.std()
