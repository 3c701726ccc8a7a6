"""Any masked language model of transformers (BERT, RoBERTa, ModernBERT, the bundled model …), read as an absorbing-state diffusion model.

A masked language model trained at all mask rates is exactly the denoiser of MDLM (arXiv:2406.07524) without time conditioning; one trained at
15 % masks is an approximation of it. SUBS: the mask is never predicted, and what is revealed is carried over.
"""

from typing import Any

import numpy as np
import torch

from ..canvas import Canvas, read_vocabulary
from .protocol import Info, Prediction

DEFAULT_LENGTH = 512


class MaskedLMDenoiser:
    """`model`: a transformers *ForMaskedLM module in eval mode; `tokenizer`: its tokenizer with a fast backend."""

    def __init__(self, model: torch.nn.Module, tokenizer: Any, name: str, device: str = "cpu"):
        config = model.config
        self._model = model.eval().to(device)
        self._device = torch.device(device)
        self._split = _split_head(model)
        self.vocabulary = read_vocabulary(tokenizer, config, config.vocab_size)
        self._banned = torch.from_numpy(self.vocabulary.forbidden.copy()).to(self._device)
        if self.vocabulary.null_id is not None:
            self._banned[self.vocabulary.null_id] = False
        self._position_offset = (config.pad_token_id or 0) + 1 if config.model_type in _OFFSET_POSITIONS else 0
        self.info = Info(
            name=name, family=config.model_type, parameters=sum(p.numel() for p in model.parameters()), max_length=_max_length(config, tokenizer)
            - self._position_offset, mask_id=self.vocabulary.mask_id, has_native_length=self.vocabulary.null_id is not None, device=str(device),
            precision=str(next(model.parameters()).dtype).removeprefix("torch."))

    def start(self, canvas: Canvas) -> None:
        """Nothing is kept between steps: both sides of every position may change."""

    def noise(self, canvas: Canvas, rng: np.random.Generator) -> Canvas:
        return canvas.renoise(torch.tensor(self.vocabulary.mask_id))

    @torch.inference_mode()
    def predict(self, canvas: Canvas, positions: torch.Tensor, t: float, cache: None) -> tuple[Prediction, None]:
        """Rows that are alike, as all alternatives are at first, are computed once; the head runs at the asked positions only."""
        rows, inverse = torch.unique(torch.stack([canvas.token_ids, canvas.valid.long()], -1), dim=0, return_inverse=True)
        token_ids, valid = rows[..., 0].to(self._device), rows[..., 1].bool().to(self._device)
        asked = torch.zeros(valid.shape, dtype=torch.bool).scatter_reduce(0, inverse[:, None].expand_as(positions), positions, "amax")
        logits = self._logits(token_ids, None if valid.all() else valid, asked.to(self._device)).float()
        values = torch.log_softmax(logits.masked_fill(self._banned, -torch.inf), -1)  # x_0 is never the mask (MDLM, SUBS)
        number = asked.flatten().cumsum(0).reshape(asked.shape) - 1                   # (unique rows, length): which value stands there
        index = number[inverse][positions]
        return Prediction("x0", values if len(index) == len(values) and bool((index == torch.arange(len(index))).all()) else values[index.to(values.device)]), None

    def _logits(self, token_ids, valid, asked):
        """(asked positions, vocab)."""
        mask = None if valid is None else valid.long()
        if self._split is None:
            return self._model(input_ids=token_ids, attention_mask=mask).logits[asked]
        body, head = self._split
        return head(body(input_ids=token_ids, attention_mask=mask)[0][asked])


_OFFSET_POSITIONS = {"roberta", "xlm-roberta", "camembert", "roberta-prelayernorm", "xlm-roberta-xl", "mpnet", "longformer"}


def _max_length(config, tokenizer):
    """Positions the network has; the tokenizer may allow fewer."""
    limit = getattr(config, "max_position_embeddings", None) or DEFAULT_LENGTH
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
