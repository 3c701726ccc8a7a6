"""A record as one page that plays it in any browser, from disk, without a network."""

import base64
import hashlib
import json
from importlib.resources import files

from .around import around

REACH = 3000  # characters of the text that stand on each side of a span


def html(record: dict) -> str:
    """The page of a checked record. Whatever the record says is text there: it stands as JSON that nothing runs, and only the page's own script may run."""
    style, script = _source("replay.css"), _source("replay.js")
    policy = f"default-src 'none'; script-src '{_digest(script)}'; style-src '{_digest(style)}'; base-uri 'none'; form-action 'none'"
    spans = [{"old": record["text"][span["start"]:span["end"]], "length": span["length"]} for span in record["spans"]]
    shown = {**{name: record[name] for name in ("made_by", "verb", "model", "options", "finish", "rows", "steps", "suggestions")},
             "seed": str(record["seed"]), "around": around(record, REACH), "spans": spans}
    page = _source("replay.html")
    for name, value in (("POLICY", policy), ("STYLE", style), ("SCRIPT", script), ("RECORD", _in_script(shown))):  # last what may hold anything
        page = page.replace(f"@{name}@", value)
    return page


def _source(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8").strip()


def _digest(source: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()


def _in_script(value: dict) -> str:
    """JSON in which no tag, comment or entity can begin or end, and no character breaks a line."""
    text = json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
