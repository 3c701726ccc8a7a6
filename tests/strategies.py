"""Random documents, spans and edits for hypothesis: all of Unicode that UTF-8 can hold."""

from hypothesis import strategies as st

from dlm_editor.text import AUTO, Document, Edit, Mark, Span, Tokens, Words

TEXTS = st.text(st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("a b\r\n\t\0é👩\u200d🔬\u0301אع")), max_size=40)
LENGTHS = st.one_of(st.just(AUTO), st.builds(Tokens, st.integers(1, 512)), st.builds(Words, st.integers(1, 256)))


@st.composite
def spans(draw, text: str, most: int = 5):
    """Up to `most` spans of `text` in order, none overlapping."""
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=2 * most)))
    found: list[Span] = []
    for start, end in zip(cuts[::2], cuts[1::2], strict=False):
        span = Span(start, end)
        if not any(span.overlaps(other) for other in found):
            found.append(span)
    return found


@st.composite
def documents(draw, texts=TEXTS):
    """A document with some marks."""
    text = draw(texts)
    return Document(text, tuple(Mark(span, draw(LENGTHS)) for span in draw(spans(text))))


@st.composite
def edits(draw, text: str, afters=TEXTS):
    """Edits that can be applied to `text` at once."""
    return tuple(Edit(span, text[span.start:span.end], draw(afters)) for span in draw(spans(text)))
