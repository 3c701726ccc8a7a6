"""Counts of token runs for the bundled model, and the weights with which they are blended into it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import AutoModelForMaskedLM

from ..denoisers.blend import neighbours
from ..denoisers.ngrams import EXPERTS, ORDERS, TOKEN_BITS, Ngrams, pack, save_ngrams
from ..errors import OptionError
from . import shards
from .corruption import TOKEN, Mix, corrupt
from .options import NgramOptions
from .stream import stream, windows
from .tables import build_tables

ROWS = 8       # windows that the network reads at once
TAKEN = 12     # open positions of a window that count
STRENGTH = 1e-3  # of the pull of the weights towards the network alone
SAME = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "`": "'", "–": "-", "—": "-"})
NOISES = (Mix(absorb=1, spans=0, substitution=0), Mix(absorb=0, spans=1, substitution=0))


def make_ngrams(o: NgramOptions) -> Path:
    """Counts DATA's training tokens, fits the weights on its held-out ones for the model in OUT, and writes the file beside it."""
    sources, held = shards.read(o.data)
    tokens = np.concatenate([np.asarray(part) for part, _ in sources.values()]).astype(np.int64)
    if tokens.max(initial=0) >> TOKEN_BITS:
        raise OptionError(f"Counts are made for vocabularies up to {1 << TOKEN_BITS} tokens; the data holds token {tokens.max()}. Prepare it with a smaller --vocab.")
    tokenizer = Tokenizer.from_file(str(Path(o.data) / "tokenizer.json"))
    ngrams = count(tokens, classes(tokenizer), dict(zip(ORDERS, o.least, strict=True)))
    model = AutoModelForMaskedLM.from_pretrained(o.out, dtype=torch.float32, local_files_only=True, trust_remote_code=False).eval()
    weights, losses = fit(model, ngrams, stream({n: (t, 1.0) for n, t in held.items()}, o.window, "cpu"), build_tables(tokenizer, "cpu"), o)
    save_ngrams(replace(ngrams, weights=weights), Path(o.out))
    runs = ", ".join(f"{len(ngrams.rests[n]):,} of {n}" for n in ORDERS)
    print(f"runs of tokens: {runs}; held-out nats a token by neighbours seen: {losses}")
    return Path(o.out)


def classes(tokenizer: Tokenizer) -> np.ndarray:
    """(vocab,) int64: tokens alike but for case, kinds of quotation marks, or the space before a mark; numbered by their first member."""
    names, found = {}, np.zeros(tokenizer.get_vocab_size(), np.int64)
    for token in range(len(found)):
        text = tokenizer.decode([token], skip_special_tokens=False)
        if "\ufffd" in text or not text.strip():
            text = f"\0{token}"  # half a character, or white space: a class of its own
        text = text.lower().translate(SAME)
        text = text if any(c.isalnum() for c in text) else text.strip(" ")
        found[token] = names.setdefault(text, token)
    return found


def count(tokens: np.ndarray, classes: np.ndarray, least: dict[int, int]) -> Ngrams:
    """Runs of the classes of `tokens` (n,) int64 that occur at least `least[order]` times; weights that leave the network as it is."""
    tokens = classes[tokens]
    frequency = np.bincount(tokens, minlength=len(classes)).astype(np.float32) + 0.5
    firsts, rests = {}, {}
    for order in ORDERS:
        runs = max(0, len(tokens) - order + 1)
        keys = np.zeros(runs, np.int64)
        for i in range(order):
            keys = keys << TOKEN_BITS | tokens[i:i + runs]
        keys.sort()
        begins = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])) if runs else np.zeros(0, np.int64)
        counts = np.diff(np.append(begins, runs))
        kept = counts >= least[order]
        firsts[order], rests[order] = pack(order, keys[begins][kept], counts[kept], least[order])
    weights = np.zeros((2, 2, 1 + len(EXPERTS)), np.float32)
    weights[..., 0] = 1
    return Ngrams(classes, frequency / frequency.sum(), firsts, rests, least, weights)


def fit(model, ngrams: Ngrams, held, tables, o: NgramOptions) -> tuple[np.ndarray, dict]:
    """Weights (2, 2, 1 + experts) of least held-out loss, by which neighbours are seen; and that loss before and after."""
    asked = [_questions(model, ngrams, held, tables, o, seed) for seed in range(o.rounds)]
    weights, losses = ngrams.weights.copy(), {}
    for pattern in ((0, 1), (1, 0), (1, 1)):
        inputs = [(values, target) for questions in asked for key, values, target in questions if key == pattern]
        if len(inputs) < 50:
            continue
        values = torch.from_numpy(np.stack([v for v, _ in inputs]))  # (questions, 1 + experts, vocab) float16
        targets = torch.tensor([t for _, t in inputs])
        before = _loss(torch.tensor(weights[pattern]), values, targets)
        weights[pattern] = _best(weights[pattern], values, targets)
        losses[pattern] = f"{before:.2f} → {_loss(torch.tensor(weights[pattern]), values, targets):.2f}"
    return weights, losses


def _questions(model, ngrams, held, tables, o, seed) -> list[tuple[tuple[int, int], np.ndarray, int]]:
    """Open positions of held-out windows: which neighbours are seen, what the network and every expert say, the true token."""
    rng = torch.Generator().manual_seed(seed)
    clean = windows(held, ROWS, o.window, rng)
    batch = corrupt(clean, tables, NOISES[seed % 2], rng, rate=None if seed % 2 else float(torch.rand(1, generator=rng)) * 0.9)
    with torch.inference_mode():
        values = torch.log_softmax(model(batch.input_ids).logits.float(), -1)
    found = []
    for row in range(ROWS):
        seen = batch.input_ids[row].numpy()
        document = ngrams.document(seen, ~np.isin(seen, (tables.mask, tables.null)))
        places = (batch.kinds[row] == TOKEN).nonzero()[:, 0]
        for place in places[torch.randperm(len(places), generator=rng)[:TAKEN]].tolist():
            left, right = neighbours(seen, place, tables.mask, tables.null)
            own = ngrams.gather(values[row, place].numpy())
            stacked = np.stack([own, *ngrams.experts_of(left, right, document, place)]).astype(np.float16)
            found.append(((int(bool(left)), int(bool(right))), stacked, int(ngrams.classes[int(batch.targets[row, place])])))
    return found


def _loss(weights: torch.Tensor, values: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    parts = [torch.nn.functional.cross_entropy(torch.einsum("qkv,k->qv", some.float(), weights), t, reduction="sum")
             for some, t in zip(values.split(256), targets.split(256))]
    return torch.stack(parts).sum() / len(targets)


def _best(start: np.ndarray, values: torch.Tensor, targets: torch.Tensor) -> np.ndarray:
    origin = torch.tensor(start)
    weights = origin.clone().requires_grad_(True)
    optimizer = torch.optim.LBFGS([weights], max_iter=25, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        loss = _loss(weights, values, targets) + STRENGTH * (weights - origin).square().sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    return weights.detach().numpy()
