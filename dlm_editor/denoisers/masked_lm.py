"""Any masked language model of transformers (BERT, RoBERTa, ModernBERT, the bundled model …), read as an absorbing-state diffusion model.

A masked language model trained at all mask rates is exactly the denoiser of MDLM (arXiv:2406.07524) without time conditioning; one trained at
15 % masks is an approximation of it. SUBS: the mask is never predicted, and what is revealed is carried over.
"""

from typing import Any

import numpy as np
import torch

from ..canvas import Canvas, read_vocabulary
from ..errors import UnknownModelError
from .protocol import Info, Prediction

DEFAULT_LENGTH = 512
LARGEST_LOGITS = 2**26  # numbers that a head without a split computes at once: 256 MB


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
        self.info = Info(
            name=name, family=config.model_type, parameters=sum(p.numel() for p in model.parameters()), max_length=_max_length(model, tokenizer),
            mask_id=self.vocabulary.mask_id, has_native_length=self.vocabulary.null_id is not None, device=str(device),
            precision=str(next(model.parameters()).dtype).removeprefix("torch."))
        self._probe()

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
        values = torch.log_softmax(logits.masked_fill_(self._banned, -torch.inf), -1)  # x_0 is never the mask (MDLM, SUBS)
        number = asked.flatten().cumsum(0).reshape(asked.shape) - 1                    # (unique rows, length): which value stands there
        index = number[inverse][positions]
        is_whole = len(index) == len(values) and bool((index == torch.arange(len(index))).all())
        return Prediction("x0", values if is_whole else values[index.to(values.device)]), None

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
