"""Training inside the blend: the network learns what the counts beside it do not know.

A network that was trained alone spends much of its strength on what counts of runs know better. Here the loss is that of the blend, whose counts
stand still, so that the gradient is what they leave open (a residual model, as in Bakhtin et al., Residual energy-based models for text, JMLR 2021).
Counts know by heart the text they were made of, and beside them nothing would be left to learn: these are of three documents in four, and the
network reads the fourth.
"""

from dataclasses import replace
from pathlib import Path
from zlib import crc32

import numpy as np
import torch
from tokenizers import Tokenizer
from torch.nn import functional as F
from transformers import PreTrainedModel

from ..denoisers.blend import neighbours
from ..denoisers.ngrams import FILE, Ngrams, read_ngrams
from ..errors import DocumentError
from .corruption import EMPTY, TOKEN, Batch, Mix
from .network import logits_at
from .ngrams import count
from .spans import SpanMix
from .tables import Tables
from .tokenizer import BOS, NULL

PARTS = 4        # one document of so many is read, the others are counted
ALONE = 0.4      # weight of the network's own loss beside the blend's: others read it without the counts
BLIND = 0.6      # weight of a position beside which nothing is seen: there the counts are silent
KEY = (5, 45)    # words of a document that tell in which part it is; a copy in lower case is in the same
NOTHING = -1e4   # log-probability of what may not be
MIX = Mix(absorb=0.2, spans=0.35, substitution=0.03, weight_cap=2.5, opened=SpanMix(levels=(0.7, 0.16, 0.07, 0.07), zones=(16, 40, 72, 48), words=10))

Sources = dict[str, tuple[np.ndarray, float]]  # name: (tokens (n,) uint16, weight)


def part_of(document: np.ndarray, classes: np.ndarray, is_word: np.ndarray) -> int:
    """Which of PARTS a document, (n,) tokens, is in. `classes`: (vocab,); `is_word`: (classes,) bool."""
    words = classes[document[:10 * KEY[1]].astype(np.int64)]
    return crc32(words[is_word[words]][slice(*KEY)].astype("<i8").tobytes()) % PARTS


def divide(sources: Sources, tokenizer: Tokenizer, classes: np.ndarray) -> tuple[Sources, np.ndarray]:
    """What the network reads, and the tokens (n,) that are counted. `classes`: (vocab,). Raises DocumentError where one of them is empty."""
    is_word = np.array([any(map(str.isalnum, tokenizer.decode([token]))) for token in range(len(classes))])
    read, counted = {}, []
    for name, (tokens, weight) in sources.items():
        documents = np.split(tokens, np.flatnonzero(tokens == BOS)[1:])
        parts = [part_of(document, classes, is_word) for document in documents]
        if mine := [document for document, part in zip(documents, parts) if part == 0]:
            read[name] = np.concatenate(mine), weight
        counted += [document for document, part in zip(documents, parts) if part != 0]
    if not read or not counted:
        documents = sum((tokens == BOS).sum() for tokens, _ in sources.values())
        raise DocumentError(f"Training inside the blend reads one document in {PARTS} and counts the others; DATA has too few ({documents}). Prepare a larger corpus.")
    return read, np.concatenate(counted)


def take_apart(sources: Sources, model: Path, tokenizer: Tokenizer) -> tuple[Sources, Ngrams]:
    """What the network reads, and the counts of the rest, with the classes and weights of those beside `model`. Raises DocumentError where there are none."""
    beside = read_ngrams(model, tokenizer.get_vocab_size())
    if beside is None:
        raise DocumentError(f"--inside names an exported model with its counts; {model} has no {FILE}. Run `ngrams` for it first.")
    read, counted = divide(sources, tokenizer, beside.classes)
    return read, replace(count(counted.astype(np.int64), beside.classes, beside.least), weights=beside.weights)


class Beside:
    """What the counts say at the positions of a batch that the network is asked about."""

    def __init__(self, ngrams: Ngrams, tables: Tables):
        self.ngrams, self.mask, self.null = ngrams, tables.mask, tables.null
        _ = ngrams.tables  # made now

    def say(self, batch: Batch, index: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
        """At the (selected,) flat positions: what the counts add to log p, (selected, vocab); what it is multiplied by, (selected, 1); where a
        mask stands, (selected,) bool; and the weights, (selected,). On the batch's device."""
        ids, kinds = batch.input_ids.cpu().numpy(), batch.kinds.flatten()[index].cpu().numpy()
        bias, scale = np.zeros((len(index), len(self.ngrams.classes)), np.float32), np.ones((len(index), 1), np.float32)
        weights, is_masked = batch.weights.flatten()[index].cpu().numpy(), np.isin(kinds, (TOKEN, EMPTY))
        documents = {}
        for number in np.flatnonzero(is_masked):
            row, place = divmod(int(index[number]), ids.shape[1])
            left, right = neighbours(ids[row], place, self.mask, self.null)
            if not (left or right):
                weights[number] *= BLIND
                continue
            if row not in documents:
                documents[row] = self.ngrams.document(ids[row], ~np.isin(ids[row], (self.mask, self.null)))
            own, *others = self.ngrams.weights[int(bool(left)), int(bool(right))]
            scale[number] = own
            bias[number] = (np.array(others) @ self.ngrams.experts_of(left, right, documents[row], place))[self.ngrams.classes]
        return tuple(torch.from_numpy(value).to(index.device) for value in (bias, scale, is_masked, weights))


def blended_loss(model: PreTrainedModel, input_ids: torch.Tensor, index: torch.Tensor, targets: torch.Tensor,
                 bias: torch.Tensor, scale: torch.Tensor, is_masked: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """Mean NLL in nats of the blend, and ALONE times the network's, at the selected positions; what follows `targets` is what Beside.say gives.

    As in the blend, the null token keeps the probability that the network gives it, and what is left is shared out between the others.
    """
    own = F.log_softmax(logits_at(model, input_ids, index).float(), -1)
    empty, alone = own[:, NULL], -own.gather(1, targets[:, None])[:, 0]
    mixed = (scale * own + bias).index_fill(1, torch.tensor([NULL], device=own.device), NOTHING)
    stays = torch.where(is_masked, torch.log1p(-empty.exp().clamp(max=1 - 1e-6)), 0.0)
    word = stays + mixed.gather(1, targets[:, None])[:, 0] - torch.logsumexp(mixed, 1)
    nll = -torch.where(targets == NULL, empty, word) + ALONE * alone
    return (nll * weights).sum() / weights.sum().clamp(min=1.0)
