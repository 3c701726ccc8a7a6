"""Words and tokens of a draft: which pieces make a word, and what a vocabulary writes a typed text with."""

from collections.abc import Iterator
from dataclasses import dataclass

from ..canvas import Gap, Vocabulary
from ..canvas.characters import JOINERS, WORD, kind
from ..errors import OptionError
from ..sampling import Draft

LONGEST = 1000  # characters that are typed at once


def words_of(draft: Draft) -> tuple[tuple[int, ...], ...]:
    """The pieces of one mark as words: numbers of the pieces of each. What is open is a word of its own, and so are marks and kept rims.

    A piece goes on with the word before it where letters, digits, apostrophes or hyphens meet, or where it writes nothing.
    """
    words: list[list[int]] = []
    for place, piece in enumerate(draft):
        before = draft[place - 1] if place else None
        if before is not None and _is_one(before, piece):
            words[-1].append(place)
        else:
            words.append([place])
    return tuple(map(tuple, words))


def _is_one(before, piece) -> bool:
    if "open" in (before.state, piece.state) or not before.tokens or not piece.tokens:
        return False
    return not piece.text or not before.text or _joins(before.text[-1]) and _joins(piece.text[0])


def _joins(char: str) -> bool:
    return kind(char) == WORD or char in JOINERS


@dataclass(frozen=True, eq=False)
class Typed:
    """A text that takes the place of the tokens [low, high) of a gap."""

    gap: Gap
    tokens: tuple[int | None, ...]  # of the whole gap, None where open
    low: int
    high: int
    text: str


def spell_typed(typed: Typed, vocabulary: Vocabulary) -> tuple[int, int, tuple[int, ...]]:
    """Which positions [low, high) the text takes, and the tokens that it is written with there.

    The first way of writing it with which border and constraints can still be met; if there is none the plainest, for the caller to refuse. Raises
    OptionError where the vocabulary cannot write the text.
    """
    text = typed.text.strip().replace(typed.gap.newline, "\n")
    if len(text) > LONGEST:
        raise OptionError(f"At most {LONGEST} characters are typed at once; got {len(text)}. Type the rest after Accept.")
    ways = [] if text else [(typed.low, typed.high, ())]
    ways += [way for written in _writings(typed, text, vocabulary) if (way := _way(typed, written, text, vocabulary))]
    if not ways:
        capitals = " (it writes no capitals)" if vocabulary.is_uncased and text != text.lower() else ""
        raise OptionError(f"A typed text is one that this model's tokens can write{capitals}; {text!r} is not. Type it otherwise, or after Accept.")
    return next((way for way in ways if _fits(typed, way)), ways[0])


def _fits(typed: Typed, way: tuple[int, int, tuple[int, ...]]) -> bool:
    low, high, tokens = way
    return typed.gap.admits([*typed.tokens[:low], *tokens, *typed.tokens[high:]])


def _way(typed: Typed, written: bytes, text: str, vocabulary: Vocabulary) -> tuple[int, int, tuple[int, ...]] | None:
    """The tokens that write those bytes; None where there are none."""
    tokens = tuple(vocabulary.encode(written.decode("utf-8", "replace"), continues=True))
    mode = _mode(typed, vocabulary)
    found = vocabulary.write(tokens, mode)
    if not tokens or vocabulary.forbidden[list(tokens)].any() or found.strip() != written.strip() or vocabulary.normalise(text) != _as_shown(typed, text):
        return None
    if not vocabulary.is_spaced and found != written:
        return None
    high = typed.high
    while typed.tokens[typed.low] is None and high < len(typed.tokens) and typed.tokens[high] is None and high - typed.low < len(tokens):
        high += 1
    return typed.low, high, tokens


def _as_shown(typed: Typed, text: str) -> str:
    """The text as the tokens must write it: the capital that the border gives to the first letter is not theirs."""
    return text[:1].lower() + text[1:] if typed.gap.capital and typed.low == 0 else text


def _mode(typed: Typed, vocabulary: Vocabulary) -> int:
    """Of the vocabulary before the text."""
    mode = typed.gap.mode
    for token in typed.tokens[:typed.low]:
        if token is None:
            mode = len(vocabulary.written) - 1
        elif not vocabulary.forbidden[token]:
            mode = int(vocabulary.modes[mode][token])
    return mode


def _writings(typed: Typed, text: str, vocabulary: Vocabulary) -> Iterator[bytes]:
    """The bytes to be written, the likeliest first: with the white space and the kept halves of words that the old tokens wrote."""
    old = typed.tokens[typed.low:typed.high]
    before, after = typed.tokens[:typed.low], typed.tokens[typed.high:]
    prefix, suffix = typed.gap.prefix, typed.gap.suffix
    inner = vocabulary.normalise(_as_shown(typed, text)).encode("utf-8", "replace")
    head = b"" if None in before else prefix[len(vocabulary.write(before, typed.gap.mode)):]
    tail = b"" if None in after else suffix[:max(0, len(suffix) - len(vocabulary.write(after)))]
    if None in old:
        spaces = [head, b" ", b""] if typed.low == 0 else [b" ", b""]
        ends = [tail] if typed.high == len(typed.tokens) else [b""]
    else:
        written = vocabulary.write(old, _mode(typed, vocabulary)).removeprefix(head).removesuffix(tail)
        lead = written[:len(written) - len(written.lstrip())]
        spaces, ends = [head + lead, head, head + b" "], [written[len(written.rstrip()):] + tail if written.strip() else tail]
    if not inner:
        spaces = [head]
    yield from dict.fromkeys(space + inner + end for space in spaces for end in ends)
