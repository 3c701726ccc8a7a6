"""From a name to a model: the bundled one, one of the catalog, any of the hub, or a folder. No code of a checkpoint is ever run."""

from dataclasses import replace
from pathlib import Path

import torch

from ..errors import EditorError, OptionError, ResourceError, UnknownModelError
from .catalog import BUNDLED, BUNDLED_FOLDER, needed_gb
from .checkpoint import Checkpoint, read_checkpoint, with_weights
from .hub import HUB_ID, fetch, unknown
from .memory import must_spread
from .network import first_line
from .placement import Placement, choose_precision
from .progress import Tell, say_nothing
from .protocol import Denoiser
from .quantising import check_quantising
from .registry import recognise, with_type

DEVICES = ("auto", "cpu", "cuda", "mps")


def load_denoiser(model: str, device: str = "auto", precision: str = "auto", tell: Tell = say_nothing) -> Denoiser:
    """The model called `model`, ready to run. Raises ModelError, and OptionError for a device or precision that is none.

    `precision`: float32, bfloat16, int8 or int4; auto is bfloat16 on an NVIDIA GPU and float32 elsewhere. `tell` hears how far it is.
    """
    device = choose_device(device)
    placement = Placement(device, choose_precision(precision, device), tell=tell)
    check_quantising(placement, model)
    folder = find_folder(model, placement)
    try:
        return _load(read_checkpoint(folder, model), placement, model)
    except EditorError:
        raise
    except torch.OutOfMemoryError:
        raise ResourceError(f"The model {model!r} must fit into the memory of {device}; it does not. Close other programs, choose a smaller model, or use "
                            "--precision int8.") from None
    except Exception as error:  # foreign files: whatever is wrong with them, and was not foreseen, comes out in many kinds
        raise UnknownModelError(f"The files of a model must fit together; those of {model!r} do not ({type(error).__name__}: {first_line(error)}). "
                                "Download it again, or choose another model.") from error


def _load(found: Checkpoint, placement: Placement, model: str) -> Denoiser:
    family = recognise(found.config, model)
    if placement.is_quantised and not family.quantises:
        raise OptionError(f"{placement.precision} needs a family whose weights lie in linear layers; {model!r} is of {family.name}. Use --precision bfloat16.")
    checkpoint = with_weights(replace(found, config=with_type(found.config)), model)
    is_spread = must_spread(needed_gb(checkpoint.weight_bytes(placement.precision)), model, placement.device, family.spreads)
    return family.load(checkpoint, replace(placement, is_spread=is_spread), model)


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


def find_folder(model: str, placement: Placement = Placement()) -> Path:
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
    return fetch(model, placement)
