"""All tokens on the device, and windows drawn from them by source weight."""

from dataclasses import dataclass

import numpy as np
import torch

from ..errors import OptionError
from .tokenizer import BOS


@dataclass(frozen=True)
class Stream:
    """All tokens, source after source. A window may hold several documents, apart by <eos><bos>."""

    tokens: torch.Tensor   # (n,) int16: ids stay below 32768, and indexing uint16 is not supported everywhere
    low: torch.Tensor      # (sources,) int64
    high: torch.Tensor     # (sources,) int64
    chances: torch.Tensor  # (sources,) float32: tokens · weight
    begins: torch.Tensor   # (documents,) int64: positions of <bos>


def stream(sources: dict[str, tuple[np.ndarray, float]], longest: int, device: str) -> Stream:
    """`sources`: {name: (tokens, weight)}; those shorter than a window of `longest` tokens are left out, and said so."""
    short = [n for n, (t, _) in sources.items() if len(t) < longest]
    if short:
        print(f"left out, shorter than a window of {longest}: {', '.join(short)}")
    kept = [v for n, v in sources.items() if n not in short]
    if not kept:
        raise OptionError(f"A source must fill one window of {longest} tokens; none of {len(sources)} does. Prepare more text or lower --windows.")
    sizes = np.array([len(t) for t, _ in kept])
    tokens = torch.from_numpy(np.concatenate([t for t, _ in kept]).astype(np.int16)).to(device)
    high = torch.from_numpy(sizes.cumsum()).to(device)
    chances = torch.tensor([len(t) * w for t, w in kept], dtype=torch.float32, device=device)
    return Stream(tokens, high - torch.from_numpy(sizes).to(device), high, chances, (tokens == BOS).nonzero()[:, 0])


def windows(data: Stream, rows: int, length: int, rng: torch.Generator) -> torch.Tensor:
    """(rows, length) int64. Half of those in which a document begins are moved to its beginning, so that texts without a past are seen."""
    def uniform():
        return torch.rand(rows, generator=rng, device=data.tokens.device, dtype=torch.float64)

    source = torch.multinomial(data.chances, rows, replacement=True, generator=rng)
    start = data.low[source] + (uniform() * (data.high[source] - data.low[source] - length + 1)).long()
    following = data.begins[torch.searchsorted(data.begins, start).clamp(max=len(data.begins) - 1)]
    fits = (following >= start) & (following < start + length) & (following <= data.high[source] - length)
    start = torch.where(fits & (uniform() < 0.5), following, start)
    return data.tokens[start[:, None] + torch.arange(length, device=start.device)].long()
