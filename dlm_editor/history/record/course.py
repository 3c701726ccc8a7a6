"""The course of a run as numbers: what became of every token of one alternative, step by step."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from ...errors import OptionError
from .coding import Draft
from .replaying import changes_by_draft, replay

MOST_CELLS = 1_000_000


@dataclass(frozen=True)
class SpanCourse:
    """One span. A token keeps its line from where it came in to the end, also where others are put in before it."""

    labels: tuple[str, ...]                            # of the tokens at the last step, "" for those that are open or empty
    certainties: tuple[tuple[float | None, ...], ...]  # [token][step]; None where it is open or not there yet
    open: tuple[int | None, ...]                       # [step]: how many tokens are open; None before the span is begun
    placed: tuple[int, ...]                            # [step]: how many are not


@dataclass(frozen=True)
class Course:
    """One alternative."""

    row: int
    spans: tuple[SpanCourse, ...]
    seconds: tuple[float, ...]  # [step], since the start

    @property
    def open(self) -> tuple[int, ...]:
        """[step]: how many tokens are open in the spans that are begun."""
        return tuple(sum(found or 0 for found in step) for step in zip(*(span.open for span in self.spans)))

    @property
    def placed(self) -> tuple[int, ...]:
        """[step]: how many tokens are not open."""
        return tuple(map(sum, zip(*(span.placed for span in self.spans))))


def best_row(record: dict) -> int:
    """The row of the best suggestion, the first where there is none."""
    return record["suggestions"][0]["row"] if record["suggestions"] else 0


def course(record: dict, row: int | None = None) -> Course:
    """The course of an alternative, the best if left out, of a checked record. Raises OptionError where tokens times steps are more than MOST_CELLS."""
    row = best_row(record) if row is None else row
    spans = range(len(record["spans"]))
    lines: list[list[int]] = [[] for _ in spans]  # the line of every piece of each draft
    cells: list[list[dict[int, float | None]]] = [[] for _ in spans]
    drafts: list[list[Draft]] = [[] for _ in spans]
    fresh, size = count(), 0
    for step, played in zip(record["steps"], replay(record)):
        made = changes_by_draft(step["changes"])
        for span in spans:
            draft = played["drafts"][row][span]
            size += len(draft)
            if size > MOST_CELLS:
                raise OptionError(f"Tokens are followed over at most {MOST_CELLS:,} tokens times steps; this record has more. Make --html of it instead.")
            lines[span] = list(_moved(lines[span], made.get((row, span), ()), fresh))
            cells[span].append({line: None if piece[2] == "open" else piece[1] for line, piece in zip(lines[span], draft)})
            drafts[span].append(draft)
    seconds = tuple(step["seconds"] for step in record["steps"])
    return Course(row, tuple(_span(lines[span], cells[span], drafts[span]) for span in spans), seconds)


def _moved(lines: list[int], made: list[list], fresh: Iterator[int]) -> Iterator[int]:
    """The lines after changes: a piece that takes the place of another goes on in its line."""
    at = 0
    for start, drop, pieces in made:
        yield from lines[at:start]
        yield from lines[start:start + min(drop, len(pieces))]
        yield from (next(fresh) for _ in pieces[drop:])
        at = start + drop
    yield from lines[at:]


def _span(lines: list[int], cells: list[dict], drafts: list[Draft]) -> SpanCourse:
    last = drafts[-1] if drafts else []
    kept = [(line, piece) for line, piece in zip(lines, last) if piece[3]]  # what has no token is fixed, or waits for its turn
    tokens = [[piece for piece in draft if piece[3]] for draft in drafts]
    open_ = [sum(piece[2] == "open" for piece in draft) for draft in tokens]
    return SpanCourse(
        tuple(piece[0] if piece[2] != "open" else "" for _, piece in kept),
        tuple(tuple(cell.get(line) for cell in cells) for line, _ in kept),
        tuple(found if draft else None for draft, found in zip(tokens, open_)),
        tuple(len(draft) - found for draft, found in zip(tokens, open_)),
    )
