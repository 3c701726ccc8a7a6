"""The recorded runs of the original samplers: how to run ours under the same conditions, every token admitted and no border to keep."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file

from dlm_editor.canvas import Automaton, Canvas
from dlm_editor.canvas.gap import Gap
from dlm_editor.denoisers.causal import BidirectionalDenoiser
from dlm_editor.denoisers.loading import load_denoiser
from dlm_editor.text import AUTO

FOLDER = Path(__file__).parent / "fixtures" / "parity"


def folder(family: str) -> Path:
    return FOLDER / family


def notes(family: str) -> dict:
    return json.loads((FOLDER / family / "reference.json").read_text())


def tensors(family: str) -> dict[str, torch.Tensor]:
    return load_file(FOLDER / family / "reference.safetensors")


def unfiltered(family: str, guidance: float = 0.0, **changes) -> BidirectionalDenoiser:
    """The denoiser with every token admitted, as the originals have it; `changes` are of its special tokens."""
    network, tokenizer, vocabulary, tokens, traits, info = load_denoiser(str(FOLDER / family / "checkpoint"), "cpu")._parts
    vocabulary = dataclasses.replace(vocabulary, forbidden=np.zeros_like(vocabulary.forbidden))
    traits = dataclasses.replace(traits, guidance=guidance)
    return BidirectionalDenoiser(network, tokenizer, vocabulary, dataclasses.replace(tokens, **changes), traits, info)


def free_gap(size: int, length=AUTO) -> Gap:
    """A gap that admits any tokens."""
    automaton = Automaton(np.ones(size, np.int32), np.array([[-1, 0]], np.int32), np.array([True]))
    return Gap(0, None, length, automaton, 0, b"", b"", False, 0, 0, "\n")


def canvas_of(rows: list[list[int]], mask: int, valid: torch.Tensor | None = None) -> Canvas:
    """Every mask in `rows` is open."""
    longest = max(map(len, rows))
    token_ids = torch.tensor([[*row, *[0] * (longest - len(row))] for row in rows])
    valid = torch.arange(longest)[None] < torch.tensor([len(row) for row in rows])[:, None] if valid is None else valid
    gaps = torch.where((token_ids == mask) & valid, 0, -1)
    return Canvas(token_ids, valid, gaps, torch.zeros_like(valid))
