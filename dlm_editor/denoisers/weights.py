"""The weights in a folder: which files they are, how many numbers they hold, and their tensors. Pickles go through torch's weights-only loader alone."""

import math
import pickle
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file

from ..errors import UnknownModelError, UnsafeModelError
from .config_file import read_json

SAFE_WEIGHTS, PICKLED_WEIGHTS = "model.safetensors", "pytorch_model.bin"
OTHER_WEIGHTS = (".bin", ".pt", ".pth", ".ckpt", ".h5", ".msgpack", ".onnx", ".gguf")  # named in the message, never opened


def find_weights(folder: Path, name: str) -> tuple[Path, ...]:
    """The files with the weights, safetensors before pickles; empty where there are none. Raises UnknownModelError for lost shards."""
    return _find(folder, SAFE_WEIGHTS, name) or _find(folder, PICKLED_WEIGHTS, name)


def _find(folder: Path, file: str, name: str) -> tuple[Path, ...]:
    """The weights called `file`, or its shards; empty where there are none."""
    if (folder / file).is_file():
        return (folder / file,)
    index = folder / f"{file}.index.json"
    if not index.is_file():
        return ()
    shards = read_json(index, name).get("weight_map")
    shards = sorted(set(shards.values())) if isinstance(shards, dict) and all(isinstance(shard, str) for shard in shards.values()) else []
    ending = Path(file).suffix
    beside = {path.name for path in folder.iterdir() if path.suffix == ending and path.is_file()}
    wrong = [shard for shard in shards if shard not in beside]
    if wrong or not shards:
        raise UnknownModelError(f"{index.name} must name shards that lie beside it; that of {name!r} names {', '.join(repr(shard)[:80] for shard in wrong[:3]) or 'none'}. "
                                "Download the model again.")
    return tuple(folder / shard for shard in shards)


def count_parameters(weights: tuple[Path, ...]) -> int:
    """Numbers in safetensors files, read from their headers."""
    count = 0
    for path in weights:
        with _open(path, path.parent.name) as tensors:
            count += sum(math.prod(tensors.get_slice(key).get_shape()) for key in tensors.keys())  # noqa: SIM118 -- a handle, not a dict
    return count


def tensor_prefixes(weights: tuple[Path, ...], name: str) -> list[str]:
    """The first parts of the names of the tensors, from the headers of safetensors files; a pickle is not opened for it."""
    found = set()
    for path in weights:
        if path.suffix != ".bin":
            with _open(path, name) as tensors:
                found |= {key.partition(".")[0] for key in tensors.keys()}  # noqa: SIM118 -- a handle, not a dict
    return sorted(found)


def read_tensors(weights: tuple[Path, ...], name: str) -> dict[str, torch.Tensor]:
    """All tensors by name, on the CPU and as they were saved; those of safetensors files are read from disk when first used."""
    tensors = {}
    for path in weights:
        tensors |= _read_pickle(path, name) if path.suffix == ".bin" else _read_safe(path, name)
    whole = [key for key, tensor in tensors.items() if key.endswith("weight") and not tensor.is_floating_point()]
    if whole:
        raise UnknownModelError(f"Weights must be plain numbers; {whole[0]} of {name!r} is {str(tensors[whole[0]].dtype).removeprefix('torch.')}: stored in fewer "
                                "bits, it seems. Choose the model that it was made of, and --precision int8 to save memory.")
    return tensors


def _open(path, name):
    try:
        return safe_open(path, "np")
    except (SafetensorError, OSError) as error:
        raise _damaged(path, name, error) from None


def _read_safe(path, name):
    try:
        return load_file(path)
    except (SafetensorError, OSError) as error:
        raise _damaged(path, name, error) from None


def _read_pickle(path, name):
    """Tensors from the old format, through torch's loader that admits nothing else."""
    try:
        part = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError:
        part = None
    except (RuntimeError, EOFError, OSError) as error:
        raise _damaged(path, name, error) from None
    if not isinstance(part, dict) or not all(isinstance(key, str) and isinstance(value, torch.Tensor) for key, value in part.items()):
        raise UnsafeModelError(f"Weights in a pickle must be named tensors and nothing else; {path.name} of {name!r} holds other "
                               "objects, which could run code. Use a safetensors version of the model.")
    return part


def _damaged(path, name, error):
    line = (str(error).strip().splitlines() or [type(error).__name__])[0][:160]
    return UnknownModelError(f"Weights must be whole files; {path.name} of {name!r} is damaged ({line}). Download or save it again.")
