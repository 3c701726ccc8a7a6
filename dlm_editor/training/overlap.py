"""Runs of ten words that training text shares with benchmark items."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from ..errors import DocumentError
from .corpus import corpus_files, documents

RUN = 10
FACTORS = np.array([pow(0x9E3779B97F4A7C15, k, 2**64) for k in range(RUN)], np.uint64)


def words(text: str) -> list[str]:
    """Lower-cased letters and digits; what a tokenised text sets apart (`did n't`) is put together first."""
    return re.findall(r"[a-z0-9]+", text.lower().replace(" n't", "n't"))


def overlap(corpus: str | Path, bench: str | Path) -> Counter:
    """Number of paragraphs of each source that share a run with an item of `bench`, a folder with jsonl files at any depth."""
    wanted = _benchmark_runs(Path(bench))
    shared = Counter()
    for name, path in corpus_files(corpus).items():
        shared[name] = 0
        for document in documents(path):
            shared[name] += len(_paragraphs_with(wanted, document))
        print(f"{name}: {shared[name]} paragraphs share a run of {RUN} words", flush=True)
    return shared


def _paragraphs_with(wanted: np.ndarray, document: str) -> set[int]:
    """Numbers of the paragraphs that hold a wanted run."""
    paragraphs = [words(p) for p in document.split("\n\n")]
    owner = np.repeat(np.arange(len(paragraphs)), [len(p) for p in paragraphs])  # (words,) the paragraph of each
    codes = _codes([w for p in paragraphs for w in p])
    whole = owner[:len(codes)] == owner[RUN - 1:] if len(codes) else np.zeros(0, bool)
    near = np.searchsorted(wanted, codes).clip(max=len(wanted) - 1)
    return set(owner[:len(codes)][whole & (wanted[near] == codes)].tolist())


def _codes(sequence: list[str]) -> np.ndarray:
    """(len - RUN + 1,) uint64: one hash for each run; none where the text is shorter."""
    if len(sequence) < RUN:
        return np.zeros(0, np.uint64)
    hashes = np.fromiter(map(hash, sequence), np.int64, len(sequence)).astype(np.uint64)
    return (np.lib.stride_tricks.sliding_window_view(hashes, RUN) * FACTORS).sum(1, dtype=np.uint64)


def _benchmark_runs(folder: Path) -> np.ndarray:
    """Sorted hashes of all runs of all items."""
    files = sorted(folder.rglob("*.jsonl"))
    if not files:
        raise DocumentError(f"The benchmark must be a folder with jsonl files; {folder} has none. Pass another folder.")
    texts = (text for file in files for line in file.read_text(encoding="utf-8").splitlines() if line.strip() for text in _texts(json.loads(line)))
    return np.unique(np.concatenate([_codes(words(text)) for text in texts] or [np.zeros(0, np.uint64)]))


def _texts(item: dict) -> Iterator[str]:
    """All texts of an item, a gap closed by each of its answers."""
    if "text_before" in item:
        for answer in item.get("choices") or [item["answer"]]:
            yield item["text_before"] + answer + item["text_after"]
        return
    for value in item.values():
        yield from (v for v in (value if isinstance(value, list) else [value]) if isinstance(v, str))
