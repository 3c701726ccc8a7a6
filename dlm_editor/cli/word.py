"""A .docx as FILE, and as --out: the file that was read, with the result in it as tracked changes."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from ..errors import DocumentError, OptionError
from ..text.docx import Tracking, export_docx, open_docx
from .streams import is_word, read_bytes, write_result
from .trace import check_out

AUTHOR = "dlm editor"


def wants_word(given: argparse.Namespace) -> bool:
    """True where --out names a .docx, and so no results of a batch. Raises OptionError where it cannot be written; nothing is loaded by then."""
    if given.batch is not None or given.resume or given.out is None:
        return False
    if not is_word(given.out):
        raise OptionError(f"--out names OUT.jsonl beside --batch, or OUT.docx beside a .docx as FILE; got {given.out!r} and no batch. Leave it out to print the text.")
    if not is_word(given.file):
        raise OptionError(f"--out {given.out} takes the form of the .docx that is read; FILE is {given.file!r}. Name a .docx as FILE, or leave --out out.")
    check_out("out", given.out, (given.file,))
    return True


def write_text(given: argparse.Namespace, text: str) -> None:
    """The result: into the .docx of --out, else on standard output."""
    if given.out is None:
        write_result(text)
        return
    data = export_docx(open_docx(read_bytes(given.file)), text, Tracking(AUTHOR, datetime.now(UTC)))
    try:
        Path(given.out).write_bytes(data)
    except OSError as error:
        raise DocumentError(f"--out must be a file that can be written; got {given.out!r}: {error.strerror or error}. Choose another name.") from None
