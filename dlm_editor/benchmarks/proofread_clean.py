"""Prose without mistakes that no model of this project was trained on, to count false alarms in."""

import hashlib
import json
import lzma
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from ..errors import DocumentError, InputError
from .items import corpus_sources

BUNDLED = Path(__file__).resolve().parents[2] / "assets/clean-prose/texts.jsonl.xz"
HELD_OUT = 0.005     # share of documents that training keeps aside
WORDS = 20_000       # taken from a corpus
LONGEST = 3_000      # words of a document that is taken
LEFT_OUT = ("poetry", "lower")  # no prose


@dataclass(frozen=True)
class CleanText:
    """A document, and where it is from."""

    source: str
    text: str


def bundled_texts() -> tuple[CleanText, ...]:
    """20,000 words in the public domain; see the README beside the file. Raises InputError where the assets were not installed."""
    if not BUNDLED.exists():
        raise InputError(f"Clean prose stands in the folder assets of the source; {BUNDLED} is not there. Pass --clean FILE or --corpus FOLDER.")
    with lzma.open(BUNDLED, "rt", encoding="utf-8") as file:
        records = [json.loads(line) for line in file]
    return tuple(CleanText(record["source"], record["text"]) for record in records)


def file_texts(path: str | Path) -> tuple[CleanText, ...]:
    """One text file as it stands. Raises InputError."""
    try:
        return (CleanText(Path(path).stem, Path(path).read_text(encoding="utf-8")),)
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"--clean names a UTF-8 text file; {path} cannot be read ({error}). Pass another file.") from error


def corpus_texts_aside(folder: str | Path, words: int = WORDS) -> tuple[CleanText, ...]:
    """About `words` words of a corpus, as many of each source, from documents that `training prepare` sets aside. Raises DocumentError."""
    sources = {name: documents for name, text in corpus_sources(folder) if name not in LEFT_OUT and (documents := _set_aside(text))}
    if not sources:
        raise DocumentError(f"A corpus for clean prose holds documents that training sets aside, one in 200; {folder} has none. Pass a larger one.")
    chosen = [[CleanText(name, document) for document in _first(documents, words // len(sources))] for name, documents in sources.items()]
    return tuple(text for row in zip_longest(*chosen) for text in row if text)  # by turns, so that a few are of all kinds


def beginnings(texts: Sequence[CleanText], paragraphs: int) -> tuple[CleanText, ...]:
    """The texts cut to about so many paragraphs in all, as many of each."""
    each = -(-paragraphs // max(1, len(texts)))
    return tuple(CleanText(text.source, "\n\n".join(text.text.split("\n\n")[:each])) for text in texts[:paragraphs])


def lot(document: str) -> float:
    """In [0, 1), by the text alone; training never sees the documents below HELD_OUT. The draw of `training.corpus.lots`."""
    return int.from_bytes(hashlib.blake2b(document.encode(), digest_size=12).digest()[:4], "little") / 2**32


def _set_aside(text: str) -> list[str]:
    documents = (document.strip("\n") for document in text.split("\n\n\n"))
    return sorted((d for d in documents if d.strip() and lot(d) < HELD_OUT and len(d.split()) <= LONGEST), key=lot)


def _first(documents: list[str], words: int) -> Iterator[str]:
    """Documents in order until there are so many words."""
    taken = 0
    for document in documents:
        if taken >= words:
            return
        taken += len(document.split())
        yield document
