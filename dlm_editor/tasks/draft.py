"""A canvas as text: what each mark reads like at a step."""

from ..canvas import Canvas, Gap, Vocabulary
from ..sampling import Draft, Piece, RefinementStep


def gap_tokens(canvas: Canvas, row: int, gap: int) -> list[int]:
    """Token ids of one gap in one row."""
    return canvas.token_ids[row, canvas.row_slots(row, gap)].tolist()


def draw(step: RefinementStep, row: int, number: int, gap: Gap, vocabulary: Vocabulary) -> Draft:
    """The pieces of one gap in one row. Put together they are what would take the place of the marked text."""
    canvas, slots = step.canvas, step.canvas.row_slots(row, number)
    columns = (canvas.token_ids, canvas.masked, step.changed, step.certainty)
    return pieces_of(*(column[row, slots].tolist() for column in columns), gap, vocabulary)


def pieces_of(tokens: list[int], open_: list[bool], changed: list[bool], certainty: list[float], gap: Gap, vocabulary: Vocabulary) -> Draft:
    """The same from the columns of a gap's positions."""
    texts = _texts(tokens, open_, gap, vocabulary)
    pieces = [Piece(text, "open" if o else "new" if c else "settled", 0.0 if o else round(p, 4), (token,))
              for token, text, o, c, p in zip(tokens, texts, open_, changed, certainty)]
    border = gap.border
    if border.lead:
        pieces.insert(0, Piece(border.lead, "settled", 1.0, ()))
    tail = (" " if border.space_after else "") + border.trail
    return tuple([*pieces, Piece(tail, "settled", 1.0, ())] if tail else pieces)


def _texts(tokens: list[int], open_: list[bool], gap: Gap, vocabulary: Vocabulary) -> list[str]:
    """The text of every token. A character spread over several tokens stands at the last; kept halves are taken off as far as they are written."""
    written, mode = [], gap.mode
    for token, is_open in zip(tokens, open_):
        if is_open:
            written.append(b"")
            mode = len(vocabulary.written) - 1
        else:
            written.append(vocabulary.write([token], mode))
            mode = int(vocabulary.modes[mode][token]) if not vocabulary.forbidden[token] else mode
    first_open = open_.index(True) if True in open_ else len(open_)
    last_open = len(open_) - 1 - open_[::-1].index(True) if True in open_ else -1
    left, right = gap.prefix, gap.suffix
    for i in range(first_open):
        cut = min(len(left), len(written[i]))
        written[i], left = written[i][cut:], left[cut:]
    for i in range(len(open_) - 1, last_open, -1):
        cut = min(len(right), len(written[i]))
        written[i], right = written[i][:len(written[i]) - cut], right[:len(right) - cut]
    texts, held = [], b""
    for i, part in enumerate(written):
        held += part
        whole = held.decode("utf-8", "ignore") if not open_[i] else ""
        texts.append(whole)
        held = held[len(whole.encode()):] if not open_[i] and _is_start(held[len(whole.encode()):]) else b""
    if gap.capital and texts and first_open > 0:
        at = next((i for i, text in enumerate(texts) if text), 0)
        texts[at] = texts[at][:1].upper() + texts[at][1:]
    return [text.replace("\n", gap.newline) for text in texts]


def _is_start(rest: bytes) -> bool:
    """True for the beginning of an unfinished character."""
    return bool(rest) and rest[0] >= 0xC2 and len(rest) < 4
