"""What this machine has, asked without torch: memory to spare, and models that were downloaded."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import psutil

ASK_S = 5  # for the driver of the GPU to answer


@dataclass(frozen=True)
class Memory:
    """Of the device that `auto` takes: `free_gb` in 10^9 bytes."""

    device: str
    free_gb: float


def machine_memory() -> Memory:
    """That of the GPU with the most, where there is one; else that of the machine."""
    free = _gpu_bytes()
    return Memory("cuda", max(free) / 1e9) if free else Memory("cpu", psutil.virtual_memory().available / 1e9)


def is_downloaded(model_id: str, revision: str | None = None) -> bool:
    """True where the local cache of the hub holds the config and weights of this checkpoint."""
    from huggingface_hub import try_to_load_from_cache  # takes a moment, and only this needs it

    config = try_to_load_from_cache(model_id, "config.json", revision=revision)
    return isinstance(config, str) and any(path.suffix in (".safetensors", ".bin") for path in Path(config).parent.iterdir())


def _gpu_bytes() -> list[int]:
    """Free memory of every NVIDIA GPU; empty where there is none."""
    if shutil.which("nvidia-smi") is None:
        return []
    try:
        command = ["nvidia-smi", "--query-gpu=memory.free", "--format=csv,noheader,nounits"]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=ASK_S)
        return [int(line) * 2**20 for line in done.stdout.split()]
    except (OSError, subprocess.SubprocessError, ValueError):
        return []
