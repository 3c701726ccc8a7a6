"""What a fill must be: each kind compiles to an automaton, and judges a finished text by code of its own."""

from .ban import Ban, BanLetters
from .compilation import Constraint, constrain, judge, learn
from .counts import CharacterCount, TokenCount, WordCount
from .include import Include
from .initials import Initials, LineInitials
from .only import OnlyWords
from .regex import Regex
from .repeats import NoRepeats
from .sentence import EndsSentence
from .site import Site, site_of
from .violation import Violation

__all__ = ["Ban", "BanLetters", "CharacterCount", "Constraint", "EndsSentence", "Include", "Initials", "LineInitials", "NoRepeats", "OnlyWords", "Regex",
           "Site", "TokenCount", "Violation", "WordCount", "constrain", "judge", "learn", "site_of"]
