"""The diffusion transformer that MDLM, BD3LM and SEDD share: one network under three kinds of output and attention.

A pre-norm transformer whose every layer is modulated by a condition c = SiLU(MLP(features of the noise level σ)) (DiT, arXiv:2212.09748; as
a language model SEDD, arXiv:2310.16834, MDLM, arXiv:2406.07524, and BD3LM, arXiv:2503.09573). With (shift, scale, gate) of the attention
and of the MLP linear in c:

    x ← x + gate_a · W_o attention(modulate(norm(x), shift_a, scale_a))        modulate(x, shift, scale) = x · (1 + scale) + shift
    x ← x + gate_m · mlp(modulate(norm(x), shift_m, scale_m))

Names of modules are those of the published files, so that a state dict loads as it stands. Numbers follow torch's types: weights may be
bfloat16, while norms, rotation angles and noise features are computed in float32.
"""

import math
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F

FEATURES = 256      # width of the sinusoidal features of σ
MLP_RATIO = 4       # fixed in the original code; no config names it
LONGEST_WAVE = 1e4  # of the noise features and of the rotation alike


@dataclass(frozen=True)
class DiTShape:
    """Sizes of the network; `vocab` counts the mask."""

    vocab: int
    hidden: int
    blocks: int
    heads: int
    condition: int


class DiT(nn.Module):
    """Logits of every token, at every position or at those asked for."""

    def __init__(self, shape: DiTShape):
        super().__init__()
        self.shape = shape
        self.vocab_embed = _Embedding(shape.vocab, shape.hidden)
        self.sigma_map = _NoiseLevel(shape.condition)
        self.rotary_emb = Rotary(shape.hidden // shape.heads)
        self.blocks = nn.ModuleList(_Block(shape.hidden, shape.heads, shape.condition) for _ in range(shape.blocks))
        self.output_layer = _Output(shape.hidden, shape.vocab, shape.condition)

    def forward(self, token_ids: torch.Tensor, sigma: torch.Tensor, visible: torch.Tensor | None = None,
                positions: torch.Tensor | None = None, asked: torch.Tensor | None = None) -> torch.Tensor:
        """(batch, length, vocab), or (asked, vocab) where `asked`, (batch, length) bool, names positions: the head runs at those only.

        `sigma`: (batch,) float32. `visible`: bool that broadcasts to (batch, length, length), True where a position (row) sees another
        (column); None: all see all. `positions`: (length,) places for the rotation; None: 0, 1, 2, …
        """
        x = self.vocab_embed(token_ids)
        condition = F.silu(self.sigma_map(sigma)).to(x.dtype)  # (batch, condition)
        places = torch.arange(token_ids.shape[1], device=x.device) if positions is None else positions
        rotation = self.rotary_emb(places)
        seen = None if visible is None else visible.expand(len(x), *visible.shape[-2:])[:, None]
        for block in self.blocks:
            x = block(x, condition, rotation, seen)
        if asked is None:
            return self.output_layer(x, condition[:, None])
        return self.output_layer(x[asked], condition[asked.nonzero()[:, 0]])


class _Embedding(nn.Module):
    def __init__(self, vocab, hidden):
        super().__init__()
        self.embedding = nn.Parameter(torch.zeros(vocab, hidden))

    def forward(self, token_ids):
        return self.embedding[token_ids]


class _NoiseLevel(nn.Module):
    """(batch,) σ → (batch, condition): cosines, then sines, of geometric frequencies, through an MLP."""

    def __init__(self, condition):
        super().__init__()
        self.mlp = nn.Sequential(nn.Linear(FEATURES, condition), nn.SiLU(), nn.Linear(condition, condition))

    def forward(self, sigma):
        half = FEATURES // 2
        frequencies = torch.exp(-math.log(LONGEST_WAVE) * torch.arange(half, dtype=torch.float32, device=sigma.device) / half)
        angles = sigma.float()[:, None] * frequencies
        return self.mlp(torch.cat([angles.cos(), angles.sin()], -1).to(self.mlp[0].weight.dtype))


class Rotary(nn.Module):
    """(length,) places → cos and sin of their angles, (length, head) float32 each. The frequencies stand in the files."""

    def __init__(self, head):
        super().__init__()
        self.register_buffer("inv_freq", self.frequencies(head))

    @staticmethod
    def frequencies(head: int) -> torch.Tensor:
        """(head / 2,) float32, in radians a place."""
        return 1.0 / LONGEST_WAVE ** (torch.arange(0, head, 2, dtype=torch.float32) / head)

    def forward(self, places):
        angles = places[:, None].float() * self.inv_freq.float()
        return torch.cat([angles.cos()] * 2, -1), torch.cat([angles.sin()] * 2, -1)


class _Norm(nn.Module):
    """Layer norm in float32, with a weight and no bias."""

    def __init__(self, hidden):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(hidden))

    def forward(self, x):
        return F.layer_norm(x.float(), self.weight.shape, self.weight.float(), eps=1e-5).to(x.dtype)


class _Block(nn.Module):
    def __init__(self, hidden, heads, condition):
        super().__init__()
        self.heads = heads
        self.norm1 = _Norm(hidden)
        self.attn_qkv = nn.Linear(hidden, 3 * hidden, bias=False)
        self.attn_out = nn.Linear(hidden, hidden, bias=False)
        self.norm2 = _Norm(hidden)
        self.mlp = nn.Sequential(nn.Linear(hidden, MLP_RATIO * hidden), nn.GELU("tanh"), nn.Linear(MLP_RATIO * hidden, hidden))
        self.adaLN_modulation = nn.Linear(condition, 6 * hidden)

    def forward(self, x, condition, rotation, seen):
        """`condition`: (batch, condition); `seen`: (batch, 1, length, length) bool or None."""
        shift_a, scale_a, gate_a, shift_m, scale_m, gate_m = self.adaLN_modulation(condition)[:, None].chunk(6, -1)
        x = x + gate_a * self._attend(_modulate(self.norm1(x), shift_a, scale_a), rotation, seen)
        return x + gate_m * self.mlp(_modulate(self.norm2(x), shift_m, scale_m))

    def _attend(self, x, rotation, seen):
        qkv = self.attn_qkv(x).unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)  # (3, batch, heads, length, head)
        query, key = (_rotate(part, rotation) for part in qkv[:2])
        mixed = F.scaled_dot_product_attention(query, key, qkv[2], attn_mask=seen)
        return self.attn_out(mixed.transpose(1, 2).flatten(2))


class _Output(nn.Module):
    def __init__(self, hidden, vocab, condition):
        super().__init__()
        self.norm_final = _Norm(hidden)
        self.linear = nn.Linear(hidden, vocab)
        self.adaLN_modulation = nn.Linear(condition, 2 * hidden)

    def forward(self, x, condition):
        """`condition` broadcasts over `x` but for the last axis."""
        return self.linear(_modulate(self.norm_final(x), *self.adaLN_modulation(condition).chunk(2, -1)))


def _modulate(x, shift, scale):
    return x * (1 + scale) + shift


def _rotate(x, rotation):
    """Rotary positions, first and second half of a head paired (RoFormer, arXiv:2104.09864), in float32."""
    cos, sin = rotation
    low, high = x.float().chunk(2, -1)
    return (x.float() * cos + torch.cat([-high, low], -1) * sin).to(x.dtype)
