"""A folder of text read as sources and documents, and the draws that decide what becomes of each document."""

import hashlib
import lzma
from pathlib import Path

from ..errors import DocumentError

WEIGHTS = {
    "openstax": 1.0, "openstax-md": 1.5, "us-gov": 1.0, "blogs": 2.5, "guides": 1.5, "guides-bysa": 1.5, "masc": 2.0, "gum": 2.0,
    "wikipedia": 2.0, "opensource-com": 1.0, "standardebooks-us-only": 2.0, "classics-us-only": 1.0, "gutenberg-us-only": 1.5,
    "squality-us-only": 2.0, "standardebooks": 1.0, "stories": 3.0, "taskmaster": 1.5, "speeches": 1.0, "poetry": 0.8,
    "classics": 0.35, "gutenberg": 0.35, "common-voice": 0.5, "medquad": 0.15, "lower": 1.5,
}
"""How often a token of a source is seen relative to the others, a bound on repetition too. Sources not named count 1."""

LOWERED = "lower"
"""Name of the made source that holds lower-cased copies, so that a text without capitals is met in training."""
LOWERED_FROM = ("standardebooks-us-only", "standardebooks", "stories", "blogs", "wikipedia", "squality-us-only")


def weight(name: str) -> float:
    return WEIGHTS.get(name, 1.0)


def corpus_files(folder: str | Path) -> dict[str, Path]:
    """{source name: file}, by name; NAME.txt.xz or NAME.txt. Raises DocumentError where there is none."""
    files = {p.name.split(".txt")[0]: p for p in sorted(Path(folder).glob("*.txt*")) if p.name.endswith((".txt", ".txt.xz"))}
    if not files:
        raise DocumentError(f"The corpus must be a folder with NAME.txt or NAME.txt.xz files; {folder} has none. Pass another folder.")
    return files


def documents(path: Path) -> list[str]:
    """The documents of one file: apart by two blank lines, their paragraphs by one. Raises DocumentError for what is not text."""
    try:
        with (lzma.open if path.suffix == ".xz" else open)(path, "rt", encoding="utf-8", newline="") as file:
            text = file.read()
    except (UnicodeDecodeError, lzma.LZMAError, EOFError) as error:
        raise DocumentError(f"Corpus files are UTF-8 text, plain or xz; {path.name} is not ({error}). Remove or re-encode it.") from error
    if "\0" in text:
        raise DocumentError(f"Corpus files are text; {path.name} holds NUL bytes at character {text.index(chr(0))}. Remove it.")
    return [d for d in (d.strip("\n") for d in text.split("\n\n\n")) if d.strip()]


def lots(document: str) -> tuple[float, float, float]:
    """Three numbers in [0, 1): held out | kept under a size limit | quotes straightened.

    They depend on the text alone, so the split survives new sources and another order.
    """
    digest = hashlib.blake2b(document.encode(), digest_size=12).digest()
    return tuple(int.from_bytes(digest[i:i + 4], "little") / 2**32 for i in (0, 4, 8))


def straighten(text: str) -> str:
    """Curly quotes made straight, for whole documents and before tokenizing: tokens such as `.”` merge marks.

    Never the way back, which would have to guess ('tis, the '90s).
    """
    return text.translate({0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"'})


def lowered(files: dict[str, Path], share: float, held_out: float) -> list[str]:
    """Lower-cased, straightened copies of about `share` of the documents of LOWERED_FROM, none of them held out."""
    copies = []
    for path in (files[name] for name in LOWERED_FROM if name in files):
        for document in documents(path):
            aside, kept, _ = lots(document)
            if aside >= held_out and kept < share:
                copies.append(straighten(document).lower())
    return copies
