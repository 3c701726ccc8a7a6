"""What any config.json is held to, and what of it is never heard: on copies of recorded checkpoints, each compared with the original code's outputs."""

import json
import shutil

import parity
import pytest
import tiny
import tiny_blocks
import torch
from safetensors.torch import load_file, save_file

from dlm_editor.canvas import Canvas
from dlm_editor.cli.main import main
from dlm_editor.denoisers.loading import load_denoiser
from dlm_editor.errors import UnknownModelError

RECORDED = {"llada": "logits", "dream": "logits_shifted", "mdlm": "logits", "bd3lm": "logits_block_causal", "llada2": "logits_block8"}
INPUTS = {"bd3lm": "input_ids_block_causal"}


@pytest.fixture(params=RECORDED)
def family(request):
    return request.param


def copied(family, tmp_path, drop=(), **changes):
    """The recorded checkpoint with another config.json, and a tokenizer where it has none."""
    folder = tmp_path / "model"
    if family == "llada2":
        folder.mkdir()
        tiny_blocks.llada2_parity(folder)
        changes = {"block_length": 8} | changes
    else:
        shutil.copytree(parity.folder(family) / "checkpoint", folder)
        if (parity.folder(family) / "tokenizer").is_dir():
            shutil.copytree(parity.folder(family) / "tokenizer", folder, dirs_exist_ok=True)
    config = {key: value for key, value in json.loads((folder / "config.json").read_text()).items() if key not in drop}
    (folder / "config.json").write_text(json.dumps(config | changes))
    return folder


def distance(family, folder):
    """The greatest difference of our log-probabilities from the recorded logits', over tokens that may be predicted."""
    denoiser, recorded = load_denoiser(str(folder), "cpu"), parity.tensors(family)
    token_ids = recorded[INPUTS.get(family, "input_ids")]
    everywhere = torch.ones_like(token_ids, dtype=torch.bool)
    canvas = Canvas(token_ids, everywhere, torch.full_like(token_ids, -1), ~everywhere)
    found, _ = denoiser.predict(canvas, everywhere, 1.0, denoiser.start(canvas))
    allowed = ~torch.from_numpy(denoiser.vocabulary.forbidden)
    logits = recorded[RECORDED[family]][everywhere][:, allowed]
    return float((found.values[:, allowed] - torch.log_softmax(logits, -1)).abs().max())


@pytest.mark.parametrize(("drop", "changes"), [(("model_type",), {}), ((), {"model_type": None}), (("architectures",), {}), ((), {"architectures": None}),
                                               ((), {"architectures": 7})], ids=str)
def test_a_family_is_known_by_its_type_or_by_its_class(family, drop, changes, tmp_path):
    assert distance(family, copied(family, tmp_path, drop, **changes)) < 1e-4


@pytest.mark.parametrize("place", ["rope_parameters", "rope_scaling"])
@pytest.mark.parametrize("family", ["llada", "dream", "llada2"])
def test_the_base_of_the_rotation_may_stand_where_newer_configs_have_it(family, place, tmp_path):
    theta = json.loads((parity.folder(family) / "checkpoint" / "config.json").read_text())["rope_theta"]
    assert distance(family, copied(family, tmp_path, ("rope_theta",), **{place: {"rope_type": "default", "rope_theta": theta}})) < 1e-4


def test_how_much_of_a_head_is_rotated_may_stand_there_too(tmp_path):
    folder = copied("llada2", tmp_path, ("partial_rotary_factor", "rope_theta"),
                    rope_parameters={"rope_type": "default", "rope_theta": 600000.0, "partial_rotary_factor": 0.5})
    assert distance("llada2", folder) < 1e-4


@pytest.mark.parametrize("changes", [{"attn_implementation": "somebody/kernel"}, {"_attn_implementation": "somebody/kernel"}, {"torch_dtype": "none"},
                                     {"_experts_implementation": "somebody/kernel"}, {"num_labels": 3, "id2label": 7}, {"rope_parameters": None},
                                     {"head_dim": None}, {"use_sliding_window": None}, {"mask_token_id": None}], ids=str)
def test_what_names_code_is_not_heard_and_null_is_no_value(changes, tmp_path):
    assert distance("dream", copied("dream", tmp_path, **changes)) < 1e-4


LAYERS = {"llada": "n_layers", "dream": "num_hidden_layers", "mdlm": "n_blocks", "bd3lm": "n_blocks", "llada2": "num_hidden_layers"}


@pytest.mark.parametrize("count", [10**12, 10**5])
def test_counts_that_no_network_has_are_refused_before_anything_is_built(family, count, tmp_path, capsys):
    folder = copied(family, tmp_path, **{LAYERS[family]: count})
    with pytest.raises(UnknownModelError, match=f"at most 1000 .* {LAYERS[family]} = "):
        load_denoiser(str(folder), "cpu")
    assert main(["fill", "--text", "a [[b]]", "--model", str(folder)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize(("family", "changes", "words"), [
    ("sedd", {"model": {"hidden_size": 64, "n_blocks": 10**12, "n_heads": 4, "cond_dim": 32, "length": 24}}, "n_blocks = 1e"),
    ("dream", {"num_labels": 10**10}, "num_labels = 1e"),
    ("dream", {"quantization_config": {"quant_method": "gptq"}}, "gptq method"),
    ("dream", {"max_position_embeddings": -1}, "at least 2 tokens at a time"), ("llada", {"max_sequence_length": 1}, "at least 2 tokens at a time"),
    ("dream", {"rope_theta": 0}, "rope_theta is a number above 0"), ("llada", {"rope_theta": "500000"}, "rope_theta is a number above 0"),
    ("llada2", {"rope_theta": -1}, "rope_theta is a number above 0"), ("llada", {"rope_scaling": {"type": "linear", "factor": 2}}, "not stretched"),
    ("llada2", {"rope_scaling": {"rope_type": "yarn", "factor": 2}}, "not stretched"), ("llada2", {"block_length": -1}, "block_length of 1 or more"),
], ids=str)
def test_values_that_would_be_wrong_in_silence_or_take_for_ever_are_refused(family, changes, words, tmp_path):
    with pytest.raises(UnknownModelError, match=words):
        load_denoiser(str(copied(family, tmp_path, **changes)), "cpu")


def test_a_folder_whose_name_begins_like_a_model_that_is_not_supported_is_read(tmp_path):
    folder = copied("llada2", tmp_path)
    assert distance("llada2", folder.rename(tmp_path / "llada2-2")) < 1e-4


def test_a_masked_language_model_is_known_by_its_class(tmp_path):
    folder = shutil.copytree(tiny.checkpoint("bert-uncased"), tmp_path / "model")
    config = json.loads((folder / "config.json").read_text())
    del config["model_type"]
    (folder / "config.json").write_text(json.dumps(config | {"architectures": ["BertForMaskedLM"]}))
    assert load_denoiser(str(folder), "cpu").info.family == "bert"


@pytest.mark.parametrize("family", ["llada", "dream", "mdlm", "llada2"])
def test_weights_in_whole_numbers_and_shards_of_impossible_names_are_refused(family, tmp_path):
    folder = copied(family, tmp_path)
    tensors = load_file(folder / "model.safetensors")
    key = next(key for key, tensor in tensors.items() if key.endswith("weight") and tensor.dim() == 2)
    save_file(tensors | {key: tensors[key].to(torch.int8)}, folder / "model.safetensors")
    with pytest.raises(UnknownModelError, match="plain numbers; .* is int8"):
        load_denoiser(str(folder), "cpu")
    (folder / "model.safetensors").unlink()
    (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": {"a": "x" * 5000 + ".safetensors", "b": "b\n\0.safetensors"}}))
    with pytest.raises(UnknownModelError, match="shards that lie beside it") as raised:
        load_denoiser(str(folder), "cpu")
    assert len(str(raised.value)) < 600 and "\n" not in str(raised.value)


def test_tensors_of_other_sizes_are_refused_in_words(tmp_path):
    with pytest.raises(UnknownModelError, match="tensors have other sizes than its config.json gives"):
        load_denoiser(str(copied("dream", tmp_path, vocab_size=10**12)), "cpu")


@pytest.mark.parametrize("family", ["llada", "mdlm", "sedd"])
def test_weights_that_are_no_numbers_end_in_one_line(family, tmp_path, capsys):
    folder = copied(family, tmp_path)
    tensors = load_file(folder / "model.safetensors")
    save_file({key: tensor * torch.nan if tensor.dim() == 2 else tensor for key, tensor in tensors.items()}, folder / "model.safetensors")
    assert main(["fill", "--text", "a [[b|1]] c", "--model", str(folder)]) == 2
    assert "must be numbers" in (said := capsys.readouterr().err) and said.count("\n") == 1


@pytest.mark.parametrize("token", [-1, True, "3", 10**12, [1]])
def test_an_expand_token_that_is_none_is_refused(token, tmp_path):
    folder = copied("dreamon", tmp_path)
    (folder / "generation_config.json").write_text(json.dumps({"expand_token_id": token}))
    with pytest.raises(UnknownModelError, match="expand_token_id is the id"):
        load_denoiser(str(folder), "cpu")
