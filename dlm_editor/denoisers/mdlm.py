"""MDLM (Sahoo et al., arXiv:2406.07524): masked diffusion with the SUBS parameterisation.

The mask is never predicted: its logit is -inf. What is revealed is carried over: of a canvas only masked positions ever change. Without
time conditioning, as published, the network sees σ = 0 at every t: p(x_0 | x_t) depends on t only through what is masked.
"""

from .checkpoint import Checkpoint
from .dit_denoiser import DiTDenoiser
from .dit_files import check_sizes, describe, read_network, read_vocabulary_of, read_wrapped_shape
from .family import Family
from .placement import Placement

KIND = "mdlm"


def check(config: dict, name: str) -> None:
    check_sizes(config, read_wrapped_shape, name)


def load(checkpoint: Checkpoint, placement: Placement, name: str) -> DiTDenoiser:
    """Canvases stand between two ends of text, as the training chunks did."""
    shape = read_wrapped_shape(checkpoint.config)
    network = read_network(checkpoint, shape, placement, name, prefix="backbone.")
    vocabulary = read_vocabulary_of(checkpoint.folder, shape.vocab, name, begins=True, ends=True)
    info = describe(network, placement, name, KIND, vocabulary, checkpoint.config["model_length"])
    return DiTDenoiser(network, vocabulary, info, is_timed=bool(checkpoint.config.get("time_conditioning")))


MDLM = Family("mdlm", (KIND,), lambda config: config.get("model_type") == KIND, check, load, classes={"MDLM": KIND})
