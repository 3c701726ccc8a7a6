"""`bench`: runs a suite and prints its tables."""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import dlm_editor

from ..denoisers.catalog import refusal
from ..errors import EditorError, InputError, OptionError
from ..tasks import Editor
from ..tasks.proofreading.options import DEFAULT_THRESHOLD
from ..tasks.remote import is_hosted
from .calibration import guesses, passages, reliability
from .fill import Floors, model_rows
from .items import ItemSet, read_sets
from .poem import SPECS, plain_rows, reading_rows, spec_rows
from .poem import speed_rows as poem_speed_rows
from .processes import app_rows, machine, memory_rows
from .proofread_command import PARTS, Proofreadings
from .samples import sample_rows
from .speed import batch_rows, dial_rows, latency_rows
from .table import table

SUITES = ("fill", "speed", "samples", "poem", "proofread", "all")
PASSAGES = 300


@dataclass(frozen=True)
class Section:
    """A table: its title, and its rows as they are found."""

    suite: str
    title: str
    rows: Iterable[dict]


def main(argv: Sequence[str]) -> int:
    """0 = done, 2 = the input or an option is wrong, 1 = our own failure. Tables on standard output, or one JSON object with --json."""
    a = _parser().parse_args(argv)
    try:
        sections = list(_sections(a))
        rows = []
        for section in sections:
            found = list(_noted(section.rows, section.title))
            rows += [{"suite": section.suite, "table": section.title, **row} for row in found]
            if not a.json:
                print(f"\n{section.title}\n{table(found)}", flush=True)
        figures = {"machine": machine(), "models": a.model or ["bundled"], "rows": rows}
        print(json.dumps(figures) if a.json else "\n" + ", ".join(f"{k}: {v}" for k, v in figures["machine"].items()))
        return 0
    except EditorError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2 if isinstance(error, InputError) else 1


def _noted(rows: Iterable[dict], title: str) -> Iterator[dict]:
    """Rows go to standard error as they are found: a suite takes minutes."""
    for row in rows:
        print(f"{title}: " + "  ".join(f"{k} {v:.3f}" if isinstance(v, float) else f"{v}" for k, v in row.items()), file=sys.stderr, flush=True)
        yield row


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m dlm_editor bench", description="Measures quality and speed beside named references.")
    parser.add_argument("--suite", default="all", help="fill | speed | samples (thirty fills to read) | poem | proofread | all")
    parser.add_argument("--data", help="folder with infill/*.jsonl, for the suite fill, and proof/*.jsonl and spell/*.jsonl, for proofread")
    parser.add_argument("--limit", type=int, help="items of each set, or fills of the speed tests")
    parser.add_argument("--model", action="append", help="id, hub id or folder; repeat it to compare several (default: bundled)")
    parser.add_argument("--device", default="auto", help="auto | cpu | cuda | mps")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--corpus", help="folder of text for the n-gram floor, and for clean prose that training set aside")
    parser.add_argument("--held-out", help="text file for the reliability table; the sets' own texts if left out")
    parser.add_argument("--threshold", type=float, default=DEFAULT_THRESHOLD, help=f"of proofreading (default {DEFAULT_THRESHOLD})")
    parser.add_argument("--clean", help="text file without mistakes, for false alarms; the bundled 20,000 words if left out")
    parser.add_argument("--parts", default=",".join(PARTS), help="of the suite proofread, with commas (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of tables")
    return parser


def _sections(a: argparse.Namespace) -> Iterator[Section]:
    """All options are read and all models loaded before the first row is made."""
    if a.suite not in SUITES:
        raise OptionError(f"The suite is one of {', '.join(SUITES)}; got {a.suite!r}. Choose one of these.")
    if a.limit is not None and a.limit < 1:
        raise OptionError(f"--limit is 1 or more; got {a.limit}. Leave it out for everything.")
    fills, speeds, samples, poems, proofs = (a.suite in (name, "all") for name in ("fill", "speed", "samples", "poem", "proofread"))
    if fills and not a.data:
        raise OptionError("The suite fill needs test sets; got no --data. Name a folder that holds infill/*.jsonl, or choose --suite speed.")
    sets = read_sets(a.data, a.limit) if fills else ()
    held_out = _held_out(a, sets) if fills else []
    proofreadings = Proofreadings.read(a) if proofs else None
    for name in a.model or ():
        if is_hosted(name):
            raise refusal(name, "probabilities")
    editors = {name: dlm_editor.load(name, device=a.device) for name in a.model or ["bundled"]}
    if fills:
        yield Section("fill", "Floors", Floors(sets, a.corpus).rows())
    if proofreadings:
        yield from (Section("proofread", title, rows) for title, rows in proofreadings.of_peers())
    for name, editor in editors.items():
        if fills:
            yield Section("fill", f"Fill: {name}", model_rows(_short(name), editor, sets, a.seed))
            yield Section("fill", f"Certainty of committed tokens: {name}", reliability(guesses(editor, held_out, a.seed)))
        if samples:
            yield Section("samples", f"Fills to read: {name}", sample_rows(editor, a.seed))
        if poems:
            yield from _poem_sections(a, name, editor)
        if proofreadings:
            yield from (Section("proofread", f"{title}: {name}", rows) for title, rows in proofreadings.of_editor(_short(name), editor))
        if speeds:
            yield from _speed_sections(a, name, editor)


def _poem_sections(a: argparse.Namespace, name: str, editor: Editor) -> Iterator[Section]:
    yield Section("poem", f"Poems to read: {name}", reading_rows(editor, a.seed, a.limit))
    yield Section("poem", f"Time of a poem: {name}", poem_speed_rows(editor, a.seed))
    yield Section("poem", f"Random specifications: {name}", spec_rows(editor, a.limit or SPECS, a.seed))
    yield Section("poem", f"Constraints beside the plain way: {name}", plain_rows(editor, a.seed, min(a.limit or 100, 100)))


def _speed_sections(a: argparse.Namespace, name: str, editor: Editor) -> Iterator[Section]:
    count = a.limit or 200
    yield Section("speed", f"Time of a fill: {name}", latency_rows(editor))
    yield Section("speed", f"Alternatives: {name}", batch_rows(editor))
    yield Section("speed", f"Fills of 30 tokens: {name}", dial_rows(editor, count, min(count, 50)))
    yield Section("speed", f"Memory: {name}", memory_rows(name, a.device))
    yield Section("speed", f"Start: {name}", app_rows(name, a.device))


def _held_out(a: argparse.Namespace, sets: Sequence[ItemSet]) -> list[str]:
    """Passages with gaps; of a file, or of the sets' own texts with their answers in place."""
    if a.held_out:
        try:
            texts = [Path(a.held_out).read_text(encoding="utf-8")]
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"--held-out names a UTF-8 text file; {a.held_out} cannot be read ({error}). Pass another file.") from error
    else:
        texts = [item.before + item.answer + item.after for s in sets if s.kind in ("word", "clause") for item in s.items]
    found = [passage for text in texts for passage in passages(text)]
    count = min(PASSAGES, a.limit or PASSAGES)
    return found[::max(1, len(found) // count)][:count]


def _short(name: str) -> str:
    return Path(name).name
