"""Block-causal attention: a position sees its own block and every earlier one, so what follows a hole is seen as far as its block reaches.

Nothing in such a network but the attention mask knows where a block begins, for its positions are relative. So the blocks are laid out anew
for every row: one begins where a hole begins, and the hole sees as much of the text after it as one block holds.
"""

import torch

RIM = 4  # a later hole shares a block only where size / RIM positions after it fit too


def number_blocks(editable: torch.Tensor, valid: torch.Tensor, size: int) -> torch.Tensor:
    """The block of every position, (rows, length) int64, counted from 0 in each row; no block is longer than `size`.

    `editable`, `valid`: those of a Canvas, (rows, length) bool.
    """
    begins = torch.zeros(editable.shape, dtype=torch.int64)
    for row, length in enumerate(valid.sum(1).tolist()):
        begins[row, _starts(_holes(editable[row]), length, size)] = 1
    return begins.cumsum(1) - begins[:, :1]


def block_mask(editable: torch.Tensor, valid: torch.Tensor, size: int) -> torch.Tensor:
    """What is seen from where, (rows, length, length) bool, queries before keys. Padding sees itself alone, so that nothing is undefined."""
    blocks = number_blocks(editable, valid, size)
    seen = (blocks[:, None, :] <= blocks[:, :, None]) & valid[:, None, :] & valid[:, :, None]
    return seen | torch.eye(blocks.shape[1], dtype=torch.bool)


def _holes(editable):
    """The runs of open positions of one row, (begin, end) each."""
    edges = torch.nn.functional.pad(editable.long(), (1, 1)).diff()
    return list(zip((edges == 1).nonzero()[:, 0].tolist(), (edges == -1).nonzero()[:, 0].tolist(), strict=True))


def _starts(holes, length, size):
    """Where the blocks of one row begin: at holes, right after the blocks that hold them, and in whole blocks back from the next hole."""
    begun = []
    for begin, end in holes:
        until = begun[-1][0] + ((begin - begun[-1][0]) // size + 1) * size if begun else 0
        if begun and min(end + size // RIM, length) <= until:
            begun[-1] = (begun[-1][0], end)
        else:
            begun.append((begin, end))
    starts, low = {0}, 0
    for (begin, end), following in zip(begun, [*(begin for begin, _ in begun[1:]), length], strict=False):
        starts |= {low, *range(begin, low, -size)}
        low = min(following, begin - (begin - end) // size * size)
        starts |= set(range(begin, low, size))
    return sorted(start for start in {*starts, *range(low, length, size)} if start < length)
