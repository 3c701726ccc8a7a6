"""Any masked language model of transformers (BERT, RoBERTa, ModernBERT, the bundled model …), read as an absorbing-state diffusion model.

A masked language model trained at all mask rates is exactly the denoiser of MDLM (arXiv:2406.07524) without time conditioning; one trained at
15 % masks is an approximation of it. SUBS: the mask is never predicted, and what is revealed is carried over.
"""

import math
from typing import Any

import torch
import transformers
from transformers.models.auto.configuration_auto import CONFIG_MAPPING
from transformers.models.auto.modeling_auto import MODEL_FOR_MASKED_LM_MAPPING_NAMES

from ..canvas import read_vocabulary
from ..errors import UnknownModelError
from .absorbing import AbsorbingDenoiser
from .blend import Blend
from .checkpoint import Checkpoint
from .family import Family, no_check
from .network import load_network, make_config
from .ngrams import read_ngrams
from .placement import Placement
from .protocol import Denoiser, Info
from .tokenizer_files import read_as

DEFAULT_LENGTH = 512
LARGEST_LOGITS = 2**26  # numbers that a head without a split computes at once: 256 MB

# Encoders only: transformers' list also names encoder-decoders, whose decoder does not see what follows.
SUPPORTED = {kind: name for kind, name in sorted(MODEL_FOR_MASKED_LM_MAPPING_NAMES.items()) if name.endswith("ForMaskedLM")}


class MaskedLMDenoiser(AbsorbingDenoiser):
    """`model`: a transformers *ForMaskedLM module in eval mode; `tokenizer`: its tokenizer with a fast backend."""

    def __init__(self, model: torch.nn.Module, tokenizer: Any, name: str, device: str = "cpu"):
        config = model.config
        self._model = model.eval().to(device)
        self._split = _split_head(model)
        vocabulary = read_vocabulary(tokenizer, config, config.vocab_size)
        super().__init__(vocabulary, Info(
            name=name, family=config.model_type, parameters=sum(p.numel() for p in model.parameters()), max_length=_max_length(model, tokenizer),
            mask_id=vocabulary.mask_id, has_native_length=vocabulary.null_id is not None, device=str(device),
            precision=str(next(model.parameters()).dtype).removeprefix("torch."), size_weights=_size_weights(model.config)))
        self._probe()

    def _logits(self, token_ids, valid, asked):
        """(asked positions, vocab), a tensor of our own."""
        mask = None if valid is None else valid.long()
        if self._split is not None:
            body, head = self._split
            return head(body(input_ids=token_ids, attention_mask=mask)[0][asked])
        at_once = max(1, LARGEST_LOGITS // (token_ids.shape[1] * self.vocabulary.size))  # rows: the head runs at all their positions
        parts = []
        for low in range(0, len(token_ids), at_once):
            rows = slice(low, low + at_once)
            parts.append(self._model(input_ids=token_ids[rows], attention_mask=None if mask is None else mask[rows]).logits[asked[rows]])
        return torch.cat(parts)

    @torch.inference_mode()
    def _probe(self):
        """Runs the model once on four tokens. Raises UnknownModelError where it is no masked language model over this vocabulary after all."""
        token_ids = torch.full((1, 4), self.vocabulary.mask_id, device=self._device)
        try:
            shape = tuple(self._logits(token_ids, None, torch.ones((1, 4), dtype=torch.bool, device=self._device)).shape)
        except (RuntimeError, ValueError, TypeError, IndexError, AttributeError) as error:
            shape = f"an error ({str(error).splitlines()[0] if str(error) else type(error).__name__})"
        if shape != (4, self.vocabulary.size):
            raise UnknownModelError(f"A masked language model gives a number for each of its {self.vocabulary.size} tokens at every position; "
                                    f"{self.info.name!r} gave {shape}. Choose another model.")


def _size_weights(config):
    """Raises UnknownModelError for what is no list of numbers."""
    weights = getattr(config, "size_weights", None) or ()
    if not isinstance(weights, list | tuple) or not all(isinstance(x, int | float) and math.isfinite(x) for x in weights):
        raise UnknownModelError(f"size_weights of a configuration must be numbers; got {str(weights)[:60]!r}. Leave them out, or make the model again.")
    return tuple(map(float, weights))


def _max_length(model, tokenizer):
    """Positions that the network has for tokens; the tokenizer may allow fewer. Some families number positions from the padding's on."""
    limit = getattr(model.config, "max_position_embeddings", None) or DEFAULT_LENGTH
    for name, module in model.named_modules():
        if name.endswith("position_embeddings") and getattr(module, "padding_idx", None) is not None and hasattr(module, "num_embeddings"):
            limit = min(limit, module.num_embeddings - module.padding_idx - 1)
    stated = getattr(tokenizer, "model_max_length", None) or limit
    return int(min(limit, stated))


def _split_head(model):
    """Body and head, where the head can run at some positions only; None where it is all one."""
    kind = model.config.model_type
    if kind == "bert":
        return model.bert, model.cls
    if kind in ("roberta", "xlm-roberta", "camembert") and hasattr(model, "lm_head"):
        return getattr(model, model.base_model_prefix), model.lm_head
    if kind == "modernbert":
        return model.model, torch.nn.Sequential(model.head, model.decoder)
    return None


def _load(checkpoint: Checkpoint, placement: Placement, name: str) -> Denoiser:
    """With the counts of token runs that lie beside the weights, where there are any."""
    kind = checkpoint.config["model_type"]
    config = make_config(CONFIG_MAPPING[kind], checkpoint.config, name, SUPPORTED[kind])
    network = load_network(getattr(transformers, SUPPORTED[kind]), config, checkpoint.tensors(name), placement, name, is_strict=False)
    denoiser = MaskedLMDenoiser(network, _tokenizer(checkpoint, config, name), name, placement.device)
    ngrams = read_ngrams(checkpoint.folder, denoiser.vocabulary.size)
    return denoiser if ngrams is None else Blend(denoiser, ngrams)


def _tokenizer(checkpoint: Checkpoint, config: transformers.PreTrainedConfig, name: str) -> Any:
    """The checkpoint's tokenizer: tokenizer.json as it stands, or, where it names no mask, as the class for this type of model reads it."""
    if (checkpoint.folder / "tokenizer.json").is_file():
        tokenizer = read_as(transformers.PreTrainedTokenizerFast, checkpoint.folder, name)
        if tokenizer.mask_token_id is not None or getattr(config, "mask_token_id", None) is not None:
            return tokenizer
    return read_as(transformers.AutoTokenizer, checkpoint.folder, name, config=config, trust_remote_code=False)


MASKED_LM = Family("masked", tuple(SUPPORTED), lambda config: config.get("model_type") in SUPPORTED, no_check, _load, quantises=True,
                   classes={class_name: kind for kind, class_name in reversed(SUPPORTED.items())})
