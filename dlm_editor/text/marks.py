r"""Marks written into the text itself, for the command line and for batch files.

    The cat [[sat]] on the mat.       fill anew what stands between the brackets; the model finds the length
    The [[]] cat                      insert something here
    The cat [[sat|8]], [[sat|3w]]     eight tokens, three words; `|auto` says the default aloud
    a\[[0]]                           a literal `[[`

The rules, so that every document can be written down and read back (`parse_marked(render_marked(document)) == document`):

- `[[` opens a mark and the first `]]` after it closes it. Marks do not nest. Of `[[[` the last two open: `x[[[0]]]` marks the `0` in
  `x[0]`.
- Only the last `|` of a mark can be a length, and only if `auto`, a number or a number with `w` follows it; any other `|` is text.
- A backslash is an ordinary character, except in a run directly before `[[`, and inside a mark before `[` or `]`: there `\\` stands for
  one backslash, and a last odd one makes the bracket literal.
- `]]` outside a mark is text.
"""

import re

from ..errors import DocumentError
from .document import Document, Mark, Span
from .length import AUTO, parse_length

# Each looks at a run of backslashes from its first one only, so that reading takes linear time.
_OPENING = re.compile(r"(?<!\\)(\\*)(\[{2,})")
_BRACKET = re.compile(r"(?<!\\)(\\*)([\[\]])")
_LITERAL = re.compile(r"(?<!\\)(\\*)(\[+|\Z)")
_TRAILING = re.compile(r"(?<!\\)\\+\Z")
_LENGTH = re.compile(r"\|\s*(auto|-?[0-9]+w?)\s*\Z", re.IGNORECASE)


def parse_marked(source: str) -> Document:
    """The document that `source` describes: its text without the brackets, and its marks.

    Raises DocumentError for a mark that is not closed or holds another, OptionError for a length out of range.
    """
    parts, marks, length, at = [], [], 0, 0
    while opening := _OPENING.search(source, at):
        slashes, brackets = len(opening[1]), len(opening[2])
        parts.append(source[at:opening.start()] + "\\" * (slashes // 2))
        if slashes % 2:
            parts[-1] += "[["
            length, at = length + len(parts[-1]), opening.end(1) + 2
            continue
        start = opening.end() - 2
        if brackets > 3:
            raise DocumentError(f"A mark cannot hold another; got {opening[2]!r} at {_place(source, start)}. Write a literal `[[` as "
                                "`\\[[`.")
        parts[-1] += "[" * (brackets - 2)
        length += len(parts[-1])
        inside, at = _read_mark(source, start)
        given = _LENGTH.search(inside)
        words = inside[: given.start()] if given else inside
        marks.append(Mark(Span(length, length + len(words)), parse_length(given[1]) if given else AUTO))
        parts.append(words)
        length += len(words)
    parts.append(source[at:])
    return Document("".join(parts), tuple(marks))


def render_marked(document: Document) -> str:
    """`document` as text with its marks written in: what `parse_marked` reads back."""
    parts, at = [], 0
    for mark in document.marks:
        words = document[mark.span]
        inside = _BRACKET.sub(lambda found: found[1] * 2 + "\\" + found[2], words)
        if mark.length != AUTO or _LENGTH.search(words):
            inside += f"|{mark.length}"
        else:
            inside = _TRAILING.sub(lambda found: found[0] * 2, inside)
        parts += [_escape_outside(document.text[at:mark.span.start], before_mark=True), "[[", inside, "]]"]
        at = mark.span.end
    return "".join([*parts, _escape_outside(document.text[at:], before_mark=False)])


def _read_mark(source: str, start: int) -> tuple[str, int]:
    """What stands inside the mark that opens at `start`, unescaped, and where the source goes on after it."""
    parts, at = [], start + 2
    while found := _BRACKET.search(source, at):
        slashes, pair = len(found[1]), source[found.start(2):found.start(2) + 2]
        parts.append(source[at:found.start()] + "\\" * (slashes // 2))
        at = found.end()
        if slashes % 2 == 0 and pair == "]]":
            return "".join(parts), at + 1
        if slashes % 2 == 0 and pair == "[[":
            raise DocumentError(f"A mark cannot hold another; the one at {_place(source, start)} is still open where `[[` stands at "
                                f"{_place(source, at - 1)}. Close it with `]]`, or write a literal `[[` as `\\[[`.")
        parts.append(found[2])
    raise DocumentError(f"Every `[[` needs its `]]`; the one at {_place(source, start)} is not closed. Close it, or write a literal `[[` "
                        "as `\\[[`.")


def _escape_outside(text: str, before_mark: bool) -> str:
    """Text that stands outside the marks, so written that none of it opens a mark or eats the one that follows."""

    def escape(found: re.Match) -> str:
        slashes, brackets = found[1], len(found[2])
        if brackets < 2 and not (before_mark and found.end() == len(text)):
            return found[0]
        return slashes * 2 + "\\[[" * (brackets // 2) + "[" * (brackets % 2)

    return _LITERAL.sub(escape, text)


def _place(source: str, at: int) -> str:
    """Where `at` is, for a message: the position in code points, and as line and column for longer texts."""
    line = source.count("\n", 0, at) + 1
    return f"position {at}" + (f" (line {line}, column {at - source.rfind(chr(10), 0, at)})" if line > 1 else "")
