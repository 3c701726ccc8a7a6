"""Weights in 8 or 4 bits, through torchao, which is optional."""

from importlib.util import find_spec

import torch

from ..errors import OptionError, ResourceError
from .placement import Placement

GROUP = 128        # weights that share a scale in int4
LEAST_SHARE = 0.5  # of a network's weights must become smaller, or quantising is not worth its error


def check_quantising(placement: Placement, name: str) -> None:
    """Raises ResourceError, before anything is loaded, where the package is missing."""
    if placement.is_quantised and find_spec("torchao") is None:
        raise ResourceError(f"{placement.precision} weights need the package torchao; it is not installed. `pip install torchao`, or load {name!r} "
                            "with --precision bfloat16.")


def quantise(network: torch.nn.Module, placement: Placement, name: str) -> None:
    """Makes the weights of the linear layers small, in place, one layer after another on the placement's device; the head stays as it is.

    Raises OptionError where they are less than half of the network.
    """
    from torchao.quantization import Int4WeightOnlyConfig, Int8WeightOnlyConfig, quantize_  # optional, and heavy

    head = network.get_output_embeddings()
    chosen = [module for module in network.modules() if isinstance(module, torch.nn.Linear) and module is not head and _fits(module, placement.precision)]
    share = sum(module.weight.numel() for module in chosen) / sum(parameter.numel() for parameter in network.parameters())
    if share < LEAST_SHARE:
        raise OptionError(f"{placement.precision} is worth while where linear layers hold most of the weights; in {name!r} they hold {share:.0%}. "
                          "Use --precision bfloat16.")
    config = Int8WeightOnlyConfig() if placement.precision == "int8" else Int4WeightOnlyConfig(group_size=GROUP, int4_packing_format="tile_packed_to_4d")
    wanted = {id(module) for module in chosen}
    quantize_(network, config, filter_fn=lambda module, _: id(module) in wanted, device=placement.device)


def _fits(module, precision):
    return precision == "int8" or module.in_features % GROUP == 0
