"""A proofreading as plain JSON, in and out: one reading and one writing for the command line, batch files, HTTP and the page.

A field is named as its option; numbers may also stand as strings, the way an option takes them. `null` means: left out.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from ..errors import InputError, OptionError
from ..text import Document, Mark, Span
from .opening import check_size
from .proofreading import Correction, Proofreading, ProofreadOptions, ProofreadStep
from .reading import (
    check_known,
    given_fields,
    in_place,
    read_document_text,
    read_list,
    read_number,
    read_span,
    read_text,
    read_whole,
    read_words,
    shown,
)
from .requests import DEFAULT_MODEL

FIELDS = ("text", "spans", "threshold", "dictionary", "ignore", "seed", "model")


def parse_proofread(fields: Mapping[str, Any]) -> tuple[Document, ProofreadOptions, str]:
    """The document, with marks where only `spans` are to be read, the options and the model's id. Raises InputError that names the field.

    Brackets in the text are text. No spans, or an empty list of them: the whole text. `seed` is read and has no effect: nothing is drawn at random.
    """
    given = given_fields(fields)
    for name in given:
        check_known("A proofreading", name, FIELDS)
    document = Document(read_document_text(given), _marks(given.get("spans", ())))
    check_size(document.text)
    options: dict[str, Any] = {"threshold": read_number("threshold", given["threshold"])} if "threshold" in given else {}
    if "dictionary" in given:
        options["dictionary"] = read_words("dictionary", given["dictionary"])
    if "ignore" in given:
        options["ignore"] = _ignored(given["ignore"])
    if "seed" in given:
        read_whole("seed", given["seed"])
    return document, ProofreadOptions(**options), read_text(given, "model", DEFAULT_MODEL)


def proofread_record(found: Proofreading) -> dict:
    """What `proofread --json` prints; positions of edits count in `text`, and applying all of them gives `corrected`."""
    return {"text": found.text, "corrected": found.corrected, "edits": _edits(found.corrections), "seconds": round(found.seconds, 4)}


def proofread_step_record(step: ProofreadStep) -> dict:
    """A part that has been read: where it lies, its edits, and the length of the whole text. Positions count in that text."""
    return {"start": step.checked.start, "end": step.checked.end, "edits": _edits(step.corrections), "total": step.total}


def _edits(corrections: Iterable[Correction]) -> list[dict]:
    return [{"start": edit.span.start, "end": edit.span.end, "before": edit.before, "after": edit.after, "certainty": round(float(correction.certainty), 4),
             "reason": correction.reason} for correction in corrections for edit in [correction.edit]]


def _marks(value: Any) -> tuple[Mark, ...]:
    marks = []
    for number, entry in enumerate(read_list("spans", value, '{"start", "end"}', "Put the spans into a list.")):
        try:
            marks.append(Mark(_span(entry)))
        except InputError as error:
            raise in_place(number, error) from None
    return tuple(marks)


def _span(entry: Any) -> Span:
    found = read_span(entry)
    if found and found[1] is None:
        return found[0]
    if not isinstance(entry, Mapping) or set(entry) != {"start", "end"}:
        raise OptionError(f'A span to proofread is START:END, or {{"start", "end"}}; got {shown(entry)}. Positions count characters from 0; it takes no length.')
    return Span(read_whole("start", entry["start"]), read_whole("end", entry["end"]))


def _ignored(value: Any) -> tuple[tuple[str, str], ...]:
    pairs = read_list("ignore", value, "pairs [before, after]", "Put them into a list.")
    for pair in pairs:
        if not isinstance(pair, list | tuple) or len(pair) != 2 or not all(isinstance(part, str) for part in pair):
            raise OptionError(f'ignore is a list of pairs [before, after]; got {shown(pair)} in it. Write ["teh", "the"].')
    return tuple((before, after) for before, after in pairs)
