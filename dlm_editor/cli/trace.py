"""`trace`: looks at a recorded run; and the `--trace FILE` that records one."""

import argparse
import json
import os
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from .. import __version__
from ..errors import OptionError
from .streams import write_result

PICTURES = {"plot": ("png", "svg"), "html": ("html", "htm"), "gif": ("gif", "webp")}  # options of `trace` and the ends that their files may have
MOST_LINES = 12  # steps that the summary shows

Pass = Callable[[Generator], Iterator]


def add_recording(parser: argparse.ArgumentParser) -> None:
    """The option of `fill` and `rewrite`."""
    parser.add_argument("--trace", metavar="FILE", help="record the run, step by step, as JSON that `trace` and the page can play; it holds the whole text")


@contextmanager
def recording(given: argparse.Namespace, document, model: str, seed: int, fields: dict) -> Iterator[Pass]:
    """Gives what the events of a run are passed through. With --trace the record is written at the end, also where the user stops the run."""
    if given.trace is None:
        yield lambda events: events
        return
    from ..history.trace import Trace  # torch comes with it, and --help needs none

    trace = Trace(given.verb, document, model, seed, fields, f"dlm-editor {__version__}")
    try:
        yield trace.follow
    except (KeyboardInterrupt, BrokenPipeError):
        _write(trace, given.trace)
        raise
    _write(trace, given.trace)


def _write(trace, path: str) -> None:
    from ..history.record import write_record

    try:
        write_record(trace.record(), path)
    except OSError as error:
        raise OptionError(f"--trace names a file that can be written; got {path!r}: {error.strerror or error}. Choose another name.") from None


def check_out(name: str, path: str | None, sources: Sequence[str | None]) -> None:
    """Raises OptionError where an option's file could not be written, before anything is loaded."""
    if path is None:
        return
    out = Path(path)
    if out.is_dir() or not out.absolute().parent.is_dir():
        raise OptionError(f"--{name} names a file in a folder that exists; got {path!r}. Choose another name, or make the folder first.")
    if out.exists() and any(source is not None and os.path.exists(source) and os.path.samefile(source, out) for source in sources):
        raise OptionError(f"--{name} names a file of its own; got {path!r}, which is read too. Choose another name.")


def add_trace(verbs) -> None:
    parser = verbs.add_parser("trace", help="look at a recorded run", allow_abbrev=False,
                              description="Looks at a run that --trace or the page recorded: a summary, pictures, or a page that plays it. Needs no model.")
    parser.add_argument("file", metavar="FILE", help="the record")
    parser.add_argument("--plot", metavar="OUT.png|svg", help="draw the certainty of every token over the steps, the masks that are left, tokens over time")
    parser.add_argument("--html", metavar="OUT.html", help="one file that plays the run in any browser, without a network")
    parser.add_argument("--gif", metavar="OUT.gif|webp", help="an animation of the text as it settles")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(call=_trace)


def _trace(given: argparse.Namespace, _load) -> int:
    for name, ends in PICTURES.items():
        path = getattr(given, name)
        check_out(name, path, (given.file,))
        if path is not None and _end(path) not in ends:
            raise OptionError(f"--{name} names a file that ends in .{' or .'.join(ends)}; got {path!r}. Give it such a name.")
    from ..history.record import read_record

    record = read_record(_bytes_of(given.file))
    for name in PICTURES:
        if getattr(given, name) is not None:
            _make(record, name, Path(getattr(given, name)))
    spans = [{"start": span["start"], "end": span["end"], "length": span["length"]} for span in record["spans"]]
    told = {"steps": len(record["steps"]), "spans": spans, "model": record["model"], "verb": record["verb"], "seed": record["seed"], "alternatives": len(record["suggestions"]),
            "finish": record["finish"], "seconds": record["steps"][-1]["seconds"] if record["steps"] else 0.0}
    write_result(json.dumps(told, ensure_ascii=False) + "\n" if given.json else _summary(record, told))
    return 0


def _make(record: dict, name: str, out: Path) -> None:
    from ..history.record import gif, html, plot
    from ..history.record.writing import write_whole

    made = html(record).encode() if name == "html" else (plot if name == "plot" else gif)(record, _end(str(out)))
    try:
        write_whole(made, out)
    except OSError as error:
        raise OptionError(f"--{name} names a file that can be written; got {str(out)!r}: {error.strerror or error}. Choose another name.") from None


def _end(path: str) -> str:
    return Path(path).suffix[1:].lower()


def _bytes_of(file: str) -> bytes:
    from ..history.record import MAX_BYTES

    try:
        with Path(file).open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise OptionError(f"A record is a file that can be read; got {file!r}: {error.strerror or error}. Check its name.") from None


def _summary(record: dict, told: dict) -> str:
    """The run in a few lines: what was asked, how it went, what came of it. A record may come from anywhere, so nothing in it steers the terminal."""
    from ..history.record import replay

    lines = [f"{told['verb']} by {record['model']}, seed {told['seed']}: {_count(told['steps'], 'step')} in {told['seconds']:.2f} s, {_count(len(record['spans']), 'span')}, "
             f"{_count(told['alternatives'], 'alternative')}" + (", stopped before its end" if told["finish"] == "stopped" else "")]
    lines += [f"  {name} {_cut(value)}" for name, value in record["options"].items()]
    if record["steps"]:
        row = record["suggestions"][0]["row"] if record["suggestions"] else 0
        chosen = {round(place * (told["steps"] - 1) / max(1, MOST_LINES - 1)) for place in range(MOST_LINES)}
        lines += ["", "step  open  the best alternative" if record["suggestions"] else "step  open  the first alternative"]
        lines += [f"{step['step']:4}  {_open(step['drafts'][row]):4}  {' | '.join(map(_drawn, step['drafts'][row]))}" for place, step in enumerate(replay(record)) if place in chosen]
    lines += [""] * bool(record["suggestions"])
    for number, suggestion in enumerate(record["suggestions"], 1):
        score = "" if suggestion["mean_logprob"] is None else f" ({suggestion['mean_logprob']:.2f})"
        lines.append(f"{number}.{score} {' | '.join(suggestion['after'])}")
    return "".join(_plain(line) + "\n" for line in lines)


def _open(drafts: list) -> int:
    return sum(piece[2] == "open" for draft in drafts for piece in draft)


def _drawn(draft: list) -> str:
    return "".join("_" if state == "open" else text for text, _, state, _ in draft).strip()


def _cut(value: object) -> str:
    text = str(value)
    return text if len(text) <= 80 else text[:79] + "…"


def _plain(line: str) -> str:
    return "".join(char if char.isprintable() else "↵" if char == "\n" else " " for char in line)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"
