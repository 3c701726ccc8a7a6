"""DiffusionGemma: noise is random tokens, the text before the first hole is read once from left to right, what follows it stands on a canvas that is
seen from both sides.

The canvas begins at the first open position of a row; its fixed tokens are given at every step, and the model is told of them as certain. What it told
itself at one step (the prediction at the temperature of its schedule) it hears at the next: that travels in the cache.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import torch
import transformers

from ..canvas import Canvas
from ..errors import AbilityError, UnknownModelError
from .causal import Tokens, describe, framed, read_tokens, special_id
from .chat import DEFAULT_INSTRUCTION, ChatFrame
from .checkpoint import Checkpoint
from .family import Family
from .network import load_network, make_config
from .placement import Placement
from .protocol import Info, Prediction
from .tokenizer_files import read_fast_tokenizer

HOT, COLD = 0.8, 0.4  # temperature of the prediction at t = 1 and t = 0, as transformers' generation has them
TURN, END_OF_TURN = "<|turn>", "<turn|>"


@dataclass(frozen=True, eq=False)
class Memory:
    """What is kept between steps. The tuples have one entry for each row."""

    encoded: dict[tuple[int, ...], Any]                     # DynamicCache by the tokens before the canvas
    prefixes: tuple[tuple[int, ...], ...]
    heard: tuple[tuple[torch.Tensor, torch.Tensor] | None, ...]  # positions of the row, (n,) int64, and logits at the last step, (n, vocab)

    def take(self, rows: torch.Tensor) -> "Memory":
        numbers = rows.tolist()
        return replace(self, prefixes=tuple(self.prefixes[n] for n in numbers), heard=tuple(self.heard[n] for n in numbers))

    def put(self, rows: torch.Tensor, other: "Memory") -> "Memory":
        heard = list(self.heard)
        for number, entry in zip(rows.tolist(), other.heard, strict=True):
            heard[number] = entry
        return replace(self, heard=tuple(heard))


class DiffusionGemmaDenoiser:
    """`network` in eval mode; `vocabulary` with a beginning of text among its prefix."""

    def __init__(self, network: torch.nn.Module, tokenizer: Any, vocabulary, info: Info, frame: ChatFrame | None = None):
        self._parts = (network, tokenizer, vocabulary, info, frame)
        self.adapted = lru_cache(maxsize=8)(self._adapt)  # not on the class, where it would keep networks alive
        self._network, self._frame = network, frame
        self._device = torch.device(info.device)
        self._banned = torch.from_numpy(vocabulary.forbidden.copy()).to(self._device)
        self.vocabulary = vocabulary if frame is None else framed(vocabulary, *frame.ids(tokenizer, vocabulary, DEFAULT_INSTRUCTION))
        self.info = replace(info, family="diffusion_gemma", corruption="uniform", mask_id=None, follows_instructions=frame is not None)

    def _adapt(self, instruction: str | None = None, guidance: float = 0.0) -> "DiffusionGemmaDenoiser":
        """The same model with an instruction in the user's turn. Raises AbilityError."""
        network, tokenizer, vocabulary, info, frame = self._parts
        if guidance:
            raise AbilityError(f"Guidance needs a model of the llada family; {self.info.name!r} is of diffusion_gemma. Leave guidance out, or choose "
                               "GSAI-ML/LLaDA-8B-Base.")
        if instruction is None:
            return self
        if frame is None:
            raise AbilityError(f"An instruction needs a model whose tokenizer has the marks of a conversation; that of {self.info.name!r} lacks {TURN}. "
                               "Leave the instruction out.")
        other = DiffusionGemmaDenoiser(*self._parts)
        other.vocabulary = framed(vocabulary, *frame.ids(tokenizer, vocabulary, instruction))
        return other

    @torch.inference_mode()
    def start(self, canvas: Canvas) -> Memory:
        """Reads what stands before the first open position of each row, once for rows that begin alike."""
        prefixes = tuple(tuple(row[valid][:(~editable[valid]).cumprod(0).sum()].tolist()) or self.vocabulary.prefix_ids[:1]
                         for row, valid, editable in zip(canvas.token_ids, canvas.valid, canvas.editable))
        return Memory({prefix: self._encode(prefix) for prefix in dict.fromkeys(prefixes)}, prefixes, (None,) * len(prefixes))

    def _encode(self, prefix):
        encoder, known = self._network.model.encoder, transformers.DynamicCache(config=self._network.config.text_config)
        return encoder(input_ids=torch.tensor([prefix], device=self._device), past_key_values=known).past_key_values

    def noise(self, canvas: Canvas, rng: np.random.Generator) -> Canvas:
        """Tokens of the whole vocabulary, special ones too, as the model was trained. A row's do not depend on how many rows there are."""
        seed, (rows, length) = int(rng.integers(2**63)), canvas.token_ids.shape
        drawn = [np.random.default_rng([seed, row]).integers(self.vocabulary.size, size=length) for row in range(rows)]
        return canvas.renoise(torch.from_numpy(np.stack(drawn)))

    @torch.inference_mode()
    def predict(self, canvas: Canvas, positions: torch.Tensor, t: float | torch.Tensor, cache: Memory) -> tuple[Prediction, Memory]:
        """log p at the temperature that falls from HOT to COLD with `t`: what the model's own sampler works with, and what it hears next.

        One row after another: in a batch a row's last digits depend on the others, and what the model tells itself makes them grow from step to step.
        """
        heat = (COLD + (HOT - COLD) * torch.as_tensor(t, dtype=torch.float32).expand(len(canvas.token_ids))).tolist()
        values, heard = [], []
        for row, prefix in enumerate(cache.prefixes):
            places = positions[row].nonzero()[:, 0]
            logits = self._logits(canvas, row, cache.encoded[prefix], cache.heard[row], places) / heat[row]
            heard.append((places, logits.to(self._network.dtype)))
            values.append(torch.log_softmax(logits.masked_fill(self._banned, -torch.inf), -1))
        return Prediction("x0", torch.cat(values)), replace(cache, heard=tuple(heard))

    def _logits(self, canvas, row, encoded, heard, places):
        """Raw logits of one row at `places`, (asked, vocab) float32."""
        begin = int(canvas.editable[row].long().argmax())
        token_ids = canvas.token_ids[row, begin:][canvas.valid[row, begin:]][None].to(self._device)
        told = None if heard is None else self._told(token_ids, heard[0] - begin, heard[1])
        out = self._network(decoder_input_ids=token_ids, past_key_values=encoded, self_conditioning_logits=told)
        return out.logits[0, (places - begin).to(self._device)]

    def _told(self, token_ids, places, logits):
        """The prediction of the step before, (1, width, vocab), certain of what it was not asked about."""
        told = torch.full((*token_ids.shape, self.vocabulary.size), -torch.inf, dtype=self._network.dtype, device=self._device)
        told.scatter_(-1, token_ids[..., None], 0.0)
        told[0, places.to(self._device)] = logits
        return told


def check(config: dict, name: str) -> None:
    """Raises UnknownModelError where the config is not that of a text model with a canvas."""
    text, length = config.get("text_config"), config.get("canvas_length")
    if not isinstance(text, dict) or isinstance(length, bool) or not isinstance(length, int) or length < 2:
        raise UnknownModelError(f"config.json of a DiffusionGemma model must give a text_config and a canvas_length of 2 or more; that of {name!r} gives "
                                f"canvas_length={length!r}. Download it again.")


def _load(checkpoint: Checkpoint, placement: Placement, name: str) -> DiffusionGemmaDenoiser:
    config = make_config(transformers.DiffusionGemmaConfig, checkpoint.config, name, "DiffusionGemma model")
    text = config.text_config
    network = load_network(transformers.DiffusionGemmaForBlockDiffusion, config, checkpoint.tensors(name), placement, name)
    tokenizer = read_fast_tokenizer(checkpoint.folder, name)
    ends = text.eos_token_id if isinstance(text.eos_token_id, list) else [text.eos_token_id]
    begin = text.bos_token_id if text.bos_token_id is not None else tokenizer.bos_token_id
    if begin is None:
        raise UnknownModelError(f"A DiffusionGemma model must name the token that begins a text; config.json and tokenizer of {name!r} name none. "
                                "Download it again.")
    turn, end_of_turn = special_id(tokenizer, TURN), special_id(tokenizer, END_OF_TURN)
    stops = (*ends, text.pad_token_id, config.image_token_id, config.boi_token_id, config.eoi_token_id, turn, end_of_turn)
    vocabulary = read_tokens(tokenizer, Tokens(text.pad_token_id or 0, begin, stops=stops), text.vocab_size)
    frame = None
    if None not in (turn, end_of_turn):
        opening = tokenizer.convert_ids_to_tokens(begin)
        frame = ChatFrame(f"{opening}{TURN}user\n", f"{END_OF_TURN}\n{TURN}model\n", END_OF_TURN)
    info = describe(network, placement, name, min(config.canvas_length, text.max_position_embeddings))
    return DiffusionGemmaDenoiser(network, tokenizer, vocabulary, info, frame)


DIFFUSION_GEMMA = Family("diffusion_gemma", ("diffusion_gemma",), lambda config: config.get("model_type") == "diffusion_gemma", check, _load,
                         classes={"DiffusionGemmaForBlockDiffusion": "diffusion_gemma"})
