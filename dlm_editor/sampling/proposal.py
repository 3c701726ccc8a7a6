"""From a factorised prediction to a choice that the constraints admit, exactly: one lattice for each gap of each row."""

from dataclasses import dataclass

import numpy as np
import torch

from ..canvas import Canvas, Gap
from ..text import Words
from .choice import Choice
from .lattice import lattice_of

LENGTH_PRIOR = 1.5  # nats a position
WORD_PRIOR = 3.0    # the same where words are counted


@dataclass(frozen=True, eq=False)
class Proposal:
    """A choice for every masked position, all (rows, length); zeros elsewhere. Probabilities are marginals under the constraint, at temperature 1."""

    tokens: torch.Tensor     # int64: jointly admitted
    certainty: torch.Tensor  # float32: marginal probability of the token
    entropy: torch.Tensor    # float32: of the marginal, nats
    margin: torch.Tensor     # float32: probability of the best token less that of the second, where the choice asks for it
    logprob: torch.Tensor    # float32: log p(token | x_t) of the model, without the constraint
    active: torch.Tensor     # bool: open positions of the block that this step works on, committed ones included
    required: torch.Tensor   # bool: must be committed at this step
    mass: torch.Tensor | None = None     # float32: see Prediction; None: 1 everywhere
    repeats: torch.Tensor | None = None  # bool: says the same as the position beside it, which is surer; both are open; None: nowhere
    emptiness: tuple[np.ndarray | None, ...] = ()  # of each gap of the first row, where the choice asks for it: the probability that each position stays empty

    def eligible(self, canvas: Canvas) -> torch.Tensor:
        """What may be committed at this step, (rows, length) bool."""
        return self.active & canvas.masked


def propose(values: np.ndarray, canvas: Canvas, active: torch.Tensor, gaps: tuple[Gap, ...], choice: Choice,
            rngs: tuple[np.random.Generator, ...], variants: tuple[int, ...] = ()) -> Proposal:
    """`values`: log p(x_0 | x_t) at the masked positions in row-major order, (masked, vocab) float32; `active`: see Proposal.

    A row with variant v > 0 must take, in each gap, the (v+1)-th best token at its least certain active position: so alternatives differ.
    Gaps of which nothing is active are passed over.
    """
    shape = tuple(canvas.token_ids.shape)
    out = {name: np.zeros(shape, np.float32) for name in ("certainty", "entropy", "margin", "logprob")}
    tokens, required, repeats = canvas.token_ids.numpy().copy(), np.zeros(shape, bool), np.zeros(shape, bool)
    masked, works = canvas.masked.numpy(), active.numpy()
    number = (np.cumsum(masked) - 1).reshape(shape)
    emptiness: list[np.ndarray | None] = [None] * len(gaps)
    for index, gap in enumerate(gaps):
        for row in range(shape[0]):
            slots = canvas.row_slots(row, index).numpy()
            is_open = masked[row, slots]
            if not (is_open & works[row, slots]).any():
                continue
            places, at = np.flatnonzero(is_open), slots[is_open]
            lattice = lattice_of(gap.automaton, _with_length_prior(values[number[row, at]], places, gap), is_open, tokens[row, slots], gap.null_id)
            free = lattice
            if choice.with_lengths and row == 0 and gap.null_id is not None:
                emptiness[index] = lattice.emptiness()
            if variants and variants[row]:
                forced = int(np.where(is_open & works[row, slots], lattice.marginals.entropy, -1).argmax())
                token = lattice.marginals.ranked(forced, variants[row])
                if token is not None:
                    lattice = lattice.fixed(forced, token)
                    required[row, slots[forced]] = True
            chosen = lattice.best() if choice.temperature == 0 else lattice.sample(choice, rngs[row])
            tokens[row, slots] = chosen
            if choice.with_marginals:
                out["certainty"][row, at] = [free.marginals.probability(i, chosen[i]) for i in places]
                out["entropy"][row, at] = free.marginals.entropy[places]
                repeats[row, slots] = _repeats(chosen, is_open, out["entropy"][row, slots], gap.null_id)
            if choice.with_margin:
                out["margin"][row, at] = [free.marginals.margin(i) for i in places]
            out["logprob"][row, at] = values[number[row, at], chosen[places]]
    tensors = {name: torch.from_numpy(table) for name, table in out.items()}
    return Proposal(torch.from_numpy(tokens), **tensors, active=active, required=torch.from_numpy(required), repeats=torch.from_numpy(repeats),
                    emptiness=tuple(emptiness) if choice.with_lengths else ())


def _repeats(tokens, is_open, entropy, null_id):
    """Of two open neighbours with the same token, which each wrote without knowing of the other, the less certain one; (slots,) bool."""
    alike = (tokens[1:] == tokens[:-1]) & is_open[1:] & is_open[:-1] & (tokens[1:] != (-1 if null_id is None else null_id))
    later = entropy[1:] >= entropy[:-1]
    found = np.zeros(len(tokens), bool)
    found[1:] |= alike & later
    found[:-1] |= alike & ~later
    return found


def _with_length_prior(values, places, gap):
    """Where the model decides the length, a fill tends to be about as long as the text it replaces, or as its words if each is one token: empty positions
    are less likely before that length and more likely after it. No prior for insertions."""
    is_counted = isinstance(gap.length, Words)
    expected = gap.length.count if is_counted else gap.old_tokens
    if gap.null_id is None or not expected:
        return values
    weighted = values.copy()
    weighted[:, gap.null_id] += (WORD_PRIOR if is_counted else LENGTH_PRIOR) * np.where(places < expected, -1, 1)
    return weighted
