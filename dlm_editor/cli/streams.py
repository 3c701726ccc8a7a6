"""Bytes in and out: UTF-8, exactly as they stand, no newline added and none changed."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from ..errors import DocumentError, OptionError
from ..text.docx import open_docx
from ..text.docx.package import MOST_BYTES as MOST_DOCX_BYTES

MOST_BYTES = 16 * 2**20  # read at most; what a document may hold is the task's to say


def read_document(file: str | None, text: str | None) -> str:
    """The text of `--text`, a file, or standard input (`-`); of a .docx its main story, a paragraph a line. Raises DocumentError."""
    if (file is None) == (text is None):
        raise OptionError(f"A document is a FILE, - for standard input, or --text TEXT; got {'none' if file is None else 'two'}. Give "
                          "exactly one.")
    if text is not None:
        return decode(text.encode("utf-8", "surrogateescape"), "--text")
    if file == "-":
        return decode(sys.stdin.buffer.read(MOST_BYTES + 1), "standard input")
    data = read_bytes(file)
    return open_docx(data).text if is_word(file) else decode(data, file)


def is_word(name: str | None) -> bool:
    return name is not None and name.lower().endswith(".docx")


def read_bytes(file: str) -> bytes:
    """The bytes of a file, one more than are taken where there are too many. Raises DocumentError."""
    try:
        with Path(file).open("rb") as stream:
            return stream.read((MOST_DOCX_BYTES if is_word(file) else MOST_BYTES) + 1)
    except OSError as error:
        raise DocumentError(f"A document must be a file that can be read; got {file!r}: {error.strerror or error}. "
                            "Check its name.") from None


def decode(data: bytes, name: str) -> str:
    """UTF-8 as text; a byte order mark stays, since it belongs to the document."""
    if len(data) > MOST_BYTES:
        raise DocumentError(f"At most {MOST_BYTES // 2**20} MiB are read; {name} is larger. Split it into parts.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DocumentError(f"A document must be UTF-8; {name} has the byte 0x{data[error.start]:02x} at byte offset {error.start}, which "
                            "is not. "
                            "Save it as UTF-8.") from None


def write_result(text: str) -> None:
    """`text` on standard output, byte for byte."""
    data = text.encode("utf-8")
    out = getattr(sys.stdout, "buffer", None)
    if out is None:
        sys.stdout.write(text)
    else:
        sys.stdout.flush()
        out.write(data)
        out.flush()


def drop_output() -> None:
    """Sends what is still to be written nowhere, so that leaving is quiet after a broken pipe."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class StepLine:
    """The step a run is at, in place on one line of a terminal; silent elsewhere."""

    def __init__(self):
        self._is_shown = sys.stderr.isatty()

    def show(self, text: str) -> None:
        if self._is_shown:
            sys.stderr.write(f"\r\x1b[K{text}")
            sys.stderr.flush()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.show("")


def finished(events: Iterator, kind: type, told: Callable[[Any], str]) -> list:
    """What a run ends with, the events of `kind`; its steps are shown as they pass, as `told` puts them."""
    found = []
    with StepLine() as line, closing(events):
        for event in events:
            if isinstance(event, kind):
                found.append(event)
            else:
                line.show(told(event))
    return found
