"""What a record says before its steps."""

from collections.abc import Mapping
from typing import Any

from ...text import Document

FORMAT = "dlm-editor-record"
VERSION = 1
VERBS = ("fill", "rewrite")

_APART = ("text", "spans", "model", "seed", "agree", "trace")  # fields that stand elsewhere in a record, or are no part of the run


def head(verb: str, document: Document, model: str, seed: int, fields: Mapping[str, Any], made_by: str = "dlm-editor") -> dict:
    """All but `rows`, `steps`, `suggestions` and `finish`. `fields` as in a batch line: those that were left out stay out."""
    return {
        "format": FORMAT, "version": VERSION, "made_by": made_by, "verb": verb, "model": model, "seed": seed,
        "options": {name: value for name, value in fields.items() if value is not None and name not in _APART},
        "text": document.text,
        "spans": [{"start": mark.span.start, "end": mark.span.end, "length": str(mark.length), **rules}
                  for mark, rules in zip(document.marks, _rules(document, fields.get("spans")))],
    }


def _rules(document: Document, spans: Any) -> list[dict]:
    """The constraints that were given beside each span, in the order of the marks."""
    given = [span if isinstance(span, Mapping) else {} for span in spans or ()]
    if len(given) != len(document.marks) or not all(given):
        return [{} for _ in document.marks]
    given.sort(key=lambda span: (int(span["start"]), int(span["end"])))
    return [{name: value for name, value in span.items() if name not in ("start", "end", "length") and value is not None} for span in given]
