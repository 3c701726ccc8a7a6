"""Asks before text leaves this machine."""

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..tasks import FillOptions
    from ..text import Document

SHOWN = 4000  # characters of all requests together


def with_consent(editor, document: "Document", options: "FillOptions") -> "FillOptions":
    """The options, agreed to where a hosted model needs it and the user, asked on a terminal, says yes. Elsewhere the model refuses."""
    from ..tasks.remote import RemoteInfiller

    if not isinstance(editor, RemoteInfiller) or options.agree or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return options
    from ..tasks.remote.request import summary

    requests = editor.preview(document, options)
    for request in requests:
        print(f"POST {request.url}\n{_printable(request.body)[:SHOWN // len(requests)]}", file=sys.stderr)
    print(f"{summary(requests)}. Send? [y/N] ", end="", file=sys.stderr, flush=True)
    return replace(options, agree=sys.stdin.readline().strip().lower() in ("y", "yes"))


def _printable(text: str) -> str:
    """Without characters that would steer the terminal."""
    return "".join(char if char.isprintable() or char == "\n" else "\N{REPLACEMENT CHARACTER}" for char in text)
