"""The benchmark's items, read from a folder laid out as `infill/*.jsonl`."""

import json
import lzma
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..errors import DocumentError, InputError

KINDS = ("word", "word3", "clause", "sentence", "last", "storycloze")
KNOWN_LENGTH = {"word": 1, "word3": 3, "last": 1}
"""Words of every answer of the set."""


@dataclass(frozen=True)
class Item:
    """A text with a gap and its answer; or, of Story Cloze, with two endings of which one is right."""

    id: str
    before: str
    after: str
    answer: str = ""
    choices: tuple[str, ...] = ()
    correct: int = 0


@dataclass(frozen=True)
class ItemSet:
    name: str
    kind: str  # of KINDS
    items: tuple[Item, ...]


def read_sets(folder: str | Path, limit: int | None = None) -> tuple[ItemSet, ...]:
    """Every infill set of the folder by name, the first `limit` items of each. Raises InputError where there is none."""
    files = sorted((Path(folder) / "infill").glob("*.jsonl"))
    if not files:
        raise InputError(f"--data names a folder that holds infill/*.jsonl; {folder} has none. Pass another folder.")
    return tuple(ItemSet(path.stem, _kind(path.stem), _read(path, limit)) for path in files)


def _kind(stem: str) -> str:
    parts = stem.split("_")
    kind = next((k for k in KINDS if k in parts), None)
    if kind is None:
        raise InputError(f"The name of an infill set says its kind ({', '.join(KINDS)}); got {stem}. Rename or remove the file.")
    return kind


def _read(path: Path, limit: int | None) -> tuple[Item, ...]:
    items = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()[:limit], 1):
        try:
            record = json.loads(line)
            items.append(Item(record["id"], record["text_before"], record["text_after"], record.get("answer", ""),
                              tuple(record.get("choices", ())), record.get("correct", 0)))
        except (ValueError, KeyError, TypeError) as error:
            raise DocumentError(f"Each line of a set is a JSON object with id, text_before and text_after; line {number} of {path.name} is not ({error}). "
                                "Correct the line.") from error
    return tuple(items)


def corpus_texts(folder: str | Path) -> Iterator[str]:
    """The text of every NAME.txt and NAME.txt.xz of a folder. Raises DocumentError where there is none, or one is not text."""
    return (text for _, text in corpus_sources(folder))


def corpus_sources(folder: str | Path) -> Iterator[tuple[str, str]]:
    """The same, each with its NAME."""
    files = sorted(p for p in Path(folder).glob("*.txt*") if p.name.endswith((".txt", ".txt.xz")))
    if not files:
        raise DocumentError(f"--corpus names a folder with NAME.txt or NAME.txt.xz files; {folder} has none. Pass another folder.")
    for path in files:
        try:
            with (lzma.open if path.suffix == ".xz" else open)(path, "rt", encoding="utf-8") as file:
                yield path.name.split(".txt")[0], file.read()
        except (UnicodeDecodeError, lzma.LZMAError, EOFError) as error:
            raise DocumentError(f"Corpus files are UTF-8 text, plain or xz; {path.name} is not ({error}). Remove or re-encode it.") from error
