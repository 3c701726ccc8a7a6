"""A network of a class of transformers, with the weights of a checkpoint."""

from collections.abc import Mapping
from typing import Any

import torch
import transformers
from safetensors import SafetensorError

from ..errors import UnknownModelError
from .config_checks import without_code
from .placement import Placement
from .progress import told
from .quantising import quantise


def load_network(kind: type, config: transformers.PreTrainedConfig, tensors: Mapping[str, torch.Tensor], placement: Placement, name: str,
                 is_strict: bool = True) -> torch.nn.Module:
    """A `kind` in eval mode holding `tensors`, which carry the names of its own parameters.

    Only the tensors given are read, no file beside them. `is_strict`: tensors for which the class has no place are refused; without, ignored.
    Raises UnknownModelError where the weights do not fit.
    """
    try:
        with told(placement.tell, "Loading the weights…"):
            network, loaded = kind.from_pretrained(None, config=config, state_dict=dict(tensors), output_loading_info=True, dtype=placement.dtype)
    except (RuntimeError, ValueError, OSError, KeyError, SafetensorError) as error:
        raise UnknownModelError(f"The weights of {name!r} must be those of a {kind.__name__}; they cannot be loaded "
                                f"({first_line(error)}). Download or save them again.") from None
    missing, surplus = sorted(loaded["missing_keys"]), sorted(loaded["unexpected_keys"])
    if missing:
        raise UnknownModelError(f"A checkpoint must hold every weight of its {kind.__name__}; {name!r} lacks {len(missing)}, first "
                                f"{missing[0]}. Choose one that was saved with its language-model head.")
    if surplus and is_strict:
        raise UnknownModelError(f"A checkpoint must hold the weights of its {kind.__name__} and no others; {name!r} has {len(surplus)} more, first "
                                f"{surplus[0]}: it may be a variant that is not supported. Choose another model.")
    return _placed(network.eval().requires_grad_(False), placement, name)


def _placed(network, placement, name):
    """The network on its device; spread over several where the placement says so, quantised first where it says so."""
    if placement.is_quantised:
        quantise(network, placement, name)
    return spread(network, placement.device) if placement.is_spread else network.to(placement.device)


def spread(network: torch.nn.Module, device: str, most: Mapping[int | str, int] | None = None) -> torch.nn.Module:
    """The network with as many layers on the GPU as fit, the others in the machine's memory, from which they come layer by layer when they run.

    `most`: bytes for each device, as accelerate takes them; what is free if left out.
    """
    import accelerate  # optional

    placed = accelerate.infer_auto_device_map(network, max_memory=most, no_split_module_classes=list(network._no_split_modules or ()))
    return accelerate.dispatch_model(network, placed, main_device=device if device == "cpu" else 0)


def make_config(kind: type, values: Mapping[str, Any], name: str, class_name: str) -> transformers.PreTrainedConfig:
    """A config of `kind`. Raises UnknownModelError where the values describe none."""
    try:
        return kind.from_dict(without_code(values))
    except Exception as error:  # a foreign file: whatever is wrong with it comes out of transformers in many kinds
        raise UnknownModelError(f"config.json must describe a {class_name}; that of {name!r} does not ({first_line(error)}). "
                                "Download it again.") from None


def first_line(error: Exception) -> str:
    """An error of a library in one line."""
    if "ignore_mismatched_sizes" in str(error):
        return "tensors have other sizes than its config.json gives"
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:160]
