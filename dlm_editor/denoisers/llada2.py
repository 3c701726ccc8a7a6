"""LLaDA2.0 and 2.1 (inclusionAI): block-diffusion mixtures of experts, read into transformers' Glm4MoeForCausalLM.

The two networks compute the same: sigmoid router with a bias that only selects, groups of experts scored by their best two, normalised queries and keys,
half of each head rotated. What differs is the attention, block-causal here: given as a mask. 2.1 has the shape of 2.0; it was trained to
correct its own tokens as well, which its config does not say: its name does.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import torch
import transformers

from ..errors import UnknownModelError
from ..text.length import is_whole
from .blocks import block_mask
from .causal import BidirectionalDenoiser, Tokens, Traits, describe, mask_id, read_tokens, special_id
from .chat import ChatFrame
from .checkpoint import Checkpoint
from .config_checks import check_plain_rotation, read_theta
from .config_file import is_called, known_as
from .experts import stack_experts
from .family import Family
from .network import load_network, make_config
from .placement import Placement
from .tokenizer_files import read_fast_tokenizer

KINDS = ("llada2_moe", "llada21_moe")
BLOCK_LENGTH = 32  # of the published models; no config names it
FRAME = ChatFrame("<role>HUMAN</role>", "<|role_end|><role>ASSISTANT</role>", "<|role_end|>")

# What the shared network can not do, and the only value that it can.
REQUIRED = {"use_bias": False, "use_qkv_bias": False, "norm_head": False, "use_sliding_window": False, "score_function": "sigmoid"}
SAME = ("vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads", "max_position_embeddings", "moe_intermediate_size")
NEEDED = (*SAME, "num_experts", "num_experts_per_tok", "num_shared_experts")
# As the original code has them where a config leaves them out.
DEFAULTS = {"hidden_act": "silu", "rms_norm_eps": 1e-5, "tie_word_embeddings": False, "first_k_dense_replace": 0, "n_group": 8, "topk_group": 4,
            "routed_scaling_factor": 2.5, "use_qk_norm": True, "num_experts_per_tok": 2}
RENAMED = {"model.word_embeddings.": "model.embed_tokens.", ".attention.dense.": ".self_attn.o_proj.", ".attention.query_layernorm.": ".self_attn.q_norm.",
           ".attention.key_layernorm.": ".self_attn.k_norm.", ".mlp.gate.expert_bias": ".mlp.gate.e_score_correction_bias"}


class LLaDA2Denoiser(BidirectionalDenoiser):
    """`network`: a Glm4MoeForCausalLM. It sees what follows only within a block, see `blocks`."""

    def _row_logits(self, token_ids, valid, editable, asked):
        seen = block_mask(valid, self.info.block_length)
        return self._logits(token_ids.to(self._device), seen.to(self._device), asked.to(self._device))

    def _logits(self, token_ids, valid, asked):
        """`valid`: what is seen from where, (rows, length, length) bool."""
        return self._head(self._body(input_ids=token_ids, attention_mask=valid[:, None], use_cache=False)[0][asked])


def check(config: dict, name: str) -> None:
    """Raises UnknownModelError for what the shared network does not compute."""
    if any(re.search(r"llada-?2\.2(?![0-9])", text) for text in known_as(config)):
        raise UnknownModelError(f"LLaDA2.2 is known but not supported: it inserts and deletes tokens by a rule of its own; {name!r} is called so. "
                                "Choose another, like inclusionAI/LLaDA2.1-mini.")
    wrong = [key for key in NEEDED if not is_whole(config.get(key)) or config[key] < 1]
    if wrong:
        raise UnknownModelError(f"config.json of a LLaDA2 model must give {', '.join(NEEDED)} as numbers from 1 on; that of {name!r} gives "
                                f"{', '.join(f'{key}={config.get(key)!r}' for key in wrong)}. Download it again.")
    for key, value in REQUIRED.items():
        if config.get(key, value) != value:
            raise UnknownModelError(f"A LLaDA2 model is supported with {key}={value!r}; {name!r} has {config[key]!r}. Choose LLaDA2.0-mini or LLaDA2.1-mini.")
    check_plain_rotation(config, name)
    read_theta(config, name)
    turned, head, block = turned_share(config), config.get("head_dim"), config.get("block_length")
    if not _is_number(turned) or not 0 < turned <= 1 or not all(value is None or is_whole(value) and value > 0 for value in (head, block)):
        raise UnknownModelError(f"A LLaDA2 model must have a partial_rotary_factor above 0 and up to 1, and a head_dim and block_length of 1 or more; "
                                f"{name!r} has {turned!r}, {head!r} and {block!r}. Download it again.")
    experts, groups, used = config["num_experts"], config.get("n_group", DEFAULTS["n_group"]), config.get("topk_group", DEFAULTS["topk_group"])
    if not (is_whole(groups) and is_whole(used) and 1 <= used <= groups and experts % groups == 0 and experts // groups >= 2
            and config["num_experts_per_tok"] <= experts // groups * used):
        raise UnknownModelError(f"The experts of a LLaDA2 model must stand in whole groups of two or more, with enough of them in the groups that are used; "
                                f"{name!r} has num_experts={experts}, n_group={groups!r}, topk_group={used!r}. Download it again.")


def _is_number(value):
    return isinstance(value, int | float) and not isinstance(value, bool)


def turned_share(config: Mapping[str, Any]) -> Any:
    """How much of a head is rotated; newer configs have it in rope_parameters."""
    parts = config.get("rope_parameters")
    places = [config, *([parts] if isinstance(parts, dict) else [])]
    return next((part["partial_rotary_factor"] for part in places if part.get("partial_rotary_factor") is not None), 0.5)


def translate_config(config: Mapping[str, Any]) -> dict:
    """The values of the Glm4MoeConfig that describes the same network."""
    values = DEFAULTS | {key: config[key] for key in (*SAME, *DEFAULTS) if config.get(key) is not None}
    heads = config["num_attention_heads"]
    return values | {
        "head_dim": config.get("head_dim") or config["hidden_size"] // heads, "num_key_value_heads": config.get("num_key_value_heads") or heads,
        "n_routed_experts": config["num_experts"], "n_shared_experts": config["num_shared_experts"], "norm_topk_prob": values["num_experts_per_tok"] > 1,
        "attention_bias": False, "num_mtp_layers": 0, "use_cache": False,
        "rope_parameters": {"rope_type": "default", "rope_theta": read_theta(config, ""), "partial_rotary_factor": turned_share(config)}}


def translate_tensors(tensors: Mapping[str, torch.Tensor], config: transformers.PreTrainedConfig) -> dict[str, torch.Tensor]:
    """The weights under the names of Glm4MoeForCausalLM: queries, keys and values apart, experts in stacks."""
    queries, keys = config.num_attention_heads * config.head_dim, config.num_key_value_heads * config.head_dim
    found = {}
    for name, tensor in tensors.items():
        for old, new in RENAMED.items():
            name = name.replace(old, new)
        if name.endswith(".attention.query_key_value.weight"):
            layer = name.removesuffix("attention.query_key_value.weight")
            found |= {f"{layer}self_attn.{part}_proj.weight": piece for part, piece in zip("qkv", tensor.split([queries, keys, keys]))}
        else:
            found[name] = tensor
    return stack_experts(found)


def _load(checkpoint: Checkpoint, placement: Placement, name: str) -> LLaDA2Denoiser:
    config = make_config(transformers.Glm4MoeConfig, translate_config(checkpoint.config), name, "LLaDA2 model")
    try:
        tensors = translate_tensors(checkpoint.tensors(name), config)
    except (KeyError, RuntimeError) as error:
        raise UnknownModelError(f"A LLaDA2 checkpoint must hold whole experts and fused queries, keys and values of the sizes in its config.json; {name!r} "
                                f"does not ({error}). Download it again.") from None
    network = load_network(transformers.Glm4MoeForCausalLM, config, tensors, placement, name)
    tokenizer, size = read_fast_tokenizer(checkpoint.folder, name), config.vocab_size
    stops = (checkpoint.config.get("eos_token_id"), checkpoint.config.get("pad_token_id"), tokenizer.eos_token_id, special_id(tokenizer, "<|role_end|>"))
    tokens = Tokens(mask_id(checkpoint.config, tokenizer, size, name, "<|mask|>"), special_id(tokenizer, tokenizer.bos_token), stops=stops)
    is_tuned = not is_called(checkpoint.config, "base") and FRAME.is_known(tokenizer)
    is_editing = checkpoint.config["model_type"] == "llada21_moe" or any(re.search(r"llada-?2[.-]?1", text) for text in known_as(checkpoint.config))
    info = describe(network, placement, name, config.max_position_embeddings)
    return LLaDA2Denoiser(network, tokenizer, read_tokens(tokenizer, tokens, size), tokens, Traits("llada2", frame=FRAME if is_tuned else None), replace(
        info, sees_suffix=False, block_length=int(checkpoint.config.get("block_length") or BLOCK_LENGTH), edits_tokens=is_editing))


LLADA2 = Family("llada2", KINDS, lambda config: config.get("model_type") in KINDS, check, _load, spreads=True, classes={"LLaDA2MoeModelLM": "llada2_moe"})
