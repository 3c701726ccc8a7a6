"""Diffusion models whose network is a left-to-right architecture read in both directions: LLaDA, Dream, A2D, DiffuLLaMA, DiffuGPT."""

import copy
from dataclasses import dataclass, replace
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import torch

from ..canvas import Vocabulary, read_vocabulary
from ..errors import AbilityError, UnknownModelError
from ..text.length import is_whole
from .absorbing import AbsorbingDenoiser
from .chat import DEFAULT_INSTRUCTION, ChatFrame
from .placement import Placement
from .protocol import Info

LEAST_LENGTH = 2  # tokens on a canvas: one to fill and one to fill it from


@dataclass(frozen=True)
class Tokens:
    """The special tokens of a checkpoint, by id. `begin` and `end` stand around every canvas where they are not None."""

    mask: int
    begin: int | None = None
    end: int | None = None
    stops: tuple[Any, ...] = ()  # end of text, end of turn, padding: no fill may hold them. As a config has them: a number, several, or none
    expand: int | None = None           # "two masks instead of one" (DreamOn)
    delete: int | None = None           # "nothing here" (DreamOn)


@dataclass(frozen=True)
class Traits:
    """What sets a family apart."""

    family: str
    is_shifted: bool = False           # the hidden state at i − 1 predicts position i, as in the model it was adapted from
    takes_guidance: bool = False
    frame: ChatFrame | None = None     # of a checkpoint that follows instructions
    guidance: float = 0.0              # s in u + (1 + s)(c − u); 0 is the conditional prediction alone


class BidirectionalDenoiser(AbsorbingDenoiser):
    """`network`: a *ForCausalLM or *LMHeadModel of transformers that `both_ways` was applied to; `vocabulary` as `read_tokens` gives it."""

    def __init__(self, network: torch.nn.Module, tokenizer: Any, vocabulary: Vocabulary, tokens: Tokens, traits: Traits, info: Info):
        resizes = tokens.expand is not None and tokens.delete is not None
        super().__init__(vocabulary, replace(info, family=traits.family, mask_id=tokens.mask, follows_instructions=traits.frame is not None,
                                             takes_guidance=traits.takes_guidance, has_native_length=resizes,
                                             expand_id=tokens.expand, delete_id=tokens.delete),
                         admitted=(tokens.expand, tokens.delete) if resizes else ())
        self._body, self._head = network.base_model, network.get_output_embeddings()
        self._parts = (network, tokenizer, vocabulary, tokens, traits, info)
        self.adapted = lru_cache(maxsize=8)(self._adapt)  # not on the class, where it would keep networks alive
        self._tokens, self._traits = tokens, traits
        if traits.frame is not None:
            self.vocabulary = framed(vocabulary, *traits.frame.ids(tokenizer, vocabulary, DEFAULT_INSTRUCTION))

    def _adapt(self, instruction: str | None = None, guidance: float = 0.0) -> "BidirectionalDenoiser":
        """The same model with an instruction in the user's turn, and with classifier-free guidance of that scale. Raises AbilityError."""
        network, tokenizer, vocabulary, tokens, traits, info = self._parts
        if instruction is not None and traits.frame is None:
            raise AbilityError(f"An instruction needs a model that was tuned to follow one; {self.info.name!r} was not. Choose its instruct "
                               "version, like GSAI-ML/LLaDA-8B-Instruct, or leave the instruction out.")
        if guidance and not traits.takes_guidance:
            raise AbilityError(f"Guidance needs a model of the llada family; {self.info.name!r} is of {traits.family}. Leave guidance out, or choose "
                               "GSAI-ML/LLaDA-8B-Base.")
        other = type(self)(network, tokenizer, vocabulary, tokens, replace(traits, guidance=guidance), info)
        if instruction is not None:
            other.vocabulary = framed(vocabulary, *traits.frame.ids(tokenizer, vocabulary, instruction))
        return other

    def _row_logits(self, token_ids, valid, editable, asked):
        """With guidance a second pass sees none of the given tokens (LLaDA, arXiv:2502.09992, Eq. 16)."""
        logits = super()._row_logits(token_ids, valid, editable, asked)
        if not self._traits.guidance:
            return logits
        blank = torch.where(editable | ~valid, token_ids, self._tokens.mask)
        without = super()._row_logits(blank, valid, editable, asked).float()
        return without + (1 + self._traits.guidance) * (logits.float() - without)

    def _logits(self, token_ids, valid, asked):
        length = token_ids.shape[1]
        places = torch.arange(length, device=token_ids.device).expand_as(token_ids)
        number = places if valid is None else (valid.long().cumsum(1) - 1).clamp(min=0)
        hidden = self._body(input_ids=token_ids, attention_mask=None if valid is None else valid.long(), position_ids=number, use_cache=False)[0]
        row, place = asked.nonzero(as_tuple=True)
        if self._traits.is_shifted:  # the first token has no predecessor: its own state stands in
            before = (place - 1).clamp(min=0)
            place = before if valid is None else torch.where(valid[row, before], before, place)
        return self._head(hidden[row, place])


def framed(vocabulary, before, after):
    """The vocabulary with other tokens around every canvas; what was computed of it is kept."""
    framed = copy.copy(vocabulary)
    object.__setattr__(framed, "prefix_ids", before)
    object.__setattr__(framed, "suffix_ids", after)
    return framed


def both_ways(network: torch.nn.Module) -> torch.nn.Module:
    """The network with attention to both sides. Both switches are needed: the config's makes masks for padding, the modules' holds without one."""
    network.config.is_causal = False
    for module in network.modules():
        if hasattr(module, "is_causal"):
            module.is_causal = False
    return network


def read_tokens(tokenizer: Any, tokens: Tokens, size: int) -> Vocabulary:
    """The vocabulary of `size` tokens with the special ones forbidden, and those that begin and end a canvas in their places."""
    vocabulary = read_vocabulary(tokenizer, SimpleNamespace(mask_token_id=tokens.mask), size)
    forbidden = vocabulary.forbidden.copy()
    special = (tokens.mask, tokens.begin, tokens.end, tokens.expand, tokens.delete, *tokens.stops)
    named = [token for value in special for token in (value if isinstance(value, list | tuple) else (value,))]  # a config may give several
    forbidden[[token for token in named if is_whole(token) and 0 <= token < size]] = True
    whole = lambda token: () if token is None else (token,)
    return replace(vocabulary, mask_id=tokens.mask, forbidden=forbidden, prefix_ids=whole(tokens.begin), suffix_ids=whole(tokens.end))


def special_id(tokenizer: Any, *texts: str | None) -> int | None:
    """The id of the first of these tokens that the tokenizer has."""
    for text in texts:
        found = tokenizer.convert_tokens_to_ids(text) if text else None
        if found is not None and (found != tokenizer.unk_token_id or text == tokenizer.unk_token):
            return found
    return None


def mask_id(config: dict, tokenizer: Any, size: int, name: str, *texts: str) -> int:
    """The mask's id: the config's, the tokenizer's, or that of the first of `texts`. Raises UnknownModelError where there is none below `size`."""
    found = next((value for value in (config.get("mask_token_id"), tokenizer.mask_token_id, special_id(tokenizer, *texts)) if value is not None), None)
    if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found < size:
        raise UnknownModelError(f"A diffusion model needs a mask token among its {size} tokens; config and tokenizer of {name!r} name {found}. "
                                "Write its id into config.json as mask_token_id, or choose another model.")
    return found


def describe(network: torch.nn.Module, placement: Placement, name: str, max_length: int) -> Info:
    """What is known of any network; the denoiser adds the rest. Raises UnknownModelError for a length that is none."""
    if max_length < LEAST_LENGTH:
        raise UnknownModelError(f"A model must see at least {LEAST_LENGTH} tokens at a time; config.json of {name!r} says {max_length}. Download it again.")
    return Info(name=name, family="", parameters=sum(p.numel() for p in network.parameters()), max_length=max_length, device=placement.device,
                precision=placement.precision)
