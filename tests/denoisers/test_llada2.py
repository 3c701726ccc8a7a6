"""LLaDA2 against the original code's outputs, against a second reading of its files, and as an editor."""

import json

import pytest
import tiny_blocks
import torch
from editor_laws import check_constraints, check_laws, check_rows
from safetensors.torch import load_file, save_file

import dlm_editor
from dlm_editor.canvas import Frame, lay_out
from dlm_editor.denoisers.loading import load_denoiser
from dlm_editor.errors import AbilityError, ModelError, UnknownModelError
from dlm_editor.sampling import SAMPLERS, EntropyBound, TokenEditing, own_sampler
from dlm_editor.tasks import FillOptions

TOLERANCE = 1e-4


def changed(folder, **values):
    """The checkpoint with other values in its config.json."""
    config = json.loads((folder / "config.json").read_text()) | values
    (folder / "config.json").write_text(json.dumps(config))
    return folder


def rewritten(folder, rename):
    """The checkpoint with other names for its tensors."""
    tensors = load_file(folder / "model.safetensors")
    save_file({rename(name): tensor.clone() for name, tensor in tensors.items()}, folder / "model.safetensors")
    return folder


def swap(first, second):
    return lambda name: name.replace(first, "\0").replace(second, first).replace("\0", second)


def distance(folder, reference, block_length):
    """The greatest difference of log-probabilities of the tokens that may be predicted, at all positions."""
    denoiser = load_denoiser(str(changed(folder, block_length=block_length)))
    token_ids = reference["input_ids"]
    canvas = tiny_blocks.row_canvas(token_ids[0].tolist(), 0, 0)
    everywhere = torch.ones_like(canvas.valid)
    found, _ = denoiser.predict(canvas, everywhere, 1.0, denoiser.start(canvas))
    allowed = ~torch.from_numpy(denoiser.vocabulary.forbidden)
    logits = reference["logits_full" if block_length >= token_ids.shape[1] else "logits_block8"][0]
    assert (found.values[:, ~allowed] == -torch.inf).all()
    return float((found.values[:, allowed] - torch.log_softmax(logits[:, allowed], -1)).abs().max())


@pytest.fixture(scope="module")
def reference():
    return load_file(tiny_blocks.PARITY / "reference.safetensors")


@pytest.mark.parametrize("block_length", [8, 24])
def test_logits_are_those_of_the_original_code(tmp_path, reference, block_length):
    assert distance(tiny_blocks.llada2_parity(tmp_path), reference, block_length) < TOLERANCE


@pytest.mark.parametrize(("change", "rename", "block_length"), [
    ({}, None, 12), ({}, None, 1),
    ({"rope_theta": 10000.0}, None, 8), ({"partial_rotary_factor": 1.0}, None, 8), ({"routed_scaling_factor": 1.0}, None, 8), ({"topk_group": 4}, None, 8),
    ({"num_experts_per_tok": 2}, None, 8),
    ({}, swap("gate_proj", "up_proj"), 8), ({}, swap("query_layernorm", "key_layernorm"), 8), ({}, swap("input_layernorm", "post_attention_layernorm"), 8),
    ({}, swap("experts.0.", "experts.1."), 8),
], ids=["wrong blocks", "causal", "theta", "partial rotation", "scaling", "groups", "fewer experts", "gate and up", "query and key norms", "norms", "experts"])
def test_a_deliberate_error_moves_the_logits(tmp_path, reference, change, rename, block_length):
    folder = changed(tiny_blocks.llada2_parity(tmp_path), **change)
    folder = rewritten(folder, rename) if rename else folder
    assert distance(folder, reference, block_length) > 0.5


SHAPES = [{}, {"num_key_value_heads": 6}, {"num_key_value_heads": 1, "tie_word_embeddings": True}, {"first_k_dense_replace": 0, "num_hidden_layers": 3},
          {"num_shared_experts": 2, "n_group": 1, "topk_group": 1, "num_experts": 5}, {"num_experts_per_tok": 1, "use_qk_norm": False},
          {"partial_rotary_factor": 1.0, "rope_theta": 1000.0}, {"head_dim": 8, "n_group": 4, "topk_group": 2, "num_experts": 12, "num_experts_per_tok": 3}]


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: ", ".join(f"{k}={v}" for k, v in shape.items()) or "plain")
def test_other_shapes_and_seeds_agree_with_a_second_reading_of_the_files(tmp_path, shape, seed):
    folder = tiny_blocks.llada2(tmp_path, seed=seed, block_length=8, **shape)
    denoiser = load_denoiser(str(folder))
    draw = torch.Generator().manual_seed(seed)
    pieces = tuple(tuple(torch.randint(0, 330, (length,), generator=draw).tolist()) for length in (11, 6, 9))
    lengths = ((2, 3), (5, 1), (2, 3))  # rows of several lengths, two alike, two holes
    canvas = denoiser.noise(lay_out((Frame(pieces, (object(),) * 2),) * 3, lengths, denoiser.info.mask_id, denoiser.info.block_length), None)
    found, _ = denoiser.predict(canvas, canvas.masked, 1.0, denoiser.start(canvas))
    allowed = ~torch.from_numpy(denoiser.vocabulary.forbidden)
    logits = torch.cat([second_reading(folder, canvas.token_ids[row], canvas.valid[row], 8)[canvas.masked[row]] for row in range(3)])
    expected = torch.log_softmax(logits[:, allowed], -1)
    assert (found.values[:, allowed] - expected).abs().max() < TOLERANCE
    assert expected.std() > 0.5


def test_the_second_reading_agrees_with_the_original_code(tmp_path, reference):
    folder = tiny_blocks.llada2_parity(tmp_path)
    token_ids = reference["input_ids"][0]
    logits = second_reading(folder, token_ids, torch.ones_like(token_ids, dtype=torch.bool), 8)
    assert (logits - reference["logits_block8"][0]).abs().max() < TOLERANCE


def test_layers_that_come_from_the_machines_memory_compute_the_same(tmp_path):
    accelerate = pytest.importorskip("accelerate")
    folder, found = tiny_blocks.llada2(tmp_path), []
    for is_away in (False, True):
        denoiser = load_denoiser(str(folder))
        if is_away:
            accelerate.cpu_offload(denoiser._parts[0], torch.device("cpu"))
            assert {parameter.device.type for parameter in denoiser._parts[0].parameters()} == {"meta"}
        canvas = tiny_blocks.row_canvas(list(range(20)), 6, denoiser.info.mask_id)
        found.append(denoiser.predict(canvas, canvas.masked, 1.0, denoiser.start(canvas))[0].values)
    assert (found[0] == found[1]).all()


def second_reading(folder, token_ids, valid, block):
    """Logits of one row, (length, vocab), computed with plain tensors from the files as they are."""
    config, w = json.loads((folder / "config.json").read_text()), load_file(folder / "model.safetensors")
    heads, keys, size = config["num_attention_heads"], config["num_key_value_heads"], config["head_dim"]
    length, turned = len(token_ids), int(size * config["partial_rotary_factor"])
    number = torch.arange(length) // block
    seen = (number[None] <= number[:, None]) & valid[None] | torch.eye(length, dtype=torch.bool)
    angles = torch.arange(length)[:, None] / config["rope_theta"] ** (torch.arange(0, turned, 2) / turned)
    angles = torch.cat([angles, angles], -1)[:, None]

    def norm(x, name):
        return x / (x.pow(2).mean(-1, keepdim=True) + config["rms_norm_eps"]).sqrt() * w[name + ".weight"]

    def turn(x):
        low, high = x[..., :turned // 2], x[..., turned // 2:turned]
        return torch.cat([x[..., :turned] * angles.cos() + torch.cat([-high, low], -1) * angles.sin(), x[..., turned:]], -1)

    def mlp(x, name):
        gated = torch.nn.functional.silu(x @ w[name + ".gate_proj.weight"].T) * (x @ w[name + ".up_proj.weight"].T)
        return gated @ w[name + ".down_proj.weight"].T

    def experts(x, name):
        score = (x @ w[name + ".gate.weight"].T).sigmoid()
        biased = score + w[name + ".gate.expert_bias"]
        grouped = biased.unflatten(-1, (config["n_group"], -1))
        best = grouped.sort(-1, descending=True).values[..., :2].sum(-1).sort(-1, descending=True).indices[..., :config["topk_group"]]
        admitted = torch.zeros_like(grouped, dtype=torch.bool).scatter(-2, best[..., None].expand(*best.shape, grouped.shape[-1]), True).flatten(-2)
        chosen = biased.masked_fill(~admitted, -torch.inf).sort(-1, descending=True).indices[..., :config["num_experts_per_tok"]]
        out = mlp(x, name + ".shared_experts")
        for place in range(length):
            share = score[place, chosen[place]]
            share = share / share.sum() if len(share) > 1 else share
            for expert, part in zip(chosen[place].tolist(), share * config["routed_scaling_factor"]):
                out[place] += part * mlp(x[place], f"{name}.experts.{expert}")
        return out

    x = w["model.word_embeddings.weight"][token_ids]
    for layer in range(config["num_hidden_layers"]):
        name = f"model.layers.{layer}"
        q, k, v = (norm(x, name + ".input_layernorm") @ w[name + ".attention.query_key_value.weight"].T).split([heads * size, keys * size, keys * size], -1)
        q, k, v = (part.unflatten(-1, (-1, size)) for part in (q, k, v))
        if config["use_qk_norm"]:
            q, k = norm(q, name + ".attention.query_layernorm"), norm(k, name + ".attention.key_layernorm")
        q, k, v = turn(q), turn(k).repeat_interleave(heads // keys, 1), v.repeat_interleave(heads // keys, 1)
        share = (torch.einsum("qhd,khd->hqk", q, k) / size**0.5).masked_fill(~seen, -torch.inf).softmax(-1)
        x = x + torch.einsum("hqk,khd->qhd", share, v).flatten(-2) @ w[name + ".attention.dense.weight"].T
        inner = norm(x, name + ".post_attention_layernorm")
        x = x + (mlp if layer < config["first_k_dense_replace"] else experts)(inner, name + ".mlp")
    return norm(x, "model.norm") @ w["model.word_embeddings.weight" if config["tie_word_embeddings"] else "lm_head.weight"].T


# --- as an editor -------------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def editor(tmp_path_factory):
    return dlm_editor.load(str(tiny_blocks.llada2(tmp_path_factory.mktemp("llada2.0"))))


@pytest.fixture(scope="module")
def editing_editor(tmp_path_factory):
    return dlm_editor.load(str(tiny_blocks.llada2(tmp_path_factory.mktemp("llada2.1-tiny"))))


@pytest.mark.parametrize("options", [{}, {"alternatives": 3}, {"steps": 6}, {"temperature": 1.0, "seed": 3}, {"block_length": 2}], ids=str)
def test_three_spans_are_filled_by_the_laws(editor, editing_editor, options):
    assert len(check_laws(editor, FillOptions(**options))) == options.get("alternatives", 1)
    check_laws(editing_editor, FillOptions(**options))


def test_constraints_hold_whatever_is_edited(editor, editing_editor):
    check_constraints(editor)
    for options in ({}, {"steps": 4}, {"sampler": TokenEditing(0.05, 0.02, 8)}):
        check_constraints(editing_editor, FillOptions(**options))


def test_an_alternative_does_not_depend_on_how_many_there_are(editor, editing_editor):
    check_rows(editor)
    check_rows(editing_editor)


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_every_sampler_fills_it(editor, sampler):
    check_laws(editor, FillOptions(sampler=SAMPLERS[sampler]()))


def test_a_hole_sees_what_follows_as_far_as_its_block_reaches_and_no_further(editor):
    denoiser = editor.denoiser
    block = denoiser.info.block_length
    frame = Frame((tuple(range(40)), tuple(range(40, 140))), (object(),))
    canvas = denoiser.noise(lay_out((frame,), ((4,),), denoiser.info.mask_id, block), None)
    before, _ = denoiser.predict(canvas, canvas.masked, 1.0, None)
    first = int(canvas.masked[0].nonzero()[0, 0])
    reach = [0.0] * canvas.token_ids.shape[1]
    for place in range(first + 4, canvas.token_ids.shape[1]):
        other = canvas.token_ids.clone()
        other[0, place] = 150
        after, _ = denoiser.predict(type(canvas)(other, canvas.valid, canvas.gaps, canvas.committed), canvas.masked, 1.0, None)
        reach[place] = float((after.values - before.values).nan_to_num().abs().max())
    assert denoiser.info.sees_suffix is False and block == 32
    assert all(reach[place] > 0 for place in range(first + 4, first + block)) and not any(reach[first + block:])


def test_what_it_can_do_is_said(editor, editing_editor):
    assert (editor.info.family, editor.info.edits_tokens, editing_editor.info.edits_tokens) == ("llada2", False, True)
    assert own_sampler(editing_editor.info) == TokenEditing() and own_sampler(editor.info) == EntropyBound()
    assert editor.info.follows_instructions and editor.denoiser.adapted("Write about cats.").vocabulary.prefix_ids != editor.denoiser.vocabulary.prefix_ids
    assert type(editor.denoiser.adapted("Write about cats.")) is type(editor.denoiser)
    with pytest.raises(AbilityError, match="llada family; .* is of llada2"):
        editor.denoiser.adapted(guidance=1.0)


@pytest.mark.parametrize(("change", "words"), [
    ({"use_bias": True}, "use_bias=False; .* has True"), ({"use_qkv_bias": True}, "use_qkv_bias"), ({"norm_head": True}, "norm_head"),
    ({"rope_scaling": {"type": "yarn"}}, "rope_scaling = {'type': 'yarn'}"), ({"use_sliding_window": True}, "use_sliding_window"), ({"score_function": "softmax"}, "sigmoid"),
    ({"num_experts": None}, "gives num_experts=None"), ({"num_shared_experts": 0}, "gives num_shared_experts=0"), ({"vocab_size": 999}, "weights .* must be those"),
    ({"num_hidden_layers": 1}, "more, first model.layers.1"), ({"num_hidden_layers": 3}, "lacks .*model.layers.2"), ({"head_dim": 32}, "sizes in its config"),
    ({"num_experts": 6, "n_group": 1, "topk_group": 1}, "cannot be loaded"), ({"hidden_size": "x"}, "gives hidden_size='x'"), ({"n_group": 3}, "whole groups .* n_group=3"),
    ({"topk_group": 3}, "topk_group=3"), ({"num_experts_per_tok": 5}, "enough of them"),
])
def test_what_is_not_supported_is_refused_in_words(tmp_path, change, words):
    folder = changed(tiny_blocks.llada2(tmp_path), **change)
    with pytest.raises(ModelError, match=words):
        load_denoiser(str(folder))


def test_a_checkpoint_with_a_part_of_an_expert_is_refused(tmp_path):
    folder = tiny_blocks.llada2(tmp_path)
    tensors = load_file(folder / "model.safetensors")
    del tensors["model.layers.1.mlp.experts.3.up_proj.weight"]
    save_file(tensors, folder / "model.safetensors")
    with pytest.raises(UnknownModelError, match="whole experts"):
        load_denoiser(str(folder))


@pytest.mark.parametrize(("change", "words"), [
    ({"rope_theta": "x"}, "rope_theta is a number above 0"), ({"partial_rotary_factor": 0}, "partial_rotary_factor"), ({"head_dim": 1.5}, "head_dim and block_length"),
    ({"architectures": 3, "model_type": []}, "of a type that is supported|its own code"),
])
def test_a_spoilt_config_is_refused_in_words(tmp_path, change, words):
    with pytest.raises(ModelError, match=words):
        load_denoiser(str(changed(tiny_blocks.llada2(tmp_path), **change)))


@pytest.mark.parametrize("change", [{"eos_token_id": [337, 338]}, {"eos_token_id": None}, {"pad_token_id": -1}, {"eos_token_id": 10**9}])
def test_ends_of_a_text_may_be_one_or_several_or_none(tmp_path, change):
    vocabulary = load_denoiser(str(changed(tiny_blocks.llada2(tmp_path), **change))).vocabulary
    assert vocabulary.forbidden[[337, 338, 339]].all() and not vocabulary.forbidden[300]
