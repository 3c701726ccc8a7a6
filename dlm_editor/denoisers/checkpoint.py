"""A folder with a checkpoint, judged before anything of it is loaded: that its weights are tensors only, and the memory it needs.

Nothing here runs code of the checkpoint: JSON and the headers of safetensors files are read, nothing else.
"""

from dataclasses import dataclass
from pathlib import Path

import torch

from ..errors import UnknownModelError
from .catalog import PRECISION_BYTES
from .config_file import read_json
from .weights import OTHER_WEIGHTS, PICKLED_WEIGHTS, SAFE_WEIGHTS, count_parameters, find_weights, read_tensors, tensor_prefixes


@dataclass(frozen=True)
class Checkpoint:
    """A checkpoint on disk: `config` without `auto_map`, so that no library looks for code, and weights of one kind."""

    folder: Path
    config: dict
    weights: tuple[Path, ...]

    @property
    def is_pickled(self) -> bool:
        return self.weights[0].suffix == ".bin"

    def weight_bytes(self, precision: str = "float32") -> float:
        """Size of the weights as they are loaded; of a pickle, whose types are not known before, its size on disk."""
        if self.is_pickled:
            return sum(path.stat().st_size for path in self.weights)
        return PRECISION_BYTES[precision] * count_parameters(self.weights)

    def tensors(self, name: str) -> dict[str, torch.Tensor]:
        """All weights by the names they have on disk. Raises UnknownModelError and UnsafeModelError."""
        return read_tensors(self.weights, name)


def read_checkpoint(folder: Path, name: str) -> Checkpoint:
    """The checkpoint in `folder`; `name` is what the user called it. Raises UnknownModelError.

    Two things are added to what config.json says, for families that it does not name: `called`, and `tensor_prefixes`.
    """
    if not any(folder.iterdir()):
        raise UnknownModelError(f"A model folder holds config.json, weights and a tokenizer; {name!r} is empty. Name the folder that "
                                "save_pretrained wrote.")
    if not (folder / "config.json").is_file():
        raise UnknownModelError(f"A model folder must hold a config.json; {name!r} has none. Name the folder that save_pretrained wrote.")
    config = read_json(folder / "config.json", name)
    return Checkpoint(folder, config | {"called": name, "tensor_prefixes": tensor_prefixes(find_weights(folder, name), name)}, ())


def with_weights(checkpoint: Checkpoint, name: str) -> Checkpoint:
    """The checkpoint with its weights found. Raises UnknownModelError where there are none."""
    folder, weights = checkpoint.folder, find_weights(checkpoint.folder, name)
    if not weights:
        others = sorted(path.name for path in folder.iterdir() if path.suffix in OTHER_WEIGHTS)
        raise UnknownModelError(f"Weights must be {SAFE_WEIGHTS} or {PICKLED_WEIGHTS}, or their shards with an index; {name!r} holds "
                                f"{', '.join(others) or 'no weights'}. Download or save the model again in the safetensors format.")
    return Checkpoint(folder, {key: value for key, value in checkpoint.config.items() if key not in ("auto_map", "tensor_prefixes")}, weights)
