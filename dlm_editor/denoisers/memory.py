"""Whether a model fits into the memory there is, said before it is loaded."""

import psutil
import torch

from ..errors import ResourceError


def check_memory(gb: float, name: str, device: str) -> None:
    """Raises ResourceError where the device has less than `gb` (10^9 bytes) to spare."""
    free = free_gb(device)
    if gb > free:
        raise ResourceError(f"The model {name!r} needs about {gb:.2f} GB of memory on {device}; {free:.2f} GB are free. Close other "
                            "programs, "
                            f"or choose a smaller model: `python -m dlm_editor models --fits {free:.1f}`.")


def free_gb(device: str) -> float:
    """Memory to spare, in 10^9 bytes; mps shares that of the machine."""
    free = torch.cuda.mem_get_info(device)[0] if device.startswith("cuda") else psutil.virtual_memory().available
    return free / 1e9
