"""What was committed is corrected while the rest is filled in, and after."""

from dataclasses import dataclass, replace

import numpy as np
import torch

from ..errors import AbilityError, OptionError
from ..text.length import is_whole
from .sampler import Forward
from .schedule import LinearSchedule, Tick
from .threshold import certain, check_probability

KEPT, OTHER = -20.0, -40.0  # log-weights of the token that stands, and of any other, where another is wanted


@dataclass(frozen=True)
class EditingSchedule:
    """The ticks of `LinearSchedule`, then `post_steps` more, on which nothing is left to commit. Without a minimum, none more."""

    post_steps: int
    is_minimum: bool = True

    def ticks(self, masked: int, steps: int) -> tuple[Tick, ...]:
        more = min(self.post_steps, max(0, steps - 1)) if self.is_minimum else 0
        return LinearSchedule(self.is_minimum).ticks(masked, steps - more) + (Tick(0.0, 0.0, 0, self.is_minimum),) * more


@dataclass(frozen=True)
class TokenEditing(Forward):
    """Commits as `Threshold` does, and in the same step replaces a committed token v by v* = argmax p where v* ≠ v and p(v*) > τ_edit (LLaDA2.1's
    joint decoding). A block is left when nothing in it is masked and nothing was replaced, or after `post_steps` steps without masks.

    Under a constraint all replacements and commits of a step are chosen together: the admitted text in which the most of them stand. One that the
    constraint does not admit beside the others is not made.
    """

    threshold: float = 0.7
    editing_threshold: float = 0.5
    post_steps: int = 16

    def __post_init__(self):
        check_probability("threshold", self.threshold)
        check_probability("editing threshold", self.editing_threshold)
        if not is_whole(self.post_steps) or not 0 <= self.post_steps <= 256:
            raise OptionError(f"Steps after the last mask are 0 to 256; got {self.post_steps}. 16 is enough for most texts.")

    @property
    def schedule(self) -> EditingSchedule:
        return EditingSchedule(self.post_steps)

    def check(self, info):
        if not info.edits_tokens:
            raise AbilityError(f"Token editing needs a model that was trained to correct its own tokens; {info.name!r} was not. Choose another sampler, "
                               "like confidence, or a model like inclusionAI/LLaDA2.1-mini.")

    def auto_steps(self, masked: int) -> int:
        return masked + self.post_steps

    def start(self, canvas):
        """Steps without masks, and whether the row lingers, each (rows,)."""
        rows = len(canvas.token_ids)
        return torch.zeros(rows, dtype=torch.int64), torch.zeros(rows, dtype=torch.bool)

    def reopen(self, canvas, given, active):
        return replace(canvas, committed=canvas.committed & (given | ~active))

    def propose(self, ask, values, canvas, opened):
        stands = canvas.committed[opened.masked].numpy()
        proposal = ask(self._weighed(values, stands, canvas.token_ids[opened.masked].numpy()))
        row, at = opened.masked.nonzero(as_tuple=True)
        own = torch.from_numpy(values)[torch.arange(len(values)), proposal.tokens[row, at]]  # the model's, not the weighed one
        logprob, certainty = proposal.logprob.clone(), proposal.certainty.clone()
        logprob[row, at] = own
        again = torch.from_numpy(stands)
        certainty[row[again], at[again]] = own[again].exp()
        return replace(proposal, logprob=logprob, certainty=certainty)

    def _weighed(self, values, stands, tokens):
        """The prediction with a wish in place of it where a token `stands`, (open,) bool: that it stays, or becomes the one the model is sure of."""
        weighed, places = values.copy(), np.flatnonzero(stands)
        best = values[places].argmax(1)
        wished = np.where(values[places, best] > np.log(max(self.editing_threshold, 1e-30)), best, tokens[places])
        weighed[places] = np.where(np.isneginf(values[places]), -np.inf, OTHER)
        weighed[places, tokens[places]] = KEPT
        weighed[places, wished] = 0.0
        return weighed

    def step(self, proposal, canvas, ticks, state, rngs):
        had_masks = proposal.eligible(canvas).any(1)
        replaced = proposal.active & canvas.committed & (proposal.tokens != canvas.token_ids)
        after = canvas.commit(certain(proposal, canvas, ticks, self.threshold), proposal.tokens)
        after = replace(after, token_ids=torch.where(replaced, proposal.tokens, after.token_ids))
        post = torch.where(had_masks, 0, state[0] + 1)
        return after, (post, (had_masks | replaced.any(1)) & (post < self.post_steps))

    def lingers(self, canvas, state):
        return state[1]
