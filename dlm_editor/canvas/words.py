"""An automaton that counts words.

A word is a run of letters, digits and marks, joined by apostrophes and hyphens: `don't` and `well-known` are one word each. Words stand apart by
one space, with at most a comma, semicolon or colon before it; a fill of so many words holds nothing else.
"""

from functools import lru_cache

import numpy as np

from .automaton import DEAD, Automaton
from .characters import JOINERS, WORD, kind
from .vocabulary import Vocabulary

START, INSIDE, JOINED, PAUSED, SPACED = range(5)  # before all; in a word; after its joiner, its comma, its space
STATES = 5


def _scan(text: str, state: int) -> tuple[int, int]:
    """Words that begin in `text`, and the state after it, DEAD where something stands that may not."""
    begun = 0
    for char in text:
        if kind(char) == WORD:
            begun += state in (START, SPACED)
            state = INSIDE if state != PAUSED else DEAD
        elif char.isspace():
            state = SPACED if state != SPACED else DEAD
        elif char in JOINERS:
            state = JOINED if state == INSIDE else DEAD
        else:
            state = PAUSED if char in ",;:" and state in (START, INSIDE) else DEAD
        if state == DEAD:
            return 0, DEAD
    return begun, state


def count_words(text: str) -> int:
    """Words of any text: runs of word characters, joined."""
    count, state = 0, START
    for char in text:
        is_letter = kind(char) == WORD
        count += is_letter and state == START
        state = INSIDE if is_letter else JOINED if char in JOINERS and state == INSIDE else START
    return count


@lru_cache(maxsize=8)
def _effects(vocabulary: Vocabulary) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What each class of tokens does to (state, mode): words begun and (state, mode) after it, (classes, states) each; and classes (vocab,).

    Half a character at the end of a token counts by its first byte: as part of a word if it is a letter's.
    """
    modes = len(vocabulary.written)
    keys, classes = {(): 0}, np.zeros(vocabulary.size, np.int32)
    for token in np.flatnonzero(~vocabulary.forbidden):
        effect = []
        for state in range(STATES):
            for mode in range(modes):
                begun, after = _scan(_readable(vocabulary.written[mode][token], state), state)
                effect.append((begun, after if after == DEAD else after * modes + int(vocabulary.modes[mode][token])))
        classes[token] = keys.setdefault(tuple(effect), len(keys))
    if vocabulary.null_id is not None:
        classes[vocabulary.null_id] = keys.setdefault(tuple((0, s) for s in range(STATES * modes)), len(keys))
    table = np.array([list(key) if key else [(0, DEAD)] * (STATES * modes) for key in keys], np.int32)  # (classes, states, 2)
    return table[..., 0], table[..., 1], classes


def _readable(written: bytes, state: int) -> str:
    """The bytes as characters: a leading rest of one continues what stood there, an unfinished one at the end is a letter below U+10000."""
    begin = next((i for i, byte in enumerate(written) if byte & 0xC0 != 0x80), len(written))
    head = "a" if begin and state == INSIDE else ""
    body = written[begin:]
    for cut in range(len(body), max(len(body) - 4, -1), -1):
        try:
            tail = body[cut:]
            return head + body[:cut].decode() + ("" if not tail else "a" if tail[0] not in (0xC2, 0xE2) and tail[0] < 0xF0 else "·")
        except UnicodeDecodeError:
            continue
    return head + "·"


@lru_cache(maxsize=64)
def word_automaton(vocabulary: Vocabulary, count: int, mode: int = 0) -> Automaton:
    """Accepts the token runs that write exactly `count` words, from `mode` on."""
    begun, after, classes = _effects(vocabulary)
    width = after.shape[1]
    arcs = np.full(((count + 1) * width, len(begun)), DEAD, np.int32)
    for words in range(count + 1):
        for state in range(width):
            total = words + begun[:, state]
            arcs[words * width + state] = np.where((total <= count) & (after[:, state] != DEAD), total * width + after[:, state], DEAD)
    accepting = np.zeros(len(arcs), bool)
    modes = width // STATES
    accepting[count * width + INSIDE * modes:count * width + (INSIDE + 1) * modes] = True
    return Automaton(classes, arcs, accepting, start=START * modes + mode)
