"""The steps and suggestions of a record from outside, checked with the length that every draft has by then."""

from typing import Any

from ...errors import RecordError
from .checks import BIGGEST, check_fields, check_list, check_number, check_texts, check_whole, is_number, is_whole, refuse
from .replaying import changes_by_draft

MAX_WORK = 10**8  # pieces that playing a record back may move
STEP = ("step", "of", "seconds", "changes")
SUGGESTION = ("row", "after", "mean_logprob", "steps", "seconds", "violations", "changes")
STATES = ("open", "new", "settled")


class Walk:
    """Holds the length of every draft as the steps go by, so that no change reaches outside one, nor playing back costs more than MAX_WORK."""

    def __init__(self, rows: int, spans: int):
        self.rows, self.spans = rows, spans
        self.lengths: dict[tuple[int, int], int] = {}
        self.work = 0

    def check(self, steps: Any, suggestions: Any) -> None:
        """Raises RecordError."""
        fresh: set[tuple[int, int]] = set()
        for number, step in enumerate(check_list(steps, "steps")):
            where = f"steps[{number}]"
            check_fields(step, STEP, where)
            if not self.rows or not is_whole(step["step"]) or step["step"] != number + 1:
                raise refuse(f"{where} of a record with rows is step {number + 1}", step["step"])
            if step["of"] is not None:
                check_whole(step["of"], f"{where}.of")
            check_number(step["seconds"], f"{where}.seconds", 0)
            self._pay(self.rows + sum(self.lengths[key] for key in fresh))
            fresh = self._change(step["changes"], where)
        for number, suggestion in enumerate(check_list(suggestions, "suggestions")):
            self._suggestion(suggestion, f"suggestions[{number}]")

    def _suggestion(self, suggestion: Any, where: str) -> None:
        check_fields(suggestion, SUGGESTION, where)
        check_whole(suggestion["row"], f"{where}.row", max(0, self.rows - 1))
        check_texts(suggestion["after"], f"{where}.after")
        check_texts(suggestion["violations"], f"{where}.violations")
        if len(suggestion["after"]) != self.spans:
            raise refuse(f"{where}.after has a text for each of the {self.spans} spans", suggestion["after"])
        if suggestion["mean_logprob"] is not None:
            check_number(suggestion["mean_logprob"], f"{where}.mean_logprob", -BIGGEST)
        check_whole(suggestion["steps"], f"{where}.steps")
        check_number(suggestion["seconds"], f"{where}.seconds", 0)
        row, before = suggestion["row"], dict(self.lengths)
        self._pay(self.spans + sum(before.get((row, span), 0) for span in range(self.spans)))
        if not isinstance(suggestion["changes"], list) or not all(isinstance(change, list) for change in suggestion["changes"]):
            raise refuse(f"{where}.changes is a list of lists", suggestion["changes"])
        self._change([[row, *change] for change in suggestion["changes"]], where)
        self.lengths = before

    def _change(self, changes: Any, where: str) -> set[tuple[int, int]]:
        """Takes the changes of a step; the drafts that they are in."""
        for change in check_list(changes, f"{where}.changes"):
            is_change = isinstance(change, list) and len(change) == 5 and all(map(is_whole, change[:4])) and isinstance(change[4], list)
            if not is_change or not (0 <= change[0] < max(1, self.rows) and 0 <= change[1] < self.spans):
                raise refuse(f"A change in {where} is [row, span, at, drop, pieces], in one of {self.rows} rows and {self.spans} spans", str(change))
            for piece in change[4]:
                if not _is_piece(piece):
                    raise refuse(f"A piece in {where} is a token id or [text, certainty 0 to 1 or null, {'|'.join(STATES)}, token ids]", str(piece))
        made = changes_by_draft(changes)
        for key, parts in made.items():
            length, end, longer = self.lengths.get(key, 0), 0, 0
            for at, drop, pieces in parts:
                if at < end or drop < 0 or at + drop > length:
                    raise refuse(f"Changes in {where} follow one another within a draft of {length} pieces", f"{drop} from {at}")
                end, longer = at + drop, longer + len(pieces) - drop
            self.lengths[key] = length + longer
            self._pay(length + self.lengths[key])
        return set(made)

    def _pay(self, pieces: int) -> None:
        self.work += pieces
        if self.work > MAX_WORK:
            raise RecordError(f"A record is played back in at most {MAX_WORK:,} moves; got one that takes more. Record a shorter run.")


def _is_piece(piece: Any) -> bool:
    if is_whole(piece):
        return 0 <= piece <= BIGGEST
    if not isinstance(piece, list) or len(piece) != 4:
        return False
    text, certainty, state, tokens = piece
    return (isinstance(text, str) and (certainty is None or is_number(certainty) and 0 <= certainty <= 1) and state in STATES
            and isinstance(tokens, list) and all(is_whole(token) and 0 <= token <= BIGGEST for token in tokens))
