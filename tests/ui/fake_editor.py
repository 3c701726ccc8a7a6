"""An Editor without a model: words from a list settle one after another, with the engine's own events. Words in the document steer it."""

import random
import time

from dlm_editor.errors import OptionError, ResourceError
from dlm_editor.tasks import FillOptions, Piece, RefinementStep, Suggestion
from dlm_editor.text import Document, Edit

WORDS = "the river keeps its own slow counsel while morning light moves over stone and reed and no one hurries".split()
MASK_ID = 103


class FakeEditor:
    """`BOOM` in the text breaks the third step, `TOO BIG` is refused; a `seed` above 1000 makes steps of (seed - 1000) ms."""

    def fill(self, document: Document, options: FillOptions):
        if "TOO BIG" in document.text:
            raise ResourceError("The model needs 2.0 GB of memory; 1.0 GB is free. Choose a smaller model.")
        if not document.marks:
            raise OptionError("There must be something to fill; got no marked span. Mark some words.")
        pause_s = (options.seed - 1000) / 1000 if options.seed > 1000 else 0.02
        began = time.perf_counter()
        rows = [[_plan(document, mark, options, row) for mark in range(len(document.marks))] for row in range(options.alternatives)]
        total = options.steps or max(len(plan) for row in rows for plan in row)
        for index in range(1, total + 1):
            time.sleep(pause_s)
            if "BOOM" in document.text and index == 3:
                raise RuntimeError("a tensor of the wrong shape")
            drafts = tuple(tuple(_pieces(plan, index, total) for plan in row) for row in rows)
            yield RefinementStep(index, total, None, None, None, None, drafts, time.perf_counter() - began)
        for row, plans in enumerate(rows):
            edits = tuple(Edit(mark.span, document[mark.span], "".join(word for word, _ in plan)) for mark, plan in zip(document.marks, plans))
            yield Suggestion(document.apply(*edits).text, edits, -1.0 - row / 10, total, time.perf_counter() - began, row,
                             tuple(_pieces(plan, total + 1, total) for plan in plans))


def _plan(document: Document, mark: int, options: FillOptions, row: int) -> list[tuple[str, int]]:
    """Words with their ids; pinned ids stay."""
    length, rng = str(document.marks[mark].length), random.Random(f"{options.seed} {mark} {row}")
    pins = options.pins[mark] if options.pins else ()
    count = len(pins) or (4 if length == "auto" else int(length.rstrip("w")))
    ids = [pin if pin is not None else rng.randrange(len(WORDS)) for pin, _ in zip([*pins, *[None] * count], range(count))]
    return [(("" if place == 0 else " ") + WORDS[number], number) for place, number in enumerate(ids)]


def _pieces(plan, index, total):
    settled = len(plan) * index // total
    return tuple(
        Piece(word, "new" if place == settled - 1 and index <= total else "settled", round(0.05 + 0.95 * (place * 37 % 11) / 10, 3), (number,))
        if place < settled else Piece("", "open", 0.0, (MASK_ID,))
        for place, (word, number) in enumerate(plan))
