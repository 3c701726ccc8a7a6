"""Words in expressions: runs of letters, digits and marks, joined by apostrophes and hyphens, as `canvas.count_words` counts them."""

from functools import cache

from ..canvas import ranges_where
from ..canvas.characters import JOINERS, is_word
from ..errors import OptionError
from .expression import ANYTHING, EMPTY, Alt, Chars, Expression, Repeat, Seq, but, optional, union

JOINER = Chars(tuple((ord(char), ord(char)) for char in sorted(JOINERS)))


@cache
def word_character() -> Chars:
    return Chars(ranges_where(is_word))


def no_word() -> Chars:
    """A character that is no part of a word by itself; joiners are among them."""
    return but(word_character())


def white() -> Chars:
    return Chars(ranges_where(str.isspace))


@cache
def word() -> Expression:
    """One whole word."""
    run = Repeat(word_character(), 1)
    return Seq((run, Repeat(Seq((JOINER, run)))))


@cache
def apart() -> Expression:
    """What parts two words: anything without a word but a single joiner."""
    wordless = no_word()
    return Seq((Alt((but(word_character(), JOINER), Seq((JOINER, wordless)))), Repeat(wordless)))


def spelled(text: str) -> Expression:
    """The words of `text` in a row, in any case, any white space between them."""
    parts = [Seq(tuple(either_case(char) for char in part)) for part in text.split()]
    space = Repeat(white(), 1)
    return Seq(tuple(node for number, part in enumerate(parts) for node in ((space, part) if number else (part,))))


@cache
def either_case(char: str) -> Chars:
    """The character in either case: whatever has the same small, capital or folded form."""
    forms = {char, *(form for form in (char.lower(), char.upper(), char.casefold(), char.title()) if len(form) == 1)}
    forms |= _variants().get(char.casefold(), set())
    return union(Chars((), True), *(Chars(((ord(form), ord(form)),), True) for form in forms))


@cache
def _variants() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for point in range(0x20000):
        char = chr(point)
        if char.casefold() != char:
            found.setdefault(char.casefold(), set()).add(char)
    return found


def whole_words(inner: Expression) -> Expression:
    """A text in which `inner` stands as whole words: no joiner ties it to a neighbour."""
    bare = but(word_character(), JOINER)
    left = Alt((EMPTY, Seq((ANYTHING, bare)), Seq((Alt((EMPTY, Seq((ANYTHING, no_word())))), JOINER))))
    right = Alt((EMPTY, Seq((bare, ANYTHING)), Seq((JOINER, Alt((EMPTY, Seq((no_word(), ANYTHING))))))))
    return Seq((left, inner, right))


def word_parts(inner: Expression) -> Expression:
    """A text in which `inner` stands as whole words, or as whole parts of joined ones."""
    edge = no_word()
    return Seq((optional(Seq((ANYTHING, edge))), inner, optional(Seq((edge, ANYTHING)))))


def check_words(text: object, example: str = "river") -> str:
    """`text` if it holds a word. Raises OptionError."""
    if not isinstance(text, str) or not any(map(is_word, text)) or len(text) > 200:
        raise OptionError(f"A word to include or ban holds letters or digits, at most 200; got {str(text)[:60]!r}. Write one, like {example}.")
    return text
