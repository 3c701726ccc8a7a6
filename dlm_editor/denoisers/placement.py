"""Where a network is put, and in which numbers."""

from dataclasses import dataclass

import torch

from ..errors import OptionError
from .catalog import PRECISION_BYTES, SHORT
from .progress import Tell, say_nothing

DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "int8": torch.bfloat16, "int4": torch.bfloat16}


@dataclass(frozen=True)
class Placement:
    """`device` is cpu, cuda or mps; `precision` a key of PRECISION_BYTES."""

    device: str = "cpu"
    precision: str = "float32"
    is_spread: bool = False    # over the GPU and the machine's memory, where the GPU alone is too small
    tell: Tell = say_nothing   # is told how far loading is

    @property
    def dtype(self) -> torch.dtype:
        """Of what is not quantised."""
        return DTYPES[self.precision]

    @property
    def is_quantised(self) -> bool:
        return self.precision.startswith("int")


def choose_precision(precision: str, device: str) -> str:
    """A key of PRECISION_BYTES; `auto` is bfloat16 on an NVIDIA GPU and float32 elsewhere. Raises OptionError."""
    precision = SHORT.get(precision, precision)
    if precision == "auto":
        return "bfloat16" if device.startswith("cuda") else "float32"
    if precision not in PRECISION_BYTES:
        raise OptionError(f"A precision is auto or one of {', '.join(PRECISION_BYTES)}; got {precision!r}. Leave it out for auto.")
    if precision == "int4" and not device.startswith("cuda"):
        raise OptionError(f"int4 weights need an NVIDIA GPU; the device is {device}. Use --precision int8, which runs anywhere.")
    return precision
