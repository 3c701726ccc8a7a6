"""The noise of training, made for an editor: what is asked at use is what is learnt here.

Every row of a batch gets one of three noises over its open slots, then perhaps a fourth over what stays visible:
- absorb:  every token is masked with probability t ~ U(0, 1) (MDLM, arXiv:2406.07524; LLaDA, arXiv:2502.09992);
- spans:   whole words, clauses, sentences or lines are opened, two or more visible tokens between any two of them;
- surplus: as spans, but a span of n >= 0 tokens takes m >= n masks. The first n answers are its tokens, the rest <null>, so the model
           decides the length; n = 0 is an insertion. What follows moves right, and what leaves the window is cropped;
- substitution: in some rows a few visible tokens are replaced and the clean token is the target; as many untouched ones are targets
           as well, for a model that is only asked about wrong tokens would answer that every token is wrong.
In spans and surplus a share of the rows is partly revealed, null tokens included: the states a sampler passes through.
<bos>, <eos> and other special tokens are never opened, replaced or a target.
"""

from dataclasses import dataclass, field

import torch

from .spans import SpanMix, draw_spans, lay_out
from .tables import NEAR, Tables

CONTEXT, TOKEN, EMPTY, REPLACED, KEPT = range(5)  # what is asked at a position


@dataclass(frozen=True)
class Mix:
    """Shares of rows; the rest of the rows after absorb and spans are surplus."""

    absorb: float = 0.3
    spans: float = 0.25
    substitution: float = 0.1
    revealed: float = 0.4  # of span and surplus rows: partly revealed
    weight_cap: float = 5.0
    opened: SpanMix = field(default_factory=SpanMix)


@dataclass(frozen=True)
class Batch:
    """All (batch, length). A weight is 0 exactly where nothing is asked."""

    input_ids: torch.Tensor  # int64, x_t
    targets: torch.Tensor    # int64, x_0: equals input_ids at CONTEXT and KEPT
    weights: torch.Tensor    # float32
    kinds: torch.Tensor      # uint8, CONTEXT … KEPT


def corrupt(clean: torch.Tensor, tables: Tables, mix: Mix, rng: torch.Generator, rate: float | None = None) -> Batch:
    """(batch, length) int64 clean tokens under noise. `rate` fixes t, in spans too (1 = nothing revealed); for evaluation."""
    rows, length = clean.shape

    def uniform(*shape):
        return torch.rand(*shape, generator=rng, device=clean.device)

    draw = uniform(rows, 1)
    absorb, surplus = draw < mix.absorb, draw >= mix.absorb + mix.spans
    x_0, opened = lay_out(clean, draw_spans(clean, tables, mix.opened, (~absorb, surplus), uniform), tables.null)

    # t is stratified over the batch (MDLM's low-discrepancy sampler), then shuffled over the rows.
    t = ((uniform(1) + torch.arange(rows, device=clean.device) / rows) % 1)[uniform(rows).argsort()][:, None]
    revealed = torch.where(uniform(rows, 1) < mix.revealed, 0.2 + 0.8 * uniform(rows, 1), 1.0)
    t = torch.where(absorb, t, revealed) if rate is None else torch.full_like(t, rate)
    masked = torch.where(absorb, ~tables.special[x_0], opened) & (uniform(rows, length) < t)

    visible = ~masked & ~tables.special[x_0]
    noise = torch.where(uniform(rows, 1) < mix.substitution, 0.01 + 0.05 * uniform(rows, 1), 0.0)
    asked = visible & (uniform(rows, length) < 2 * noise)
    column = (uniform(rows, length) * NEAR).long()
    near = tables.near[x_0, column]  # (batch, length)
    random = tables.ordinary[(uniform(rows, length) * len(tables.ordinary)).long()]
    other = torch.where(uniform(rows, length) < 0.5, near, random)
    replaced = asked & (uniform(rows, length) < 0.5) & (other != x_0)

    x_t = torch.where(masked, tables.mask, torch.where(replaced, other, x_0))
    # MDLM's bound weighs a masked token by 1/t, which only means something when slots are masked independently at rate t. A single
    # opened word would get length/1 = 512 times the weight of a token in a fully masked row: all variance. So: length/m with m the
    # masks in the row, which is 1/t for absorb, makes rows count alike, and is capped. It is a function of x_t alone: were <null>
    # or any other answer weighed differently at the same x_t, p(x_0 | x_t) would be tilted, and lengths with it.
    weight = (length / masked.sum(1, keepdim=True).clamp(min=1)).clamp(max=mix.weight_cap)
    weights = torch.where(masked, weight, asked.float())
    empty = torch.where(x_0 == tables.null, EMPTY, TOKEN)
    kinds = torch.where(masked, empty, torch.where(replaced, REPLACED, torch.where(asked, KEPT, CONTEXT)))
    return Batch(x_t, x_0, weights, kinds.to(torch.uint8))


def select(batch: Batch, rng: torch.Generator, share: float | None = None) -> torch.Tensor:
    """Flat indices of the positions the head is computed at: all that are asked, or exactly share·batch·length of them.

    The fixed shape is for torch.compile: chosen at random if more are asked, filled up with weightless ones if fewer.
    """
    weights = batch.weights.flatten()
    if share is None:
        return weights.nonzero()[:, 0]
    priority = (weights > 0) + 0.5 * torch.rand(weights.shape, generator=rng, device=weights.device)
    return priority.topk(int(share * len(weights))).indices
