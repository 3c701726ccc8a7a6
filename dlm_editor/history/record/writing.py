"""Records as files."""

import json
import os
from pathlib import Path

from ...errors import RecordError
from .reading import MAX_BYTES


def encode_record(record: dict) -> bytes:
    """One line of JSON in UTF-8. Raises RecordError where it would be too large to be read again."""
    data = (json.dumps(record, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n").encode()
    if len(data) > MAX_BYTES:
        raise RecordError(f"A record holds at most {MAX_BYTES // 2**20} MiB; this run's would have {len(data) / 2**20:.1f} MiB. Record a run in a shorter text, or with "
                          "fewer alternatives or steps.")
    return data


def write_record(record: dict, path: str | Path) -> None:
    """Writes a record so that the file holds all of it or what it held before, also when the machine stops. Raises OSError and RecordError."""
    write_whole(encode_record(record), Path(path))


def write_whole(data: bytes, path: Path) -> None:
    """Puts `data` in place of a file, whole or not at all. Raises OSError."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
