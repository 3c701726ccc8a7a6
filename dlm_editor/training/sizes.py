"""The weights by which a model tells whether a word, a phrase or a clause is missing, fitted to gaps in held-out text."""

import json
import os
import random
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from ..denoisers import Denoiser
from ..denoisers.loading import load_denoiser
from ..errors import DocumentError
from ..sampling import SIZES, size_features
from ..tasks.sizing import size_frames
from ..text import Mark, Span
from .judging import held_out_paragraphs
from .options import SizeOptions

CHARACTERS = 600            # of a paragraph that are read on each side of a gap
STRENGTH = 1e-3             # of the pull of the weights towards nothing, features having unit variance
MARGIN = 5                  # words before the first gap of a paragraph and after the last
CLAUSE = re.compile(r"(?<=[.,;!?] )[^.,;!?\n]{15,110}(?=[.,;!?])")
WORDS = re.compile(r"[^\s.,;:!?\"“”()]+")


def make_sizes(o: SizeOptions) -> Path:
    """Fits the weights of the model in OUT on DATA's held-out text, and writes them into its config.json."""
    denoiser = load_denoiser(o.out)
    rng = random.Random(o.seed)
    features, meant = gather(denoiser, held_out_paragraphs(o.data, ()), o.gaps, rng)
    weights = fit(features, meant)
    weights[-1] += o.phrase  # the last feature is 1 for a phrase
    guesses = (features @ weights).argmax(1)
    right = ", ".join(f"{size}: {100 * (guesses[meant == i] == i).mean():.0f} %" for i, size in enumerate(SIZES) if (meant == i).any())
    print(f"{len(meant):,} gaps; right sizes in words, on these gaps themselves: {right}")
    return _write(Path(o.out), weights)


def gather(denoiser: Denoiser, paragraphs: Sequence[str], wanted: int, rng: random.Random) -> tuple[np.ndarray, np.ndarray]:
    """(gaps, sizes, features) float64 and the index of the size that is nearest to each gap's number of words, (gaps,) int64."""
    rows, meant, left = [], [], 4 * wanted
    while len(rows) < wanted and (left := left - 1) > 0:
        text = rng.choice(paragraphs)
        span = _gap(text, rng)
        if span is None:
            continue
        before, after = text[max(0, span.start - CHARACTERS):span.start], text[span.end:span.end + CHARACTERS]
        frames = size_frames(denoiser, before + after, Mark(Span(len(before), len(before))))
        if frames is not None:
            rows.append(size_features(denoiser, frames))
            meant.append(nearest(len(WORDS.findall(text[span.start:span.end]))))
    if len(set(meant)) < len(SIZES):
        raise DocumentError(f"Sizes are fitted to gaps of words, phrases and clauses; {len(rows)} of the {wanted} wanted were found, not all of them kinds of these. "
                            "Prepare a larger corpus.")
    return np.array(rows), np.array(meant)


def nearest(words: int) -> int:
    """The size that stands for so many words: 1, 2 to 4, more."""
    return int(np.abs(np.log(np.array(SIZES) / words)).argmin()) if words > 1 else 0


def _gap(text: str, rng: random.Random) -> Span | None:
    """A clause between marks, or one or three words in a row with none between them: each as often as the others. None where the text has none."""
    size = rng.choice(SIZES)
    if size == SIZES[-1]:
        found = list(CLAUSE.finditer(text))
        return Span(*rng.choice(found).span()) if found else None
    words = list(WORDS.finditer(text))
    runs = [(words[i].start(), words[i + size - 1].end()) for i in range(MARGIN, len(words) - size - MARGIN + 1)]
    runs = [(a, b) for a, b in runs if text[a - 1] == " " and len(text[a:b].split()) == size and len(WORDS.findall(text[a:b].replace(" ", ","))) == size]
    return Span(*rng.choice(runs)) if runs else None


def fit(features: np.ndarray, meant: np.ndarray) -> np.ndarray:
    """Weights (features,) of a conditional logit in which every size counts alike."""
    spread = features.std((0, 1)) + 1e-6
    values, targets = torch.from_numpy(features / spread), torch.from_numpy(meant)
    share = 1 / torch.bincount(targets, minlength=len(SIZES))[targets]
    weights = torch.zeros(features.shape[2], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=300, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        loss = (torch.nn.functional.cross_entropy(values @ weights, targets, reduction="none") * share).sum() / share.sum() + STRENGTH * weights.square().sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    return weights.detach().numpy() / spread


def _write(folder: Path, weights: np.ndarray) -> Path:
    """Whole or not at all."""
    target, partial = folder / "config.json", folder / "config.json.partial"
    config = json.loads(target.read_text(encoding="utf-8")) | {"size_weights": [round(float(x), 4) for x in weights]}
    partial.write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    os.replace(partial, target)
    return target
