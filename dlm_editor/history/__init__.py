"""What happened to a document: changes that can be undone, suggestions that wait for an answer, and the branches that its runs took."""

from .branches import Branch, Branches, Difference, differences
from .history import History, Pending

__all__ = ["Branch", "Branches", "Difference", "History", "Pending", "differences"]
