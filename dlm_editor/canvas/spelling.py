"""What the tokens of a vocabulary write, as code points: the rest of a character they begin with, whole characters, and one they leave unfinished."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .vocabulary import Vocabulary


@dataclass(frozen=True, eq=False)
class Spelling:
    """All tokens in one mode."""

    heads: np.ndarray               # (vocab,) int: which of `head_bytes` the token begins with, 0 = none
    head_bytes: tuple[bytes, ...]
    tails: np.ndarray               # (vocab,) int: which of `tail_bytes` it ends with, 0 = none
    tail_bytes: tuple[bytes, ...]
    points: tuple[np.ndarray, ...]  # the j-th code points of `longer[j]`
    longer: tuple[np.ndarray, ...]  # tokens with more than j whole characters
    is_broken: np.ndarray           # (vocab,) bool: no text can hold it, or it writes nothing


@lru_cache(maxsize=16)
def spell(vocabulary: Vocabulary, mode: int) -> Spelling:
    heads, tails = np.zeros(vocabulary.size, np.int32), np.zeros(vocabulary.size, np.int32)
    head_numbers, tail_numbers = {b"": 0}, {b"": 0}
    is_broken, characters = vocabulary.forbidden.copy(), {}
    for token in np.flatnonzero(~vocabulary.forbidden).tolist():
        parts = _parts(vocabulary.written[mode][token])
        if parts is None:
            is_broken[token] = True
            continue
        head, text, tail = parts
        heads[token] = head_numbers.setdefault(head, len(head_numbers))
        tails[token] = tail_numbers.setdefault(tail, len(tail_numbers))
        for j, char in enumerate(text):
            characters.setdefault(j, []).append((token, ord(char)))
    columns = [np.array(found, np.int64).T for found in characters.values()]
    return Spelling(heads, tuple(head_numbers), tails, tuple(tail_numbers), tuple(c[1] for c in columns), tuple(c[0] for c in columns), is_broken)


def _parts(written: bytes) -> tuple[bytes, str, bytes] | None:
    begin = next((i for i, byte in enumerate(written) if byte & 0xC0 != 0x80), len(written))
    try:
        return written[:begin], written[begin:].decode(), b""
    except UnicodeDecodeError as error:
        if begin > 3 or error.reason != "unexpected end of data":
            return None
        cut = begin + error.start
        return written[:begin], written[begin:cut].decode(), written[cut:]
