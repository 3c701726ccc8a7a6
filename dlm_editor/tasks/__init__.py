"""The verbs a user knows."""

from ..sampling import Piece, RefinementStep
from .editor import Editor
from .fill import FillOptions, Suggestion, fill
from .poem import PoemOptions, PoemStep, PoemSuggestion, poem
from .proofreading import Correction, Proofreading, ProofreadOptions, ProofreadStep, proofread
from .rewrite import RewriteOptions, rewrite

__all__ = ["Correction", "Editor", "FillOptions", "Piece", "PoemOptions", "PoemStep", "PoemSuggestion", "ProofreadOptions", "ProofreadStep", "Proofreading",
           "RefinementStep", "RewriteOptions", "Suggestion", "fill", "poem", "proofread", "rewrite"]
