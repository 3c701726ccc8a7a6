"""Asks before text leaves this machine."""

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..tasks import FillOptions
    from ..text import Document

MOST_SHOWN = 20  # requests; of more the first ones are shown, each whole
TERMINAL = "/dev/tty"


def with_consent(editor, document: "Document", options: "FillOptions") -> "FillOptions":
    """The options, agreed to where a hosted model needs it and the user, asked on a terminal, says yes. Elsewhere the model refuses."""
    from ..tasks.remote import RemoteInfiller

    if not isinstance(editor, RemoteInfiller) or options.agree or not sys.stderr.isatty():
        return options
    from ..tasks.remote.request import summary

    requests = editor.preview(document, options)
    for request in requests[:MOST_SHOWN]:
        print(f"POST {request.url}\n{_printable(request.body)}", file=sys.stderr)
    if len(requests) > MOST_SHOWN:
        print(f"… and {len(requests) - MOST_SHOWN} more, for the spans after these.", file=sys.stderr)
    print(f"{summary(requests)}. Send? [y/N] ", end="", file=sys.stderr, flush=True)
    return replace(options, agree=_answer().strip().lower() in ("y", "yes"))


def _answer() -> str:
    """A line typed at the terminal; where the document came through standard input, past that. Empty where nobody can be asked."""
    if sys.stdin.isatty():
        return sys.stdin.readline()
    try:
        with open(TERMINAL, encoding="utf-8") as terminal:
            return terminal.readline()
    except OSError:
        return ""


def _printable(text: str) -> str:
    """Without characters that would steer the terminal."""
    return "".join(char if char.isprintable() or char == "\n" else "\N{REPLACEMENT CHARACTER}" for char in text)
