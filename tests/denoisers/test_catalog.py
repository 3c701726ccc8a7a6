"""The list of models, read without loading one; and the numbers in it, counted."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import torch
import transformers

from dlm_editor.denoisers import catalog, machine
from dlm_editor.denoisers.published import HOSTED, PUBLISHED
from dlm_editor.errors import AbilityError, OptionError, ResourceError

PARITY = Path(__file__).parents[1] / "fixtures" / "parity"

PROMISED = {"id", "family", "parameters", "license", "corruption", "sees_suffix", "variable_length", "edits_tokens", "memory_gb"}
FIELDS = PROMISED | {"verified", "follows_instructions", "revision", "hosted", "is_template", "note", "precision", "memory_by_precision", "fits", "installed", "takes_guidance",
                     "abilities"}

QWEN_7B = {"hidden_size": 3584, "num_hidden_layers": 28, "num_attention_heads": 28, "num_key_value_heads": 4, "intermediate_size": 18944,
           "vocab_size": 152064, "tie_word_embeddings": False}
LLADA_8B = {"hidden_size": 4096, "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 32, "intermediate_size": 12288,
            "vocab_size": 126464, "tie_word_embeddings": False}
LLADA2 = {"hidden_size": 2048, "num_hidden_layers": 20, "num_attention_heads": 16, "num_key_value_heads": 4, "head_dim": 128, "intermediate_size": 5120,
          "moe_intermediate_size": 512, "n_routed_experts": 256, "n_shared_experts": 1, "first_k_dense_replace": 1, "vocab_size": 157184,
          "tie_word_embeddings": False, "use_qk_norm": True, "attention_bias": False}
GEMMA_TEXT = {"hidden_size": 2816, "num_hidden_layers": 30, "num_attention_heads": 16, "num_key_value_heads": 8, "num_global_key_value_heads": 2,
              "head_dim": 256, "global_head_dim": 512, "intermediate_size": 2112, "moe_intermediate_size": 704, "num_experts": 128, "top_k_experts": 8,
              "vocab_size": 262144}
GEMMA_VISION = {"model_type": "gemma4_vision", "hidden_size": 1152, "num_hidden_layers": 27, "intermediate_size": 4304, "num_attention_heads": 16,
                "num_key_value_heads": 16, "head_dim": 72}
BERT_CASED = {"vocab_size": 28996}
ROBERTA = {"vocab_size": 50265, "max_position_embeddings": 514, "type_vocab_size": 1}
MODERNBERT_LARGE = {"hidden_size": 1024, "intermediate_size": 2624, "num_hidden_layers": 28, "num_attention_heads": 16}

# The published shapes: which class of transformers, and its config.
SHAPES = {
    "google-bert/bert-base-uncased": ("BertForMaskedLM", transformers.BertConfig, {}),
    "google-bert/bert-base-cased": ("BertForMaskedLM", transformers.BertConfig, BERT_CASED),
    "FacebookAI/roberta-base": ("RobertaForMaskedLM", transformers.RobertaConfig, ROBERTA),
    "distilbert/distilbert-base-uncased": ("DistilBertForMaskedLM", transformers.DistilBertConfig, {}),
    "answerdotai/ModernBERT-base": ("ModernBertForMaskedLM", transformers.ModernBertConfig, {}),
    "answerdotai/ModernBERT-large": ("ModernBertForMaskedLM", transformers.ModernBertConfig, MODERNBERT_LARGE),
    "GSAI-ML/LLaDA-8B-Base": ("LlamaForCausalLM", transformers.LlamaConfig, LLADA_8B),
    "GSAI-ML/iLLaDA-8B-Base": ("LlamaForCausalLM", transformers.LlamaConfig,
                               {**LLADA_8B, "num_key_value_heads": 8, "intermediate_size": 14336, "vocab_size": 155136, "tie_word_embeddings": True}),
    "Dream-org/Dream-v0-Base-7B": ("Qwen2ForCausalLM", transformers.Qwen2Config, QWEN_7B),
    "dllm-hub/Qwen3-0.6B-diffusion-mdlm-v0.1": (
        "Qwen3ForCausalLM", transformers.Qwen3Config,
        {"hidden_size": 1024, "num_hidden_layers": 28, "num_attention_heads": 16, "num_key_value_heads": 8, "head_dim": 128, "intermediate_size": 3072,
         "vocab_size": 151936, "tie_word_embeddings": True}),
    "fredzzp/open-dcoder-0.5B": (
        "Qwen2ForCausalLM", transformers.Qwen2Config,
        {"hidden_size": 896, "num_hidden_layers": 24, "num_attention_heads": 14, "num_key_value_heads": 2, "intermediate_size": 4864, "vocab_size": 151936,
         "tie_word_embeddings": True}),
    "diffusionfamily/diffullama": ("LlamaForCausalLM", transformers.LlamaConfig, {**LLADA_8B, "intermediate_size": 11008, "vocab_size": 32000}),
    "diffusionfamily/diffugpt-s": ("GPT2LMHeadModel", transformers.GPT2Config, {"vocab_size": 50258}),
    "diffusionfamily/diffugpt-m": ("GPT2LMHeadModel", transformers.GPT2Config, {"vocab_size": 50258, "n_embd": 1024, "n_layer": 24, "n_head": 16}),
    "inclusionAI/LLaDA2.0-mini": ("Glm4MoeForCausalLM", transformers.Glm4MoeConfig, LLADA2),
    "google/diffusiongemma-26B-A4B-it": ("DiffusionGemmaForBlockDiffusion", transformers.DiffusionGemmaConfig,
                                         {"text_config": GEMMA_TEXT, "vision_config": GEMMA_VISION}),
}
LIKE = {"GSAI-ML/LLaDA-8B-Base": ("GSAI-ML/LLaDA-8B-Instruct", "GSAI-ML/LLaDA-1.5"), "inclusionAI/LLaDA2.0-mini": ("inclusionAI/LLaDA2.1-mini",)}
DIT_SHAPES = {"kuleshov-group/mdlm-owt": (768, 12, 12), "louaaron/sedd-small": (768, 12, 12), "louaaron/sedd-medium": (1024, 24, 16),
              "kuleshov-group/bd3lm-owt-block_size4": (768, 12, 12)}


def parameters_of(model: str) -> int:
    return catalog.find(model).parameters


@pytest.mark.parametrize("model", SHAPES)
def test_parameters_are_those_of_the_published_shape(model):
    kind, config, shape = SHAPES[model]
    with torch.device("meta"):
        network = getattr(transformers, kind)(config(**shape))
    counted = sum(parameter.numel() for parameter in network.parameters())
    assert {parameters_of(like) for like in (model, *LIKE.get(model, ()))} == {counted}


@pytest.mark.parametrize("model", DIT_SHAPES)
def test_parameters_of_diffusion_transformers_are_those_of_our_module(model):
    from dlm_editor.denoisers.dit import DiT, DiTShape

    hidden, blocks, heads = DIT_SHAPES[model]
    with torch.device("meta"):
        network = DiT(DiTShape(vocab=50258, hidden=hidden, blocks=blocks, heads=heads, condition=128))
    assert parameters_of(model) == sum(parameter.numel() for parameter in network.parameters())


def test_every_record_has_the_promised_fields():
    records = catalog.catalog_records()
    assert all(set(record) == FIELDS for record in records)
    assert json.loads(json.dumps(records)) == records
    assert len({record["id"] for record in records}) == len(records) >= 30
    local = [record for record in records if not record["hosted"]]
    assert all(record["memory_gb"] == record["memory_by_precision"][record["precision"]] > record["parameters"] * 0.5e-9 > 0 for record in local)
    assert all(list(record["memory_by_precision"].values()) == sorted(record["memory_by_precision"].values(), reverse=True) for record in local)
    assert {record["verified"] for record in records} <= {"parity", "source", "unverified"}
    assert {record["corruption"] for record in records} <= {"absorbing", "uniform", "both", "unknown", "none"}
    assert all(record["abilities"] for record in records)
    assert {record["family"] for record in records if record["takes_guidance"]} == {"llada"}


def test_families_are_those_that_load():
    from dlm_editor.denoisers.registry import FAMILIES

    loaded = {family.name for family in FAMILIES} | set(next(family.kinds for family in FAMILIES if family.name == "masked")) | {"dreamon", "diffullama"}
    assert {entry.family for entry in PUBLISHED} <= loaded and {"llada", "dream", "mdlm"} < loaded
    of_family = {"dreamon": "dream", "diffullama": "a2d"}
    quantised = {family.name for family in FAMILIES if family.quantises}
    for entry in PUBLISHED:
        name = of_family.get(entry.family, entry.family)
        assert entry.can_quantise == ((name if name in {family.name for family in FAMILIES} else "masked") in quantised), entry.id


@pytest.mark.parametrize("folder", sorted(path.name for path in PARITY.iterdir() if list((path / "checkpoint").glob("tokenizer*")) or (path / "tokenizer").is_dir()))
def test_a_family_can_what_the_catalog_says_of_it(folder):
    from dlm_editor.denoisers.loading import load_denoiser

    info = load_denoiser(str(PARITY / folder / "checkpoint"), "cpu").info
    found = [entry for entry in PUBLISHED if entry.family == info.family]
    assert found and {entry.corruption for entry in found} == {info.corruption} and {entry.sees_suffix for entry in found} == {info.sees_suffix}
    assert {entry.variable_length for entry in found} == {info.has_native_length}
    assert any(entry.verified == "parity" for entry in found)


def test_the_readme_has_a_command_for_every_family():
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"^.*\bfill .*--model (\S+)", readme, re.MULTILINE)
    found = {entry.family for entry in catalog.entries() if entry.id in named or any(name.startswith(entry.id.partition("@")[0]) for name in named)}
    told = {"roberta", "distilbert", "bert", "diffullama"}  # their commands are those of ModernBERT, bundled and DiffuGPT with another id
    assert found | told == set(catalog.families())


def test_a_revision_is_a_whole_hash_or_nothing():
    revisions = [entry.revision for entry in PUBLISHED if entry.revision is not None]
    assert revisions and all(len(revision) == 40 and set(revision) <= set("0123456789abcdef") for revision in revisions)
    assert catalog.revision_of("kuleshov-group/mdlm-owt") == "25ce5c5910fcbc5435ce208a27a5c75308eab4d2"
    assert catalog.revision_of("louaaron/sedd-small") is None and catalog.revision_of("someone/else") is None


def test_hosted_models_need_no_memory_and_are_never_installed():
    hosted = [record for record in catalog.catalog_records() if record["hosted"]]
    assert {record["id"] for record in hosted} == {entry.id for entry in HOSTED}
    assert all(record["memory_gb"] == 0 and record["fits"] and not record["installed"] and record["parameters"] is None for record in hosted)
    assert all("takes no constraints" in record["abilities"] for record in hosted)


def test_models_are_chosen_by_family_and_by_memory():
    assert [record["id"] for record in catalog.catalog_records("roberta")] == ["FacebookAI/roberta-base"]
    small = catalog.catalog_records(fits_gb=1.0)
    assert 0 < len(small) < len(catalog.catalog_records()) and all(record["memory_gb"] <= 1.0 for record in small)
    assert "answerdotai/ModernBERT-large" not in {record["id"] for record in small}
    assert {"modernbert", "llada", "dream", "mdlm", "mercury"} <= set(catalog.families())


def test_a_precision_changes_what_fits():
    def fitting(precision):
        return {entry.id for entry in catalog.entries(fits_gb=18, precision=precision)}

    assert "Dream-org/Dream-v0-Base-7B" in fitting("bf16") and "Dream-org/Dream-v0-Base-7B" not in fitting("float32")
    assert fitting("int8") > fitting("bfloat16") > fitting("fp32")
    assert "GSAI-ML/LLaDA-8B-Base" in fitting("int8") and "inclusionAI/LLaDA2.0-mini" not in fitting("int4")  # whose weights are not quantised
    with pytest.raises(OptionError, match="float32, bfloat16, int8, int4; got 'int3'"):
        catalog.entries(precision="int3")


def test_what_fits_is_judged_by_what_this_machine_has_free(monkeypatch):
    monkeypatch.setattr(catalog, "machine_memory", lambda: machine.Memory("cuda", 20.0))
    by_id = {record["id"]: record for record in catalog.catalog_records()}
    assert by_id["GSAI-ML/LLaDA-8B-Base"]["precision"] == "bfloat16" and by_id["GSAI-ML/LLaDA-8B-Base"]["fits"]
    assert not by_id["inclusionAI/LLaDA2.0-mini"]["fits"]
    monkeypatch.setattr(catalog, "machine_memory", lambda: machine.Memory("cpu", 20.0))
    by_id = {record["id"]: record for record in catalog.catalog_records()}
    assert by_id["GSAI-ML/LLaDA-8B-Base"]["precision"] == "float32" and not by_id["GSAI-ML/LLaDA-8B-Base"]["fits"]
    int4 = {record["id"]: record for record in catalog.catalog_records(precision="int4")}
    assert not int4["GSAI-ML/LLaDA-8B-Base"]["fits"] and int4["GSAI-ML/LLaDA-8B-Base"]["memory_gb"] < 20  # needs a GPU
    assert (int4["louaaron/sedd-small"]["precision"], set(int4["louaaron/sedd-small"]["memory_by_precision"])) == ("bfloat16", {"float32", "bfloat16"})


def test_gpu_memory_is_what_the_driver_says(monkeypatch, tmp_path):
    (tmp_path / "nvidia-smi").write_text("#!/bin/sh\necho 1000\necho 81000\n")
    (tmp_path / "nvidia-smi").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert machine.machine_memory() == machine.Memory("cuda", 81000 * 2**20 / 1e9)
    (tmp_path / "nvidia-smi").write_text("#!/bin/sh\nexit 9\n")
    assert machine.machine_memory().device == "cpu"


@pytest.mark.parametrize(("ability", "field"), [(name, field) for name, (_, field) in catalog.ABILITIES.items()])
def test_a_model_that_is_suggested_runs_here_and_can(ability, field):
    entry = catalog.find(catalog.suggest(ability))
    assert not entry.hosted and (field is None or getattr(entry, field))


def test_a_suggestion_fits_where_one_does(monkeypatch):
    monkeypatch.setattr(catalog, "machine_memory", lambda: machine.Memory("cpu", 4.0))
    assert catalog.suggest("follows_instructions") == "dllm-hub/Qwen3-0.6B-diffusion-mdlm-v0.1"
    assert catalog.suggest("edits_tokens") == "inclusionAI/LLaDA2.1-mini"  # none fits: the smallest
    assert catalog.suggest("constraints") == "bundled"


def test_a_refusal_names_the_ability_the_model_and_one_that_can():
    error = catalog.refusal("bundled", "follows_instructions", "an instruction")
    assert isinstance(error, AbilityError)
    assert all(part in str(error) for part in ("follow instructions", "'bundled' cannot", catalog.suggest("follows_instructions"), "leave an instruction out"))


def test_a_downloaded_model_is_known_from_the_cache(monkeypatch, tmp_path):
    import huggingface_hub

    folder = tmp_path / "models--someone--tiny"
    snapshot = folder / "snapshots" / ("a" * 40)
    snapshot.mkdir(parents=True)
    (folder / "refs").mkdir()
    (folder / "refs" / "main").write_text("a" * 40)
    (snapshot / "config.json").write_text("{}")
    look = huggingface_hub.try_to_load_from_cache
    monkeypatch.setattr(huggingface_hub, "try_to_load_from_cache", lambda *args, **options: look(*args, cache_dir=tmp_path, **options))
    assert not machine.is_downloaded("someone/tiny")
    (snapshot / "model-00001-of-00002.safetensors").touch()
    assert machine.is_downloaded("someone/tiny") and machine.is_downloaded("someone/tiny", "a" * 40)
    assert not machine.is_downloaded("someone/tiny", "b" * 40) and not machine.is_downloaded("someone/other")


def test_the_revision_that_the_catalog_names_is_the_one_that_is_fetched(monkeypatch):
    import huggingface_hub

    from dlm_editor.denoisers import hub

    asked = []

    def look(*_, revision=None, **__):
        asked.append(revision)
        raise OSError("no network")

    monkeypatch.setattr(huggingface_hub, "snapshot_download", look)
    monkeypatch.setattr(huggingface_hub.HfApi, "model_info", look)
    for model in ("kuleshov-group/mdlm-owt", "louaaron/sedd-small"):
        with pytest.raises(ResourceError, match="no network"):
            hub.fetch(model)
    assert asked == [catalog.revision_of("kuleshov-group/mdlm-owt")] * 2 + [None] * 2


@pytest.mark.skipif(not catalog.BUNDLED_FOLDER.is_dir(), reason="needs the bundled model")
def test_the_bundled_model_comes_first_with_facts_of_its_own_files():
    first = catalog.catalog_records()[0]
    assert (first["id"], first["license"], first["variable_length"], first["installed"]) == ("bundled", "apache-2.0", True, True)
    assert first["parameters"] > 1e6


def test_the_catalog_is_read_without_torch():
    code = "import sys, dlm_editor.denoisers.catalog as c; c.catalog_records(); sys.exit('torch' in sys.modules or 'transformers' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=Path(__file__).parents[2]).returncode == 0
