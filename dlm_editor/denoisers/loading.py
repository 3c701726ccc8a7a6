"""From a name to a model: the bundled one, one of the catalog, any of the hub, or a folder. No code of a checkpoint is ever run."""

import pickle
from pathlib import Path
from typing import Any

import torch
import transformers
from safetensors import SafetensorError
from transformers.models.auto.configuration_auto import CONFIG_MAPPING

from ..errors import OptionError, ResourceError, UnknownModelError, UnsafeModelError
from .catalog import BUNDLED, BUNDLED_FOLDER, needed_gb
from .checkpoint import Checkpoint, read_checkpoint
from .hub import HUB_ID, fetch, unknown
from .masked_lm import MaskedLMDenoiser
from .memory import check_memory
from .protocol import Denoiser

DEVICES = ("auto", "cpu", "cuda", "mps")


def load_denoiser(model: str, device: str = "auto") -> Denoiser:
    """The model called `model`, ready to run. Raises ModelError, and OptionError for a device that is no device."""
    device = choose_device(device)
    checkpoint = read_checkpoint(find_folder(model), model)
    check_memory(needed_gb(checkpoint.weight_bytes()), model, device)
    config = _config(checkpoint, model)
    tokenizer = _tokenizer(checkpoint, config, model)
    return MaskedLMDenoiser(_network(checkpoint, config, model), tokenizer, name=model, device=device)


def choose_device(device: str) -> str:
    """`cpu`, `cuda` or `mps`; auto takes the fastest there is."""
    if device not in DEVICES:
        raise OptionError(f"A device is one of {', '.join(DEVICES)}; got {device!r}. Leave it out for auto.")
    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if device == "auto":
        return next(name for name, is_there in there.items() if is_there)
    if not there[device]:
        raise ResourceError(f"The device must be there; this machine, or this build of torch, has no {device}. Use --device cpu, or auto.")
    return device


def find_folder(model: str) -> Path:
    """Where the checkpoint called `model` lies; a model of the hub is downloaded first."""
    if model == BUNDLED:
        if not BUNDLED_FOLDER.is_dir():
            raise UnknownModelError(f"The bundled model comes with a clone of the project; this installation has no "
                                    f"{BUNDLED_FOLDER.name!r} folder in assets. "
                                    "Run from a clone, or name another model.")
        return BUNDLED_FOLDER
    folder = Path(model).expanduser()
    if model and folder.is_dir():
        return folder
    if model and folder.exists():
        raise UnknownModelError(f"A local model is a folder; {model!r} is a file. Name the folder that holds it.")
    if not HUB_ID.fullmatch(model):
        raise UnknownModelError(unknown(model, "there is no such folder or id"))
    return fetch(model)


def _config(checkpoint: Checkpoint, name: str) -> transformers.PreTrainedConfig:
    try:
        return CONFIG_MAPPING[checkpoint.config["model_type"]].from_dict(checkpoint.config)
    except Exception as error:  # a foreign file: whatever is wrong with it comes out of transformers in many kinds
        raise UnknownModelError(f"config.json must describe a {checkpoint.class_name}; that of {name!r} does not ({_line(error)}). "
                                "Download it again.") from None


def _network(checkpoint: Checkpoint, config: transformers.PreTrainedConfig, name: str) -> torch.nn.Module:
    """transformers' own class with the weights of the checkpoint, in float32 and in eval mode."""
    kind = getattr(transformers, checkpoint.class_name)
    options = {"config": config, "dtype": torch.float32, "output_loading_info": True}
    try:
        if checkpoint.is_pickled:
            network, loaded = kind.from_pretrained(None, state_dict=_read_pickles(checkpoint, name), **options)
        else:
            network, loaded = kind.from_pretrained(checkpoint.folder, use_safetensors=True, local_files_only=True, **options)
    except (RuntimeError, ValueError, OSError, KeyError, SafetensorError) as error:
        raise UnknownModelError(f"The weights of {name!r} must be those of a {checkpoint.class_name}; they cannot be loaded "
                                f"({_line(error)}). "
                                "Download or save them again.") from None
    missing = sorted(loaded["missing_keys"])
    if missing:
        raise UnknownModelError(f"A checkpoint must hold every weight of its {checkpoint.class_name}; {name!r} lacks {len(missing)}, first "
                                f"{missing[0]}. "
                                "Choose one that was saved with its language-model head.")
    return network.eval()


def _read_pickles(checkpoint: Checkpoint, name: str) -> dict[str, torch.Tensor]:
    """Tensors from the old format, through torch's loader that admits nothing else."""
    tensors = {}
    for path in checkpoint.weights:
        try:
            part = torch.load(path, map_location="cpu", weights_only=True)
        except pickle.UnpicklingError:
            part = None
        except (RuntimeError, EOFError, OSError) as error:
            raise UnknownModelError(f"Weights must be whole files; {path.name} of {name!r} is damaged ({_line(error)}). Download or save "
                                    "it again.") from None
        if not isinstance(part, dict) or not all(isinstance(key, str) and isinstance(value, torch.Tensor) for key, value in part.items()):
            raise UnsafeModelError(f"Weights in a pickle must be named tensors and nothing else; {path.name} of {name!r} holds other "
                                   "objects, which could run code. "
                                   "Use a safetensors version of the model.")
        tensors |= part
    return tensors


def _tokenizer(checkpoint: Checkpoint, config: transformers.PreTrainedConfig, name: str) -> Any:
    """The checkpoint's tokenizer: tokenizer.json as it stands, or, where it names no mask, as the class for this type of model reads it."""
    try:
        if (checkpoint.folder / "tokenizer.json").is_file():
            tokenizer = transformers.PreTrainedTokenizerFast.from_pretrained(checkpoint.folder, local_files_only=True)
            if tokenizer.mask_token_id is not None or getattr(config, "mask_token_id", None) is not None:
                return tokenizer
        return transformers.AutoTokenizer.from_pretrained(checkpoint.folder, config=config, local_files_only=True, trust_remote_code=False)
    except Exception as error:  # a foreign file: the Rust tokenizer raises bare Exceptions
        raise UnknownModelError(f"A model folder must hold a tokenizer that transformers reads, best a tokenizer.json; that of {name!r} "
                                "cannot be read "
                                f"({_line(error)}). Download or save it again.") from None


def _line(error: Exception) -> str:
    """An error of a library in one line."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:160]
