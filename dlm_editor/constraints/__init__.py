"""What a fill must be: each kind compiles to an automaton, and judges a finished text by code of its own."""

from .line import Lexicon, Line
from .violation import Violation

__all__ = ["Lexicon", "Line", "Violation"]
