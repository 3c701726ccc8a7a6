"""`proofread`: the text with its mistakes corrected, and what was corrected."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import closing

from .batch import add_batch, check_one_model, files_of, is_batch, run_batch
from .loading import add_model, load_editor
from .streams import StepLine, read_document, write_result
from .word import wants_word, write_text


def add_proofread(verbs) -> None:
    parser = verbs.add_parser(
        "proofread", help="correct the mistakes of a text", allow_abbrev=False,
        description="Prints the text with its mistakes corrected; all else stays, byte for byte. On a terminal, every correction is a line on standard error. "
                    "Brackets are text.")
    parser.add_argument("file", nargs="?", metavar="FILE", help="a UTF-8 file, a .docx, or - for standard input")
    parser.add_argument("--text", help="the text itself")
    parser.add_argument("--span", action="append", metavar="START:END", help="correct only what stands there, in characters from 0, half-open; repeatable")
    parser.add_argument("--threshold", metavar="T", help="how certain a correction must be, 0 to 1; higher means fewer; left out, a balance")
    parser.add_argument("--dictionary", metavar="FILE", help="words that are right, apart by spaces or line breaks")
    parser.add_argument("--show", action="store_true", help="list the corrections on standard error, also where that is no terminal")
    parser.add_argument("--seed", metavar="N", help="taken as by the other verbs, and without effect: nothing is drawn at random")
    add_model(parser)
    parser.add_argument("--json", action="store_true", help="print the text, the corrected text and the corrections as one JSON object")
    add_batch(parser, takes_word=True)
    parser.set_defaults(call=_proofread)


def _proofread(given: argparse.Namespace, load: Callable | None) -> int:
    fields = {name: getattr(given, name) for name in ("threshold", "seed", "model")}
    if given.dictionary is not None:
        fields["dictionary"] = read_document(given.dictionary, None).split()
    if not wants_word(given) and is_batch(given):
        return _batch(given, load, fields)
    from ..tasks.proofread_requests import parse_proofread, proofread_record  # torch comes with it, and --help needs none

    document, options, _ = parse_proofread({**fields, "text": read_document(given.file, given.text), "spans": given.span})
    found = _finished(load_editor(load, given).proofread(document, options), given.show or sys.stderr.isatty() and not given.json)
    if given.json:
        write_result(json.dumps(proofread_record(found), ensure_ascii=False) + "\n")
    if given.out is not None or not given.json:
        write_text(given, found.corrected)
    return 0


def _finished(events: Iterator, is_listed: bool):
    """What the run ends with. Where asked for, the corrections are listed as they come."""
    from ..tasks import Proofreading

    with StepLine() as line, closing(events):
        for event in events:
            if isinstance(event, Proofreading):
                found = event
                continue
            for correction in event.corrections if is_listed else ():
                edit = correction.edit
                line.show("")
                print(f"{edit.span.start}: {edit.before!r} -> {edit.after!r}, {correction.certainty:.0%}, {correction.reason}", file=sys.stderr)
            line.show(f"{event.checked.end} of {event.total} characters")
    return found


def _batch(given: argparse.Namespace, load: Callable | None, fields: dict) -> int:
    files = files_of(given, "texts and spans", "FILE, --text or --span", (given.file, given.text, given.span))
    editor = load_editor(load, given)

    def answer(line: dict) -> dict:
        from ..tasks.proofread_requests import parse_proofread, proofread_record

        document, options, model = parse_proofread({**fields, **line})
        check_one_model(model, given)
        return proofread_record(_finished(editor.proofread(document, options), False))

    return run_batch(files, answer, "proofread")
