"""What a proofreader leaves alone: code, addresses, markup, quotations in other languages."""

import re

from ...text import Span

_ALONE = re.compile(
    r"(?P<tick>`+)[^`\n]+?(?P=tick)"                              # code in a line
    r"|\b(?:https?|ftp|file)://\S+|\bwww\.\S+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+"  # addresses
    r"|\b[\w-]+\.(?:com|org|net|io|edu|gov|de|uk|fr|py|js|md|txt|json|html|css|csv|pdf|docx)\b"
    r"|</?[A-Za-z](?:[^<>\n=/\"'{]*[=/\"'{][^<>\n]*|[\w:.-]*(?:[ \t]+[\w:.-]+)?[ \t]*)>|&\w+;"  # markup: a name, with attributes; words alone are a comparison
    r"|\]\([^)\s]{0,500}\)|\[\[[^\]\n]{0,500}\]\]"                             # targets of links
    r"|\$(?![\s\d])[^$\n]+\$|\\\w+(?:\{[^}\n]{0,500}\})?"                          # formulas
    r"|(?<!\w)[@#]\w+|(?:\.{0,2}/)[\w.-]+(?:/[\w.-]*)*|\b[A-Za-z]:\\\S+"  # handles, paths
    r"|\b\w*\d(?:[\w.,:/-]*\w)?|\b\w+_\w+\b|\b[a-z]+[A-Z]\w*\b|\b\w+\(\)")      # numbers, names in code
_FENCE = re.compile(r"(?:(?<=[\r\n])|\A)[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(`{3,}(?=[^`\r\n]*(?:[\r\n]|\Z))|~{3,})([^\r\n]*)")  # also in quotations and lists
_FRONT = re.compile(r"\A\ufeff?---[ \t]*\r?\n(?:[^\r\n]*\r?\n){1,200}?---[ \t]*(?=\r?\n|\Z)")  # what some sites write before a page
_OPENERS = re.compile(r"(?:(?<=[\r\n])|\A)[ \t]*(?:<(script|style|pre)\b|(<!--))", re.IGNORECASE)
_SENTENCES = re.compile(r"[.!?…][\"”’')]*\s*\Z")
_INDENTED = re.compile(r"(?:(?<=\n\n)|(?<=\r\n\r\n)|\A)(?:(?: {4}|\t)[^\n]*(?:\n|$))+")


def inline_spans(line: str) -> tuple[Span, ...]:
    """What is left alone within a line, in order."""
    return tuple(Span(*found.span()) for found in _ALONE.finditer(line))


def block_spans(text: str) -> tuple[Span, ...]:
    """Lines of code, in order."""
    front = [Span(*found.span())] if (found := _FRONT.match(text)) else []
    indented = [Span(*found.span()) for found in _INDENTED.finditer(text) if found[0].strip() and not _is_prose(found[0])]
    return tuple(sorted({*front, *_fences(text), *_elements(text), *indented}))


def _is_prose(block: str) -> bool:
    """Whether an indented block reads like a paragraph."""
    return len(block.split()) > 6 and _SENTENCES.search(block) is not None and not any(mark in block for mark in "{}=;<>")


def _elements(text: str) -> list[Span]:
    """Scripts, styles, preformatted text and comments of HTML that begin a line; one that never ends is text."""
    found, at, low = [], 0, text.lower()
    unclosed: set[str] = set()
    for opened in _OPENERS.finditer(text):
        closer = "-->" if opened[2] else f"</{opened[1].lower()}"
        if opened.start() < at or closer in unclosed:
            continue
        end = low.find(closer, opened.end())
        if end < 0:
            unclosed.add(closer)
        else:
            at = end + len(closer)
            found.append(Span(opened.start(), at))
    return found


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
