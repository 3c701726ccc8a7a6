"""Where a network is put, and in which numbers."""

from collections.abc import Callable
from dataclasses import dataclass

import torch

from ..errors import OptionError

# Bytes of a weight in memory; the quantised ones with their scales, and with embeddings left as they are.
PRECISION_BYTES = {"float32": 4.0, "bfloat16": 2.0, "float16": 2.0, "int8": 1.1, "int4": 0.65}
DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16, "int8": torch.bfloat16, "int4": torch.bfloat16}

Report = Callable[[str, int, int], None]  # (what is being done, how much of it is done, of how much)


@dataclass(frozen=True)
class Placement:
    """`device` is cpu, cuda or mps; `precision` a key of PRECISION_BYTES."""

    device: str = "cpu"
    precision: str = "float32"
    is_spread: bool = False        # over the GPU and the machine's memory, where the GPU alone is too small
    report: Report | None = None   # told of the progress of loading

    @property
    def dtype(self) -> torch.dtype:
        """Of what is not quantised."""
        return DTYPES[self.precision]

    @property
    def is_quantised(self) -> bool:
        return self.precision.startswith("int")


def choose_precision(precision: str, device: str) -> str:
    """`auto` is bfloat16 on a GPU and float32 elsewhere. Raises OptionError."""
    if precision == "auto":
        return "bfloat16" if device.startswith("cuda") else "float32"
    if precision not in PRECISION_BYTES:
        raise OptionError(f"A precision is auto or one of {', '.join(PRECISION_BYTES)}; got {precision!r}. Leave it out for auto.")
    return precision
