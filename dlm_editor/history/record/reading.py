"""Records from outside, which may be anything: read strictly, or refused with a sentence."""

import json
from typing import Any

from ...errors import InputError, RecordError
from ...text import Document, Mark, Span, parse_length
from .checks import check_fields, check_list, check_whole, is_whole, refuse, shown
from .heading import FORMAT, VERBS, VERSION
from .walking import Walk

MAX_BYTES = 16 * 2**20
MAX_ROWS = 64
MAX_DRAFTS = 2**18  # rows times spans
MOST_SEED = 2**63

FIELDS = ("format", "version", "made_by", "verb", "model", "seed", "options", "text", "spans", "finish", "rows", "steps", "suggestions")


def read_record(data: bytes) -> dict:
    """The record that `data` holds. Raises RecordError for anything that is no record of this version; its texts are texts, whatever they say."""
    if len(data) > MAX_BYTES:
        raise RecordError(f"A record holds at most {MAX_BYTES // 2**20} MiB; got {len(data) / 2**20:.1f} MiB. Choose the file of a record.")
    try:
        record = json.loads(data.decode("utf-8"), parse_constant=_no_number)
        json.dumps(record, ensure_ascii=False).encode()  # half of a character can be written in JSON, but no text can hold it
    except (ValueError, RecursionError) as error:
        raise RecordError(f"A record is one JSON object in UTF-8; got something else ({_one_line(error)}). Choose a file that --trace or the page wrote.") from None
    check_record(record)
    return record


def check_record(record: Any) -> None:
    """Raises RecordError where an object, as JSON gives it, is no record of this version that can be played back."""
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        found = record.get("format") if isinstance(record, dict) else record
        raise RecordError(f'A record has "format": "{FORMAT}"; got {shown(found)}. Choose a file that --trace or the page wrote.')
    if not is_whole(record.get("version")) or record["version"] != VERSION:
        raise RecordError(f"Records of version {VERSION} can be read; got version {shown(record.get('version'))}. Open it with the program that made it, "
                          f"{shown(record.get('made_by'))}.")
    check_fields(record, FIELDS, "A record")
    for name in ("made_by", "model", "text"):
        if not isinstance(record[name], str):
            raise refuse(f"{name} is a string", record[name])
    for name, values in (("verb", VERBS), ("finish", ("done", "stopped"))):
        if record[name] not in values:
            raise refuse(f"{name} is one of {', '.join(values)}", record[name])
    if not isinstance(record["options"], dict):
        raise refuse("options is an object", record["options"])
    check_whole(record["seed"], "seed", MOST_SEED)
    check_whole(record["rows"], "rows", MAX_ROWS)
    _check_spans(record)
    if record["rows"] * len(record["spans"]) > MAX_DRAFTS:
        raise refuse(f"A record has at most {MAX_DRAFTS} drafts", record["rows"] * len(record["spans"]))
    Walk(record["rows"], len(record["spans"])).check(record["steps"], record["suggestions"])


def _check_spans(record: dict) -> None:
    marks = []
    for number, span in enumerate(check_list(record["spans"], "spans")):
        if not isinstance(span, dict) or not {"start", "end", "length"} <= span.keys() or not isinstance(span["length"], str):
            raise refuse(f"spans[{number}] has start, end and length", span)
        try:
            marks.append(Mark(Span(span["start"], span["end"]), parse_length(span["length"])))
        except InputError as error:
            raise RecordError(f"spans[{number}]: {error}") from None
    if marks != sorted(marks, key=lambda mark: mark.span):
        raise refuse("spans stand in their order", [])
    try:
        Document(record["text"], tuple(marks))
    except InputError as error:
        raise RecordError(f"spans: {error}") from None


def _no_number(name: str):
    raise ValueError(f"{name} is no number in JSON")


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:120] or type(error).__name__
