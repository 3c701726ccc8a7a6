"""JSON files of a checkpoint."""

import json
from pathlib import Path

from ..errors import UnknownModelError

MOST_JSON_BYTES = 64 * 2**20


def read_json(path: Path, name: str) -> dict:
    """The object in a JSON file of the checkpoint that the user called `name`. Raises UnknownModelError."""
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


def known_as(config: dict) -> tuple[str, ...]:
    """What a checkpoint is called by the user (`called`, which loading adds to its config) and by its own config: without owner or folder, in small letters."""
    names = (str(config.get(key) or "").replace("\\", "/").rstrip("/") for key in ("called", "_name_or_path"))
    return tuple(name.rpartition("/")[2].lower() for name in names)


def is_called(config: dict, part: str) -> bool:
    """True where one of its names holds `part`, in small letters."""
    return any(part in name for name in known_as(config))
