"""What a corpus knows of short phrases, and what the document at hand does: counts of runs of two to four tokens, looked up from both sides of an
open position, and the runs of the text around it.

Counted are classes of tokens: those that differ in case or in the space before a mark are one, so that text in capitals, in lower case or with
marks set apart is looked up alike. A file holds the frequent runs only, a few bytes each.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from ..errors import UnknownModelError

FILE = "ngrams.safetensors"
ORDERS = (2, 3, 4)
TOKEN_BITS, COUNT_BITS = 14, 4
COUNT_RATIO = 2.0  # a code more stands for so many times the count
TRUST = {2: 20.0, 3: 5.0, 4: 4.0}  # counts that the narrower context weighs

# Of which experts a blend is made; an expert that lacks its neighbours says what the narrower one says.
EXPERTS = ("far left", "left and middle", "middle and right", "far right", "left", "right", "frequency", "document", "document after", "document before")
REACH = max(ORDERS) - 1  # tokens on each side that matter
NEVER = -60.0            # log-probability of a class that has no token which may stand
BACK_OFF = 0.4           # what a narrower context's share counts for
FREQUENT = 1.0           # counts in the document that the corpus weighs
SELDOM = 2.0             # … and those of a run in the document
LONGER = 4.0             # how many times as much a run counts that agrees in one token more
COMMON = 1e-3            # share of the corpus above which a word alone tells less of what stands beside it, by the root of how far it is above
OPEN = -1                # the class where nothing is seen


@dataclass(frozen=True, eq=False)
class Around:
    """What is seen of the text around open positions."""

    classes: np.ndarray  # (length,) int64, in the order of the text; OPEN where nothing is seen
    counts: np.ndarray   # (classes,) float32: how often each occurs


@dataclass(frozen=True, eq=False)
class Ngrams:
    """Counts of runs of classes, with the weights of the blend they are for."""

    classes: np.ndarray            # (vocab,) int64: class of each token, below 2**TOKEN_BITS
    frequency: np.ndarray          # (classes,) float32: share of each class in the corpus
    firsts: dict[int, np.ndarray]  # per order: (2**TOKEN_BITS + 1,) int64, where the runs that begin with a token begin
    rests: dict[int, np.ndarray]   # per order: (runs, bytes) uint8, little-endian: the other tokens and the code of the count
    least: dict[int, int]          # per order: the smallest count kept
    weights: np.ndarray            # (2, 2, 1 + experts) float32 by (left neighbour seen, right one seen): of the denoiser, of each expert

    @cached_property
    def tables(self) -> dict[tuple[int, int], np.ndarray]:
        """(order, place of the open token in the run): uint64 sorted, the other tokens, then the open one, then the code."""
        made = {}
        for order in self.rests:
            tokens, codes = self._runs(order)
            for place in range(order):
                key = np.zeros(len(codes), np.uint64)
                for number in (*(i for i in range(order) if i != place), place):
                    key = key << np.uint64(TOKEN_BITS) | tokens[number]
                made[order, place] = key << np.uint64(COUNT_BITS) | codes
        with ThreadPoolExecutor() as pool:  # those that are open at the end are in order as they stand
            list(pool.map(np.ndarray.sort, [table for (order, place), table in made.items() if place < order - 1]))
        return made

    def _runs(self, order: int) -> tuple[list[np.ndarray], np.ndarray]:
        rest = self.rests[order]
        packed = np.zeros(len(rest), np.uint64)
        for byte in range(rest.shape[1]):
            packed |= rest[:, byte].astype(np.uint64) << np.uint64(8 * byte)
        mask = np.uint64(2**TOKEN_BITS - 1)
        first = np.repeat(np.arange(len(self.firsts[order]) - 1, dtype=np.uint64), np.diff(self.firsts[order]))
        shifts = [COUNT_BITS + TOKEN_BITS * (order - 1 - i) for i in range(1, order)]
        return [first, *(packed >> np.uint64(shift) & mask for shift in shifts)], packed & np.uint64(2**COUNT_BITS - 1)

    def counts(self, order: int, place: int, context: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
        """Classes that stand at `place` of a run whose other classes are `context`, and how often: (n,) int64 and (n,) float32."""
        table, key = self.tables[order, place], 0
        for token in context:
            key = key << TOKEN_BITS | token
        shift = TOKEN_BITS + COUNT_BITS
        low, high = np.searchsorted(table, np.array([key << shift, (key + 1) << shift], np.uint64))
        found = table[low:high]
        tokens = (found >> np.uint64(COUNT_BITS) & np.uint64(2**TOKEN_BITS - 1)).astype(np.int64)
        return tokens, self.least[order] * COUNT_RATIO ** (found & np.uint64(2**COUNT_BITS - 1)).astype(np.float32)

    def follows(self, runs: np.ndarray) -> np.ndarray:
        """log p(last | those before) of runs of max(ORDERS) classes, (n, 4) int64, -1 where nothing stands; (n,) float64.

        The widest context that the counts hold decides, each narrower one at BACK_OFF of it (Brants et al., Large language models in machine translation,
        EMNLP 2007, "stupid backoff").
        """
        found = np.log(self.frequency[runs[:, -1]] * BACK_OFF ** len(self.rests) + 1e-12).astype(np.float64)
        for order in sorted(self.rests):
            run = runs[:, -order:]
            both, before = self._how_often(run), self._how_often(run[:, :-1])
            known = (both > 0) & (run >= 0).all(1)
            share = both / np.maximum(np.maximum(before, both), 1.0)
            found = np.where(known, np.log(np.where(known, share, 1.0) * BACK_OFF ** (len(self.rests) - ORDERS.index(order) - 1)), found)
        return found

    def _how_often(self, runs: np.ndarray) -> np.ndarray:
        """Counts of runs of one length, (n, order); 0 for those that are not held. One class alone: its share of the corpus in the same measure."""
        order = runs.shape[1]
        if order == 1:
            return self.frequency[runs[:, 0]] * self._tokens
        table, key = self.tables[order, order - 1], np.zeros(len(runs), np.uint64)
        for column in range(order):
            key = key << np.uint64(TOKEN_BITS) | np.maximum(runs[:, column], 0).astype(np.uint64)
        key = key << np.uint64(COUNT_BITS)
        at = np.minimum(np.searchsorted(table, key), len(table) - 1)
        held = table[at] >> np.uint64(COUNT_BITS) == key >> np.uint64(COUNT_BITS)
        counts = self.least[order] * COUNT_RATIO ** (table[at] & np.uint64(2**COUNT_BITS - 1)).astype(np.float64)
        return np.where(held, counts, 0.0)

    @cached_property
    def _tokens(self) -> float:
        """Tokens of the corpus, as far as the most frequent runs of two tell."""
        runs, codes = self._runs(2)
        top = int(np.argmax(codes))
        begins = runs[0] == runs[0][top]
        return float(self.least[2] * (COUNT_RATIO ** codes[begins].astype(np.float64)).sum() / self.frequency[int(runs[0][top])])

    def experts(self, left: tuple[int, ...], right: tuple[int, ...], document: Around, place: int) -> np.ndarray:
        """log q_k(class) of every expert, (experts, classes) float32.

        `left`, `right`: classes of up to REACH seen tokens next to the open one, the nearest first; `place`: its position in the document.
        Wider contexts are smoothed by narrower ones (Dirichlet prior): q = (count + TRUST · q_narrow) / (total + TRUST). What the document says is
        a ratio to `frequency`: of its words, of those after what it has on the left elsewhere, of those before what it has on the right
        (a cache of runs, as in Kuhn and De Mori, A cache-based natural language model, PAMI 1990). Tokens that were filled in are not of the document:
        else a longer fill would go on as the text around it goes on.
        """
        base, left, right = self.frequency, left[:REACH], right[:REACH]

        def sees(order: int, place: int, narrow: np.ndarray) -> np.ndarray:
            after = order - 1 - place
            if len(left) < place or len(right) < after:
                return narrow
            tokens, counts = self.counts(order, place, (*left[:place][::-1], *right[:after]))
            if not len(tokens):
                return narrow
            share = narrow * (TRUST[order] / (counts.sum() + TRUST[order]))
            share[tokens] += counts / (counts.sum() + TRUST[order])
            return share

        near_left, near_right = sees(2, 1, base), sees(2, 0, base)
        wide_left, wide_right = sees(3, 2, near_left), sees(3, 0, near_right)
        middle = sees(3, 1, _normal(near_left * near_right / base)) if left and right else None
        found = [sees(4, 3, wide_left),
                 base if middle is None else sees(4, 2, _normal(middle * wide_left / near_left)),
                 base if middle is None else sees(4, 1, _normal(middle * wide_right / near_right)),
                 sees(4, 0, wide_right), near_left, near_right, base,
                 (document.counts + FREQUENT * base) / (document.counts.sum() + FREQUENT) / base,
                 self._again(document.classes, place), self._again(document.classes[::-1], len(document.classes) - 1 - place)]
        return np.log(np.stack(found) + 1e-12)

    def _again(self, classes: np.ndarray, place: int) -> np.ndarray:
        """How many times likelier than in the corpus each class is at `place` of a document, by what follows elsewhere what stands before it; (classes,)."""
        counts = np.zeros(len(self.frequency), np.float32)
        near = classes[max(0, place - REACH):place][::-1]
        near = near[:int((near == OPEN).argmax())] if OPEN in near else near
        alone = min(1.0, (COMMON / self.frequency[near[0]]) ** 0.5) if len(near) else 0.0
        for other in np.flatnonzero(classes[:-1] == near[0]) if len(near) else ():
            if classes[other + 1] == OPEN or other == place - 1:
                continue
            agrees = 1
            while agrees < min(len(near), other + 1) and classes[other - agrees] == near[agrees]:
                agrees += 1
            counts[classes[other + 1]] += LONGER ** (agrees - 1) if agrees > 1 else alone
        return (counts / self.frequency + SELDOM) / (counts.sum() + SELDOM)

    def mix(self, own: np.ndarray, left: tuple[int, ...], right: tuple[int, ...], document: Around, place: int) -> np.ndarray:
        """The blend of `own`, (classes,) log-probabilities, with the experts; not normalised. `left`, `right`: token ids, the nearest first.

        Where neither neighbour is seen it is `own`: what the experts would add there is one frequent word, at every position alike.
        """
        if not left and not right:
            return own
        weights = self.weights[int(bool(left)), int(bool(right))]
        return weights[0] * own + weights[1:] @ self.experts_of(left, right, document, place)

    def experts_of(self, left: tuple[int, ...], right: tuple[int, ...], document: Around, place: int) -> np.ndarray:
        """`experts` between tokens, not classes."""
        return self.experts(*(tuple(self.classes[list(side)].tolist()) for side in (left, right)), document, place)

    def document(self, token_ids: np.ndarray, is_seen: np.ndarray) -> Around:
        """Of (length,) int64 and bool."""
        classes = np.where(is_seen, self.classes[token_ids], OPEN)
        return Around(classes, np.bincount(classes[is_seen], minlength=len(self.frequency)).astype(np.float32))

    def gather(self, logprobs: np.ndarray) -> np.ndarray:
        """Log-probabilities of the classes from those of the tokens, (classes,) from (vocab,) float32."""
        return np.log(np.bincount(self.classes, np.exp(logprobs), minlength=len(self.frequency)) + 1e-30).astype(np.float32)


def _normal(shares: np.ndarray) -> np.ndarray:
    return shares / shares.sum()


def pack(order: int, keys: np.ndarray, counts: np.ndarray, least: int) -> tuple[np.ndarray, np.ndarray]:
    """`firsts` and `rests` of an order. `keys`: (runs,) int64 sorted, TOKEN_BITS a token, the first token highest; `counts` are at least `least`."""
    codes = np.clip(np.log(counts / least) / np.log(COUNT_RATIO), 0, 2**COUNT_BITS - 1).round().astype(np.uint64)
    width = TOKEN_BITS * (order - 1)
    firsts = np.searchsorted(keys, np.arange(2**TOKEN_BITS + 1, dtype=np.int64) << width)
    packed = (keys & (1 << width) - 1).astype(np.uint64) << np.uint64(COUNT_BITS) | codes
    size = (width + COUNT_BITS + 7) // 8
    return firsts, np.stack([(packed >> np.uint64(8 * i)).astype(np.uint8) for i in range(size)], axis=1)


def save_ngrams(ngrams: Ngrams, folder: Path) -> None:
    tensors = {"classes": ngrams.classes.astype(np.int16), "frequency": ngrams.frequency, "weights": ngrams.weights, "least": np.array([ngrams.least[n] for n in ORDERS])}
    for order in ORDERS:
        tensors |= {f"firsts.{order}": ngrams.firsts[order], f"rests.{order}": ngrams.rests[order]}
    save_file(tensors, folder / FILE)


def read_ngrams(folder: Path, vocab: int) -> Ngrams | None:
    """The counts beside a checkpoint, None where there are none. Raises UnknownModelError for a damaged file."""
    if not (folder / FILE).is_file():
        return None
    try:
        tensors = load_file(folder / FILE)
        least = dict(zip(ORDERS, tensors["least"].tolist(), strict=True))
        found = Ngrams(tensors["classes"].astype(np.int64), tensors["frequency"], {n: tensors[f"firsts.{n}"] for n in ORDERS}, {n: tensors[f"rests.{n}"] for n in ORDERS}, least, tensors["weights"])
    except (SafetensorError, OSError, KeyError, ValueError) as error:
        raise UnknownModelError(f"{FILE} must be a whole file of token counts; that of {folder.name!r} cannot be read ({error}). Download or make it again.") from None
    if found.classes.shape != (vocab,) or found.weights.shape != (2, 2, 1 + len(EXPERTS)):
        raise UnknownModelError(f"{FILE} must be made for the model beside it, with {vocab} tokens and {len(EXPERTS)} experts; "
                                f"got {len(found.classes)} and {found.weights.shape[-1] - 1}. Make it again, or remove it.")
    return found
