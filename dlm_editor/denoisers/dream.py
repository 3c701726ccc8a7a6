"""Dream 7B (arXiv:2508.15487), Dream-Coder, DiffuCoder, and DreamOn (arXiv:2602.01326): a Qwen2 that looks both ways, shifted by one.

DreamOn is Dream with two more things to say at a masked position: expand (two masks instead of one) and delete (the end-of-text token).
"""

from pathlib import Path

import transformers

from ..errors import UnknownModelError
from ..text.length import is_whole
from .causal import BidirectionalDenoiser, Tokens, Traits, both_ways, describe, mask_id, read_tokens, special_id
from .chat import CHATML, is_tuned
from .checkpoint import Checkpoint
from .config_checks import read_theta
from .config_file import is_called, read_json
from .family import Family
from .network import load_network, make_config
from .placement import Placement
from .tokenizer_files import read_fast_tokenizer

LONGEST = 2048  # tokens, as the authors advise, whatever the positions that the network has

_PAD = 151643  # where a config names none


def check(config: dict, name: str) -> None:
    """Raises UnknownModelError for a variant whose network differs from Qwen2's with full attention."""
    for key in ("use_sliding_window", "use_mrope"):
        if config.get(key):
            raise UnknownModelError(f"A Dream model must have {key} = False; the config of {name!r} says {config[key]!r}. Choose another model.")
    read_theta(config, name)


def load(checkpoint: Checkpoint, placement: Placement, name: str) -> BidirectionalDenoiser:
    source = {"pad_token_id": _PAD} | checkpoint.config
    values = {key: value for key, value in source.items() if key not in ("architectures", "bos_token_id", "eos_token_id", "pad_token_id", "sliding_window")}
    config = make_config(transformers.Qwen2Config, values | {"model_type": "qwen2"}, name, "Dream model")
    network = both_ways(load_network(transformers.Qwen2ForCausalLM, config, checkpoint.tensors(name), placement, name))
    tokenizer = read_fast_tokenizer(checkpoint.folder, name)
    begin = special_id(tokenizer, tokenizer.bos_token, "<|beginoftext|>", "<|endoftext|>")
    end = next((value for value in (source.get("eos_token_id"), tokenizer.eos_token_id, source["pad_token_id"]) if value is not None), None)
    expand = _expand_id(checkpoint.folder, source, tokenizer, config.vocab_size, name)
    stops = (end, source["pad_token_id"], tokenizer.eos_token_id, special_id(tokenizer, "<|im_end|>"))
    mask = mask_id(source, tokenizer, config.vocab_size, name, "<|mask|>")
    tokens = Tokens(mask, begin, end if expand is not None else None, stops, expand, end if expand is not None else None)
    frame = CHATML if expand is None and is_tuned(source) and CHATML.is_known(tokenizer) else None
    return BidirectionalDenoiser(network, tokenizer, read_tokens(tokenizer, tokens, config.vocab_size), tokens,
                                 Traits("dream" if expand is None else "dreamon", is_shifted=True, frame=frame),
                                 describe(network, placement, name, min(LONGEST, config.max_position_embeddings)))


def _expand_id(folder: Path, config: dict, tokenizer, size: int, name: str) -> int | None:
    """DreamOn's expand token; None for any other Dream, whose tokenizer may have it too. Raises UnknownModelError."""
    file = folder / "generation_config.json"
    stated = config.get("expand_token_id")
    if stated is None and file.is_file():
        stated = read_json(file, name).get("expand_token_id")
    if stated is not None:
        if not is_whole(stated) or not 0 <= stated < size:
            raise UnknownModelError(f"expand_token_id is the id of one of the model's {size} tokens; {name!r} says {stated!r}. Download it again.")
        return stated
    return special_id(tokenizer, "<|expand|>") if is_called(config, "dreamon") else None


DREAM = Family("dream", ("Dream",), lambda config: config.get("model_type") == "Dream" or "DreamModel" in (config.get("architectures") or ()), check, load,
               quantises=True, spreads=True, classes={"DreamModel": "Dream"})
