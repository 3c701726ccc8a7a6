"""Tiny random checkpoints of the families whose network is a causal class read both ways, in their formats on disk. Nothing is downloaded.

Each writer returns its folder and leaves `reference(folder)` able to rebuild the network by another road than the denoiser's: from the state
that was saved beside the checkpoint under transformers' own names, with an explicit attention mask.
"""

import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from tiny import byte_level
from transformers import (
    GPT2Config,
    GPT2LMHeadModel,
    LlamaConfig,
    LlamaForCausalLM,
    Qwen2Config,
    Qwen2ForCausalLM,
    Qwen3Config,
    Qwen3ForCausalLM,
)

SHAPE = dict(hidden_size=48, num_hidden_layers=2, num_attention_heads=6, num_key_value_heads=2, intermediate_size=96, max_position_embeddings=160)
LLADA_TOKENS = ("<|endoftext|>", "<|eot_id|>", "<|start_header_id|>", "<|end_header_id|>", "<|mdm_mask|>")
QWEN_TOKENS = ("<|im_start|>", "<|im_end|>", "<|expand|>")
NATIVE = "native.pt"  # the state under transformers' names, for `reference`


def tiny_llada(folder, seed: int = 0, tied: bool = False, padded_to: int = 0, **changes) -> Path:
    """LLaDA's layout: `model.transformer.blocks.N.ff_proj` and the rest; the tokenizer names no mask. `changes` are of the network's config."""
    tokenizer = byte_level({"bos_token": "<|startoftext|>", "eos_token": LLADA_TOKENS[0], "pad_token": LLADA_TOKENS[0]}, LLADA_TOKENS[1:])
    size = max(len(tokenizer), padded_to)
    config = LlamaConfig(**{**SHAPE, "rope_theta": 500000.0, "rms_norm_eps": 1e-5, "vocab_size": size, "tie_word_embeddings": tied, **changes})
    network = _random(LlamaForCausalLM(config), seed)
    block = {"input_layernorm": "attn_norm", "post_attention_layernorm": "ff_norm", "self_attn.q_proj": "q_proj", "self_attn.k_proj": "k_proj",
             "self_attn.v_proj": "v_proj", "self_attn.o_proj": "attn_out", "mlp.gate_proj": "ff_proj", "mlp.up_proj": "up_proj", "mlp.down_proj": "ff_out"}
    tensors = {}
    for key, tensor in network.state_dict().items():
        _, _, rest = key.partition("model.layers.")
        if rest:
            number, _, name = rest.partition(".")
            tensors[f"model.transformer.blocks.{number}.{block[name.removesuffix('.weight')]}.weight"] = tensor
        elif key != "lm_head.weight" or not tied:
            tensors["model.transformer." + {"model.embed_tokens": "wte", "model.norm": "ln_f", "lm_head": "ff_out"}[key.removesuffix(".weight")] + ".weight"] = tensor
    token = tokenizer.convert_tokens_to_ids
    written = {"model_type": "llada", "architectures": ["LLaDAModelLM"], "auto_map": {"AutoModel": "modeling_llada.LLaDAModelLM"}, "block_type": "llama",
               "d_model": config.hidden_size, "n_layers": config.num_hidden_layers, "n_heads": config.num_attention_heads,
               "n_kv_heads": config.num_key_value_heads, "mlp_hidden_size": config.intermediate_size, "embedding_size": size, "vocab_size": len(tokenizer),
               "max_sequence_length": config.max_position_embeddings, "rms_norm_eps": config.rms_norm_eps, "weight_tying": tied,
               "rope_theta": config.rope_parameters["rope_theta"], "mask_token_id": token("<|mdm_mask|>"), "eos_token_id": token("<|endoftext|>"),
               "pad_token_id": token("<|endoftext|>"), "activation_type": "silu", "layer_norm_type": "rms", "rope": True}
    return _write(folder, written, tensors, tokenizer, network)


def tiny_dream(folder, seed: int = 0, expands: bool = False, slow: bool = False, **changes) -> Path:
    """Dream's layout, or DreamOn's with `expands`; `slow`: a tokenizer of vocab.json and merges.txt. The vocabulary is larger than the tokenizer's."""
    tokenizer = byte_level({"bos_token": "<|beginoftext|>", "eos_token": "<|endoftext|>", "pad_token": "<|endoftext|>", "mask_token": "<|mask|>"}, QWEN_TOKENS)
    config = Qwen2Config(**{**SHAPE, "rope_theta": 1e6, "vocab_size": len(tokenizer) + 9, "tie_word_embeddings": False, **changes})
    network = _random(Qwen2ForCausalLM(config), seed)
    token = tokenizer.convert_tokens_to_ids
    if expands:  # so that both happen, but neither for ever
        rows = torch.tensor([token("<|expand|>"), token("<|endoftext|>")])
        network.lm_head.weight.data[rows] *= torch.tensor([[2.0], [1.6]])
    written = {key: value for key, value in config.to_dict().items() if key in (*SHAPE, "vocab_size", "rms_norm_eps", "tie_word_embeddings", "hidden_act")}
    written |= {"model_type": "Dream", "architectures": ["DreamModel"], "auto_map": {"AutoModel": "modeling_dream.DreamModel"}, "rope_scaling": None,
                "rope_theta": config.rope_parameters["rope_theta"], "use_sliding_window": False, "sliding_window": None, "use_mrope": False,
                "mask_token_id": token("<|mask|>"), "eos_token_id": token("<|endoftext|>"), "pad_token_id": token("<|endoftext|>"),
                "bos_token_id": token("<|beginoftext|>")}
    folder = _write(folder, written, _untied(network), tokenizer, network)
    if expands:
        (folder / "generation_config.json").write_text(json.dumps({"expand_token_id": token("<|expand|>")}))
    if slow:
        _slow_tokenizer(folder, tokenizer)
    return folder


def tiny_a2d(folder, kind: str = "qwen3", seed: int = 0, **changes) -> Path:
    """An adapted Qwen2, Qwen3 or Llama under its own names."""
    config_class, network_class = {"qwen2": (Qwen2Config, Qwen2ForCausalLM), "qwen3": (Qwen3Config, Qwen3ForCausalLM),
                                   "llama": (LlamaConfig, LlamaForCausalLM)}[kind]
    tokenizer = byte_level({"bos_token": "<|endoftext|>", "eos_token": "<|im_end|>", "pad_token": "<|endoftext|>", "mask_token": "<|mask|>"}, ("<|im_start|>",))
    extra = {"head_dim": 16} if kind == "qwen3" else {}
    network = _random(network_class(config_class(**{**SHAPE, **extra, "vocab_size": len(tokenizer), "tie_word_embeddings": kind != "llama", **changes})), seed)
    written = network.config.to_dict() | {"model_type": f"a2d-{kind}", "architectures": [f"A2D{kind.capitalize()}LMHeadModel"],
                                          "auto_map": {"AutoModel": "modeling.A2D"}}
    return _write(folder, written, _untied(network), tokenizer, network)


def tiny_diffugpt(folder, seed: int = 0) -> Path:
    """DiffuGPT's wrapper: `embed_tokens`, `denoise_model.*` (a GPT-2 without its embedding), `lm_head`."""
    tokenizer = byte_level({"bos_token": "<|endoftext|>", "eos_token": "<|endoftext|>", "mask_token": "[M]"})
    size = len(tokenizer) + len(tokenizer) % 2
    network = _random(GPT2LMHeadModel(GPT2Config(n_embd=48, n_layer=2, n_head=6, n_positions=160, vocab_size=size)), seed)
    tensors = {"embed_tokens.weight": network.transformer.wte.weight.data}
    tensors |= {f"denoise_model.{key}": tensor for key, tensor in network.transformer.state_dict().items() if key != "wte.weight"}
    written = network.config.to_dict() | {"vocab_size": len(tokenizer)}  # the config is the base model's, from before the resizing
    return _write(folder, written, tensors, tokenizer, network)


def tiny_diffullama(folder, seed: int = 0) -> Path:
    """DiffuLLaMA: a plain Llama whose config names the id of an ordinary token as the mask."""
    tokenizer = byte_level({"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"})
    network = _random(LlamaForCausalLM(LlamaConfig(**SHAPE, vocab_size=len(tokenizer))), seed)
    return _write(folder, network.config.to_dict() | {"mask_token_id": 300, "_name_or_path": "diffullama"}, _untied(network), tokenizer, network)


def tiny_dcoder(folder, seed: int = 0) -> Path:
    """Open-dCoder: a plain Qwen2 with code of its own, known by its name; the tokenizer names the mask."""
    tokenizer = byte_level({"eos_token": "<|endoftext|>", "bos_token": "<|endoftext|>", "mask_token": "<M>"})
    network = _random(Qwen2ForCausalLM(Qwen2Config(**SHAPE, vocab_size=len(tokenizer) + 7, tie_word_embeddings=True)), seed)
    folder = Path(folder) / "open-dcoder-tiny"
    return _write(folder, network.config.to_dict() | {"_name_or_path": "Qwen/Qwen2.5-Coder-0.5B", "auto_map": {"AutoModel": "modeling_qwen2.Qwen2"}},
                  _untied(network), tokenizer, network)


WRITERS = {"llada": tiny_llada, "dream": tiny_dream, "a2d": tiny_a2d, "diffugpt": tiny_diffugpt, "diffullama": tiny_diffullama, "dcoder": tiny_dcoder}


@torch.inference_mode()
def reference(folder: Path, token_ids: torch.Tensor, valid: torch.Tensor | None = None) -> torch.Tensor:
    """(rows, length, vocab) logits, unshifted, of the saved network as it stands, every token seeing every valid one through an explicit 4-D mask."""
    saved = torch.load(folder / NATIVE, weights_only=False)
    network = saved["class"](saved["config"])
    network.load_state_dict(saved["state"])
    valid = torch.ones_like(token_ids, dtype=torch.bool) if valid is None else valid
    seen = valid[:, None, None, :].expand(-1, 1, token_ids.shape[1], -1)
    places = (valid.long().cumsum(1) - 1).clamp(min=0)
    return network.eval()(input_ids=token_ids, attention_mask=seen, position_ids=places, use_cache=False).logits


def _random(network, seed):
    torch.manual_seed(seed)
    for name, parameter in network.named_parameters():
        torch.nn.init.normal_(parameter, std=0.25)
        if "norm" in name or "ln_" in name:
            parameter.data += 1 if name.endswith("weight") else 0
    network.tie_weights()
    return network


def _untied(network):
    """The state without the second name of a tied tensor."""
    state = network.state_dict()
    return {key: tensor for key, tensor in state.items() if key != "lm_head.weight" or not network.config.tie_word_embeddings}


def _write(folder, config, tensors, tokenizer, network):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save_pretrained(folder)
    (folder / "config.json").write_text(json.dumps(config, default=str))
    save_file({key: tensor.contiguous().clone() for key, tensor in tensors.items()}, folder / "model.safetensors")
    torch.save({"class": type(network), "config": network.config, "state": network.state_dict()}, folder / NATIVE)
    return folder


def _slow_tokenizer(folder, tokenizer):
    """GPT-2's two files in place of tokenizer.json, the special tokens in tokenizer_config.json, and a class of its own that is code."""
    state = json.loads(tokenizer.backend_tokenizer.to_str())
    added = {entry["content"]: entry for entry in state["added_tokens"]}
    (folder / "vocab.json").write_text(json.dumps({token: number for token, number in state["model"]["vocab"].items() if token not in added}))
    (folder / "merges.txt").write_text("#version: 0.2\n" + "".join(" ".join(pair) + "\n" for pair in state["model"]["merges"]))
    (folder / "tokenizer.json").unlink()
    settings = json.loads((folder / "tokenizer_config.json").read_text())
    settings |= {"tokenizer_class": "DreamTokenizer", "auto_map": {"AutoTokenizer": ["tokenization_dream.DreamTokenizer", None]},
                 "added_tokens_decoder": {str(entry["id"]): {key: value for key, value in entry.items() if key != "id"} for entry in added.values()}}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))


def weights_of(folder: Path) -> dict[str, torch.Tensor]:
    """What is on disk, by name."""
    return load_file(folder / "model.safetensors")
