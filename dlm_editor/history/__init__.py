"""What happened to a document: changes that can be undone, and suggestions that wait for an answer."""

from .history import History, Pending

__all__ = ["History", "Pending"]
