"""LLaDA-MoE (inclusionAI, 7B-A1B): a mixture of experts that looks both ways, read into transformers' Qwen3MoeForCausalLM.

Of LLaDA it has the training, not the network: queries and keys normalised head by head, a softmax over all experts whose best shares are used as they are.
"""

from collections.abc import Mapping
from typing import Any

import transformers

from ..errors import UnknownModelError
from ..text.length import is_whole
from .causal import BidirectionalDenoiser, Tokens, Traits, both_ways, describe, mask_id, read_tokens, special_id
from .chat import is_tuned
from .checkpoint import Checkpoint
from .config_checks import check_plain_rotation, read_theta
from .experts import stack_experts
from .family import Family
from .llada2 import FRAME
from .network import load_network, make_config
from .placement import Placement
from .tokenizer_files import read_fast_tokenizer

KIND, CLASS = "lladamoe", "LLaDAMoEModelLM"

# What the Qwen3 network does not have. A missing key means the value here.
REQUIRED = {"qk_layernorm": True, "attention_bias": False, "clip_qkv": None, "moe_router_enable_expert_bias": False, "shared_expert_intermediate_size": None,
            "moe_router_score_function": "softmax", "partial_rotary_factor": 1}
SAME = ("vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads", "num_experts", "num_experts_per_tok")
DEFAULTS = {"num_key_value_heads": None, "max_position_embeddings": 4096, "rms_norm_eps": 1e-5, "hidden_act": "silu", "tie_word_embeddings": False}


def claims(config: dict) -> bool:
    return config.get("model_type") == KIND or CLASS in (config.get("architectures") or ())


def check(config: dict, name: str) -> None:
    """Raises UnknownModelError for a variant whose network differs from Qwen3's mixture of experts."""
    wrong = [key for key in (*SAME, "expert_intermediate_size") if not is_whole(config.get(key)) or config[key] < 1]
    if wrong:
        raise UnknownModelError(f"config.json of a LLaDA-MoE model must give {', '.join(SAME)} and expert_intermediate_size as numbers from 1 on; that of "
                                f"{name!r} gives {', '.join(f'{key}={config.get(key)!r}' for key in wrong)}. Download it again.")
    for key, wanted in REQUIRED.items():
        value = config.get(key, wanted)
        if value != wanted and not (value is None and wanted in (False, "softmax")):
            raise UnknownModelError(f"A LLaDA-MoE model must have {key} = {wanted!r}; the config of {name!r} says {value!r}. Choose another model.")
    check_plain_rotation(config, name)
    read_theta(config, name)
    if not isinstance(_layers(config), list) or len(_layers(config)) != config["num_hidden_layers"]:
        raise UnknownModelError(f"config.json of a LLaDA-MoE model must say of each of its {config['num_hidden_layers']} layers whether it has experts; "
                                f"that of {name!r} gives moe_layer_freq={config.get('moe_layer_freq')!r}. Download it again.")


def _layers(config):
    return config.get("moe_layer_freq") or [1] * config["num_hidden_layers"]


def translate_config(config: Mapping[str, Any]) -> dict:
    """The values of the Qwen3MoeConfig that describes the same network."""
    values = {key: config[key] for key in SAME}
    values |= {key: default if config.get(key) is None else config[key] for key, default in DEFAULTS.items()}
    heads = config["num_attention_heads"]
    return values | {
        "num_key_value_heads": config.get("num_key_value_heads") or heads, "head_dim": config["hidden_size"] // heads, "norm_topk_prob": False,
        "moe_intermediate_size": config["expert_intermediate_size"],
        "intermediate_size": max(config.get("dense_intermediate_size") or 0, 1), "mlp_only_layers": [n for n, has in enumerate(_layers(config)) if not has],
        "rope_parameters": {"rope_type": "default", "rope_theta": read_theta(config, "")}, "attention_bias": False, "use_cache": False,
        "bos_token_id": None, "eos_token_id": None, "pad_token_id": None}


def _load(checkpoint: Checkpoint, placement: Placement, name: str) -> BidirectionalDenoiser:
    source = checkpoint.config
    config = make_config(transformers.Qwen3MoeConfig, translate_config(source), name, "LLaDA-MoE model")
    try:
        tensors = stack_experts(checkpoint.tensors(name))
    except (KeyError, RuntimeError) as error:
        raise UnknownModelError(f"A LLaDA-MoE checkpoint must hold whole experts of one size; {name!r} does not ({error}). Download it again.") from None
    network = both_ways(load_network(transformers.Qwen3MoeForCausalLM, config, tensors, placement, name))
    tokenizer, size = read_fast_tokenizer(checkpoint.folder, name), config.vocab_size
    stops = (source.get("eos_token_id"), source.get("pad_token_id"), tokenizer.eos_token_id, special_id(tokenizer, "<|role_end|>"))
    tokens = Tokens(mask_id(source, tokenizer, size, name, "<|mask|>"), special_id(tokenizer, tokenizer.bos_token), stops=stops)
    frame = FRAME if is_tuned(source) and FRAME.is_known(tokenizer) else None
    return BidirectionalDenoiser(network, tokenizer, read_tokens(tokenizer, tokens, size), tokens, Traits("llada_moe", takes_guidance=True, frame=frame),
                                 describe(network, placement, name, config.max_position_embeddings))


LLADA_MOE = Family("llada_moe", (KIND,), claims, check, _load, spreads=True, classes={CLASS: KIND})
