"""The recorded runs of the samplers of MDLM, SEDD and BD3LM, played again with ours.

The originals draw a token, or the mask, as argmax q_y / g_y with g_y = 1e-10 − log(u_y + 1e-10): a race of exponential clocks. With c the
probability that any token wins, the clocks split into two independent draws: which token, argmax p_y / g_y under p = q / c; and R = A / (A
+ g_mask), A = min g_y / p_y, which is uniform on (0, 1) and below c exactly where a token beats the mask. The token and R are what our
samplers ask for.
"""

import copy
from pathlib import Path

import torch
from parity import canvas_of
from safetensors.torch import load_file

from dlm_editor.canvas import Canvas
from dlm_editor.denoisers.loading import load_denoiser
from dlm_editor.sampling import Proposal, Sampler, Tick

PARITY = Path(__file__).parent / "fixtures" / "parity"
LEAST_T = 1e-5  # where the originals stop and remove the noise that is left


def folder(family: str) -> Path:
    return PARITY / family / "checkpoint"


def weights(family: str) -> dict[str, torch.Tensor]:
    """Of the recorded checkpoint, without prefix and scalars."""
    found = load_file(folder(family) / "model.safetensors")
    return {name.removeprefix("backbone."): tensor for name, tensor in found.items() if "sampling_eps" not in name}


def unfiltered(family: str, is_timed: bool | None = None):
    """The denoiser of the recorded checkpoint with all tokens but the mask admitted, as the originals have it."""
    denoiser = copy.copy(load_denoiser(str(folder(family)), "cpu"))
    denoiser._banned = torch.arange(denoiser.vocabulary.size) == denoiser.vocabulary.mask_id
    denoiser._is_timed = denoiser._is_timed if is_timed is None else is_timed
    return denoiser


class Noise:
    """The k-th draw of a recorded run."""

    def __init__(self, notes: dict):
        self._generator = torch.Generator().manual_seed(notes["seed"]) if notes["mode"] == "seeded" else None
        self.first_values, self.calls = notes["first_values"], 0

    def clocks(self, *shape: int) -> torch.Tensor:
        """g, of `shape`."""
        u = torch.full(shape, 0.5) if self._generator is None else torch.rand(shape, generator=self._generator)
        assert self.calls or torch.allclose(u.flatten()[:4], torch.tensor(self.first_values))
        self.calls += 1
        return 1e-10 - torch.log(u + 1e-10)


class Script:
    """A generator of random numbers that gives those of a list."""

    def __init__(self, numbers: torch.Tensor):
        self._numbers = numbers

    def random(self, length: int):
        assert length == len(self._numbers)
        return self._numbers.double().numpy()


def propose(canvas: Canvas, tokens: torch.Tensor, mass: torch.Tensor | None) -> Proposal:
    """`tokens`, `mass`: at the masked positions, in order."""
    zeros = torch.zeros(canvas.token_ids.shape)
    spread = None if mass is None else zeros.masked_scatter(canvas.masked, mass)
    return Proposal(canvas.token_ids.masked_scatter(canvas.masked, tokens), zeros, zeros, zeros, zeros, canvas.editable, torch.zeros_like(canvas.committed), spread)


def play(denoiser, sampler: Sampler, rows: list[list[int]], steps: int, noise: Noise, ends_with_noise: bool) -> tuple[list, list]:
    """Token ids before each call of the network, and at the end: the originals' grid of times, `steps` from 1 down to LEAST_T, and what is
    left after it.

    `ends_with_noise`: the last draw is one too, over all tokens but the mask, not the likeliest token.
    """
    canvas, seen = canvas_of(rows, denoiser.vocabulary.mask_id), []
    shape, size = canvas.token_ids.shape, denoiser.vocabulary.size
    times = [*torch.linspace(1, LEAST_T, steps + 1).tolist(), 0.0]
    for number, (t, s) in enumerate(zip(times, times[1:])):
        seen.append(canvas.token_ids.tolist())
        is_last = number == steps
        prediction, _ = denoiser.predict(canvas, canvas.masked, t, None)
        p = prediction.x0.exp()
        if is_last and not ends_with_noise:
            tokens, chance = p.argmax(-1), torch.zeros(shape)
        else:
            clocks = noise.clocks(*shape, size - is_last)
            clocks = torch.cat([clocks, torch.ones(*shape, 1)], -1) if is_last else clocks
            races = clocks[canvas.masked] / p  # infinite at the mask, which is the last token
            tokens, first = races.argmin(-1), races.amin(-1)
            chance = torch.zeros(shape).masked_scatter(canvas.masked, first / (first + clocks[canvas.masked][:, -1]))
        proposal = propose(canvas, tokens, prediction.mass)
        canvas, _ = sampler.step(proposal, canvas, (Tick(t, s, 0),) * len(rows), None, tuple(map(Script, chance)))
    return seen, canvas.token_ids.tolist()
