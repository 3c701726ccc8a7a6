"""What the proofreader judges by: a lexicon of the corpus, and weights that tell mistakes from right text, fitted to spoilt held-out text."""

import random
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from ..denoisers import Denoiser
from ..denoisers.loading import load_denoiser
from ..errors import DocumentError
from ..tasks.proofreading.candidates import at_gap, at_unit
from ..tasks.proofreading.evidence import Reader
from ..tasks.proofreading.features import ALL_KINDS, WIDTH, features, strange_words
from ..tasks.proofreading.judge import Judge, save_judges
from ..tasks.proofreading.units import WORD, Unit, split_units
from . import shards
from .corpus import corpus_files, documents, lots
from .lexicon import count_words, write_lexicon
from .mistakes import Mistake, spoil
from .options import JudgeOptions, PrepareOptions
from .tokenizer import BOS, EOS

RATES = (0.0, 0.03, 0.06, 0.12, 0.22)  # of units that are tried; most tries make a mistake
APART = 0.3                          # share of paragraphs whose marks are set apart by spaces
UNITS = (6, 160)                     # of a paragraph
CHARACTERS = 900                     # of a paragraph that are read
HELD = 10                            # of so many places in a row the last is not fitted to
HIDDEN, STEPS, RATE, DECAY = 24, 260, 0.02, 1e-4
RULED_OUT = 0.5                      # share of places beside a mistake that are not used, as what is right there is open to argument
NO_SPACE_AFTER, NO_SPACE_BEFORE = tuple("([“‘"), re.compile(r"[.,;:!?]+|[)\]”’…]")


@dataclass(frozen=True, eq=False)
class Places:
    """Places of spoilt text with the candidates of each."""

    rows: np.ndarray    # (candidates, WIDTH) float16
    counts: np.ndarray  # (places,) candidates of each
    meant: np.ndarray   # (places,) which candidate was meant, -1 where nothing is wrong


def make_lexicon(corpus: str, out: str) -> int:
    """Writes the lexicon of a corpus folder, without what training sets aside, into `out`. How many words it has."""
    aside = PrepareOptions("", "").held_out
    counts = count_words(text for path in corpus_files(corpus).values() for text in documents(path) if lots(text)[0] >= aside)
    return write_lexicon(counts, Path(out))


def make_judge(o: JudgeOptions) -> Path:
    """Fits the judge for the model in OUT on DATA's held-out text, once with its counts of phrases and once without, and writes both."""
    denoiser = load_denoiser(o.out)
    texts = held_out_paragraphs(o.data, [Path(path).read_text(encoding="utf-8") for path in o.aside])
    judges = {}
    for name, reader in (("counts", denoiser), ("plain", getattr(denoiser, "denoiser", denoiser))):
        places = gather(reader, texts, o.words, o.seed)
        judges[name], held = fit(places, o.seed)
        print(f"{name}: {len(places.counts):,} places, {(places.meant >= 0).sum():,} mistakes; held-out nats a place {held:.4f}")
    return save_judges(judges, Path(o.judge))


def held_out_paragraphs(data: str, aside: Sequence[str]) -> list[str]:
    """Paragraphs of the documents that no training has seen, without those that share six words in a row with texts `aside`."""
    _, held = shards.read(data)
    tokenizer = Tokenizer.from_file(str(Path(data) / "tokenizer.json"))
    known = {run for text in aside for run in _runs(text)}
    paragraphs = [part.strip() for tokens in held.values() for document in _documents(tokens) for part in re.split(r"\n+", tokenizer.decode(document, skip_special_tokens=False))]
    found = [part for part in paragraphs if len(part) > 60 and known.isdisjoint(_runs(part))]
    if not found:
        raise DocumentError(f"A judge is fitted to held-out paragraphs of 60 characters or more; {data} has none. Prepare a larger corpus.")
    return found


def _documents(tokens: np.ndarray) -> Iterator[list[int]]:
    for document in np.split(tokens, np.where(tokens == EOS)[0] + 1):
        if kept := [token for token in document.tolist() if token not in (BOS, EOS)]:
            yield kept


def _runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[i:i + 6]) for i in range(len(words) - 5)}


def gather(denoiser: Denoiser, paragraphs: Sequence[str], words: int, seed: int) -> Places:
    """The places of paragraphs that are spoilt as they are read, until `words` words are."""
    rng = random.Random(seed)
    found: list[tuple[list[np.ndarray], int]] = []
    seen, began = 0, time.perf_counter()
    for text in rng.sample(list(paragraphs), len(paragraphs)):
        units = split_units(text[:CHARACTERS], ())
        if seen >= words or not UNITS[0] <= len(units) <= UNITS[1]:
            continue
        shown, mistakes = spoil([_plain(unit) for unit in units], [unit.kind == WORD for unit in units], rng.choice(RATES), rng)
        spoilt = split_units(_written(shown, rng.random() < APART), ())
        if [_plain(unit) for unit in spoilt] != shown:
            continue
        found += _places(denoiser, spoilt, mistakes, rng)
        seen += sum(unit.kind == WORD for unit in spoilt)
    print(f"{seen:,} words read in {time.perf_counter() - began:.0f} s")
    rows = np.array([row for place, _ in found for row in place], np.float16).reshape(-1, WIDTH)
    return Places(rows, np.array([len(place) for place, _ in found], np.int64), np.array([meant for _, meant in found], np.int64))


def _plain(unit: Unit) -> str:
    return unit.plain if unit.kind == WORD else unit.text


def _written(units: Sequence[str], apart: bool) -> str:
    """Units as a line of text."""
    text = ""
    for unit in units:
        is_glued = not text or text[-1] in NO_SPACE_AFTER or not apart and NO_SPACE_BEFORE.fullmatch(unit)
        text += unit if is_glued else " " + unit
    return text


def _places(denoiser: Denoiser, units: Sequence[Unit], mistakes: Sequence[Mistake], rng: random.Random) -> Iterator[tuple[list[np.ndarray], int]]:
    """The features of each place's candidates, and which was meant; places whose meaning is no candidate are left out."""
    candidates = [candidate for i in range(len(units)) for candidate in (*at_unit(units, i), *at_gap(units, i))]
    by_place: dict[tuple[int, bool], list] = {}
    strange = strange_words(units)
    for candidate, evidence in Reader(denoiser, units, True).weigh(candidates):
        by_place.setdefault((candidate.first, candidate.first == candidate.last), []).append((candidate, features(candidate, evidence, units, strange)))
    wrong = {(mistake.start, mistake.start == mistake.end): mistake for mistake in mistakes}
    beside = {place for mistake in mistakes for place in range(mistake.start - 1, mistake.end + 2)}
    for place, weighed in by_place.items():
        rows = [row for _, row in weighed]
        if mistake := wrong.get(place):
            meant = [i for i, (candidate, _) in enumerate(weighed) if candidate.last == mistake.end and candidate.after == mistake.meant]
            if meant:
                yield rows, meant[0]
        elif place[0] not in beside or rng.random() >= RULED_OUT:
            yield rows, -1


def fit(places: Places, seed: int) -> tuple[Judge, float]:
    """The weights that make what was meant most probable, and the nats a place of those not fitted to."""
    torch.manual_seed(seed)
    parts = [torch.full((WIDTH,), 0.0), torch.randn(HIDDEN, WIDTH) * 0.1, torch.zeros(HIDDEN), torch.zeros(HIDDEN)]
    parts[0][:len(ALL_KINDS)] = -4.0  # most text is right
    parts = [part.requires_grad_() for part in parts]
    loss = _Loss(places)
    optimizer = torch.optim.Adam(parts, lr=RATE)
    for step in range(STEPS):
        for group in optimizer.param_groups:
            group["lr"] = RATE * (1 - step / STEPS)
        optimizer.zero_grad()
        penalty = sum(part.square().sum() for part in (parts[0], parts[1], parts[3]))
        (loss(parts)[~loss.is_held].mean() + DECAY / 10 * penalty).backward()
        optimizer.step()
    with torch.no_grad():
        held = float(loss(parts)[loss.is_held].mean())
    plain = np.array([1.0, 0.0, 0.0, 0.0], np.float32), np.zeros((2, len(ALL_KINDS)), np.float32)  # certainty = chance, until it is measured
    return Judge(*(part.detach().numpy() for part in parts), *plain), held


class _Loss:
    """Nats of every place, (places,)."""

    def __init__(self, places: Places):
        count = len(places.counts)
        self._rows = torch.from_numpy(places.rows.astype(np.float32))
        self._place = torch.from_numpy(np.repeat(np.arange(count), places.counts))
        first = np.concatenate([[0], places.counts.cumsum()[:-1]])
        self._meant = torch.from_numpy(np.where(places.meant >= 0, first + places.meant, -1))
        self.is_held = torch.arange(count) % HELD == HELD - 1

    def __call__(self, parts: Sequence[torch.Tensor]) -> torch.Tensor:
        linear, hidden, bias, out = parts
        scores = self._rows @ linear + torch.relu(self._rows @ hidden.T + bias) @ out
        top = torch.zeros(len(self._meant)).scatter_reduce(0, self._place, scores.detach(), "amax")  # "nothing is wrong" scores 0
        total = torch.exp(-top).scatter_add(0, self._place, torch.exp(scores - top[self._place]))
        meant = torch.where(self._meant >= 0, scores[self._meant.clamp(min=0)], 0.0)
        return top + total.log() - meant
