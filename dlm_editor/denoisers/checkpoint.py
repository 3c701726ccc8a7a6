"""A folder with a checkpoint, judged before anything of it is loaded: its kind, that its weights are tensors only, the memory it needs.

Nothing here runs code of the checkpoint: JSON and the headers of safetensors files are read, nothing else.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from safetensors import SafetensorError, safe_open
from transformers.models.auto.configuration_auto import CONFIG_MAPPING_NAMES
from transformers.models.auto.modeling_auto import MODEL_FOR_MASKED_LM_MAPPING_NAMES

from ..errors import UnknownModelError, UnsafeModelError
from .catalog import FLOAT_BYTES

SAFE_WEIGHTS, PICKLED_WEIGHTS = "model.safetensors", "pytorch_model.bin"
OTHER_WEIGHTS = (".bin", ".pt", ".pth", ".ckpt", ".h5", ".msgpack", ".onnx", ".gguf")  # named in the message, never opened
MOST_JSON_BYTES = 64 * 2**20

# Encoders only: transformers' list also names encoder-decoders, whose decoder does not see what follows.
SUPPORTED = {kind: name for kind, name in sorted(MODEL_FOR_MASKED_LM_MAPPING_NAMES.items()) if name.endswith("ForMaskedLM")}


@dataclass(frozen=True)
class Checkpoint:
    """A checkpoint that may be loaded: `config` without `auto_map`, weights of one kind."""

    folder: Path
    config: dict
    weights: tuple[Path, ...]

    @property
    def is_pickled(self) -> bool:
        return self.weights[0].suffix == ".bin"

    @property
    def class_name(self) -> str:
        """Of the transformers class that holds it."""
        return SUPPORTED[self.config["model_type"]]

    def weight_bytes(self) -> int:
        """Size of the weights as they are loaded, in float32; of a pickle, whose types are not known before, its size on disk."""
        if self.is_pickled:
            return sum(path.stat().st_size for path in self.weights)
        return FLOAT_BYTES * count_parameters(self.weights)


def read_checkpoint(folder: Path, name: str) -> Checkpoint:
    """The checkpoint in `folder`; `name` is what the user called it. Raises UnknownModelError and UnsafeModelError."""
    if not any(folder.iterdir()):
        raise UnknownModelError(f"A model folder holds config.json, weights and a tokenizer; {name!r} is empty. Name the folder that "
                                "save_pretrained wrote.")
    if not (folder / "config.json").is_file():
        raise UnknownModelError(f"A model folder must hold a config.json; {name!r} has none. Name the folder that save_pretrained wrote.")
    config = check_config(read_json(folder / "config.json", name), name)
    weights = find_weights(folder, name)
    if not weights:
        others = sorted(path.name for path in folder.iterdir() if path.suffix in OTHER_WEIGHTS)
        raise UnknownModelError(f"Weights must be {SAFE_WEIGHTS} or {PICKLED_WEIGHTS}, or their shards with an index; {name!r} holds "
                                f"{', '.join(others) or 'no weights'}. Download or save the model again in the safetensors format.")
    return Checkpoint(folder, config, weights)


def check_config(config: dict, name: str) -> dict:
    """`config` without `auto_map`, if its kind of model can be loaded without foreign code."""
    kind, remote = config.get("model_type"), config.get("auto_map")
    if remote and kind not in CONFIG_MAPPING_NAMES:
        code = ", ".join(sorted({str(value) for value in remote.values()})) if isinstance(remote, dict) else str(remote)
        raise UnsafeModelError(f"Code that comes with a checkpoint is never run; {name!r} (model type {kind!r}) loads only with its own "
                               f"code ({code}). "
                               f"Choose a model of one of these types: {', '.join(SUPPORTED)}.")
    if kind not in SUPPORTED:
        raise UnknownModelError(f"The model must be a masked language model of a type that transformers knows; {name!r} is of type "
                                f"{kind!r}. "
                                f"Choose one of these types: {', '.join(SUPPORTED)}.")
    return {key: value for key, value in config.items() if key != "auto_map"}


def read_json(path: Path, name: str) -> dict:
    """The object in a JSON file of a checkpoint."""
    try:
        if path.stat().st_size > MOST_JSON_BYTES:
            raise ValueError(f"larger than {MOST_JSON_BYTES // 2**20} MiB")
        found = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(found, dict):
            raise ValueError("not an object")
    except (ValueError, RecursionError, OSError) as error:
        raise UnknownModelError(f"{path.name} of a model must be a JSON object; that of {name!r} cannot be read ({error}). Download or "
                                "save it again.") from None
    return found


def count_parameters(weights: tuple[Path, ...]) -> int:
    """Numbers in safetensors files, read from their headers."""
    count = 0
    for path in weights:
        try:
            with safe_open(path, "np") as tensors:
                for key in tensors.keys():  # noqa: SIM118 -- a handle, not a dict
                    size = 1
                    for extent in tensors.get_slice(key).get_shape():
                        size *= extent
                    count += size
        except (SafetensorError, OSError) as error:
            raise UnknownModelError(f"Weights must be whole safetensors files; {path.name} is damaged ({error}). "
                                    "Download or save it again.") from None
    return count


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
    wrong = [shard for shard in shards if Path(shard).name != shard or Path(shard).suffix != ending or not (folder / shard).is_file()]
    if wrong or not shards:
        raise UnknownModelError(f"{index.name} must name shards that lie beside it; that of {name!r} names {', '.join(wrong) or 'none'}. "
                                "Download the model again.")
    return tuple(folder / shard for shard in shards)
