"""LLaDA (arXiv:2502.09992) and its descendants, as a Llama that looks both ways. Predictions stand in place; there is no time input."""

from collections.abc import Mapping

import torch
import transformers

from ..errors import UnknownModelError
from .causal import BidirectionalDenoiser, Tokens, Traits, both_ways, describe, mask_id, read_tokens, special_id
from .chat import header_frame, is_tuned
from .checkpoint import Checkpoint
from .config_checks import check_plain_rotation, read_theta
from .family import Family
from .network import load_network, make_config
from .placement import Placement
from .tokenizer_files import read_fast_tokenizer

DEFAULT_LENGTH = 1024

# Two unrelated tensors are called ff_out: the head, and the last projection of each block.
_TOP = {"wte.weight": "model.embed_tokens.weight", "ln_f.weight": "model.norm.weight", "ff_out.weight": "lm_head.weight"}
_BLOCK = {"attn_norm": "input_layernorm", "ff_norm": "post_attention_layernorm", "q_proj": "self_attn.q_proj", "k_proj": "self_attn.k_proj",
          "v_proj": "self_attn.v_proj", "attn_out": "self_attn.o_proj", "ff_proj": "mlp.gate_proj", "up_proj": "mlp.up_proj", "ff_out": "mlp.down_proj"}

# What the Llama network does not have. A missing key means the value here.
_REQUIRED = {"block_type": "llama", "layer_norm_type": "rms", "activation_type": "silu", "rope": True, "alibi": False, "scale_logits": False,
             "input_emb_norm": False, "attention_layer_norm": False, "block_group_size": 1, "include_bias": False, "include_qkv_bias": False,
             "bias_for_layer_norm": False, "clip_qkv": None}


def check(config: dict, name: str) -> None:
    """Raises UnknownModelError for a variant whose network differs from Llama's."""
    for key, wanted in _REQUIRED.items():
        value = config.get(key, wanted)
        if value != wanted and not (value is None and wanted is False):
            raise UnknownModelError(f"A LLaDA model must have {key} = {wanted!r}; the config of {name!r} says {value!r}. Choose another model.")
    check_plain_rotation(config, name)
    read_theta(config, name)


def rename(tensors: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """LLaDA's tensors under the names that Llama has for them; unknown names stay."""
    return {_new_name(key.removeprefix("model.").removeprefix("transformer.")) or key: tensor for key, tensor in tensors.items()}


def _new_name(key):
    parts = key.split(".")
    if parts[0] == "blocks" and len(parts) == 4 and parts[2] in _BLOCK:
        return f"model.layers.{parts[1]}.{_BLOCK[parts[2]]}.{parts[3]}"
    return _TOP.get(key)


def llama_values(config: Mapping, is_tied: bool) -> dict:
    """The config of the Llama network that LLaDA is."""
    heads, width = config["n_heads"], config["d_model"]
    kv_heads = config.get("n_kv_heads") or (1 if config.get("multi_query_attention") else heads)
    return {"hidden_size": width, "num_hidden_layers": config["n_layers"], "num_attention_heads": heads, "num_key_value_heads": kv_heads,
            "intermediate_size": config.get("mlp_hidden_size") or (config.get("mlp_ratio") or 4) * width, "hidden_act": "silu",
            "vocab_size": config.get("embedding_size") or config["vocab_size"], "max_position_embeddings": config.get("max_sequence_length") or DEFAULT_LENGTH,
            "rms_norm_eps": 1e-5 if config.get("rms_norm_eps") is None else config["rms_norm_eps"], "rope_theta": read_theta(config, ""), "tie_word_embeddings": is_tied,
            "attention_bias": False, "mlp_bias": False, "bos_token_id": None, "eos_token_id": None, "pad_token_id": None}


def load(checkpoint: Checkpoint, placement: Placement, name: str) -> BidirectionalDenoiser:
    source, tensors = checkpoint.config, rename(checkpoint.tensors(name))
    is_tied = bool(source.get("weight_tying", "lm_head.weight" not in tensors))
    if is_tied:
        tensors.pop("lm_head.weight", None)
    try:
        values = llama_values(source, is_tied)
    except (KeyError, TypeError) as error:
        raise UnknownModelError(f"config.json must describe a LLaDA model; that of {name!r} does not ({error}). Download it again.") from None
    config = make_config(transformers.LlamaConfig, values, name, "LLaDA model")
    network = both_ways(load_network(transformers.LlamaForCausalLM, config, tensors, placement, name))
    tokenizer = read_fast_tokenizer(checkpoint.folder, name)
    size = config.vocab_size
    end = source.get("eos_token_id")
    begin = special_id(tokenizer, tokenizer.bos_token, "<|startoftext|>")
    tokens = Tokens(mask_id(source, tokenizer, size, name, "<|mdm_mask|>"), begin,
                    stops=(end, source.get("pad_token_id"), tokenizer.eos_token_id, tokenizer.pad_token_id, special_id(tokenizer, "<|eot_id|>")))
    frame = header_frame(tokenizer.convert_ids_to_tokens(begin) if begin is not None else "")
    has_frame = is_tuned(source) and frame.is_known(tokenizer)
    return BidirectionalDenoiser(network, tokenizer, read_tokens(tokenizer, tokens, size), tokens,
                                 Traits("llada", takes_guidance=True, frame=frame if has_frame else None),
                                 describe(network, placement, name, config.max_position_embeddings))


LLADA = Family("llada", ("llada",), lambda config: config.get("model_type") == "llada" or "LLaDAModelLM" in (config.get("architectures") or ()), check, load,
               quantises=True, spreads=True, classes={"LLaDAModelLM": "llada"})
