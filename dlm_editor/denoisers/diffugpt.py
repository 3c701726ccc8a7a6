"""DiffuGPT (arXiv:2410.17891): a GPT-2 that looks both ways, shifted by one, in a layout of its own on disk."""

from collections.abc import Mapping

import torch
import transformers

from ..errors import UnknownModelError
from .causal import BidirectionalDenoiser, Tokens, Traits, both_ways, describe, mask_id, read_tokens
from .checkpoint import Checkpoint
from .config_file import is_called
from .family import Family, no_check
from .network import load_network, make_config
from .placement import Placement
from .tokenizer_files import read_fast_tokenizer

_SMALL_MASK = 10541  # an ordinary token of GPT-2's vocabulary, that of the small model (HKUNLP/DiffuLLaMA, model/loader.py)


def claims(config: dict) -> bool:
    """GPT-2's own config says nothing of diffusion: the name does, or a mask_token_id, or the layout of the weights where they are there already."""
    is_named = is_called(config, "diffugpt") or isinstance(config.get("mask_token_id"), int)
    return config.get("model_type") == "gpt2" and (is_named or "denoise_model" in config.get("tensor_prefixes", ()))


def rename(tensors: Mapping[str, torch.Tensor], name: str) -> dict[str, torch.Tensor]:
    """DiffuGPT's tensors under GPT-2's names. Raises UnknownModelError where they are not DiffuGPT's."""
    embedding = tensors.get("embed_tokens.weight", tensors.get("lm_head.weight"))  # one tensor, saved under one of its names
    inner = {f"transformer.{key.removeprefix('denoise_model.')}": tensor for key, tensor in tensors.items() if key.startswith("denoise_model.")}
    if embedding is None or not inner:
        raise UnknownModelError(f"A DiffuGPT checkpoint holds embed_tokens and denoise_model tensors; {name!r} does not: an ordinary GPT-2 is no "
                                "diffusion model. Choose diffusionfamily/diffugpt-s or another model of the catalog.")
    masks = {key for key in inner if key.endswith((".attn.bias", ".attn.masked_bias"))}  # causal masks that old versions saved
    return {"transformer.wte.weight": embedding} | {key: tensor for key, tensor in inner.items() if key not in masks}


def load(checkpoint: Checkpoint, placement: Placement, name: str) -> BidirectionalDenoiser:
    tensors = rename(checkpoint.tensors(name), name)
    size = len(tensors["transformer.wte.weight"])  # resized for the mask; the config is that of the base model
    config = make_config(transformers.GPT2Config, checkpoint.config | {"vocab_size": size, "tie_word_embeddings": True, "architectures": None, "bos_token_id": None, "eos_token_id": None}, name, "GPT-2")
    network = both_ways(load_network(transformers.GPT2LMHeadModel, config, tensors, placement, name))
    tokenizer = read_fast_tokenizer(checkpoint.folder, name, transformers.GPT2Tokenizer)
    default = {"mask_token_id": _SMALL_MASK} if tokenizer.mask_token_id is None and config.n_embd == 768 else {}
    begin = tokenizer.bos_token_id if tokenizer.bos_token_id is not None else tokenizer.eos_token_id
    tokens = Tokens(mask_id(default | checkpoint.config, tokenizer, size, name, "[¨M¨]"), begin, stops=(tokenizer.eos_token_id, tokenizer.pad_token_id))
    return BidirectionalDenoiser(network, tokenizer, read_tokens(tokenizer, tokens, size), tokens, Traits("diffugpt", is_shifted=True),
                                 describe(network, placement, name, config.n_positions))


DIFFUGPT = Family("diffugpt", ("gpt2 with a mask_token_id (DiffuGPT)",), claims, no_check, load, classes={"GPT2LMHeadModel": "gpt2"})
