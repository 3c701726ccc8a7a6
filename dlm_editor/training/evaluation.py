"""How good the model is on held-out text, in the terms of an editor."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import torch
from transformers import PreTrainedModel

from .corruption import EMPTY, Batch, Mix, corrupt, select
from .network import logits_at
from .spans import SpanMix
from .stream import Stream, windows
from .tables import Tables

ABSORB = Mix(absorb=1, spans=0, substitution=0)
QUESTIONS = {  # name: (noise, rate)
    "nll_15": (ABSORB, 0.15),
    "nll_50": (ABSORB, 0.5),
    "span_exact": (Mix(absorb=0, spans=1, substitution=0, opened=SpanMix(levels=(1.0, 0, 0, 0), words=3)), 1.0),
    "length_right": (Mix(absorb=0, spans=0, substitution=0, opened=SpanMix(levels=(1.0, 0, 0, 0), words=6)), 1.0),
}


@torch.no_grad()
def evaluate(model: PreTrainedModel, held: Stream, tables: Tables, length: int, autocast: Callable[[], AbstractContextManager]) -> dict[str, float]:
    """NLL in nats at 15 % and 50 % masks; share of opened spans filled exactly (length given) and with the right length (length open).

    Always the same 96 windows under the same noise; spans are filled in one step.
    """
    clean = windows(held, 96, length, torch.Generator(held.tokens.device).manual_seed(1))
    figures = {}
    for name, (mix, rate) in QUESTIONS.items():
        rng = torch.Generator(clean.device).manual_seed(2)
        good = total = 0.0
        for part in clean.split(16):
            batch = corrupt(part, tables, mix, rng, rate)
            index = select(batch, rng)
            if not len(index):
                continue
            with autocast():
                logits = logits_at(model, batch.input_ids, index).float()
            if name.startswith("nll"):
                good += torch.nn.functional.cross_entropy(logits, batch.targets.flatten()[index], reduction="sum").item()
                total += len(index)
            else:
                right, spans = _spans_right(batch, index, logits.argmax(-1), None if name == "span_exact" else tables.null)
                good, total = good + right, total + spans
        figures[name] = round(good / max(total, 1), 4)
    return figures


def _spans_right(batch: Batch, index: torch.Tensor, guess: torch.Tensor, null: int | None) -> tuple[int, int]:
    """How many of how many spans are right: every token, or with `null` only the number of null answers."""
    # Spans are apart, so runs of masks are spans: a run begins where the position before is not asked.
    asked = torch.nn.functional.pad(batch.weights > 0, (1, 0))
    run = (asked[:, 1:] & ~asked[:, :-1]).flatten().cumsum(0)[index] - 1
    if null is None:
        wrong = torch.bincount(run, (guess != batch.targets.flatten()[index]).double())
    else:
        wrong = torch.bincount(run, (guess == null).double() - (batch.kinds.flatten()[index] == EMPTY).double())
    return int((wrong == 0).sum()), len(wrong)
