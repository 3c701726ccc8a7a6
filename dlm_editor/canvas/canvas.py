"""The canvas: token rows of which only the open positions are noise."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch

from .gap import Gap

FIXED = -1


@dataclass(frozen=True, eq=False)
class Canvas:
    """x_t. All tensors are (rows, length); a row is one alternative with lengths of its own. Never written in place."""

    token_ids: torch.Tensor  # int64
    valid: torch.Tensor      # bool: False on the padding after shorter rows, and before rows moved for their blocks
    gaps: torch.Tensor       # int64: number of the marked span that opened the position, FIXED elsewhere
    committed: torch.Tensor  # bool: an open position whose token is chosen

    @property
    def editable(self) -> torch.Tensor:
        """Where anything may ever change, (rows, length) bool."""
        return self.gaps != FIXED

    @property
    def masked(self) -> torch.Tensor:
        """Where nothing is chosen yet, (rows, length) bool."""
        return self.editable & ~self.committed

    def commit(self, chosen: torch.Tensor, tokens: torch.Tensor) -> "Canvas":
        """The canvas with `tokens` at the masked positions in `chosen`, both (rows, length)."""
        chosen = chosen & self.masked
        return replace(self, token_ids=torch.where(chosen, tokens, self.token_ids), committed=self.committed | chosen)

    def given(self, cases: Sequence[Sequence[Sequence[int | None]]]) -> "Canvas":
        """The canvas with known tokens committed. `cases`: for each row the tokens of each gap, None where open; fewer than its positions leave the rest open."""
        tokens, chosen = self.token_ids.clone(), torch.zeros_like(self.committed)
        for row, case in enumerate(cases):
            for number, known in enumerate(case):
                for slot, token in zip(self.row_slots(row, number).tolist(), known):
                    if token is not None:
                        tokens[row, slot], chosen[row, slot] = token, True
        return self.commit(chosen, tokens)

    def remask(self, chosen: torch.Tensor) -> "Canvas":
        """The canvas with the committed positions in `chosen` (rows, length) open again; the denoiser's `noise` then renews their tokens."""
        return replace(self, committed=self.committed & ~chosen)

    def renoise(self, tokens: torch.Tensor) -> "Canvas":
        """The canvas with `tokens`, (rows, length) or a number, at its masked positions."""
        return replace(self, token_ids=torch.where(self.masked, tokens, self.token_ids))

    def take(self, rows: torch.Tensor) -> "Canvas":
        """Some of the rows, in the order given."""
        return Canvas(self.token_ids[rows], self.valid[rows], self.gaps[rows], self.committed[rows])

    def put(self, rows: torch.Tensor, other: "Canvas") -> "Canvas":
        """The canvas with `other`'s rows at the numbers `rows`."""
        return replace(self, token_ids=self.token_ids.index_copy(0, rows, other.token_ids), committed=self.committed.index_copy(0, rows, other.committed))

    def row_slots(self, row: int, gap: int) -> torch.Tensor:
        """Positions of one span in one row, in order, (n,) int64."""
        return (self.gaps[row] == gap).nonzero()[:, 0]


@dataclass(frozen=True, eq=False)
class Frame:
    """The fixed tokens of a window with holes: `pieces[0]`, gap 0, `pieces[1]`, gap 1, … `pieces[-1]`."""

    pieces: tuple[tuple[int, ...], ...]
    gaps: tuple[Gap, ...]

    def row(self, lengths: tuple[int, ...], mask_id: int) -> tuple[list[int], list[int]]:
        """Token ids and gap numbers of one row with `lengths` masks per gap."""
        ids, gaps = list(self.pieces[0]), [FIXED] * len(self.pieces[0])
        for number, (count, piece) in enumerate(zip(lengths, self.pieces[1:], strict=True)):
            ids += [mask_id] * count + list(piece)
            gaps += [number] * count + [FIXED] * len(piece)
        return ids, gaps


def lay_out(frames: tuple[Frame, ...], lengths: tuple[tuple[int, ...], ...], mask_id: int, block_length: int | None = None) -> Canvas:
    """One row for each frame and its lengths (tokens per gap), all open positions masked.

    `block_length`: of a model that sees what follows in blocks from the start of the canvas. Padding before a row then moves its holes to where they
    see the most.
    """
    rows = [frame.row(counts, mask_id) for frame, counts in zip(frames, lengths, strict=True)]
    leads = [_lead(gaps, block_length) if block_length else 0 for _, gaps in rows]
    longest = max(lead + len(ids) for lead, (ids, _) in zip(leads, rows))
    token_ids, gaps = torch.full((len(rows), longest), mask_id), torch.full((len(rows), longest), FIXED)
    valid = torch.zeros((len(rows), longest), dtype=torch.bool)
    for row, (lead, (ids, numbers)) in enumerate(zip(leads, rows)):
        piece = slice(lead, lead + len(ids))
        token_ids[row, piece], gaps[row, piece], valid[row, piece] = torch.tensor(ids), torch.tensor(numbers), True
    return Canvas(token_ids, valid, gaps, torch.zeros_like(valid))


def _lead(gaps: list[int], block: int) -> int:
    """How far to move a row, less than a block: to where most pairs of an open position and a fixed one after it stand in one block."""
    is_open = np.array(gaps) != FIXED

    def pairs(lead):
        around = (lead, -(lead + len(gaps)) % block)
        opened, fixed = (np.pad(part, around).reshape(-1, block) for part in (is_open, ~is_open))
        return int((opened * fixed[:, ::-1].cumsum(1)[:, ::-1]).sum())

    return max(range(block), key=lambda lead: (pairs(lead), -lead))
