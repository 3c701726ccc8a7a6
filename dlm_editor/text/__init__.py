"""Documents, spans, edits and marks: immutable values, no torch."""

from .compare import changes
from .document import Document, Edit, Mark, Span, inverse, map_span
from .length import AUTO, Auto, Length, Tokens, Words, parse_length
from .marks import parse_marked, render_marked

__all__ = ["AUTO", "Auto", "Document", "Edit", "Length", "Mark", "Span", "Tokens", "Words", "changes", "inverse", "map_span", "parse_length",
           "parse_marked", "render_marked"]
