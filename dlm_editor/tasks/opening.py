"""What a fill opens: its marks with their constraints, the window around them, and the tokens it starts from."""

from dataclasses import replace

from ..canvas import Frame, Gap, Group, Vocabulary, frame_group, group_marks, is_open_length, open_gaps
from ..constraints import constrain
from ..denoisers import Denoiser
from ..denoisers.catalog import refusal
from ..errors import AbilityError, DocumentError, InputError, OptionError
from ..text import Document, Edit, Span
from .fill_options import DEFAULT_WINDOW, FillOptions
from .styling import styled

MAX_BYTES = 8 * 2**20
MOST_PINS = 1024      # tokens of a mark
GROWTH = 16           # tokens that a mark may grow by which goes on from tokens, for a model that resizes


def adapted(denoiser: Denoiser, options: FillOptions) -> Denoiser:
    """The model as the options want it. Raises AbilityError where it cannot."""
    if options.instruction is not None and not denoiser.info.follows_instructions:
        raise refusal(denoiser.info.name, "follows_instructions", "an instruction")
    if options.guidance and not denoiser.info.takes_guidance:
        raise AbilityError(f"Guidance needs a model of the llada family; {denoiser.info.name!r} is of {denoiser.info.family}. Use one like "
                           "'GSAI-ML/LLaDA-8B-Base', or leave guidance out.")
    if options.instruction is not None or options.guidance:
        denoiser = denoiser.adapted(options.instruction, options.guidance)
    return styled(denoiser, options.style)


def check_document(document: Document) -> None:
    """Raises InputError for a text that cannot be filled."""
    check_size(document.text)
    if not document.text:
        raise DocumentError("A document must hold some text; got an empty one. Write or paste a text first.")
    if not document.marks:
        raise OptionError("There must be something to fill; got no marked span. Mark words with [[ ]] or give a span START:END.")


def check_size(text: str) -> None:
    """Raises DocumentError for a text that is too large."""
    size = len(text.encode("utf-8", "surrogatepass")) if len(text) * 4 > MAX_BYTES else 0
    if size > MAX_BYTES:
        raise DocumentError(f"A document holds at most {MAX_BYTES // 2**20} MiB; got {size / 2**20:.1f} MiB. Split it into parts.")


def gaps_of(denoiser: Denoiser, document: Document, options: FillOptions) -> tuple[Gap, ...]:
    """Every mark opened, with its constraints. Raises UnsatisfiableError, which names the span, and OptionError."""
    gaps = open_gaps(document, denoiser.vocabulary)
    if options.mark_constraints and len(options.mark_constraints) != len(gaps):
        raise OptionError(f"Constraints of marks are one tuple for each of the {len(gaps)} marks; got {len(options.mark_constraints)}. Give () for none.")
    found = []
    for gap in gaps:
        try:
            found.append(constrain(gap, options.of_mark(gap.mark), document.text, denoiser.vocabulary))
        except InputError as error:
            raise type(error)(f"spans[{gap.mark}]: {error}") from None
    return tuple(found)


def room_of(denoiser: Denoiser, options: FillOptions) -> int:
    """Tokens that the model sees at a time, an instruction and an example of style not counted in: they take nothing from the document's window."""
    asked = len(denoiser.vocabulary.prefix_ids) if options.instruction is not None else 0
    return min((options.window or DEFAULT_WINDOW) + asked + len(denoiser.vocabulary.context_ids), denoiser.info.max_length)


def group_of_marks(denoiser: Denoiser, document: Document, gaps: tuple[Gap, ...], options: FillOptions) -> tuple[Group, ...]:
    """The marks that share a window. A mark that goes on from tokens gets as many positions as these, and may grow where the model resizes it."""
    room, vocabulary = room_of(denoiser, options), denoiser.vocabulary
    if options.pins is None:
        return group_marks(document, gaps, vocabulary, room)
    sizes = tuple(map(len, options.pins))
    may_grow = [denoiser.info.expand_id is not None and is_open_length(gap.length) and None in tokens for gap, tokens in zip(gaps, options.pins)]
    try:
        return group_marks(document, gaps, vocabulary, room, tuple(size + GROWTH * grows for size, grows in zip(sizes, may_grow)))
    except OptionError:  # there is no room to grow in
        return group_marks(document, gaps, vocabulary, room, sizes)


def check_pins(pins: tuple[tuple[int | None, ...], ...], gaps: tuple[Gap, ...], vocabulary: Vocabulary) -> None:
    """Raises OptionError where tokens to start from are none of the vocabulary, or leave no way to fill their mark."""
    if len(pins) != len(gaps):
        raise OptionError(f"There must be tokens to start from for each of the {len(gaps)} marks; got {len(pins)}. Leave pins out to start anew.")
    for gap, tokens in zip(gaps, pins):
        named = [token for token in tokens if token is not None]
        if any(isinstance(t, bool) or not isinstance(t, int) or not 0 <= t < vocabulary.size for t in named) or len(tokens) > MOST_PINS:
            raise OptionError(f"Tokens to start from are ids from 0 to {vocabulary.size - 1}, at most {MOST_PINS} for a mark; got {list(tokens)[:8]}. Leave pins out.")
        if tokens and not gap.admits(tokens):
            raise OptionError(f"spans[{gap.mark}]: Tokens to start from must fit the border and the constraints of their span; these do not. "
                              "Leave pins out to start anew.")


def frame_with(document: Document, gaps: tuple[Gap, ...], group: Group, results: tuple[tuple[int, str], ...], vocabulary: Vocabulary) -> Frame:
    """The fixed tokens around a group's gaps, with the results of earlier marks, (mark, text), in place where they are near."""
    first = gaps[0].border.fixed_until
    near = [(mark, text) for mark, text in results if document.marks[mark].span.end > first - 8 * group.room - 8]
    if not near:
        return frame_group(document.text, gaps, group, vocabulary)
    edits = tuple(Edit(span, document[span], text) for mark, text in near for span in [document.marks[mark].span])
    shift = sum(len(edit.after) - len(edit.before) for edit in edits)
    moved = tuple(replace(gap, border=replace(gap.border, span=_moved(gap.border.span, shift), core=_moved(gap.border.core, shift))) for gap in gaps)
    return replace(frame_group(Document(document.text).apply(*edits).text, moved, group, vocabulary), gaps=gaps)


def _moved(span: Span, shift: int) -> Span:
    return Span(span.start + shift, span.end + shift)
