"""Files of MDLM, BD3LM and SEDD: sizes in the config, tensors by the network's names, and GPT-2's tokenizer, which none of them ships."""

from collections.abc import Callable
from dataclasses import astuple, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import huggingface_hub
import torch
import transformers

from ..canvas import Vocabulary, read_vocabulary
from ..errors import ResourceError, UnknownModelError
from .checkpoint import Checkpoint
from .dit import DiT, DiTShape, Rotary
from .network import first_line
from .placement import Placement
from .protocol import Info
from .tokenizer_files import read_as

ROTATION = "rotary_emb.inv_freq"
GPT2, GPT2_SIZE, GPT2_END = "openai-community/gpt2", 50258, "<|endoftext|>"  # the size counts the mask that these models add
TIMEOUT_S = 10


def read_wrapped_shape(config: dict) -> DiTShape:
    """As MDLM and BD3LM write it. Raises KeyError."""
    return DiTShape(*(config[key] for key in ("vocab_size", "hidden_dim", "n_blocks", "n_heads", "cond_dim")))


def check_sizes(config: dict, read_shape: Callable[[dict], DiTShape], name: str) -> None:
    """Raises UnknownModelError where the config does not describe a network."""
    try:
        shape, length = read_shape(config), config["model_length"]
        numbers = (*astuple(shape), length)
    except KeyError as error:
        raise UnknownModelError(f"config.json of {name!r} must give the sizes of its network; it lacks {error}. Download it again.") from None
    except TypeError:
        raise UnknownModelError(f"config.json of {name!r} must give the sizes of its network as numbers; one of them is none. Download it again.") from None
    if any(isinstance(number, bool) or not isinstance(number, int) or number < 1 for number in numbers) or shape.hidden % (2 * shape.heads):
        raise UnknownModelError(f"Sizes of a network are whole numbers from 1 on, its width an even number for each head; config.json of {name!r} says {shape} "
                                f"and a length of {length!r}. Download it again.")


def read_network(checkpoint: Checkpoint, shape: DiTShape, placement: Placement, name: str, prefix: str = "") -> DiT:
    """The network in eval mode, holding the tensors whose names begin with `prefix`; others are of the wrapper it was trained in.

    Raises UnknownModelError where they are not those of the network.
    """
    placement.tell("Loading the weights…")
    found = {key.removeprefix(prefix): tensor for key, tensor in checkpoint.tensors(name).items() if key.startswith(prefix)}
    with torch.device("meta"):  # every weight comes from the files
        network = DiT(shape)
    rotation = found.pop(ROTATION, None)
    tensors = {key: tensor.to(placement.dtype) if tensor.is_floating_point() else tensor for key, tensor in found.items()}
    tensors[ROTATION] = Rotary.frequencies(shape.hidden // shape.heads) if rotation is None else rotation.float()
    try:
        network.load_state_dict(tensors, assign=True)
    except RuntimeError as error:
        detail = " ".join(str(error).split())
        raise UnknownModelError(f"The weights of {name!r} must be those of the network in its config.json; they are not "
                                f"({detail.partition(': ')[2][:160]}). Download both again.") from None
    return network.requires_grad_(False).eval().to(placement.device)


def describe(network: DiT, placement: Placement, name: str, family: str, vocabulary: Vocabulary, length: int) -> Info:
    return Info(name=name, family=family, parameters=sum(p.numel() for p in network.parameters()), max_length=length, mask_id=vocabulary.mask_id,
                device=placement.device, precision=str(network.output_layer.linear.weight.dtype).removeprefix("torch."))


def read_vocabulary_of(folder: Path, size: int, name: str, begins: bool = False, ends: bool = False) -> Vocabulary:
    """The tokenizer's tokens with the mask after them all. `begins`, `ends`: an end of text stands before, and after, every canvas.

    Raises UnknownModelError, and ResourceError where GPT-2's tokenizer is needed and cannot be had.
    """
    tokenizer = _tokenizer(folder, size, name)
    backend = tokenizer.backend_tokenizer
    mask = tokenizer.mask_token_id
    if mask is None and backend.get_vocab_size() > size - 1:
        raise UnknownModelError(f"The tokenizer of {name!r} must have at most {size - 1} tokens, one less than the model, whose last is the mask; it has "
                                f"{backend.get_vocab_size()}. Put GPT-2's tokenizer.json into the folder, or that the model was trained with.")
    vocabulary = read_vocabulary(tokenizer, SimpleNamespace(mask_token_id=size - 1), size)
    end = backend.token_to_id(GPT2_END) if tokenizer.eos_token_id is None else tokenizer.eos_token_id
    if end is None:  # the tokenizer has a frame of its own, or none
        return vocabulary
    return replace(vocabulary, prefix_ids=(end,) if begins else (), suffix_ids=(end,) if ends else ())


def _tokenizer(folder: Path, size: int, name: str) -> Any:
    """The folder's own, one in a folder `tokenizer` in it or beside it, or GPT-2's from the hub."""
    for place in (folder, folder / "tokenizer", folder.resolve().parent / "tokenizer"):
        if (place / "tokenizer.json").is_file():
            return read_as(transformers.PreTrainedTokenizerFast, place, name)
        if (place / "vocab.json").is_file() and (place / "merges.txt").is_file():
            return read_as(transformers.GPT2Tokenizer, place, name)
    if size != GPT2_SIZE:
        raise UnknownModelError(f"A checkpoint of {size} tokens does not use GPT-2's tokenizer, and {name!r} holds no other. Put its tokenizer.json into "
                                "the folder.")
    try:
        path = huggingface_hub.hf_hub_download(GPT2, "tokenizer.json", etag_timeout=TIMEOUT_S)
    except Exception as error:  # a network fails in many ways, and the client's library for it changes with its version
        raise ResourceError(f"{name!r} comes without a tokenizer and uses GPT-2's, which is not on this machine and cannot be fetched ({first_line(error)}). "
                            f"Connect to the network, or put the tokenizer.json of {GPT2} into the folder.") from None
    return transformers.PreTrainedTokenizerFast(tokenizer_file=path)
