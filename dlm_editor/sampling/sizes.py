"""How long an insertion shall be where nothing was marked that it replaces: a word, a phrase or a clause.

What stands around a gap tells which of the three is missing, and hardly whether two words or four: so a size stands for each, and the model is asked
how well a first guess of each size fits, and how sure it is that none of its positions stays empty.
"""

from dataclasses import replace

import numpy as np
import torch

from ..canvas import Frame, lay_out
from ..denoisers import Denoiser
from ..errors import UnknownModelError
from .lattice import Choice
from .proposal import propose

SIZES = (1, 3, 7)   # words
LEAST, NEVER = -12.0, 1e-4
FEATURES = 10       # of a size


def size_features(denoiser: Denoiser, frames: tuple[Frame, ...]) -> np.ndarray:
    """(sizes, FEATURES) float64. `frames`: the same text once for each size, its one gap that of so many words, of which each gets a position."""
    gaps = tuple(frame.gaps[0] for frame in frames)
    lengths = tuple((max(size, gap.shortest),) for size, gap in zip(SIZES, gaps, strict=True))
    laid_out = lay_out(frames, lengths, denoiser.info.mask_id or 0, denoiser.info.block_length)
    canvas = denoiser.noise(laid_out, np.random.default_rng(0))
    prediction, _ = denoiser.predict(canvas, canvas.masked, 1.0, denoiser.start(canvas))
    parts = prediction.x0.cpu().split(canvas.masked.sum(1).tolist())
    rows = []
    for number, (gap, values) in enumerate(zip(gaps, parts)):
        row = canvas.take(torch.tensor([number]))
        guess = propose(values.numpy(), row, row.editable, (replace(gap, mark=0),), Choice(), ())
        rows.append(_features(number, guess.logprob[row.masked].numpy(), guess.entropy[row.masked].numpy(), values[:, gap.null_id].numpy()))
    return np.array(rows)


def _features(number: int, logprob: np.ndarray, entropy: np.ndarray, empty: np.ndarray) -> list[float]:
    """Of a first guess: log p of its tokens, their entropies, log p that a position is empty; (positions,) each."""
    is_word, mean, filled = number == 0, float(logprob.mean()), float(np.log1p(-np.exp(empty).clip(max=1 - NEVER)).sum())
    return [mean, float(logprob[0] + logprob[-1]) / 2, float(entropy.mean()), max(filled, LEAST), max(filled, 2 * LEAST) / len(logprob) ** 0.5,
            max(float(empty[-1]), LEAST), is_word * mean, is_word * float(entropy.mean()), float(is_word), float(number == 1)]


def size_shares(features: np.ndarray, weights: tuple[float, ...]) -> np.ndarray:
    """The probability of each size, (sizes,), by a conditional logit. Raises UnknownModelError for weights of another number."""
    if len(weights) != FEATURES:
        raise UnknownModelError(f"A model tells sizes by {FEATURES} weights; its size_weights are {len(weights)}. Leave them out, or make the model again.")
    scores = features @ np.array(weights)
    shares = np.exp(scores - scores.max())
    return shares / shares.sum()
