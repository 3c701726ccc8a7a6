"""Whether a model fits into the memory there is, said before it is loaded."""

from importlib.util import find_spec

import psutil
import torch

from ..errors import ResourceError

GPU_SHARE = 0.9  # of a GPU's free memory that layers may take where a model is spread: the rest is for activations


def must_spread(gb: float, name: str, device: str, can_spread: bool) -> bool:
    """True where a model that needs `gb` (10^9 bytes) does not fit on the GPU alone, but together with the machine's memory. Raises ResourceError."""
    if not device.startswith("cuda") or gb <= free_gb(device) or not can_spread:
        check_memory(gb, name, device)
        return False
    if gb > GPU_SHARE * free_gb(device) + free_gb("cpu"):
        check_memory(gb, name, device)
    if find_spec("accelerate") is None:
        raise ResourceError(f"The model {name!r} needs about {gb:.2f} GB of memory; {free_gb(device):.2f} GB are free on {device}. To let the machine's "
                            "memory hold the rest, `pip install accelerate`; or use --precision int8.")
    return True


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
