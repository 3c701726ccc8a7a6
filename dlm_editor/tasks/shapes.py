"""Which tokens make one word in a place of a draft: they begin as the word before them did, hold no white space, and do not run into their neighbours."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ..canvas import Vocabulary
from ..canvas.characters import JOINERS, SPACE, WORD, kind
from .staging import Stage


@dataclass(frozen=True, eq=False)
class _Rims:
    """What the tokens of a vocabulary write in one mode, (vocab,) bool each."""

    spaced: np.ndarray   # white space first
    begins: np.ndarray   # then a character of a word
    ends: np.ndarray     # … and one at the end
    whole: np.ndarray    # no white space elsewhere
    blank: np.ndarray    # white space alone


@lru_cache(maxsize=16)
def _rims(vocabulary: Vocabulary, mode: int) -> _Rims:
    table = np.zeros((5, vocabulary.size), bool)
    for token in np.flatnonzero(~vocabulary.forbidden).tolist():
        text = vocabulary.written[mode][token].decode("utf-8", "replace")
        bare = text.lstrip()
        table[:, token] = (bare != text, bare != "" and _joins(bare[0]), bare != "" and _joins(bare[-1]), not any(kind(char) == SPACE for char in bare), bare == "")
    return _Rims(*table)


def _joins(char: str) -> bool:
    """What a word goes on with; half a character is taken for a letter's."""
    return kind(char) == WORD or char in JOINERS or char == "\ufffd"


@dataclass(frozen=True, eq=False)
class Shape:
    """What the tokens of a word must be at its place."""

    vocabulary: Vocabulary
    mode: int                # of the vocabulary before it
    is_spaced: bool | None   # white space before it; None: either
    joins_left: bool         # a word stands right before it, and right after it
    joins_right: bool

    def admitted(self, begun: tuple[int, ...], at: int, count: int) -> np.ndarray:
        """Tokens that may stand as number `at` of the `count` tokens of a word that begins with `begun`, (vocab,) bool."""
        mode = self._mode(begun) if at == len(begun) else len(self.vocabulary.written) - 1
        rims = _rims(self.vocabulary, mode)
        found = rims.whole & ~self.vocabulary.forbidden
        if at == 0:
            if self.is_spaced is not None:
                found = found & (rims.spaced == self.is_spaced)
            if self.joins_left:
                found = found & (rims.spaced | ~rims.begins)
            if count == 1:
                found = found & ~rims.blank
        else:
            found = found & ~rims.spaced & rims.begins
        if at < count - 1:
            return found & (rims.ends | rims.blank)
        return found & ~rims.ends if self.joins_right else found

    def _mode(self, tokens: tuple[int, ...]) -> int:
        mode = self.mode
        for token in tokens:
            mode = int(self.vocabulary.modes[mode][token])
        return mode


def shape_of(stage: Stage, low: int, high: int) -> Shape:
    """The shape of the word at [low, high) of the stage's mark."""
    vocabulary, gap, tokens = stage.denoiser.vocabulary, stage.gap, stage.tokens
    before = gap.mode
    for token in tokens[:low]:
        if token is None:
            before = len(vocabulary.written) - 1
        elif not vocabulary.forbidden[token]:
            before = int(vocabulary.modes[before][token])
    left = vocabulary.write([tokens[low - 1]], before).decode("utf-8", "replace") if low and tokens[low - 1] is not None else ""
    right = vocabulary.write([tokens[high]], len(vocabulary.written) - 1).decode("utf-8", "replace") if high < len(tokens) and tokens[high] is not None else ""
    old = tokens[low:high]
    written = vocabulary.write(old, before).decode("utf-8", "replace") if None not in old else None
    return Shape(vocabulary, before, None if written is None else written[:1].isspace(), written is not None and left != "" and _joins(left[-1]),
                 written is not None and right != "" and _joins(right[0]))
