"""A denoiser together with what a corpus knows of short phrases."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from ..canvas import Canvas
from .ngrams import NEVER, REACH, Around, Ngrams
from .protocol import Denoiser, Prediction

Tokens = tuple[int, ...]
SMALLEST_CHANCE = 0.02


class Blend:
    """A log-linear blend over classes of tokens c: log p(c) = a · log p_denoiser(c) + Σ_k b_k · log q_k(c) + const; within a class the denoiser's own
    p(x_0 | c) holds, and so does its probability of the null token, and thereby of lengths.

    q_k are the experts of `ngrams`; a and b depend on which of the two neighbours is seen (Klakow, Log-linear interpolation of language models,
    ICSLP 1998; a product of experts).
    """

    def __init__(self, denoiser: Denoiser, ngrams: Ngrams):
        self.denoiser, self.ngrams = denoiser, ngrams
        self.info, self.vocabulary = denoiser.info, denoiser.vocabulary
        _ = ngrams.tables  # made now, not at the first step

    def start(self, canvas: Canvas) -> Any:
        return self.denoiser.start(canvas)

    def noise(self, canvas: Canvas, rng: np.random.Generator) -> Canvas:
        return self.denoiser.noise(canvas, rng)

    def predict(self, canvas: Canvas, positions: torch.Tensor, t: Any, cache: Any) -> tuple[Prediction, Any]:
        prediction, cache = self.denoiser.predict(canvas, positions, t, cache)
        own = prediction.values.cpu().numpy()
        values, number = np.empty_like(own), 0
        for row in range(len(canvas.token_ids)):
            seen = np.where(canvas.valid[row] & ~canvas.masked[row], canvas.token_ids[row], self.vocabulary.mask_id)
            document = self.ngrams.document(canvas.token_ids[row].numpy(), (canvas.valid[row] & ~canvas.editable[row]).numpy())
            places = positions[row].nonzero()[:, 0].tolist()
            for opening in self._openings(seen, places, own[number:number + len(places)]):
                values[number] = self._blended(own[number], opening, document)
                number += 1
        return Prediction(prediction.kind, torch.from_numpy(values).to(prediction.values.device)), cache

    def _openings(self, seen: np.ndarray, places: list[int], own: np.ndarray) -> Iterator["Opening"]:
        """Of each of the open `places` of a row, of which the denoiser says `own`, (places, vocab)."""
        mask_id, null_id = self.vocabulary.mask_id, self.vocabulary.null_id
        for number, place in enumerate(places):
            last = number
            while last + 1 < len(places) and places[last + 1] == places[last] + 1:
                last += 1
            follows = number < last and null_id is not None
            yield Opening(place, *neighbours(seen, place, mask_id, null_id), neighbours(seen, places[last], mask_id, null_id)[1],
                          float(np.exp(own[number + 1, null_id])) if follows else 0.0)

    def _blended(self, own: np.ndarray, opening: "Opening", document: Around) -> np.ndarray:
        """One position, (vocab,) from (vocab,)."""
        ngrams, null_id, chance = self.ngrams, self.vocabulary.null_id, opening.empty_after
        empty = -np.inf if null_id is None else own[null_id]
        words = own if null_id is None else np.where(np.arange(len(own)) == null_id, -np.inf, own)
        gathered = ngrams.gather(words)
        may_stand = gathered > NEVER

        def mixed(after: Tokens) -> np.ndarray:
            blend = np.where(may_stand, ngrams.mix(gathered, opening.left, after, document, opening.place), -np.inf)
            return blend - np.logaddexp.reduce(blend[may_stand])

        blend = mixed(opening.right)
        if chance > SMALLEST_CHANCE:
            blend = np.logaddexp(blend + np.log1p(-min(chance, 1 - 1e-7)), mixed(opening.beyond) + np.log(chance))
        blend += np.log1p(-min(np.exp(empty), 1 - 1e-7))
        blended = words + np.where(may_stand, blend - gathered, 0)[ngrams.classes]
        if null_id is not None:
            blended[null_id] = empty
        return blended


@dataclass(frozen=True)
class Opening:
    """An open position and the seen tokens around it, the nearest first."""

    place: int
    left: Tokens
    right: Tokens
    beyond: Tokens      # after the run of open positions that it is in
    empty_after: float  # how probable it is that the rest of this run stays empty, so that `beyond` is next to it: as nulls come last, the null token's probability at the next place


def neighbours(seen: np.ndarray, place: int, mask_id: int, null_id: int | None) -> tuple[Tokens, Tokens]:
    """Seen tokens next to `place` on the left and on the right, the nearest first, up to REACH; positions that stay empty are passed over.

    `seen`: (length,) token ids, the mask's where nothing is seen.
    """
    return _run(seen[place - 1::-1] if place else seen[:0], mask_id, null_id), _run(seen[place + 1:], mask_id, null_id)


def _run(tokens: np.ndarray, mask_id: int, null_id: int | None) -> Tokens:
    found = []
    for token in tokens.tolist() if len(tokens) < 40 else tokens[:40].tolist():
        if token == mask_id or len(found) == REACH:
            break
        if token != null_id:
            found.append(token)
    return tuple(found)
