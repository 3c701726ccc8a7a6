"""The network: a class of transformers' own, so that it loads anywhere without code of ours.

From scratch it is a ModernBERT with global attention in every layer. Beside a BERT of the same size (36.9 and 37.8 M parameters, one
thread, 256 tokens) inference took 198 and 206 ms, 877 and 801 ms for four rows: equal on a CPU. It trains better: norms before the
blocks stand high learning rates, rotary positions know distance from the first step and no table ends at 512, GLU instead of plain
GELU. Sliding layers are left out: a window of some hundred tokens gains nothing from them.
"""

from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch.nn import functional as F
from transformers import AutoConfig, AutoModelForMaskedLM, ModernBertConfig, ModernBertForMaskedLM, PreTrainedModel

from ..errors import OptionError, UnknownModelError
from .tokenizer import BOS, EOS, MASK, NULL, PAD


@dataclass(frozen=True)
class Shape:
    """36.9 M parameters by default."""

    vocab: int = 16384
    width: int = 512
    layers: int = 10
    heads: int = 8
    inner: int = 1152  # of the gated unit
    context: int = 1024


def build(shape: Shape) -> ModernBertForMaskedLM:
    """A random start. Output projections start smaller by sqrt(2·layers) (the class does so), embeddings at 0.02."""
    model = ModernBertForMaskedLM(ModernBertConfig(
        vocab_size=shape.vocab, hidden_size=shape.width, num_hidden_layers=shape.layers, num_attention_heads=shape.heads,
        intermediate_size=shape.inner, max_position_embeddings=shape.context, layer_types=["full_attention"] * shape.layers,
        pad_token_id=PAD, bos_token_id=BOS, eos_token_id=EOS, cls_token_id=BOS, sep_token_id=EOS, tie_word_embeddings=True))
    # Tied to the decoder, whose smaller start would win: at 0.02 the logits' spread is 0.02·sqrt(width), near-uniform but alive.
    torch.nn.init.trunc_normal_(model.get_input_embeddings().weight, std=0.02, a=-0.06, b=0.06)
    return describe(model)


def rebuild(config: dict) -> PreTrainedModel:
    """The network of a saved configuration, its weights random."""
    kind = config["model_type"]
    return AutoModelForMaskedLM.from_config(AutoConfig.for_model(kind, **{k: v for k, v in config.items() if k != "model_type"}))


def go_on(folder: str, tokenizer: Tokenizer) -> PreTrainedModel:
    """The network of an exported model. Raises UnknownModelError for what is none, or has another vocabulary."""
    if not (Path(folder) / "config.json").is_file():
        raise UnknownModelError(f"--inside names an exported model; {folder} has no config.json. Export one first.")
    model = AutoModelForMaskedLM.from_pretrained(folder, dtype=torch.float32, local_files_only=True, trust_remote_code=False)
    if model.config.vocab_size != tokenizer.get_vocab_size():
        raise UnknownModelError(f"--inside takes a model with the vocabulary of DATA, {tokenizer.get_vocab_size()} tokens; {folder} has {model.config.vocab_size}. Pass the model that was made from DATA.")
    return model.train()


def describe(model: PreTrainedModel) -> PreTrainedModel:
    """The model, its configuration saying what a reader of its tokens must know: the special ids and the frame of a document."""
    model.config.update({
        "pad_token_id": PAD, "bos_token_id": BOS, "eos_token_id": EOS, "mask_token_id": MASK, "null_token_id": NULL,
        "frame": "document"})  # <bos> and <eos> stand at a document's start and end only, not around every window
    return model


def logits_at(model: PreTrainedModel, input_ids: torch.Tensor, index: torch.Tensor) -> torch.Tensor:
    """(selected, vocab) logits at the flat positions `index` of (batch, length) ids: the head is a third of the work if run everywhere."""
    if model.config.model_type == "modernbert":
        # The dictionary says "no mask" outright; otherwise a mask for sliding layers, which we have none of, may be built each time.
        hidden = model.model(input_ids=input_ids, attention_mask={"full_attention": None}).last_hidden_state
        return model.decoder(model.head(hidden.flatten(0, 1)[index]))
    if model.config.model_type == "bert":
        hidden = model.bert(input_ids=input_ids).last_hidden_state
        return model.cls(hidden.flatten(0, 1)[index])
    raise OptionError(f"Training knows bert and modernbert; got {model.config.model_type}. Choose another --init.")


def weighted_loss(model: PreTrainedModel, input_ids: torch.Tensor, index: torch.Tensor, targets: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """Mean NLL in nats at the selected positions under their weights; `targets`, `weights` are those of the selection."""
    nll = F.cross_entropy(logits_at(model, input_ids, index).float(), targets, reduction="none")
    return (nll * weights).sum() / weights.sum().clamp(min=1.0)


def flops_per_token(model: PreTrainedModel, length: int, head_share: float) -> float:
    """Forward and backward: 6 per weight used, attention 12·layers·width·length (both triangles), the head at its share of positions."""
    config = model.config
    embedding = model.get_input_embeddings().weight.numel()
    body = sum(p.numel() for p in model.base_model.parameters() if p.dim() == 2) - embedding
    if config.model_type == "bert":
        body -= (config.max_position_embeddings + config.type_vocab_size) * config.hidden_size
    return 6 * (body + head_share * (embedding + config.hidden_size**2)) + 12 * config.num_hidden_layers * config.hidden_size * length
