"""SEDD with the absorbing graph (Lou et al., arXiv:2310.16834): the network gives score entropy's ratios, not probabilities.

At noise level σ its output, less log(e^σ − 1) + log(V − 1), V tokens with the mask, is the logarithm of

    score(y) = p_t(x_t with y at this position) / p_t(x_t),        and score(own token) = 1.

At a masked position of the absorbing process score(y) = p(x_0 = y | what is revealed) / (e^σ − 1) (RADD, arXiv:2406.03736, Theorem 1). So
normalised over the tokens it is p(x_0 | x_t), the view on which constraints and borders work (`Prediction.x0`); what is lost in
normalising, (e^σ − 1) Σ_y score(y), is kept as `Prediction.mass` for the sampler that SEDD was published with (`sampling.Analytic`).
"""

import math
from dataclasses import replace

import torch

from ..canvas import Vocabulary
from ..errors import UnknownModelError
from .checkpoint import Checkpoint
from .dit import DiT, DiTShape
from .dit_denoiser import DiTDenoiser
from .dit_files import check_sizes, describe, read_network, read_vocabulary_of
from .family import Family
from .placement import Placement
from .protocol import Info, Prediction

PARTS = ("graph", "model", "noise", "tokens")  # of a training config, by which it is recognised: it names no type


class SEDDDenoiser(DiTDenoiser):
    """Sees the noise level at every step."""

    def __init__(self, network: DiT, vocabulary: Vocabulary, info: Info, scales_by_sigma: bool = True):
        super().__init__(network, vocabulary, replace(info, prediction="score"), is_timed=True)
        self._scales_by_sigma = scales_by_sigma

    def _read(self, logits, token_ids, sigma):
        """As `Prediction` has it. A revealed token has the score 1; scores of other tokens beside it say nothing of x_0."""
        noise = sigma.expm1().log()
        if self._scales_by_sigma:
            logits = logits - noise[:, None] - math.log(self.vocabulary.size - 1)
        mass = (logits.index_fill(-1, torch.tensor(self.vocabulary.mask_id, device=logits.device), -torch.inf).logsumexp(-1) + noise).exp()
        values = logits.scatter(-1, token_ids[:, None], 0.0).masked_fill(self._banned, -torch.inf)
        return Prediction("score", values, mass)


def claims(config: dict) -> bool:
    return "model_type" not in config and all(part in config for part in PARTS) and all(isinstance(config[part], dict) for part in PARTS[:3])


def read_shape(config: dict) -> DiTShape:
    """`tokens` leaves the mask out. Raises KeyError and TypeError."""
    model = config["model"]
    return DiTShape(config["tokens"] + 1, model["hidden_size"], model["n_blocks"], model["n_heads"], model["cond_dim"])


def check(config: dict, name: str) -> None:
    """Raises UnknownModelError for graphs and schedules whose mathematics differ."""
    for part, kind in (("graph", "absorb"), ("noise", "loglinear")):
        if config[part].get("type") != kind:
            raise UnknownModelError(f"A SEDD checkpoint must have {part}.type = {kind!r}; config.json of {name!r} says {config[part].get('type')!r}. Choose "
                                    "louaaron/sedd-small or louaaron/sedd-medium.")
    check_sizes({**config, "model_length": config["model"].get("length")}, read_shape, name)


def load(checkpoint: Checkpoint, placement: Placement, name: str) -> SEDDDenoiser:
    config, shape = checkpoint.config, read_shape(checkpoint.config)
    network = read_network(checkpoint, shape, placement, name)
    vocabulary = read_vocabulary_of(checkpoint.folder, shape.vocab, name)
    info = describe(network, placement, name, "sedd", vocabulary, config["model"]["length"])
    return SEDDDenoiser(network, vocabulary, info, bool(config["model"].get("scale_by_sigma", True)))


SEDD = Family("sedd", ("sedd (absorbing)",), claims, check, load)
