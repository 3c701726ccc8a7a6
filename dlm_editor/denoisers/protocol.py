"""What every diffusion language model looks like to the samplers."""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import torch

from ..canvas import Canvas, Vocabulary
from ..errors import UnknownModelError


@dataclass(frozen=True)
class Info:
    """What a denoiser can do; tasks refuse what it cannot."""

    name: str
    family: str
    parameters: int
    max_length: int               # tokens in one canvas, frame included
    corruption: str = "absorbing"  # absorbing | uniform | both
    mask_id: int | None = None
    prediction: str = "x0"        # the kind of its predictions: x0 | score
    sees_suffix: bool = True      # all that follows on the canvas; False: only within a block
    block_length: int | None = None  # tokens, counted from the canvas's start: later blocks are not seen, and blocks are filled in order; None: one block
    has_native_length: bool = False  # null or expand tokens: the model itself decides how many positions stay empty
    size_weights: tuple[float, ...] = ()  # by which it tells how long an insertion shall be, for `sampling.size_shares`; empty: it does not
    edits_tokens: bool = False
    follows_instructions: bool = False
    takes_guidance: bool = False     # classifier-free guidance by a second pass without the given tokens
    expand_id: int | None = None     # a prediction that asks for two masks instead of one, and one that asks for none: such a model
    delete_id: int | None = None     # … changes the number of open positions as it fills them
    device: str = "cpu"
    precision: str = "float32"


@dataclass(frozen=True)
class Prediction:
    """`kind` "x0": `values` are log p(x_0 | x_t), (positions, vocab) float32, aligned to their own position, mask and special tokens at -inf.

    "score": the logarithms of p_t(x_t with the token there) / p_t(x_t), with the same tokens at -inf. At a masked position of an absorbing process that
    ratio is p(x_0 | x_t) / (e^σ − 1) (RADD, arXiv:2406.03736, Theorem 1): so one view serves all. A network's ratios need not sum up to 1 / (e^σ − 1);
    `mass`, (positions,) float32, is what they make of that 1, all tokens but the mask counted.
    """

    kind: str
    values: torch.Tensor
    mass: torch.Tensor | None = None

    def __post_init__(self):
        unknown = int(self.values.amax(-1).isnan().sum()) if self.values.numel() else 0
        if unknown:
            raise UnknownModelError(f"What a model predicts must be numbers; at {unknown} of {len(self.values)} positions it is none (NaN). Its weights are damaged, or not "
                                    "made for this precision: download it again, or use --precision float32.")

    @property
    def x0(self) -> torch.Tensor:
        """log p(x_0 | x_t), (positions, vocab) float32, whatever the kind."""
        return torch.log_softmax(self.values, -1) if self.kind == "score" else self.values


class Denoiser(Protocol):
    """A diffusion language model. State that evolves travels in `cache`, never on the object.

    One that follows instructions or takes guidance has `adapted(instruction, guidance)` besides, which gives the same model so adapted.
    """

    info: Info
    vocabulary: Vocabulary

    def start(self, canvas: Canvas) -> Any:
        """A cache for a new run on `canvas`: None, or what can `take(rows)` and `put(rows, other)`, for `predict` is asked about some rows only."""

    def noise(self, canvas: Canvas, rng: np.random.Generator) -> Canvas:
        """The canvas with noise at its masked positions: masks for absorbing models, random tokens for uniform ones."""

    def predict(self, canvas: Canvas, positions: torch.Tensor, t: float | torch.Tensor, cache: Any) -> tuple[Prediction, Any]:
        """p(x_0 | x_t) at `positions`, (rows, length) bool, in row-major order. Fixed tokens are seen, never predicted. `t`: for all rows, or (rows,)."""
