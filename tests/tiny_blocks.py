"""Tiny random checkpoints of the families that work in blocks, in their formats on disk, and what their tests share."""

import json
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from tiny import TEXT
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import (
    DiffusionGemmaConfig,
    DiffusionGemmaForBlockDiffusion,
    DiffusionGemmaTextConfig,
    Gemma4VisionConfig,
    PreTrainedTokenizerFast,
)

from dlm_editor.canvas import DEAD, FIXED, Automaton, Canvas, Gap
from dlm_editor.text import Auto

PARITY = Path(__file__).parent / "fixtures" / "parity" / "llada2"
LLADA_MOE_PARITY = PARITY.with_name("llada_moe")


def tokenizer(size: int, special: dict[str, str], extra: tuple[str, ...] = (), begins: bool = False) -> PreTrainedTokenizerFast:
    """A byte-level BPE of exactly `size` tokens, the special ones last; `begins`: with the beginning of the text before every text."""
    names = list(dict.fromkeys([*special.values(), *extra]))
    backend = Tokenizer(models.BPE())
    backend.pre_tokenizer, backend.decoder = pre_tokenizers.ByteLevel(add_prefix_space=False), decoders.ByteLevel()
    backend.train_from_iterator(TEXT, trainers.BpeTrainer(vocab_size=size - len(names), initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
                                                          show_progress=False))
    backend.add_special_tokens(names)
    assert backend.get_vocab_size() == size
    if begins:
        first = special["bos_token"]
        backend.post_processor = processors.TemplateProcessing(single=f"{first} $A", special_tokens=[(first, backend.token_to_id(first))])
    return PreTrainedTokenizerFast(tokenizer_object=backend, **special)


LLADA2_SPECIAL = {"eos_token": "<|endoftext|>", "pad_token": "<|endoftext|>", "mask_token": "<|mask|>"}


def llada2_parity(folder, source: Path = PARITY) -> Path:
    """The checkpoint that the reference was computed with (vocabulary 320, end 317, mask 318), with a tokenizer of that size."""
    config = json.loads((source / "checkpoint" / "config.json").read_text())
    save_file(load_file(source / "checkpoint" / "model.safetensors"), folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps(config))
    tokenizer(320, LLADA2_SPECIAL, ("<|role_end|>",)).save_pretrained(folder)
    return folder


def llada2(folder, seed: int = 0, **changes) -> Path:
    """LLaDA2's layout on disk, of random weights; `changes` are of its config."""
    made = tokenizer(340, LLADA2_SPECIAL, ("<|role_end|>",))
    config = {"architectures": ["LLaDA2MoeModelLM"], "model_type": "llada2_moe", "auto_map": {"AutoModel": "modeling_llada2_moe.LLaDA2MoeModelLM"},
              "vocab_size": 352, "hidden_size": 48, "intermediate_size": 80, "num_hidden_layers": 2, "num_attention_heads": 6, "num_key_value_heads": 2,
              "head_dim": 16, "max_position_embeddings": 256, "moe_intermediate_size": 24, "num_experts": 8, "num_experts_per_tok": 2,
              "num_shared_experts": 1, "n_group": 2, "topk_group": 1, "first_k_dense_replace": 1, "routed_scaling_factor": 2.5, "rms_norm_eps": 1e-6,
              "rope_theta": 600000.0, "partial_rotary_factor": 0.5, "use_qk_norm": True, "use_bias": False, "use_qkv_bias": False, "norm_head": False,
              "tie_word_embeddings": False, "eos_token_id": made.eos_token_id, "pad_token_id": made.pad_token_id, "hidden_act": "silu"} | changes
    save_file(_llada2_tensors(config, seed), folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps(config))
    made.save_pretrained(folder)
    return folder


def _llada2_tensors(config, seed):
    """As the original modules have them."""
    generator = torch.Generator().manual_seed(seed)
    normal = lambda *shape: torch.randn(shape, generator=generator) * 0.25
    scale = lambda size: 1 + 0.3 * torch.randn(size, generator=generator)
    width, head, inner = config["hidden_size"], config["head_dim"], config["moe_intermediate_size"]
    heads, keys = config["num_attention_heads"], config["num_key_value_heads"]
    mlp = lambda name, size: {f"{name}.gate_proj.weight": normal(size, width), f"{name}.up_proj.weight": normal(size, width),
                              f"{name}.down_proj.weight": normal(width, size)}
    tensors = {"model.word_embeddings.weight": 4 * normal(config["vocab_size"], width), "model.norm.weight": scale(width)}
    if not config["tie_word_embeddings"]:
        tensors["lm_head.weight"] = 4 * normal(config["vocab_size"], width)
    for number in range(config["num_hidden_layers"]):
        layer = f"model.layers.{number}"
        tensors |= {f"{layer}.input_layernorm.weight": scale(width), f"{layer}.post_attention_layernorm.weight": scale(width),
                    f"{layer}.attention.query_key_value.weight": normal((heads + 2 * keys) * head, width),
                    f"{layer}.attention.dense.weight": normal(width, heads * head)}
        if config["use_qk_norm"]:
            tensors |= {f"{layer}.attention.query_layernorm.weight": scale(head), f"{layer}.attention.key_layernorm.weight": scale(head)}
        if number < config["first_k_dense_replace"]:
            tensors |= mlp(f"{layer}.mlp", config["intermediate_size"])
            continue
        tensors |= {f"{layer}.mlp.gate.weight": normal(config["num_experts"], width), f"{layer}.mlp.gate.expert_bias": normal(config["num_experts"])}
        tensors |= mlp(f"{layer}.mlp.shared_experts", inner * config["num_shared_experts"])
        for expert in range(config["num_experts"]):
            tensors |= mlp(f"{layer}.mlp.experts.{expert}", inner)
    return tensors


def diffusion_gemma(folder, seed: int = 0, canvas_length: int = 96, chat: bool = False, **changes) -> Path:
    """What transformers writes for a DiffusionGemma of random weights; `changes` are of its text config. `chat`: with the marks of turns."""
    turns = ("<|turn>", "<turn|>") if chat else ()
    made = tokenizer(340, {"pad_token": "<pad>", "eos_token": "<eos>", "bos_token": "<bos>"}, turns, begins=True)
    text = DiffusionGemmaTextConfig(**{
        "vocab_size": 352, "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 3, "num_attention_heads": 4, "num_key_value_heads": 2,
        "head_dim": 16, "global_head_dim": 32, "num_global_key_value_heads": 1, "sliding_window": 8, "num_experts": 4, "top_k_experts": 2,
        "layer_types": ["sliding_attention", "sliding_attention", "full_attention"], "moe_intermediate_size": 24, "max_position_embeddings": 512,
        "pad_token_id": made.pad_token_id, "eos_token_id": made.eos_token_id, "bos_token_id": made.bos_token_id, **changes})
    vision = Gemma4VisionConfig(hidden_size=16, intermediate_size=16, num_hidden_layers=1, num_attention_heads=2, num_key_value_heads=2, head_dim=8,
                                position_embedding_size=16)
    network = DiffusionGemmaForBlockDiffusion(DiffusionGemmaConfig(text_config=text, vision_config=vision, canvas_length=canvas_length)).eval()
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            if parameter.dim() > 1:
                parameter.copy_(0.25 * torch.randn(parameter.shape, generator=generator))
            elif "norm" in name or name.endswith("scale"):
                parameter.copy_(1 + 0.2 * torch.randn(parameter.shape, generator=generator))
    network.save_pretrained(folder)
    made.save_pretrained(folder)
    return Path(folder)


def llada_moe_parity(folder) -> Path:
    """As `llada2_parity`."""
    return llada2_parity(folder, LLADA_MOE_PARITY)


def llada_moe(folder, seed: int = 0, **changes) -> Path:
    """LLaDA-MoE's layout on disk, of random weights; `changes` are of its config."""
    made = tokenizer(340, LLADA2_SPECIAL, ("<|role_end|>",))
    config = json.loads((LLADA_MOE_PARITY / "checkpoint" / "config.json").read_text())
    config |= {"vocab_size": 352, "num_experts": 6, "num_experts_per_tok": 2, "eos_token_id": made.eos_token_id, "pad_token_id": made.pad_token_id} | changes
    generator = torch.Generator().manual_seed(seed)
    normal = lambda *shape: torch.randn(shape, generator=generator) * 0.25
    scale = lambda size: 1 + 0.3 * torch.randn(size, generator=generator)
    width, head = config["hidden_size"], config["hidden_size"] // config["num_attention_heads"]
    keys = (config["num_key_value_heads"] or config["num_attention_heads"]) * head
    tensors = {"model.embed_tokens.weight": 4 * normal(config["vocab_size"], width), "model.norm.weight": scale(width)}
    if not config["tie_word_embeddings"]:
        tensors["lm_head.weight"] = 4 * normal(config["vocab_size"], width)
    mlp = lambda name, size: {f"{name}.gate_proj.weight": normal(size, width), f"{name}.up_proj.weight": normal(size, width),
                              f"{name}.down_proj.weight": normal(width, size)}
    for number, has_experts in enumerate([0, 1, 1] if not isinstance(config["moe_layer_freq"], list) else config["moe_layer_freq"]):
        layer = f"model.layers.{number}"
        tensors |= {f"{layer}.self_attn.{part}_proj.weight": normal(size, width) for part, size in (("q", width), ("k", keys), ("v", keys), ("o", width))}
        tensors |= {f"{layer}.self_attn.q_norm.weight": scale(head), f"{layer}.self_attn.k_norm.weight": scale(head),
                    f"{layer}.input_layernorm.weight": scale(width), f"{layer}.post_attention_layernorm.weight": scale(width)}
        if has_experts:
            tensors[f"{layer}.mlp.gate.weight"] = normal(max(config["num_experts"], 1), width)
            for expert in range(config["num_experts"]):
                tensors |= mlp(f"{layer}.mlp.experts.{expert}", config["expert_intermediate_size"] or 8)
        else:
            tensors |= mlp(f"{layer}.mlp", config["dense_intermediate_size"])
    save_file(tensors, folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps(config))
    made.save_pretrained(folder)
    return folder


def free_gap(vocabulary, number: int = 0) -> Gap:
    """A gap that admits every token that may be predicted, in any order."""
    automaton = Automaton((~vocabulary.forbidden).astype(np.int32), np.array([[DEAD, 0]], np.int32), np.array([True]))
    return Gap(number, None, Auto(), automaton, 0, b"", b"", False, 0, 0, "\n")


def row_canvas(tokens: list[int], holes: int, mask_id: int) -> Canvas:
    """One row: given tokens, then `holes` open positions."""
    gaps = torch.tensor([[FIXED] * len(tokens) + [0] * holes])
    return Canvas(torch.tensor([[*tokens, *[mask_id] * holes]]), torch.ones_like(gaps, dtype=torch.bool), gaps, torch.zeros_like(gaps, dtype=torch.bool))
