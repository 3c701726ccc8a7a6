"""The verbs a user knows."""

from ..sampling import Piece, RefinementStep
from .editor import Editor
from .fill import FillOptions, Suggestion, fill

__all__ = ["Editor", "FillOptions", "Piece", "RefinementStep", "Suggestion", "fill"]
