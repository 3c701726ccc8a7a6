"""What a proofreader leaves alone: code, addresses, markup, quotations in other languages."""

import re

from ...text import Span

_ALONE = re.compile(
    r"(?P<tick>`+)[^`\n]+?(?P=tick)"                              # code in a line
    r"|\b(?:https?|ftp|file)://\S+|\bwww\.\S+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+"  # addresses
    r"|\b[\w-]+\.(?:com|org|net|io|edu|gov|de|uk|fr|py|js|md|txt|json|html|css|csv|pdf|docx)\b"
    r"|</?[A-Za-z][^<>\n]*>|&\w+;"                                 # markup
    r"|\]\([^)\s]{0,500}\)|\[\[[^\]\n]{0,500}\]\]"                             # targets of links
    r"|\$[^$\n]+\$|\\\w+(?:\{[^}\n]{0,500}\})?"                          # formulas
    r"|(?<!\w)[@#]\w+|(?:\.{0,2}/)[\w.-]+(?:/[\w.-]*)*|\b[A-Za-z]:\\\S+"  # handles, paths
    r"|\b\w*\d(?:[\w.,:/-]*\w)?|\b\w+_\w+\b|\b[a-z]+[A-Z]\w*\b|\b\w+\(\)")      # numbers, names in code
_FENCE = re.compile(r"(?:(?<=[\r\n])|\A)[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(`{3,}(?=[^`\r\n]*(?:[\r\n]|\Z))|~{3,})([^\r\n]*)")  # also in quotations and lists
_INDENTED = re.compile(r"(?:(?<=\n\n)|(?<=\r\n\r\n)|\A)(?:(?: {4}|\t)[^\n]*(?:\n|$))+")


def inline_spans(line: str) -> tuple[Span, ...]:
    """What is left alone within a line, in order."""
    return tuple(Span(*found.span()) for found in _ALONE.finditer(line))


def block_spans(text: str) -> tuple[Span, ...]:
    """Lines of code, in order."""
    return tuple(sorted({*_fences(text), *(Span(*found.span()) for found in _INDENTED.finditer(text) if found[0].strip())}))


def _fences(text: str) -> list[Span]:
    """Fenced code; a fence that is never closed reaches to the end."""
    found, begin, fence = [], None, ""
    for line in _FENCE.finditer(text):
        if begin is None:
            begin, fence = line.start(), line[1]
        elif line[1].startswith(fence) and not line[2].strip():
            found.append(Span(begin, line.end()))
            begin = None
    return found if begin is None else [*found, Span(begin, len(text))]
