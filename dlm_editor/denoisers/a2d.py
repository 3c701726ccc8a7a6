"""Left-to-right models adapted to diffusion, under their own names of tensors: A2D's Qwen2, Qwen3 and Llama (in place), DiffuLLaMA and Open-dCoder (shifted
by one).

An adapted model whose config says nothing of it (DiffuLLaMA is a plain Llama on disk, Open-dCoder a plain Qwen2) is known by its name, or by a mask_token_id
in config.json.
"""

from pathlib import Path

import transformers

from ..errors import UnknownModelError
from .causal import BidirectionalDenoiser, Tokens, Traits, both_ways, describe, mask_id, read_tokens, special_id
from .chat import CHATML, header_frame, is_tuned
from .checkpoint import Checkpoint
from .config_checks import read_theta
from .config_file import is_called, read_json
from .family import Family
from .network import load_network, make_config
from .placement import Placement
from .tokenizer_files import read_fast_tokenizer

_CLASSES = {"llama": "Llama", "qwen2": "Qwen2", "qwen3": "Qwen3"}  # their names in transformers, which imports a class when it is asked for
_TYPES = {f"A2D{name}LMHeadModel": f"a2d-{kind}" for kind, name in _CLASSES.items()} | {f"{name}ForCausalLM": kind for kind, name in _CLASSES.items()}
_NAMES = ("diffullama", "open-dcoder")  # of those whose config says nothing
_DIFFULLAMA_MASK = 811  # an ordinary token of Llama 2's vocabulary (HKUNLP/DiffuLLaMA, train.py)


def claims(config: dict) -> bool:
    kind = str(config.get("model_type"))
    return kind.removeprefix("a2d-") in _CLASSES and (kind.startswith("a2d-") or isinstance(config.get("mask_token_id"), int) or any(is_called(config, part) for part in _NAMES))


def check(config: dict, name: str) -> None:
    """Raises UnknownModelError for a variant that does not attend to everything."""
    if config.get("use_sliding_window"):
        raise UnknownModelError(f"An adapted model must have use_sliding_window = False; the config of {name!r} says True. Choose another model.")
    read_theta(config, name)


def load(checkpoint: Checkpoint, placement: Placement, name: str) -> BidirectionalDenoiser:
    source = checkpoint.config
    kind = source["model_type"].removeprefix("a2d-")
    config_class, network_class = (getattr(transformers, _CLASSES[kind] + ending) for ending in ("Config", "ForCausalLM"))
    hidden = ("architectures", "bos_token_id", "eos_token_id", "pad_token_id", "sliding_window", "layer_types")
    values = {key: value for key, value in source.items() if key not in hidden} | {"model_type": kind}
    config = make_config(config_class, values, name, f"{kind} network")
    network = both_ways(load_network(network_class, config, checkpoint.tensors(name), placement, name))
    tokenizer = read_fast_tokenizer(checkpoint.folder, name)
    default = {"mask_token_id": _DIFFULLAMA_MASK} if kind == "llama" and is_called(source, "diffullama") else _generation(checkpoint.folder, name)
    mask = mask_id(default | source, tokenizer, config.vocab_size, name, "<|mask|>", "<M>", "[MASK]")
    is_plain = kind == source["model_type"]
    begin = tokenizer.bos_token_id if is_plain or kind == "llama" else None  # Qwen has none; a shifted model needs a left neighbour
    stops = (tokenizer.eos_token_id, tokenizer.pad_token_id, *_ids(source.get("eos_token_id")), special_id(tokenizer, "<|im_end|>"),
             special_id(tokenizer, "<|eot_id|>"))
    if is_plain and begin is None:
        begin = tokenizer.eos_token_id
    tokens = Tokens(mask, begin, stops=stops)
    frame = header_frame(tokenizer.bos_token or "") if kind == "llama" else CHATML
    has_frame = is_tuned(source) and frame.is_known(tokenizer)
    return BidirectionalDenoiser(network, tokenizer, read_tokens(tokenizer, tokens, config.vocab_size), tokens,
                                 Traits("diffullama" if is_plain and kind == "llama" else "a2d", is_shifted=is_plain,
                                        frame=frame if has_frame else None),
                                 describe(network, placement, name, config.max_position_embeddings))


def _generation(folder: Path, name: str) -> dict:
    """What generation_config.json says of the mask."""
    file = folder / "generation_config.json"
    stated = read_json(file, name).get("mask_token_id") if file.is_file() else None
    return {} if stated is None else {"mask_token_id": stated}


def _ids(value):
    return value if isinstance(value, list) else [value]


A2D = Family("a2d", ("a2d-llama", "a2d-qwen2", "a2d-qwen3", "llama, qwen2 or qwen3 with a mask_token_id (adapted to diffusion)"), claims, check, load,
             quantises=True, spreads=True, classes=_TYPES)
