"""Text ⇄ tokens: the window around the marks, open positions, borders, and automata over tokens."""

from .automaton import DEAD, Automaton, ByteAutomaton, TooLargeError, compile_bytes, determinise
from .canvas import FIXED, Canvas, Frame, lay_out
from .compiling import compile_text
from .gap import Gap, is_open_length, open_gap
from .segments import MARKS, Segments, spell_words
from .text_automaton import LAST, TextAutomaton, ranges_where
from .vocabulary import Vocabulary, read_vocabulary
from .window import Group, frame_group, group_marks, open_gaps
from .words import count_words, word_automaton

__all__ = ["DEAD", "FIXED", "LAST", "MARKS", "Automaton", "ByteAutomaton", "Canvas", "Frame", "Gap", "Group", "Segments", "TextAutomaton",
           "TooLargeError", "Vocabulary", "compile_bytes", "compile_text", "count_words", "determinise", "frame_group", "group_marks",
           "is_open_length", "lay_out", "open_gap", "open_gaps", "ranges_where", "read_vocabulary", "spell_words", "word_automaton"]
