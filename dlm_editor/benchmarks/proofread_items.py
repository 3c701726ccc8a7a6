"""Test sets of proofreading, read from a folder laid out as `proof/*.jsonl` and `spell/*.jsonl`."""

import json
from dataclasses import dataclass
from pathlib import Path

from ..errors import DocumentError, InputError

FLUENCY, SPELLING, WORDS = "fluency", "spelling", "words"
"""Kinds: sentences with several corrected versions; texts with one, token beside token; single words."""


@dataclass(frozen=True)
class Passage:
    """A text with mistakes and what people made of it."""

    id: str
    source: str
    references: tuple[str, ...]


@dataclass(frozen=True)
class PassageSet:
    name: str
    kind: str  # FLUENCY, SPELLING or WORDS
    items: tuple[Passage, ...]


def read_passages(folder: str | Path, limit: int | None = None) -> tuple[PassageSet, ...]:
    """Every set of the folder, `limit` items of each, spread over it. Raises InputError where there is none, DocumentError for a wrong line."""
    files = [*sorted((Path(folder) / "proof").glob("*.jsonl")), *sorted((Path(folder) / "spell").glob("*.jsonl"))]
    if not files:
        raise InputError(f"--data names a folder that holds proof/*.jsonl or spell/*.jsonl; {folder} has none. Pass another folder.")
    return tuple(_read(path, limit) for path in files)


def _read(path: Path, limit: int | None) -> PassageSet:
    items, kind, lines = [], FLUENCY, path.read_text(encoding="utf-8").splitlines()
    count = min(limit or len(lines), len(lines))
    for at in (number * len(lines) // count for number in range(count)):
        try:
            record = json.loads(lines[at])
            kind, source, references = _fields(record)
            items.append(Passage(str(record.get("id", at)), source, references))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise DocumentError(f"Each line of a set is a JSON object with source and refs, source and target, or wrong and right; line {at + 1} of "
                                f"{path.name} is not ({error}). Correct the line.") from error
    return PassageSet(path.stem, kind, tuple(items))


def _fields(record: dict) -> tuple[str, str, tuple[str, ...]]:
    if "wrong" in record:
        return WORDS, record["wrong"], (record["right"],)
    if "refs" in record:
        return FLUENCY, record["source"], tuple(record["refs"])
    return SPELLING, record["source"], (record["target"],)
