"""The sampler that a model was made with, where the user names none."""

from ..denoisers import Info
from .entropy_bound import EntropyBound
from .renoising import Renoising
from .sampler import Sampler
from .token_editing import TokenEditing


def own_sampler(info: Info) -> Sampler:
    """Token editing where the model corrects itself, renoising where noise is random tokens, the entropy bound anywhere else."""
    if info.edits_tokens:
        return TokenEditing()
    return Renoising() if info.corruption == "uniform" else EntropyBound()
