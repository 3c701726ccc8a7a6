"""JSON lines in, JSON lines out: in order, one result a line; a bad line becomes a line with its error and stops nothing."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from tqdm import tqdm

from ..errors import EditorError, InputError, OptionError
from .streams import decode


@dataclass(frozen=True)
class BatchFiles:
    """The lines to do, and where their results go. With `resume`, results that are there already are kept."""

    source: str
    out: str
    resume: bool = False

    def check(self) -> None:
        """Raises OptionError where the files cannot be what is said of them, before anything is loaded or written."""
        if not Path(self.source).is_file():
            raise OptionError(f"--batch names a file with one JSON object a line; {self.source!r} is not a file. Check its name.")
        if Path(self.out).exists() and (not Path(self.out).is_file() or os.path.samefile(self.source, self.out)):
            raise OptionError(f"--out names a file of its own for the results; got {self.out!r}. Choose another name.")
        if not Path(self.out).absolute().parent.is_dir():
            raise OptionError(f"--out must lie in a folder that exists; got {self.out!r}. Make the folder first.")

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """(number from 1, bytes) of every line that is not blank."""
        with Path(self.source).open("rb") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield number, line

    def open_out(self) -> tuple[BinaryIO, int]:
        """The results to append to, and how many whole ones are kept; half a line that an interruption left is cut off."""
        if not (self.resume and Path(self.out).exists()):
            return Path(self.out).open("wb"), 0
        out = Path(self.out).open("r+b")
        kept, end, broken = 0, 0, False
        sources = self.lines()
        for line in out:
            if broken:
                out.close()
                raise InputError(f"--resume goes on with results of this very batch; line {kept + 1} of {self.out!r} is none. Choose "
                                 "another --out.")
            record, source = _object(line), next(sources, None)
            if record is None or not line.endswith(b"\n"):
                broken = True
                continue
            if source is None or record.get("id") != _id_of(_object(source[1]), source[0]):
                out.close()
                raise InputError(f"--resume goes on with results of this very batch; line {kept + 1} of {self.out!r} has the id "
                                 f"{record.get('id')!r}, which is not "
                                 "that of the input. Choose another --out.")
            kept, end = kept + 1, end + len(line)
        out.seek(end)
        out.truncate()
        return out, kept


def add_batch(parser: argparse.ArgumentParser, takes_word: bool = False) -> None:
    """The options of a batch, as all verbs have them. `takes_word`: --out may name a .docx too."""
    parser.add_argument("--batch", metavar="IN.jsonl", help="one JSON object a line, fields named as the options")
    parser.add_argument("--out", metavar="OUT", help="of --batch: OUT.jsonl, one result a line, in order" + ("; of a .docx: OUT.docx, with the result as tracked changes" if takes_word else ""))
    parser.add_argument("--resume", action="store_true", help="of --batch: go on where OUT ends")


def is_batch(given: argparse.Namespace) -> bool:
    return given.batch is not None or given.out is not None or given.resume


def files_of(given: argparse.Namespace, own: str, beside: str, taken: Iterable) -> BatchFiles:
    """The checked files of a batch, whose lines hold their `own` texts: `taken` are the values of the options named in `beside`, all to be left out."""
    if given.batch is None or given.out is None:
        raise OptionError(f"A batch needs --batch IN.jsonl and --out OUT.jsonl; got only {'--out or --resume' if given.batch is None else '--batch'}. Give both.")
    if any(value is not None for value in taken):
        raise OptionError(f"A batch takes its {own} from its lines; got {beside} beside it. Leave that out.")
    files = BatchFiles(given.batch, given.out, given.resume)
    files.check()
    return files


def check_one_model(model: str, given: argparse.Namespace) -> None:
    """Raises OptionError where a line names another model than the batch."""
    if model != given.model:
        raise OptionError(f"A batch runs with one model; got {model!r} in a line, and {given.model!r} for the batch. Run a batch for each with --model.")


def run_batch(files: BatchFiles, answer: Callable[[dict], dict], done_as: str = "filled") -> int:
    """Writes `answer(line)` for every line, with a progress bar on a terminal; an error of a line is its result. `done_as`: what is said of a line that is done."""
    total = sum(1 for _ in files.lines())
    out, kept = files.open_out()
    done = failed = 0
    with out, tqdm(total=total, initial=kept, unit="line", disable=None, file=sys.stderr) as bar:
        for place, (number, line) in enumerate(files.lines()):
            if place < kept:
                continue
            try:
                result = _result(number, line, answer)
            except KeyboardInterrupt:
                bar.close()
                print(f"stopped before line {number}; --resume goes on there", file=sys.stderr)
                raise
            out.write(json.dumps(result, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n")
            out.flush()
            done, failed = done + 1, failed + ("error" in result)
            bar.update()
    before = f", {kept} kept from before" if kept else ""
    print(f"{done - failed} {done_as}, {failed} with an error{before}; results are in {files.out}", file=sys.stderr)
    return 0


def _result(number: int, line: bytes, answer: Callable[[dict], dict]) -> dict:
    fields = _object(line)
    name = _id_of(fields, number)
    try:
        if fields is None:
            decode(line, f"line {number}")
            raise InputError(f"A line is one JSON object; line {number} is not. Put one object on every line.")
        return {"id": name, **answer({key: value for key, value in fields.items() if key != "id"})}
    except EditorError as error:
        return {"id": name, "error": str(error)}
    except Exception as error:  # whatever breaks in one line, the others are still to be done
        return {"id": name, "error": f"Something broke inside dlm_editor ({type(error).__name__}: {error}). The other lines are not "
                                     "affected."}


def _object(line: bytes) -> dict | None:
    """The JSON object on a line, None where there is none."""
    try:
        found = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _id_of(fields: dict | None, number: int) -> Any:
    """The line's own id, else its number."""
    return number if fields is None else fields.get("id", number)
