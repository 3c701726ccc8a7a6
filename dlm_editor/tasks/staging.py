"""A draft on its canvas: what the model says of some of its tokens, with everything else as it stands."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch

from ..canvas import FIXED, Canvas, Frame, Gap, group_marks, lay_out
from ..denoisers import Denoiser
from ..sampling import fair_scores
from ..text import Document
from .fill import FillOptions
from .opening import adapted, check_document, frame_with, gaps_of, room_of

SLACK = 3     # tokens that a word may grow by
AT_ONCE = 32  # rows that the model is asked about together

Tokens = tuple[int | None, ...]


@dataclass(frozen=True, eq=False)
class Asked:
    """What the model says of one row."""

    values: np.ndarray   # (open positions of the gap, vocab) float32: log p(x_0 | x_t)
    tokens: Tokens       # of the gap


@dataclass(frozen=True, eq=False)
class Stage:
    """The canvas of one mark, and of those that share it, with the tokens of a draft. `pins`: one tuple for each of these marks."""

    denoiser: Denoiser
    frame: Frame
    marks: tuple[int, ...]
    pins: tuple[Tokens, ...]
    place: int              # which of these marks it is

    @classmethod
    def of(cls, denoiser: Denoiser, document: Document, options: FillOptions, pins: tuple[Tokens, ...], mark: int) -> "Stage":
        """Raises what `fill` raises."""
        check_document(document)
        denoiser = adapted(denoiser, options)
        gaps, vocabulary = gaps_of(denoiser, document, options), denoiser.vocabulary
        sizes = tuple(len(tokens) + SLACK * (number == mark) for number, tokens in enumerate(pins))
        groups = group_marks(document, gaps, vocabulary, room_of(denoiser, options), sizes)
        number = next(number for number, group in enumerate(groups) if mark in group.marks)
        earlier = [other for group in groups[:number] for other in group.marks]
        results = tuple((other, gaps[other].result(vocabulary.write(pins[other], gaps[other].mode))) for other in earlier if pins[other] and None not in pins[other])
        group = groups[number]
        frame = frame_with(document, tuple(gaps[other] for other in group.marks), group, results, vocabulary)
        return cls(denoiser, frame, group.marks, tuple(pins[other] for other in group.marks), group.marks.index(mark))

    @property
    def gap(self) -> Gap:
        return self.frame.gaps[self.place]

    @property
    def tokens(self) -> Tokens:
        """Of the mark."""
        return self.pins[self.place]

    def at(self, mark: int) -> "Stage":
        """The same canvas for another of its marks."""
        return replace(self, place=self.marks.index(mark))

    def ask(self, rows: Sequence[Tokens]) -> list[Asked]:
        """What the model says of the open positions of the mark where it has these tokens; `rows`: one tuple for each case."""
        found = []
        for low in range(0, len(rows), AT_ONCE):
            some = rows[low:low + AT_ONCE]
            canvas = self.canvas(some)
            canvas = self.denoiser.noise(canvas, np.random.default_rng([0, low]))
            own = canvas.masked & (canvas.gaps == self.place)
            share = own.sum().item() / max(1, int(canvas.editable.sum()))
            prediction, _ = self.denoiser.predict(canvas, own, max(share, 1e-3), self.denoiser.start(canvas))
            values, counts = prediction.x0.float().cpu().numpy(), own.sum(1).tolist()
            parts = np.split(values, np.cumsum(counts)[:-1])
            found += [Asked(part, tokens) for part, tokens in zip(parts, some)]
        return found

    def canvas(self, rows: Sequence[Tokens]) -> Canvas:
        """The canvas with a row for each case, open where a token is None."""
        cases = [(*self.pins[:self.place], tokens, *self.pins[self.place + 1:]) for tokens in rows]
        info = self.denoiser.info
        return lay_out((self.frame,) * len(cases), tuple(tuple(map(len, case)) for case in cases), info.mask_id or 0, info.block_length).given(cases)

    def fairly(self, rows: Sequence[tuple[Tokens, int, Sequence[float]]]) -> np.ndarray:
        """`fair_scores` of words of different numbers of tokens, (cases,). A row: the tokens of the mark, where the word begins, and log p of its tokens."""
        canvas = self.canvas([tokens for tokens, _, _ in rows])
        gaps, logprob = torch.full_like(canvas.gaps, FIXED), torch.full(canvas.token_ids.shape, torch.nan)
        for row, (_, low, given) in enumerate(rows):
            slots = canvas.row_slots(row, self.place)[low:low + len(given)]
            gaps[row, slots], logprob[row, slots] = 0, torch.tensor(list(given), dtype=torch.float32)
        return fair_scores(self.denoiser, replace(canvas, gaps=gaps), logprob)
