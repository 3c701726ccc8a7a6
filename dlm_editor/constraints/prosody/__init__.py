"""How words sound, from the CMU Pronouncing Dictionary."""

from .dictionary import Word, common_words, look_up, split_words
from .meter import FEET, meter_pattern, stress_fits
from .table import WordTable, word_table

__all__ = ["FEET", "Word", "WordTable", "common_words", "look_up", "meter_pattern", "split_words", "stress_fits", "word_table"]
