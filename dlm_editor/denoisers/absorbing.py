"""What all absorbing-state models do alike: SUBS over the logits of a network, computed once for rows that are alike, at the asked positions only."""

from abc import ABC, abstractmethod

import numpy as np
import torch

from ..canvas import Canvas, Vocabulary
from .protocol import Info, Prediction


class AbsorbingDenoiser(ABC):
    """Masks are noise. A subclass gives the logits; log-probabilities leave here, the mask and special tokens at -inf (MDLM, arXiv:2406.07524, SUBS)."""

    def __init__(self, vocabulary: Vocabulary, info: Info, admitted: tuple[int, ...] = ()):
        """`admitted`: tokens that write nothing and may be predicted all the same, beside the null token."""
        self.vocabulary, self.info = vocabulary, info
        self._device = torch.device(info.device)
        banned = torch.from_numpy(vocabulary.forbidden.copy())
        banned[[token for token in (vocabulary.null_id, *admitted) if token is not None]] = False
        self._banned = banned.to(self._device)

    def start(self, canvas: Canvas) -> None:
        """Nothing is kept between steps: both sides of every position may change."""
        return None

    def noise(self, canvas: Canvas, rng: np.random.Generator) -> Canvas:
        return canvas.renoise(torch.tensor(self.vocabulary.mask_id))

    @torch.inference_mode()
    def predict(self, canvas: Canvas, positions: torch.Tensor, t: float, cache: None) -> tuple[Prediction, None]:
        """Rows that are alike, as all alternatives are at first, are computed once."""
        rows, asked, index = distinct_rows(positions, canvas.token_ids, canvas.valid.long(), canvas.editable.long())
        logits = self._row_logits(rows[..., 0], rows[..., 1].bool(), rows[..., 2].bool(), asked).float()
        values = torch.log_softmax(logits.masked_fill_(self._banned, -torch.inf), -1)  # x_0 is never the mask (MDLM, SUBS)
        return Prediction("x0", spread(values, index)), None

    def _row_logits(self, token_ids, valid, editable, asked):
        """(asked positions, vocab), a tensor of our own; the arguments are (rows, length) on the CPU."""
        mask = None if valid.all() else valid.to(self._device)
        return self._logits(token_ids.to(self._device), mask, asked.to(self._device))

    @abstractmethod
    def _logits(self, token_ids: torch.Tensor, valid: torch.Tensor | None, asked: torch.Tensor) -> torch.Tensor:
        """(asked positions, vocab), a tensor of our own, aligned: row i of a canvas predicts position i. `valid`: None where nothing is padding."""


def distinct_rows(positions: torch.Tensor, *columns: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Rows without repetition, (unique, length, columns) int64; what is asked of them, (unique, length) bool; and for each of `positions`, (rows,
    length) bool in row-major order, which of the asked values is its own. `columns`: (rows, length) int64, whatever a row is known by."""
    rows, inverse = torch.unique(torch.stack(columns, -1), dim=0, return_inverse=True)
    asked = torch.zeros(rows.shape[:2], dtype=torch.bool).scatter_reduce(0, inverse[:, None].expand_as(positions), positions, "amax")
    number = asked.flatten().cumsum(0).reshape(asked.shape) - 1  # (unique, length): which value stands there
    return rows, asked, number[inverse][positions]


def spread(values: torch.Tensor, index: torch.Tensor) -> torch.Tensor:
    """The values at `index`; the tensor itself where that is all of them in order."""
    is_whole = len(index) == len(values) and bool((index == torch.arange(len(index))).all())
    return values if is_whole else values[index.to(values.device)]
