"""How often corrections are right in texts of people: what `--threshold` means, measured on development texts with references."""

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from ..benchmarks.proofread_clean import file_texts
from ..benchmarks.proofread_items import FLUENCY, SPELLING, Passage, read_passages
from ..benchmarks.proofread_joining import join
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
from .options import CalibrateOptions

LEAST = 0.03                 # chance of the corrections that are counted
PULL, KIND_PULL = 2.0, 0.5   # towards one slope for all kinds, and no offset


@dataclass(frozen=True, eq=False)
class Outcomes:
    """Corrections, and whether a reference holds them."""

    chances: np.ndarray  # (n,)
    kinds: np.ndarray    # (n,) numbers of ALL_KINDS
    around: np.ndarray   # (n, 2), see `surroundings`
    right: np.ndarray    # (n,) bool


def calibrate(o: CalibrateOptions) -> Path:
    """Measures both judges with the model in OUT on the passages of BENCH and on right text, and writes them back."""
    denoiser = load_denoiser(o.out)
    judges = {}
    for name, reader in (("counts", denoiser), ("plain", getattr(denoiser, "denoiser", denoiser))):
        judge = read_judge(name == "counts", Path(o.judge))
        found = outcomes(reader, judge, [item for part in read_passages(o.bench) if part.kind in (FLUENCY, SPELLING) for item in part.items], o.clean)
        judges[name] = fit_certainty(judge, found)
        told = judges[name].certainties(found.chances, found.kinds, found.around)
        print(f"{name}: {len(found.right):,} corrections, {found.right.mean():.0%} right; " + ", ".join(
            f"{low:.0%}–{high:.0%}: {found.right[inside].mean():.0%} of {inside.sum()}" for low, high in ((0.2, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 1.0))
            if (inside := (told >= low) & (told < high)).any()))
    return save_judges(judges, Path(o.judge))


def outcomes(denoiser: Denoiser, judge: Judge, passages: Sequence[Passage], clean: Sequence[str]) -> Outcomes:
    """What becomes of every correction: right where a reference makes it too; in `clean` text files all are wrong."""
    rows: list[tuple[float, int, np.ndarray, bool]] = []
    for passage in passages:
        joined = join(passage.source)
        wanted = [_replaced(passage.source, reference) for reference in passage.references]
        for chance, kind, around, edit in _corrections(denoiser, judge, joined.text):
            made = _replaced(passage.source, joined.split([edit]))
            rows.append((chance, kind, around, any(_holds(reference, made) for reference in wanted)))
    for path in clean:
        for line in "\n".join(text.text for text in file_texts(path)).splitlines():
            rows += [(chance, kind, around, False) for chance, kind, around, _ in _corrections(denoiser, judge, line)]
    chances, kinds, around, right = zip(*rows)
    return Outcomes(np.array(chances), np.array(kinds), np.stack(around), np.array(right))


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
        loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, right, reduction="sum")
        loss = loss + 9 * PULL * by_kind[0].square().sum() + KIND_PULL * by_kind[1].square().sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    return replace(judge, general=general.detach().numpy(), kinds=by_kind.detach().numpy())
