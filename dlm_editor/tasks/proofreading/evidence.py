"""What a model, and what counts of phrases say of each candidate beside what stands there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ...canvas import Frame, Vocabulary, lay_out
from ...denoisers import Denoiser
from ...denoisers.ngrams import ORDERS, Ngrams
from .candidates import Candidate
from .lexicon import read_lexicon
from .units import MARK, OTHER, Unit

STRIDE = 6        # units from one that is asked about to the next in the same row
WORST = -1.5      # nats that the counts may lose by a candidate that is worth asking the model about
ROWS = 8          # rows that the model reads at once
UNKNOWN = -6.0    # log p of a further token of a word where no counts tell
MOST_TOKENS, FEW_TOKENS = 24, 4  # of a word, and of what is left alone, that are read
FLOOR = -20.0     # log p below which nothing is less probable
REACH = max(ORDERS) - 1


@dataclass(frozen=True)
class Evidence:
    """Log-probabilities of one candidate and of what stands in its place; NaN where the source is silent."""

    model: tuple[float, float]   # by the denoiser with the place open: (as it stands, candidate)
    best: float                  # by it, of the most probable token there
    counts: tuple[float, float]  # by the counts, of the tokens at the place and those after that they tell about
    word: tuple[float, float]    # by the lexicon


class Reader:
    """Reads the units of one stretch of text with a denoiser; `ids` are the tokens of each unit."""

    def __init__(self, denoiser: Denoiser, units: Sequence[Unit], begins_text: bool):
        self._denoiser = getattr(denoiser, "denoiser", denoiser)  # the network under the counts: these are asked apart
        self._ngrams: Ngrams | None = getattr(denoiser, "ngrams", None)
        self._vocabulary = denoiser.vocabulary
        self._units = units
        self.ids = [self._encode(unit.plain, i == 0 and begins_text, unit)[:MOST_TOKENS if unit.kind != OTHER else FEW_TOKENS] for i, unit in enumerate(units)]

    def _encode(self, text: str, begins: bool, unit: Unit | None = None) -> tuple[int, ...]:
        spaced = not begins and (unit is None or unit.has_space and not (unit.kind == MARK and unit.text[0] in ".,;:!?)]”’"))
        return _tokens(self._vocabulary, text, spaced)

    def words(self, candidate: Candidate) -> tuple[int, ...]:
        """The tokens that a candidate writes."""
        begins = candidate.first == 0 and bool(self.ids) and self.ids[0] == self._encode(self._units[0].plain, True)
        found: list[int] = []
        for number, word in enumerate(candidate.after):
            found += _tokens(self._vocabulary, word, not (begins and number == 0) and word not in ".,;:!?")
        return tuple(found)

    def weigh(self, candidates: Sequence[Candidate]) -> list[tuple[Candidate, Evidence]]:
        """The candidates that the counts, or without these the model, do not rule out, each with what is told of it."""
        written = [self.words(candidate) for candidate in candidates]
        counts = self._by_counts(candidates, written)
        kept = [i for i, (now, then) in enumerate(counts) if not then - now < WORST]
        models = self._by_model([candidates[i] for i in kept], [written[i] for i in kept])
        lexicon = read_lexicon()

        def told(words: Sequence[str]) -> float:
            return sum(lexicon.logprob(word) for word in words)

        return [(c, Evidence(*model, counts[i], (told([unit.plain for unit in self._units[c.first:c.last]]), told(c.after))))
                for i, model in zip(kept, models) for c in (candidates[i],) if self._ngrams is not None or not model[0][1] - model[0][0] < WORST]

    def _by_model(self, candidates, written) -> list[tuple[tuple[float, float], float]]:
        """The first token of each, from one open position; further ones of a word as the counts tell."""
        null_id = self._vocabulary.null_id
        asked: dict[tuple[int, bool], list[int]] = {}
        for number, c in enumerate(candidates):
            if c.last - c.first <= 1 and (null_id is not None or c.first < c.last and c.after):
                asked.setdefault((c.first, c.first == c.last), []).append(number)
        chained = {tuple(tokens) for tokens in (*written, *self.ids) if len(tokens) > 1}
        within = self._within(sorted(chained))
        found = [((np.nan, np.nan), np.nan)] * len(candidates)
        for (place, is_gap), values in self._open(sorted(asked)):
            stands = () if is_gap else self.ids[place]
            for number in asked[place, is_gap]:
                found[number] = (self._chain(values, stands, within), self._chain(values, written[number], within)), float(values.max())
        return found

    def _chain(self, values: np.ndarray, tokens: tuple[int, ...], within: dict[tuple[int, ...], float]) -> float:
        """log p of the first token at the open position, (vocab,); of the others after it by the counts."""
        first = tokens[0] if tokens else self._vocabulary.null_id
        return max(float(values[first]), FLOOR) + within.get(tokens, 0.0)

    def _within(self, chains: Sequence[tuple[int, ...]]) -> dict[tuple[int, ...], float]:
        """log p of the tokens of each chain after its first, by the counts."""
        if self._ngrams is None or not chains:
            return {tokens: UNKNOWN * (len(tokens) - 1) for tokens in chains}
        runs, ends = [], [0]
        for tokens in chains:
            classes = [*[-1] * REACH, *self._ngrams.classes[list(tokens)].tolist()]
            runs += [classes[i:i + REACH + 1] for i in range(1, len(tokens))]
            ends.append(len(runs))
        told = np.concatenate([[0.0], self._ngrams.follows(np.array(runs)).cumsum()])
        return dict(zip(chains, (told[ends[1:]] - told[ends[:-1]]).tolist()))

    def _open(self, places: Sequence[tuple[int, bool]]) -> Iterator[tuple[tuple[int, bool], np.ndarray]]:
        """Log-probabilities, (vocab,), with one open position in the place of a unit, or in the gap before it; places at least STRIDE units apart share a row."""
        rows: list[list[tuple[int, bool]]] = []
        for place in places:
            row = next((row for row in rows if row[-1][0] <= place[0] - STRIDE), None)
            rows.append([place]) if row is None else row.append(place)
        for low in range(0, len(rows), ROWS):
            batch = rows[low:low + ROWS]
            frames = tuple(self._frame(dict(row)) for row in batch)
            canvas = lay_out(frames, tuple((1,) * len(row) for row in batch), self._vocabulary.mask_id)
            canvas = self._denoiser.noise(canvas, np.random.default_rng([0, low]))
            prediction, _ = self._denoiser.predict(canvas, canvas.masked, 1 / STRIDE, self._denoiser.start(canvas))
            yield from zip((place for row in batch for place in row), prediction.x0.cpu().numpy())

    def _frame(self, opened: dict[int, bool]) -> Frame:
        """The tokens of the stretch in the model's frame, with a hole at each open place. `opened`: unit number -> whether the gap before it is."""
        pieces: list[tuple[int, ...]] = []
        row = list(self._vocabulary.prefix_ids)
        for i, tokens in enumerate(self.ids):
            if i in opened:
                pieces.append(tuple(row))
                row = []
            row += tokens if opened.get(i, True) else []
        return Frame((*pieces, (*row, *self._vocabulary.suffix_ids)), ())

    def _by_counts(self, candidates, written) -> list[tuple[float, float]]:
        if self._ngrams is None:
            return [(np.nan, np.nan)] * len(candidates)
        folded = self._ngrams.classes.tolist()
        before, bounds = [-1] * REACH, [REACH]
        for tokens in self.ids:
            before += [folded[token] for token in tokens]
            bounds.append(len(before))
        before += [-1] * REACH
        runs, ends = [], [0]

        def tell(left: list[int], middle: list[int], right: list[int]) -> None:
            line = [*left, *middle, *right]
            runs.extend(line[i - REACH:i + 1] for i in range(REACH, len(line)))
            ends.append(len(runs))

        places = sorted({(c.first, c.last) for c in candidates})
        around = {(low, high): (before[bounds[low] - REACH:bounds[low]], before[bounds[low]:bounds[high]], [token for token in before[bounds[high]:bounds[high] + REACH] if token >= 0])
                  for low, high in places}
        for place in places:
            tell(*around[place])
        for c, tokens in zip(candidates, written):
            left, _, right = around[c.first, c.last]
            tell(left, [folded[token] for token in tokens], right)
        if not runs:
            return [(0.0, 0.0)] * len(candidates)
        told = np.concatenate([[0.0], self._ngrams.follows(np.array(runs)).cumsum()])
        sums = (told[ends[1:]] - told[ends[:-1]]).tolist()
        now = dict(zip(places, sums))
        return [(now[c.first, c.last], then) for c, then in zip(candidates, sums[len(places):])]


@lru_cache(maxsize=65536)
def _tokens(vocabulary: Vocabulary, text: str, spaced: bool) -> tuple[int, ...]:
    if vocabulary.is_spaced or not spaced:
        return tuple(vocabulary.encode(text, continues=True))
    return tuple(vocabulary.encode(" " + text, continues=True))
