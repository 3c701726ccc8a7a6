"""The alternatives of a poem on their canvas: what the model says of the open positions, which words follow, which of them are committed."""

from dataclasses import dataclass, replace

import numpy as np
import torch

from ..canvas import Canvas
from ..denoisers import Denoiser
from ..sampling.verse import Placed
from .poem_layout import LAST_STOPS, STOPS, Layout, stop_tokens
from .poem_verses import Verses

REPEATED = 12.0      # nats that a word of sense costs where it stands in the poem already
TWICE = 10.0         # … that a word costs right beside itself
ALIKE = 1.5          # … that a line costs that begins as another
TOPIC = 2.0          # … that a word of the topic gains
NEVER = np.float32(-np.inf)


@dataclass(frozen=True)
class Spot:
    """A word or an end mark of a proposal: its line, its tokens, where they go (one row a copy), and how sure the model is of it."""

    line: int
    word: int              # -1 for a mark
    tokens: tuple[int, ...]
    positions: np.ndarray  # (copies, tokens)
    logprob: float         # of all its tokens, nats


def build_canvas(layouts: list[Layout], mask_id: int) -> Canvas:
    """One row for each layout, all open positions masked."""
    longest = max(len(layout.token_ids) for layout in layouts)
    token_ids = torch.tensor([layout.token_ids + [mask_id] * (longest - len(layout.token_ids)) for layout in layouts])
    gaps = torch.tensor([layout.gaps + [-1] * (longest - len(layout.gaps)) for layout in layouts])
    valid = torch.arange(longest)[None] < torch.tensor([len(layout.token_ids) for layout in layouts])[:, None]
    return Canvas(token_ids, valid, gaps, torch.zeros_like(valid))


def perturbation(verses: Verses, layout: Layout, temperature: float, rng: np.random.Generator) -> dict[int, np.ndarray]:
    """Gumbel noise for every open position and token in use, the same at all steps: the best line under it is a draw from near the model's own choice."""
    columns = len(verses.spelling.columns)
    return {index: temperature * rng.gumbel(size=(slots.shape[1], columns)).astype(np.float32) for index, slots in layout.slots.items()} if temperature else {}


class RowValues:
    """log p of the tokens in use at the positions of one row. Copies of a refrain are averaged; committed tokens are certain."""

    def __init__(self, verses: Verses, layout: Layout, canvas: Canvas, row: int, values: np.ndarray, number: np.ndarray):
        """`values`: (masked positions, vocab) float32; `number`: (length,) which of them stands at a masked position of this row."""
        self._verses, self._layout = verses, layout
        self._tokens, self._open = canvas.token_ids[row].numpy(), canvas.masked[row].numpy()
        self._values, self._number = values, number
        self._null = verses.vocabulary.null_id

    def line(self, index: int) -> np.ndarray:
        """(tokens, columns) float32."""
        spelling, slots = self._verses.spelling, self._layout.slots[index]
        is_open = self._open[slots[0]]
        found = np.full((slots.shape[1], len(spelling.columns)), NEVER, np.float32)
        if is_open.any():
            found[is_open] = np.mean([self._logp(copy[is_open], spelling.columns) for copy in slots], 0)
        fixed = np.flatnonzero(~is_open)
        found[fixed, spelling.places[self._tokens[slots[0][fixed]]]] = 0
        return found

    def stop(self, index: int, marks: np.ndarray) -> np.ndarray:
        """log p of the marks that may end a line, among these, (marks,) float32."""
        found = self._logp(self._layout.stops[index], marks).mean(0)
        return found - np.logaddexp.reduce(found)

    def _logp(self, positions: np.ndarray, tokens: np.ndarray) -> np.ndarray:
        """Given that no position stays empty."""
        rows = self._values[self._number[positions]]
        found = np.maximum(rows[:, tokens], -40)
        return found if self._null is None else found - np.log1p(-np.exp(np.minimum(rows[:, [self._null]], -1e-4)))


def propose_words(verses: Verses, layout: Layout, values: RowValues, noise: dict[int, np.ndarray], standing: list[Spot]) -> list[Spot]:
    """The best words for all lines of one row, committed ones among them. `standing`: the committed ones."""
    clean = {index: values.line(index) for index in layout.slots}
    wanted = {index: logp + noise[index] if noise else logp.copy() for index, logp in clean.items()}
    _discourage(verses, layout, wanted, standing)
    solved = verses.solve(layout.required, layout.sizes, wanted, _bias(verses, standing))
    assert solved is not None, "a poem that had a solution keeps one: every commit is part of a solution"
    return [_spot(verses, layout, clean[index], index, placed) for index, words in solved.items() for placed in words]


def _bias(verses: Verses, standing: list[Spot]) -> np.ndarray:
    """What each word gains or costs anywhere in the poem, (words,) float32: words of sense that stand in it already, words of its topic."""
    bias = verses.prior.copy()
    bias[verses.topic] += TOPIC
    bias[verses.kept] = -REPEATED
    for spot in standing:
        if spot.word >= 0 and not verses.small[spot.word]:
            bias[spot.word] = -REPEATED
    return bias


def _discourage(verses: Verses, layout: Layout, wanted: dict[int, np.ndarray], standing: list[Spot]) -> None:
    """Writes into `wanted`: a word twice in a row, and lines that begin alike, are unlikely."""
    places = verses.spelling.places
    for spot in standing:
        if spot.word < 0 or len(spot.tokens) > 1:
            continue
        line, column = wanted[spot.line], places[spot.tokens[0]]
        at = int(np.flatnonzero(layout.slots[spot.line][0] == spot.positions[0, 0])[0])
        inner = verses.spelling.inner.tokens[spot.word, 0] if verses.spelling.inner.widths[spot.word] == 1 else column
        for beside in (at - 1, at + 1):
            if 0 <= beside < len(line):
                line[beside, inner] -= TWICE
        if at == 0:
            for index, other in wanted.items():
                if index != spot.line:
                    other[0, column] -= ALIKE


def _spot(verses: Verses, layout: Layout, logp: np.ndarray, index: int, placed: Placed) -> Spot:
    at = slice(placed.position, placed.position + placed.width)
    begins = placed.position == 0 and verses.line(index, layout.required[index]).begins_line
    tokens = (verses.spelling.start if begins else verses.spelling.inner).tokens[placed.word, :placed.width]
    score = float(logp[np.arange(at.start, at.stop), tokens].sum())
    return Spot(index, placed.word, tuple(verses.spelling.columns[tokens].tolist()), layout.slots[index][:, at], score)


def propose_stop(verses: Verses, layout: Layout, values: RowValues, index: int) -> Spot:
    """The likeliest mark at the end of a line; at the end of the poem one that ends a sentence."""
    lines = verses.plan.lines
    is_last = any(line.number == len(lines) for number, line in enumerate(lines) if index in (number, line.refrain))
    closing = stop_tokens(verses.vocabulary, LAST_STOPS)
    marks = closing if is_last and len(closing) else stop_tokens(verses.vocabulary, STOPS)
    found = values.stop(index, marks)
    best = int(found.argmax())
    return Spot(index, -1, (int(marks[best]),), layout.stops[index][:, None], float(found[best]))


def commit(canvas: Canvas, row: int, spots: list[Spot]) -> Canvas:
    """The canvas with the spots written and committed in one row."""
    token_ids, committed = canvas.token_ids.clone(), canvas.committed.clone()
    for spot in spots:
        for copy in spot.positions:
            token_ids[row, copy] = torch.tensor(spot.tokens)
            committed[row, copy] = True
    return replace(canvas, token_ids=token_ids, committed=committed)


def take_back(canvas: Canvas, row: int, spots: list[Spot]) -> Canvas:
    """The canvas with the spots open again in one row."""
    chosen = torch.zeros_like(canvas.committed)
    for spot in spots:
        chosen[row, spot.positions.reshape(-1)] = True
    return canvas.remask(chosen)


def predict(denoiser: Denoiser, canvas: Canvas, t: float) -> tuple[np.ndarray, np.ndarray]:
    """log p at the masked positions, (masked, vocab) float32, and which of them stands where, (rows, length)."""
    prediction, _ = denoiser.predict(canvas, canvas.masked, t, denoiser.start(canvas))
    number = (canvas.masked.flatten().cumsum(0) - 1).reshape(canvas.masked.shape).numpy()
    return prediction.x0.float().cpu().numpy(), number
