"""Documents, spans, edits and marks: immutable values, no torch."""

from .document import Document, Edit, Mark, Span
from .length import AUTO, Auto, Length, Tokens, Words, parse_length

__all__ = ["AUTO", "Auto", "Document", "Edit", "Length", "Mark", "Span", "Tokens", "Words", "parse_length"]
