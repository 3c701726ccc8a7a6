"""Style by example: a text stands before the document on every canvas, never in the result, and the model writes on as it began.

It is context and nothing else: models with classifier-free guidance heed it more with a higher scale, as they do the document. The bundled model's counts favour its words, too.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from ..canvas import Canvas, Vocabulary
from ..denoisers import Denoiser, Info, Prediction
from ..errors import OptionError

MOST = 0.5  # of the model's window


@dataclass(frozen=True, eq=False)
class Styled:
    """A denoiser whose canvases begin with an example."""

    denoiser: Denoiser
    vocabulary: Vocabulary

    @property
    def info(self) -> Info:
        return self.denoiser.info

    def start(self, canvas: Canvas) -> Any:
        return self.denoiser.start(canvas)

    def noise(self, canvas: Canvas, rng: np.random.Generator) -> Canvas:
        return self.denoiser.noise(canvas, rng)

    def predict(self, canvas: Canvas, positions: torch.Tensor, t: Any, cache: Any) -> tuple[Prediction, Any]:
        return self.denoiser.predict(canvas, positions, t, cache)


def styled(denoiser: Denoiser, style: str | None) -> Denoiser:
    """The model with an example of style before all that it sees. Raises OptionError for one that is too long for it."""
    if style is None:
        return denoiser
    tokens = tuple(denoiser.vocabulary.encode(style.strip() + "\n\n"))
    most = int(denoiser.info.max_length * MOST)
    if len(tokens) > most:
        raise OptionError(f"An example of style takes at most {most} tokens of what {denoiser.info.name!r} sees at a time; got one of {len(tokens)}. Shorten it.")
    return Styled(denoiser, denoiser.vocabulary.behind(tokens))
