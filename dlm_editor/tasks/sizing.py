"""Insertions of open length, before they are filled: whether a word, a phrase or a clause is missing; between sentences a clause is one more."""

from dataclasses import replace

from ..canvas import Frame, frame_group, group_marks, open_gaps
from ..constraints import EndsSentence, constrain
from ..denoisers import Denoiser
from ..errors import InputError
from ..sampling import SIZES, Weighed, size_features, size_shares
from ..text import Auto, Document, Mark, Words
from .fill_options import FillOptions

WINDOW = 160   # tokens that are read for it
NEAR = 400     # characters after an insertion in which there must be a word: at the end of a text nothing tells how much is missing
OPENERS = "“‘\"'(["


def sized(denoiser: Denoiser, document: Document, options: FillOptions) -> tuple[Document, FillOptions, dict[int, Weighed]]:
    """The document with a number of words for each insertion between words whose length was open, options by which one between sentences ends as a
    sentence, and what spoke for the numbers, by mark.

    For models that know the weights of sizes. Insertions with constraints, and those that go on from tokens, stay open.
    """
    if not denoiser.info.size_weights or options.pins is not None:
        return document, options, {}
    marks, found = list(document.marks), {}
    constraints = list(options.mark_constraints or ((),) * len(marks))
    for number, mark in enumerate(document.marks):
        if isinstance(mark.length, Auto) and not options.of_mark(number) and _stands_between_words(document, mark):
            weighed = _weigh(denoiser, document.text, mark)
            if weighed is None:
                continue
            if weighed.taken == SIZES[-1] and _can_be_a_sentence(denoiser, document, mark):
                constraints[number] = (EndsSentence(),)  # its length stays open: counted words have no full stop
            else:
                marks[number], found[number] = replace(mark, length=Words(weighed.taken)), weighed
    return replace(document, marks=tuple(marks)), replace(options, mark_constraints=tuple(constraints)) if any(constraints) else options, found


def _stands_between_words(document: Document, mark: Mark) -> bool:
    span = mark.span
    before, after = document.text[max(0, span.start - 1):span.start], document.text[span.end:span.end + NEAR]
    return not document[span].strip() and (not before.strip() or before in OPENERS) and any(map(str.isalnum, after))


def _can_be_a_sentence(denoiser: Denoiser, document: Document, mark: Mark) -> bool:
    """Whether it stands between sentences, and one of its own fits."""
    before = document.text[max(0, mark.span.start - NEAR):mark.span.start].rstrip()
    after = document.text[mark.span.end:mark.span.end + NEAR].lstrip().lstrip(OPENERS)
    if before and EndsSentence().violations(before) or not after[:1].isupper():
        return False
    (gap,) = open_gaps(Document(document.text, (mark,)), denoiser.vocabulary)
    try:
        constrain(gap, (EndsSentence(),), document.text, denoiser.vocabulary)
    except InputError:
        return False
    return True


def _weigh(denoiser: Denoiser, text: str, mark: Mark) -> Weighed | None:
    frames = size_frames(denoiser, text, mark)
    if frames is None:
        return None
    shares = size_shares(size_features(denoiser, frames), denoiser.info.size_weights)
    best = SIZES[int(shares.argmax())]
    return Weighed("probability", tuple((size, round(float(share), 4)) for size, share in zip(SIZES, shares)), best)


def size_frames(denoiser: Denoiser, text: str, mark: Mark) -> tuple[Frame, ...] | None:
    """The text around an insertion with a gap of each size's words; None where not every size fits the place."""
    frames, vocabulary = [], denoiser.vocabulary
    for size in SIZES:
        document = Document(text, (replace(mark, length=Words(size)),))
        try:
            gaps = open_gaps(document, vocabulary)
            (group,) = group_marks(document, gaps, vocabulary, min(WINDOW, denoiser.info.max_length))
        except InputError:
            return None
        frames.append(frame_group(text, gaps, group, vocabulary))
    return tuple(frames)
