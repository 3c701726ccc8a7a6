"""What a fill must be: each kind compiles to an automaton, and judges a finished text by code of its own."""

from .ban import Ban, BanLetters
from .compilation import Constraint, constrain
from .counts import CharacterCount, TokenCount, WordCount
from .include import Include
from .line import Lexicon, Line
from .regex import Regex
from .site import Site, site_of
from .violation import Violation

__all__ = ["Ban", "BanLetters", "CharacterCount", "Constraint", "Include", "Lexicon", "Line", "Regex", "Site", "TokenCount", "Violation", "WordCount",
           "constrain", "site_of"]
