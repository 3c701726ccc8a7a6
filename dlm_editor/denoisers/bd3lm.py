"""BD3LM (Arriola et al., arXiv:2503.09573): blocks follow one another from left to right, each filled by diffusion.

A position sees its own block and every earlier one. As an editor it knows what follows a hole only as far as the hole's last block reaches
(4 to 16 tokens in all, in the published models): `Info.sees_suffix` is False. Canvases are laid out so that holes see the most, and blocks
are filled from left to right (`Info.block_length`). Everything else is MDLM's.
"""

from dataclasses import replace

from ..errors import UnknownModelError
from .blocks import block_mask
from .checkpoint import Checkpoint
from .dit_denoiser import DiTDenoiser
from .dit_files import check_sizes, describe, read_network, read_vocabulary_of, read_wrapped_shape
from .family import Family
from .placement import Placement

KIND = "bd3lm"


class BD3LMDenoiser(DiTDenoiser):
    """Block-causal, in blocks from the start of the canvas. What stands after the last block that is asked about is not even read."""

    def _logits(self, token_ids, valid, asked, sigma):
        size = self.info.block_length
        end = (int(asked.any(0).nonzero().max()) // size + 1) * size if asked.any() else size
        return super()._logits(token_ids[:, :end], valid[:, :end], asked[:, :end], sigma)

    def _visible(self, valid):
        return block_mask(valid, self.info.block_length)


def check(config: dict, name: str) -> None:
    """`attn_backend` names a kernel and `cross_attn` a layout of training batches: neither changes what is computed here."""
    check_sizes(config, read_wrapped_shape, name)
    block = config.get("block_size")
    if isinstance(block, bool) or not isinstance(block, int) or not 1 <= block <= config["model_length"]:
        raise UnknownModelError(f"block_size of a BD3LM is 1 to its model_length, {config['model_length']}; that of {name!r} is {block!r}. Download config.json "
                                "again.")
    for key, wanted in (("adaln", True), ("causal", False)):
        if config.get(key, wanted) is not wanted:
            raise UnknownModelError(f"A BD3LM must have {key} = {str(wanted).lower()}; config.json of {name!r} says {config[key]!r}: a left-to-right baseline, "
                                    "which cannot fill. Choose a block diffusion checkpoint, like kuleshov-group/bd3lm-owt-block_size16.")


def load(checkpoint: Checkpoint, placement: Placement, name: str) -> BD3LMDenoiser:
    """A text begins with an end of text, as the first block did in training."""
    config = checkpoint.config
    shape = read_wrapped_shape(config)
    network = read_network(checkpoint, shape, placement, name, prefix="backbone.")
    vocabulary = replace(read_vocabulary_of(checkpoint.folder, shape.vocab, name, begins=True), frames_document=True)
    info = describe(network, placement, name, KIND, vocabulary, config["model_length"])
    info = replace(info, sees_suffix=False, block_length=config["block_size"])
    return BD3LMDenoiser(network, vocabulary, info, is_timed=bool(config.get("time_conditioning")))


BD3LM = Family("bd3lm", (KIND,), lambda config: config.get("model_type") == KIND, check, load, classes={"BD3LM": KIND})
