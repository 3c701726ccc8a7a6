"""What a config.json must be whatever its family, judged before anything is built of it: a type that is named, counts that a network can have, no code."""

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import UnknownModelError

MOST_PARTS = 1000  # layers, blocks, experts …: more than any model has, few enough to be counted out in seconds

_COUNTS = re.compile(r"(?:layers?|blocks|groups|experts|depths?|labels)$")
# Of no meaning for what is computed here: the first name code (kernels of the hub, which would be downloaded and run), the others numbers chosen by the user.
_IGNORED = re.compile(r"auto_map|.*(?:attn|experts)_implementation.*|(?:torch_)?dtype|num_labels|(?:id2label|label2id)")
_OWN = ("head_dim", "rope_theta", "use_sliding_window")  # that the classes of transformers do not take as null


def typed(config: Mapping[str, Any], kinds: Mapping[str, str]) -> dict[str, Any]:
    """The config with names alone in `architectures`, and, where it has no model_type, that of the first class there that `kinds` knows."""
    found = config.get("architectures")
    names = [name for name in found if isinstance(name, str)] if isinstance(found, list) else []
    stated = config.get("model_type")
    kind = stated if isinstance(stated, str) else next((kinds[name] for name in names if name in kinds), None)
    rest = {key: value for key, value in config.items() if key not in ("architectures", "model_type")}
    return rest | ({"architectures": names} if names else {}) | ({} if kind is None else {"model_type": kind})


def check_config(config: Mapping[str, Any], name: str) -> None:
    """Raises UnknownModelError for numbers of parts that no network has, and for weights that are stored in fewer bits."""
    for key, value in _entries(config):
        if _COUNTS.search(key) and isinstance(value, int | float) and value > MOST_PARTS:
            raise UnknownModelError(f"A model has at most {MOST_PARTS} layers, experts and the like; config.json of {name!r} says {key} = {value:g}. "
                                    "Download it again.")
    if isinstance(stored := config.get("quantization_config"), dict) and stored:
        raise UnknownModelError(f"Weights must be plain numbers; those of {name!r} are stored in fewer bits ({stored.get('quant_method', 'some')} method). "
                                "Choose the model that they were made of, and --precision int8 to save memory.")


def without_code(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a config without those that would have a library fetch code, or ignore what the user chose. Null stands for the class's own value."""
    kept = {key: value for key, value in values.items() if not _IGNORED.fullmatch(key) and not (key in _OWN and value is None)}
    return {key: without_code(value) if isinstance(value, dict) else value for key, value in kept.items()}


def read_theta(config: Mapping[str, Any], name: str, default: float = 1e4) -> float:
    """The base of the rotation, which stands at the top, or, as newer configs have it, in rope_parameters or rope_scaling. Raises UnknownModelError."""
    places = [config, *(part for key in ("rope_parameters", "rope_scaling") if isinstance(part := config.get(key), dict))]
    theta = next((part["rope_theta"] for part in places if part.get("rope_theta") is not None), default)
    if isinstance(theta, bool) or not isinstance(theta, int | float) or not 0 < theta < math.inf:
        raise UnknownModelError(f"rope_theta is a number above 0; config.json of {name!r} says {theta!r}. Download it again.")
    return float(theta)


def check_plain_rotation(config: Mapping[str, Any], name: str) -> None:
    """Raises UnknownModelError for positions that are stretched, of families that never were trained so."""
    for key in ("rope_parameters", "rope_scaling"):
        part = config.get(key)
        kind = part.get("rope_type", part.get("type", "default")) if isinstance(part, dict) else part
        if kind not in (None, "default"):
            raise UnknownModelError(f"The positions of this family are not stretched; config.json of {name!r} says {key} = {part!r}. Choose another model.")


def _entries(config: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """All keys with their values, of the objects in it too."""
    for key, value in config.items():
        yield key, value
        if isinstance(value, dict):
            yield from _entries(value)
