"""What stands around the spans, cut to their neighbourhood where a text is long."""

MARK = " […] "  # where something is left out


def around(record: dict, reach: int) -> list[str]:
    """The text before the first span, between each two, and after the last; of each at most `reach` characters on the side of a span, cut at a space."""
    text, spans = record["text"], record["spans"]
    starts, ends = [span["start"] for span in spans] + [len(text)], [0] + [span["end"] for span in spans]
    found = []
    for place, (begin, end) in enumerate(zip(ends, starts)):
        before, after = place > 0, place < len(spans)  # which sides touch a span
        if end - begin <= reach * (before + after) + len(MARK):
            found.append(text[begin:end])
        else:
            found.append((_head(text[begin:begin + reach]) if before else "") + MARK + (_tail(text[end - reach:end]) if after else ""))
    return found


def _head(text: str) -> str:
    """Without the word at its end that may be cut."""
    return text[:text.rfind(" ")] if " " in text[len(text) // 2:] else text


def _tail(text: str) -> str:
    """Without the word at its beginning that may be cut."""
    return text[text.find(" ") + 1:] if " " in text[:len(text) // 2] else text
