"""Block-causal attention: a position sees its own block and every earlier one, so what follows a hole is seen as far as its block reaches.

Blocks are counted from the start of the canvas, as the models were trained. Where they begin matters to a hole, and to nothing else in such
a network, for its positions are relative: so `lay_out` of the canvas moves each row, with padding before it, to where its holes see the
most.
"""

import torch


def block_mask(valid: torch.Tensor, size: int) -> torch.Tensor:
    """What is seen from where, (rows, length, length) bool, queries before keys. Padding sees itself alone, so that nothing is undefined.

    `valid`: that of a Canvas, (rows, length) bool.
    """
    blocks = torch.arange(valid.shape[1]) // size
    seen = (blocks <= blocks[:, None]) & valid[:, None, :] & valid[:, :, None]
    return seen | torch.eye(len(blocks), dtype=torch.bool)
