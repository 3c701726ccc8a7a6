"""Rewrite: the words of a marked text that the model doubts most are noise again, and are found anew; the others stay.

This is the second half of a diffusion run, begun from the text at a noise level between 0 and 1 instead of from all masks (SDEdit, arXiv:2108.01073,
for tokens). Which words are noise is not drawn but chosen, by the model's own probability of each with itself masked.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import torch

from ..canvas import Gap, Vocabulary, frame_group, group_marks, lay_out, open_gaps
from ..denoisers import Denoiser
from ..errors import OptionError
from ..sampling import Draft, Piece, RefinementStep
from ..text import AUTO, Document, Edit, Length, Mark, Span, Words
from .fill import FillOptions, Suggestion, fill
from .fill_options import DEFAULT_WINDOW
from .opening import check_document
from .styling import styled

ROWS = 32       # places that are asked about at once
LONGEST = 1024  # tokens of a mark whose words can be kept

_WORD = re.compile(r"\w+(?:[-'’]\w+)*|[^\w\s]+")


@dataclass(frozen=True)
class RewriteOptions:
    """How much to rewrite, and how to fill."""

    strength: float = 0.5         # share of the words of a mark that are found anew: 0 changes nothing, 1 is a fresh fill
    keep: tuple[str, ...] = ()    # words that stay where they stand, in any case
    fill: FillOptions = FillOptions()

    def __post_init__(self):
        number = isinstance(self.strength, int | float) and not isinstance(self.strength, bool)
        if not number or not 0 <= self.strength <= 1:
            raise OptionError(f"The strength of a rewrite is 0 to 1; got {self.strength!r}. 0 changes nothing, 1 writes everything anew.")
        if not isinstance(self.keep, tuple) or not all(isinstance(word, str) and word.strip() for word in self.keep):
            raise OptionError(f"Words to keep are a tuple of words; got {self.keep!r}. Leave it out to keep none.")
        if self.fill.pins is not None:
            raise OptionError("A rewrite chooses itself which tokens stay; got pins. Use fill to go on from tokens.")


def rewrite(denoiser: Denoiser, document: Document, options: RewriteOptions = RewriteOptions()) -> Iterator[RefinementStep | Suggestion]:
    """As `fill`, from the marked texts: runs of doubtful words are filled as marks of their own, so what stays is fixed text to the model.

    Edits and drafts are those of the document's own marks. A mark without text is filled. Raises InputError as `fill` does, and where a word to keep
    stands in no mark.
    """
    check_document(document)
    _check_kept(document, options)
    if options.strength == 0:
        yield _unchanged(document)
        return
    if options.strength == 1 and not options.keep:
        yield from fill(denoiser, document, options.fill)
        return
    judge = styled(denoiser, options.fill.style)
    parts = tuple(_parts(judge, document, mark, options) for mark in document.marks)
    opened = tuple(mark for part in parts for mark in part)
    if not opened:
        yield _unchanged(document)
        return
    for event in fill(denoiser, Document(document.text, opened), options.fill):
        yield _joined(event, document, parts)


def _check_kept(document: Document, options: RewriteOptions) -> None:
    for word in options.keep:
        if not any(_kept_spans(document[mark.span], (word,)) for mark in document.marks):
            raise OptionError(f"A word to keep must stand in a marked text; {word!r} does not. Mark it too, or leave it out.")
    is_partial = options.keep or 0 < options.strength < 1
    if is_partial and (options.fill.constraints or any(options.fill.mark_constraints)):
        raise OptionError(f"Constraints hold for a text that is written from nothing; got them with strength {options.strength} and {len(options.keep)} words "
                          "to keep. Ask for strength 1 and keep none, or leave the constraints out.")


def _unchanged(document: Document) -> Suggestion:
    edits = tuple(Edit(mark.span, document[mark.span], document[mark.span]) for mark in document.marks)
    drafts = tuple((Piece(edit.before, "settled", 1.0, ()),) for edit in edits)
    return Suggestion(document.text, edits, 0.0, 0, 0.0, 0, drafts)


def _parts(denoiser: Denoiser, document: Document, mark: Mark, options: RewriteOptions) -> tuple[Mark, ...]:
    """The runs of words of a mark that are written anew."""
    if not document[mark.span].strip():
        return (mark,)
    gap = open_gaps(Document(document.text, (Mark(mark.span),)), denoiser.vocabulary)[0]
    core, begin = document[gap.border.core], gap.border.core.start
    kept = _kept_spans(core, options.keep)
    words = [found.span() for found in _WORD.finditer(core)]
    free = [(low, high) for low, high in words if not any(a < high and low < b for a, b in kept)]
    if not free:
        return ()
    count = max(1, round(options.strength * len(free)))
    chosen = set(sorted(free, key=_doubts(denoiser, document, gap, core).__getitem__)[:count] if count < len(free) else free)
    runs: list[list[int]] = []
    last = None
    for word in words:
        if word in chosen and last in chosen:
            runs[-1][1] = word[1]
        elif word in chosen:
            runs.append([*word])
        last = word
    return tuple(Mark(Span(begin + low, begin + high), _length(core[low:high])) for low, high in runs)


def _length(text: str) -> Length:
    """One or two words become as many; of more the model finds the number."""
    words = _WORD.findall(text)
    return Words(len(words)) if len(words) <= 2 and all(word[0].isalpha() for word in words) else AUTO


def _doubts(denoiser: Denoiser, document: Document, gap: Gap, core: str) -> dict[tuple[int, int], float]:
    """For every word of the core: the lowest log p of its tokens, each with itself open; 0 for all where the vocabulary cannot write the text again."""
    words, vocabulary = [found.span() for found in _WORD.finditer(core)], denoiser.vocabulary
    tokens = tokens_of(gap, core, denoiser)
    if not tokens:
        return dict.fromkeys(words, 0.0)
    ends, logprobs = _ends(gap, tokens, vocabulary), logprobs_of(denoiser, document, gap, tokens)
    return {word: min((logprobs[i] for i in range(len(tokens)) if ends[i] < high and ends[i + 1] > low), default=0.0)
            for word in words for low, high in [_bytes_of(core, word)]}


def _joined(event: RefinementStep | Suggestion, document: Document, parts: tuple[tuple[Mark, ...], ...]) -> RefinementStep | Suggestion:
    """The event of a fill of the parts as one of the whole marks: what stays stands between the parts as settled pieces."""
    def whole(drafts: tuple[Draft, ...]) -> tuple[Draft, ...]:
        following = iter(drafts)
        found = []
        for mark, part in zip(document.marks, parts):
            pieces, at = [], mark.span.start
            for opened in part:
                pieces += [*_fixed(document.text[at:opened.span.start]), *next(following)]
                at = opened.span.end
            found.append((*pieces, *_fixed(document.text[at:mark.span.end])))
        return tuple(found)

    if isinstance(event, RefinementStep):
        return replace(event, drafts=tuple(whole(drafts) for drafts in event.drafts))
    following, edits = iter(event.edits), []
    for mark, part in zip(document.marks, parts):
        after, at = "", mark.span.start
        for opened in part:
            after += document.text[at:opened.span.start] + next(following).after
            at = opened.span.end
        edits.append(Edit(mark.span, document[mark.span], after + document.text[at:mark.span.end]))
    return replace(event, edits=tuple(edits), drafts=whole(event.drafts))


def _fixed(text: str) -> Draft:
    return (Piece(text, "settled", 1.0, ()),) if text else ()


def tokens_of(gap: Gap, core: str, denoiser: Denoiser) -> list[int]:
    """The tokens that write the old text within its kept halves; none where there is no text, or the vocabulary cannot write it again."""
    vocabulary = denoiser.vocabulary
    if not core:
        return []
    written = core.replace(gap.newline, "\n").encode("utf-8", "replace").decode()  # half a character is one that no token writes
    old = gap.prefix + vocabulary.normalise(written).encode() + gap.suffix
    tokens = vocabulary.encode(old.decode("utf-8", "replace"), continues=True)
    fits = len(tokens) <= LONGEST and vocabulary.write(tokens, gap.mode) == old and gap.admits(tokens)
    return tokens if fits else []


def _ends(gap: Gap, tokens: list[int], vocabulary: Vocabulary) -> list[int]:
    """Where each token ends in the bytes of the marked text, and before them where the first begins."""
    ends, mode = [-len(gap.prefix)], gap.mode
    for token in tokens:
        ends.append(ends[-1] + len(vocabulary.write([token], mode)))
        mode = int(vocabulary.modes[mode][token])
    return ends


def _bytes_of(text: str, span: tuple[int, int]) -> tuple[int, int]:
    return len(text[:span[0]].encode("utf-8", "replace")), len(text[:span[1]].encode("utf-8", "replace"))


def _kept_spans(text: str, keep: tuple[str, ...]) -> list[tuple[int, int]]:
    """Where words to keep stand in a text, as whole words."""
    return [found.span() for word in keep for found in re.finditer(rf"(?<!\w){re.escape(word.strip())}(?!\w)", text, re.IGNORECASE)]


def logprobs_of(denoiser: Denoiser, document: Document, gap: Gap, tokens: list[int]) -> list[float]:
    """log p of each token with itself open and everything else as it stands, in nats."""
    room = min(DEFAULT_WINDOW + len(denoiser.vocabulary.context_ids), denoiser.info.max_length)
    group = group_marks(document, (gap,), denoiser.vocabulary, room, (len(tokens),))[0]
    frame = frame_group(document.text, (gap,), group, denoiser.vocabulary)
    found = []
    for low in range(0, len(tokens), ROWS):
        asked = range(low, min(low + ROWS, len(tokens)))
        canvas = lay_out((frame,) * len(asked), ((len(tokens),),) * len(asked), denoiser.info.mask_id or 0, denoiser.info.block_length)
        slots = torch.stack([canvas.row_slots(row, 0) for row in range(len(asked))])  # (rows, tokens)
        written = canvas.token_ids.scatter(1, slots, torch.tensor(tokens).expand(len(asked), -1))
        open_ = torch.zeros_like(canvas.committed).scatter(1, slots.gather(1, torch.tensor(asked)[:, None]), True)
        canvas = denoiser.noise(canvas.commit(~open_, written), np.random.default_rng([0, low]))
        prediction, _ = denoiser.predict(canvas, canvas.masked, 1 / len(tokens), denoiser.start(canvas))
        wanted = torch.tensor([tokens[i] for i in asked], device=prediction.x0.device)
        found += prediction.x0.gather(1, wanted[:, None])[:, 0].tolist()
    return found
