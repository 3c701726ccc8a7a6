"""How often corrections are right in texts of people: what `--threshold` means, measured on development texts with references.

    python -m dlm_editor.benchmarks.proofread_calibration BENCH MODEL JUDGE

measures the judge in the file JUDGE with the model of the folder MODEL, and writes the file anew.
"""

import argparse
import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from ..denoisers import Denoiser
from ..denoisers.loading import load_denoiser
from ..tasks.proofreading.checking import judged, left_alone
from ..tasks.proofreading.features import ALL_KINDS
from ..tasks.proofreading.judge import Judge, read_judge, save_judges
from ..tasks.proofreading.protected import inline_spans
from ..tasks.proofreading.surroundings import surroundings
from ..tasks.proofreading.units import Unit, split_units
from ..tasks.proofreading.writing import write
from ..text import Edit, Span
from .proofread_clean import bundled_texts
from .proofread_items import Passage, read_passages
from .proofread_joining import join

SETS = {"jfleg_dev": 1.0, "context_bea_dev": 6.0}  # learners who make many mistakes, and few: what a correction of each counts
CLEAN = 2.0                                        # … and one of clean prose
PLAIN_ITEMS = 150            # of a set, for a model without counts, which must be asked about every word

LEAST = 0.03                 # chance of the corrections that are counted
PULL, KIND_PULL = 2.0, 0.5   # towards one slope for all kinds, and no offset


@dataclass(frozen=True, eq=False)
class Outcomes:
    """Corrections, and whether a reference holds them."""

    chances: np.ndarray  # (n,)
    kinds: np.ndarray    # (n,) numbers of ALL_KINDS
    around: np.ndarray   # (n, 2), see `surroundings`
    right: np.ndarray    # (n,) bool
    weights: np.ndarray  # (n,)


def calibrate(bench: str, model: str, file: Path) -> None:
    denoiser = load_denoiser(model)
    judges = {}
    for name, reader, limit in (("counts", denoiser, None), ("plain", getattr(denoiser, "denoiser", denoiser), PLAIN_ITEMS)):
        judge = read_judge(name == "counts", file)
        sets = [(part.items, SETS[part.name]) for part in read_passages(bench, limit) if part.name in SETS]
        texts = [line for text in bundled_texts() for line in text.text.splitlines()]
        found = outcomes(reader, judge, sets, texts[::1 if limit is None else 8])
        judges[name] = fit_certainty(judge, found)
        told = judges[name].certainties(found.chances, found.kinds, found.around)
        bands = ((low / 10, low / 10 + 0.1) for low in range(1, 10))
        print(f"{name}: {len(found.right):,} corrections; share that is right by certainty: " + ", ".join(
            f"{low:.0%} {np.average(found.right[inside], weights=found.weights[inside]):.0%}" for low, high in bands if (inside := (told >= low) & (told < high)).any()))
    save_judges(judges, file)


def outcomes(denoiser: Denoiser, judge: Judge, sets: Sequence[tuple[Sequence[Passage], float]], clean: Sequence[str]) -> Outcomes:
    """What becomes of every correction: right where a reference makes it too; in `clean` lines all are wrong. `sets`: passages with their weight."""
    told = [(*row, weight) for passages, weight in sets for passage in passages for row in _told(denoiser, judge, passage)]
    told += [(chance, kind, around, False, CLEAN) for line in clean for chance, kind, around, _ in _corrections(denoiser, judge, line)]
    chances, kinds, around, right, weights = zip(*told)
    return Outcomes(np.array(chances), np.array(kinds), np.stack(around), np.array(right), np.array(weights))


def _told(denoiser: Denoiser, judge: Judge, passage: Passage) -> Iterator[tuple[float, int, np.ndarray, bool]]:
    joined = join(passage.source)
    wanted = [_replaced(passage.source, reference) for reference in passage.references]
    for chance, kind, around, edit in _corrections(denoiser, judge, joined.text):
        made = _replaced(passage.source, joined.split([edit]))
        yield chance, kind, around, any(_holds(reference, made) for reference in wanted)


def _corrections(denoiser: Denoiser, judge: Judge, text: str) -> Iterator[tuple[float, int, np.ndarray, Edit]]:
    units: Sequence[Unit] = left_alone(split_units(text, inline_spans(text)), frozenset())
    found = [place for place in judged(denoiser, judge, units) if place[0] >= LEAST]
    for (chance, candidate), around in zip(found, surroundings(found, units, ())):
        change = write(candidate, chance, "", units, text)
        yield chance, ALL_KINDS.index(candidate.kind), around, Edit(Span(change.start, change.end), text[change.start:change.end], change.after)


def _replaced(before: str, after: str) -> list[tuple[int, int, frozenset[str]]]:
    """Runs of tokens that differ: where in `before`, and the tokens instead."""
    old, new = before.split(), after.split()
    codes = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [(a, b, frozenset(new[c:d])) for kind, a, b, c, d in codes if kind != "equal"]


def _holds(reference: list[tuple[int, int, frozenset[str]]], made: list[tuple[int, int, frozenset[str]]]) -> bool:
    """Whether every run that was made lies in one of the reference, and puts nothing else there."""
    return all(any(low <= a and b <= high and (tokens if a == low and b == high and not put else put) <= tokens for low, high, tokens in reference) for a, b, put in made)


def fit_certainty(judge: Judge, found: Outcomes) -> Judge:
    """The judge with the certainties under which these outcomes are most probable (Platt's scaling, by kind and surroundings)."""
    chances = np.clip(found.chances, 1e-4, 1 - 1e-4)
    odds = torch.tensor(np.log(chances) - np.log1p(-chances), dtype=torch.float32)
    around, kinds, right = torch.tensor(found.around, dtype=torch.float32), torch.tensor(found.kinds), torch.tensor(found.right, dtype=torch.float32)
    general, by_kind = torch.tensor([1.0, 0.0, 0.0, 0.0], requires_grad=True), torch.zeros(2, len(ALL_KINDS), requires_grad=True)
    optimizer = torch.optim.LBFGS([general, by_kind], max_iter=300, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        logits = (general[0] + by_kind[0, kinds]) * odds + around @ general[1:3] + general[3] + by_kind[1, kinds]
        loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, right, torch.tensor(found.weights, dtype=torch.float32), reduction="sum")
        loss = loss + 9 * PULL * by_kind[0].square().sum() + KIND_PULL * by_kind[1].square().sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    return replace(judge, general=general.detach().numpy(), kinds=by_kind.detach().numpy())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m dlm_editor.benchmarks.proofread_calibration", description="Measures what the certainties of a judge mean.")
    parser.add_argument("bench", help="folder with proof/*.jsonl and spell/*.jsonl")
    parser.add_argument("model", help="folder of the model")
    parser.add_argument("judge", help="file that is read, and written anew", type=Path)
    given = parser.parse_args()
    calibrate(given.bench, given.model, given.judge)
