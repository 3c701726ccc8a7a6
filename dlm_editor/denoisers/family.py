"""What the loader knows of a family of models: how to recognise one by its config, and how to make a denoiser of a checkpoint.

A new family is one file that ends in a `Family`, and one line in `registry.py`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from .checkpoint import Checkpoint
from .placement import Placement
from .protocol import Denoiser


@dataclass(frozen=True)
class Family:
    """Nothing in it may run code of a checkpoint: networks are transformers' own classes or modules of this package."""

    name: str                                                # as in Info.family and in the catalog
    kinds: tuple[str, ...]                                   # what a user is told is supported: model types, or a layout's name
    claims: Callable[[dict], bool]                           # True for a config.json of this family
    check: Callable[[dict, str], None]                       # (config, name) raises UnknownModelError for a value that is not supported; before any weights
    load: Callable[[Checkpoint, Placement, str], Denoiser]   # (checkpoint, placement, name); raises ModelError
    quantises: bool = False                                  # int8 and int4 are possible: the weights lie in linear layers
    spreads: bool = False                                    # it may be spread over the GPU and the machine's memory
    classes: Mapping[str, str] = field(default_factory=dict)  # the model type of a config that names only its class, in `architectures`


def no_check(config: dict, name: str) -> None:
    """For families whose class refuses what it does not know."""
