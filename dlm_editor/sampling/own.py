"""The sampler that a model was made with, where the user names none."""

from ..denoisers import Info
from .analytic import Analytic
from .entropy_bound import EntropyBound
from .renoising import Renoising
from .sampler import Sampler
from .token_editing import TokenEditing


def own_sampler(info: Info) -> Sampler:
    """Token editing where the model corrects itself, renoising where noise is random tokens, SEDD's own where it gives scores, which hold
    for the time that they were asked at and want a sampler that keeps time; the entropy bound anywhere else."""
    if info.prediction == "score":
        return Analytic()
    if info.edits_tokens:
        return TokenEditing()
    return Renoising() if info.corruption == "uniform" else EntropyBound()
