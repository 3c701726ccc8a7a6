import random

import pytest
import torch

from dlm_editor.training import corruption, shards
from dlm_editor.training.corruption import Mix, corrupt, select
from dlm_editor.training.spans import Spans, lay_out
from dlm_editor.training.stream import stream, windows
from dlm_editor.training.tables import build_tables


@pytest.fixture(scope="module")
def tables(tokenizer):
    return build_tables(tokenizer)


@pytest.fixture(scope="module")
def text(data):
    return stream(shards.read(data)[0], 200, "cpu")


def test_shifted_targets_match_a_list_by_list_reference():
    rng, null = random.Random(1), 99
    for _ in range(1000):
        length = rng.randint(4, 14)
        clean = [rng.randrange(50) for _ in range(length)]
        cuts, at = [], 1
        while at < length - 1 and len(cuts) < 3:  # spans apart, zero length allowed
            start = rng.randint(at, length - 1)
            end = rng.randint(start, min(start + 3, length - 1))
            cuts.append((start, end, rng.randint(0 if end > start else 1, 3)))
            at = end + 1
        row, opened, position = [], [], 0
        for start, end, extra in cuts:
            row += clean[position:end] + [null] * extra
            opened += [False] * (start - position) + [True] * (end - start + extra)
            position = end
        row, opened = (row + clean[position:])[:length], (opened + [False] * length)[:length]
        columns = [torch.tensor([c]) for c in zip(*cuts)] if cuts else [torch.zeros(1, 1, dtype=torch.long)] * 3
        x_0, is_open = lay_out(torch.tensor([clean]), Spans(*columns), null)
        assert x_0[0].tolist() == row and is_open[0].tolist() == opened, (clean, cuts)


def noisy(text, tables, seed):
    """A batch of each seed: other lengths, mixes and rates."""
    rng = torch.Generator().manual_seed(seed)
    clean = windows(text, 24, (16, 32, 64, 200)[seed % 4], rng)
    mix = Mix(absorb=seed % 3 / 3, substitution=0.5) if seed % 2 else Mix(absorb=0, substitution=0)
    state, rate = rng.get_state(), None if seed % 2 else 1.0
    return clean, mix, rate, state, corrupt(clean, tables, mix, rng, rate)


def masks(batch):
    return (batch.kinds == corruption.TOKEN) | (batch.kinds == corruption.EMPTY)


@pytest.mark.parametrize("seed", range(24))
def test_fixed_context_is_unchanged_and_specials_are_never_opened(text, tables, seed):
    *_, batch = noisy(text, tables, seed)
    masked, same = masks(batch), (batch.kinds == corruption.CONTEXT) | (batch.kinds == corruption.KEPT)
    assert ((batch.input_ids == tables.mask) == masked).all()
    assert (batch.input_ids == batch.targets)[same].all() and (batch.input_ids != batch.targets)[~same].all()
    assert ((batch.weights == 0) == (batch.kinds == corruption.CONTEXT)).all()
    assert not (tables.special[batch.targets] & (batch.targets != tables.null) & (batch.kinds != corruption.CONTEXT)).any()
    assert not (tables.special[batch.input_ids] & (batch.kinds == corruption.REPLACED)).any()


@pytest.mark.parametrize("seed", range(24))
def test_without_its_nulls_a_row_is_the_clean_text_cropped(text, tables, seed):
    clean, *_, batch = noisy(text, tables, seed)
    assert ((batch.kinds == corruption.EMPTY) == (masks(batch) & (batch.targets == tables.null))).all()
    for row in range(len(clean)):
        kept = [t for t in batch.targets[row].tolist() if t != tables.null]
        assert kept == clean[row, :len(kept)].tolist()


@pytest.mark.parametrize("seed", range(0, 24, 2))
def test_spans_have_both_sides_visible_and_nulls_come_last(text, tables, seed):
    *_, batch = noisy(text, tables, seed)
    for targets, masked in zip(batch.targets.tolist(), masks(batch).tolist()):
        position = 0
        while position < len(masked):
            if masked[position]:
                end = next(i for i in range(position, len(masked) + 1) if i == len(masked) or not masked[i])
                answers = [t == tables.null for t in targets[position:end]]
                assert 0 < position and end < len(masked)
                assert answers == sorted(answers), "tokens first, then nulls"
                position = end
            position += 1


@pytest.mark.parametrize("seed", range(24))
def test_neither_input_nor_weight_tells_the_answer(text, tables, seed):
    clean, mix, rate, state, batch = noisy(text, tables, seed)
    masked = masks(batch)
    for row in range(len(clean)):
        assert len(set(batch.weights[row][masked[row]].tolist())) <= 1
    # Other hidden tokens of the same class (word starts are where spans may begin) leave the input as it was.
    hidden = torch.zeros_like(clean, dtype=torch.bool)
    for row in range(len(clean)):
        flags = masked[row][batch.targets[row] != tables.null]
        hidden[row, :len(flags)] = flags
    classes = torch.cat([tables.begins[None], tables.ends]).int().T @ (2 ** torch.arange(5, dtype=torch.int32))
    swap = torch.arange(len(classes))
    for c in classes.unique():
        members = ((classes == c) & ~tables.special).nonzero()[:, 0]
        swap[members] = members.roll(1)
    again = torch.Generator()
    again.set_state(state)
    other = corrupt(torch.where(hidden, swap[clean], clean), tables, mix, again, rate)
    assert (other.input_ids == batch.input_ids).all() and (other.weights == batch.weights).all()


def test_every_kind_of_question_occurs(text, tables):
    seen = sum(torch.bincount(noisy(text, tables, seed)[-1].kinds.flatten(), minlength=5) for seed in range(24))
    assert (seen > 50).all(), seen


def test_a_fixed_share_holds_what_is_asked_first(text, tables):
    *_, batch = noisy(text, tables, 1)
    rng = torch.Generator().manual_seed(0)
    asked, chosen = select(batch, rng), select(batch, rng, 0.9)
    assert len(chosen) == int(0.9 * batch.weights.numel()) and set(asked.tolist()) <= set(chosen.tolist())
