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

    A conditional logit (McFadden 1974) with one hidden layer. What share of its corrections is right in texts of people is measured on development texts:
    certainty = σ((general_0 + slope_kind) · logit p + general_1 · mistakes + general_2 · doubts + general_3 + offset_kind), with what `surroundings` tells.
    """

    linear: np.ndarray  # (features,)
    hidden: np.ndarray  # (units, features)
    bias: np.ndarray    # (units,)
    out: np.ndarray     # (units,)
    general: np.ndarray  # (4,): of the log-odds, of mistakes and doubts around, and a constant
    kinds: np.ndarray    # (2, kinds): slopes and offsets

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

    def certainties(self, chances: np.ndarray, kinds: Sequence[int], around: np.ndarray) -> np.ndarray:
        """The chance that a correction is right, as measured, (n,). `kinds`: numbers of their kinds; `around`: (n, 2), see `surroundings`."""
        chances = np.clip(chances, 1e-4, 1 - 1e-4)
        odds, (slopes, offsets) = np.log(chances) - np.log1p(-chances), self.kinds[:, list(kinds)]
        logits = (self.general[0] + slopes) * odds + around @ self.general[1:3] + self.general[3] + offsets
        return 1 / (1 + np.exp(-logits))


PARTS = ("linear", "hidden", "bias", "out", "general", "kinds")


def save_judges(judges: dict[str, Judge], file: Path) -> Path:
    """`counts`: for a model with counts of phrases; `plain`: for one without."""
    save_file({f"{name}.{part}": np.ascontiguousarray(getattr(judge, part)) for name, judge in judges.items() for part in PARTS}, file)
    return file


@lru_cache(maxsize=2)
def read_judge(with_counts: bool, file: Path = FILE) -> Judge:
    """The judge for a model with counts of phrases, or for one without; that of the project if no other file is named."""
    tensors = load_file(file)
    prefix = "counts." if with_counts else "plain."
    return Judge(*(tensors[prefix + part] for part in PARTS))
