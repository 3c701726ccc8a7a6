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
