"""How certain a candidate is: a small network over its features, fitted to spoilt text."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file

FILE = Path(__file__).resolve().parents[3] / "assets" / "proofreading" / "judge.safetensors"


@dataclass(frozen=True, eq=False)
class Judge:
    """score = linear · x + out · relu(hidden · x + bias); p = softmax over a place's candidates and "nothing is wrong", whose score is 0.

    A conditional logit (McFadden 1974) with one hidden layer. `knots`: what share of corrections at each of its certainties was right on development texts.
    """

    linear: np.ndarray  # (features,)
    hidden: np.ndarray  # (units, features)
    bias: np.ndarray    # (units,)
    out: np.ndarray     # (units,)
    knots: np.ndarray   # (2, n): log-odds as computed, log-odds as found; both rising

    def probabilities(self, places: Sequence[Sequence[np.ndarray]]) -> list[np.ndarray]:
        """For each place, the features of its candidates: the chance of each, (candidates,)."""
        if not places:
            return []
        x = np.stack([row for place in places for row in place])
        scores = x @ self.linear + np.maximum(x @ self.hidden.T + self.bias, 0) @ self.out
        found = []
        for score in np.split(scores, np.cumsum([len(place) for place in places])[:-1]):
            top = max(0.0, float(score.max()))
            weights = np.exp(score - top)
            found.append(weights / (weights.sum() + np.exp(-top)))
        return found

    def certainty(self, probability: float) -> float:
        """The chance that a correction of this probability is right, as measured."""
        logit = np.log(max(probability, 1e-9)) - np.log1p(-min(probability, 1 - 1e-9))
        return float(1 / (1 + np.exp(-np.interp(logit, *self.knots))))


PARTS = ("linear", "hidden", "bias", "out", "knots")


def save_judges(judges: dict[str, Judge], file: Path) -> Path:
    """`counts`: for a model with counts of phrases; `plain`: for one without."""
    save_file({f"{name}.{part}": np.ascontiguousarray(getattr(judge, part)) for name, judge in judges.items() for part in PARTS}, file)
    return file


@lru_cache(maxsize=2)
def read_judge(with_counts: bool) -> Judge:
    """The judge that comes with the project: for a model with counts of phrases, or for one without."""
    tensors = load_file(FILE)
    prefix = "counts." if with_counts else "plain."
    return Judge(*(tensors[prefix + part] for part in PARTS))
