"""The verbs a user knows."""

from ..sampling import Piece, RefinementStep
from .editor import Editor
from .fill import FillOptions, Suggestion, fill
from .poem import PoemOptions, PoemStep, PoemSuggestion, poem
from .rewrite import RewriteOptions, rewrite

__all__ = ["Editor", "FillOptions", "Piece", "PoemOptions", "PoemStep", "PoemSuggestion", "RefinementStep", "RewriteOptions", "Suggestion",
           "fill", "poem", "rewrite"]
