"""The text near a span that is sent, and how what comes back is fitted between the two sides. Nothing outside the span is ever written."""

import unicodedata

from ...canvas import count_words
from ...canvas.border import Border, find_border
from ...canvas.characters import SPACE, WORD, is_space, kind, well_formed
from ...errors import RemoteError
from ...text import Mark, Span, Tokens, Words
from ..fill import FillOptions
from .backend import Hole

CONTEXT = 2000          # characters sent on each side of a span
MOST_TOKENS = 512       # of a fill whose length is left to the model
MOST_FILL = 16_384      # characters of a fill; a longer one is an error


def hole_of(text: str, mark: Mark, options: FillOptions, seed: int) -> Hole:
    """What is sent for one mark of `text`, in which the earlier marks are filled already."""
    border = find_border(text, mark.span)
    core = border.core
    parts = (max(0, core.start - CONTEXT), core.start), (core.start, core.end), (core.end, core.end + CONTEXT)
    before, old, after = (well_formed(text[start:end]) for start, end in parts)
    space = " " if border.space_after else ""  # the one that stands before what follows in the end
    return Hole(before, old, space + after, most_tokens(mark, old), options.temperature, options.top_p, seed, options.instruction,
                mark.length.count if isinstance(mark.length, Words) else None)


def most_tokens(mark: Mark, old: str) -> int:
    """How many tokens a model may write: as many as were asked for, or room for the words that were, or about twice what stood there."""
    if isinstance(mark.length, Tokens):
        return mark.length.count
    if isinstance(mark.length, Words):
        return 4 * mark.length.count + 16
    return min(MOST_TOKENS, max(64, len(old)))


def fit(written: str, border: Border, text: str) -> str:
    """What takes the place of the marked text: `written` with spaces at its rims that fit both sides, neither doubled nor missing."""
    before, after = text[:border.core.start][-1:], text[border.core.end:][:1]
    inner = _from_left(_plain(written), before, border)
    inner = _to_right(inner, after, border)
    space = " " if border.space_after and inner else ""
    return border.lead + inner.replace("\n", _newline(text, border.span)) + space + border.trail


def check_size(written: str, host: str) -> None:
    """Raises RemoteError for a fill that is longer than any that was asked for."""
    if len(written) > MOST_FILL:
        raise RemoteError(f"A fill holds at most {MOST_FILL} characters; {host} sent more. Give a length, like [[old words|8]], and try "
                          "again.")


def so_far(written: str) -> str:
    """`written` as far as it is whole characters: JSON may bring the two halves of one in two parts."""
    return written.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")


def finished(written: str, host: str) -> str:
    """The same, of all that was written. Raises RemoteError for a half that is left over."""
    try:
        return written.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
    except UnicodeDecodeError:
        raise RemoteError(f"A fill is Unicode text; {host} sent half of a character. Try again.") from None


def violations(written: str, mark: Mark, is_cut: bool) -> tuple[str, ...]:
    """What was asked for and is not met; a hosted model cannot be held to it."""
    found, count = [], count_words(written)
    if not written.strip():
        found.append("The model wrote nothing here.")
    if isinstance(mark.length, Words) and count != mark.length.count:
        found.append(f"{mark.length.count} words were asked for; the model wrote {count}.")
    if isinstance(mark.length, Tokens) and not is_cut:
        found.append(f"{mark.length.count} tokens were asked for; the model stopped before.")
    if is_cut and not isinstance(mark.length, Tokens):
        found.append("The text was cut off where it reached the most tokens allowed.")
    return tuple(found)


def _plain(written: str) -> str:
    """Without control characters, which no document should get from elsewhere; line ends as one character."""
    lines = written.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(char for char in lines if char in "\n\t" or unicodedata.category(char) != "Cc")


def _from_left(written: str, before: str, border: Border) -> str:
    """With its beginning fitted to the character before it."""
    inner = written.lstrip()
    blank = written[:len(written) - len(inner)]
    if before in ("", "\n") and not len(border.core):
        indent = blank[blank.rfind("\n") + 1:]
        return (indent if len(indent) > 1 else "") + inner  # a lone space is the tokenizer's, more are indentation
    if before == "" or is_space(before) or not inner or SPACE not in border.first:
        return inner
    if blank:
        return ("\n" if "\n" in blank and border.may_break else " ") + inner
    return inner if kind(inner[0]) in border.first or kind(inner[0]) != WORD else " " + inner


def _to_right(written: str, after: str, border: Border) -> str:
    """With its end fitted to the character after it."""
    inner = written.rstrip()
    if after == "" or is_space(after) or not inner or SPACE not in border.last or border.space_after:
        return inner
    if len(inner) < len(written):
        return inner + " "
    return inner if kind(inner[-1]) in border.last or kind(inner[-1]) != WORD else inner + " "


def _newline(text: str, span: Span) -> str:
    """CRLF where the nearest line ends so."""
    at = text.find("\n", span.start)
    at = text.rfind("\n", 0, span.start) if at == -1 else at
    return "\r\n" if at > 0 and text[at - 1] == "\r" else "\n"
