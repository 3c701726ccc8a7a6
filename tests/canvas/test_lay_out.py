"""Rows of a canvas: padding, and the place of holes for models that work in blocks."""

import numpy as np
import torch

from dlm_editor.canvas import FIXED, Frame, lay_out

MASK = 999


def frame(*sizes):
    """Pieces of so many fixed tokens, a hole between each two."""
    pieces = tuple(tuple(range(100 * number, 100 * number + size)) for number, size in enumerate(sizes))
    return Frame(pieces, (object(),) * (len(sizes) - 1))


def seen_after(canvas, row, block):
    """Pairs of an open position and a valid fixed one after it in its block, counted one by one."""
    places = range(canvas.gaps.shape[1])
    is_fixed = [bool(canvas.valid[row, i]) and int(canvas.gaps[row, i]) == FIXED for i in places]
    return sum(is_fixed[j] for i in places if canvas.gaps[row, i] != FIXED for j in places if j > i and j // block == i // block)


def test_rows_hold_their_frames_whatever_the_lengths_and_the_blocks():
    rng = np.random.default_rng(0)
    for case in range(200):
        holes = int(rng.integers(1, 4))
        frames = tuple(frame(*rng.integers(0 if holes > 1 else 1, 20, holes + 1)) for _ in range(int(rng.integers(1, 4))))
        lengths = tuple(tuple(int(n) for n in rng.integers(1, 9, holes)) for _ in frames)
        block = [None, 1, 4, 7, 16][case % 5]
        canvas = lay_out(frames, lengths, MASK, block)
        for row, (made, counts) in enumerate(zip(frames, lengths)):
            valid = canvas.valid[row]
            expected = [token for number, piece in enumerate(made.pieces) for token in (*piece, *[MASK] * (counts[number] if number < holes else 0))]
            assert canvas.token_ids[row][valid].tolist() == expected, (case, row)
            assert (canvas.token_ids[row][canvas.gaps[row] != FIXED] == MASK).all() and not (canvas.editable[row] & ~valid).any()
            assert [int((canvas.gaps[row] == number).sum()) for number in range(holes)] == list(counts)
            first, last = valid.nonzero()[0, 0], valid.nonzero()[-1, 0]
            assert valid[first:last + 1].all() and first < (block or 1)
        assert not canvas.committed.any()


def test_holes_stand_where_they_see_the_most():
    rng = np.random.default_rng(1)
    for case in range(60):
        block, sizes = int(rng.integers(2, 9)), rng.integers(1, 25, int(rng.integers(2, 4)))
        counts = tuple(int(n) for n in rng.integers(1, 12, len(sizes) - 1))
        canvas = lay_out((frame(*sizes),), (counts,), MASK, block)
        others = []
        for lead in range(block):
            piece = Frame((tuple([7] * lead) + frame(*sizes).pieces[0], *frame(*sizes).pieces[1:]), frame(*sizes).gaps)
            others.append(seen_after(lay_out((piece,), (counts,), MASK), 0, block))
        assert seen_after(canvas, 0, block) == max(others), (case, block, sizes, counts)


def test_a_short_hole_begins_a_block():
    canvas = lay_out((frame(13, 30),), ((3,),), MASK, 8)
    assert int(canvas.masked[0].nonzero()[0, 0]) % 8 == 0
    assert torch.equal(lay_out((frame(16, 30),), ((3,),), MASK, 8).valid, torch.ones(1, 49, dtype=torch.bool))
