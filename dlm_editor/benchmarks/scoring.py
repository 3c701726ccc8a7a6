"""How probable a denoiser finds a given text at a given place."""

from collections.abc import Sequence

import torch

from ..canvas import Frame, lay_out
from ..denoisers.protocol import Denoiser
from .metrics import words

ROWS = 64  # computed at once


def pseudo_log_likelihood(denoiser: Denoiser, before: str, text: str, after: str = "") -> tuple[float, int]:
    """Σ log p(token | all other tokens) over the tokens of `text`, in nats, and how many these are (Salazar et al., arXiv:1910.14659).

    Each token is masked by itself, one row each. What does not fit the model's window is left out, the farthest first.
    """
    vocabulary = denoiser.vocabulary
    left = vocabulary.encode(before)
    whole = vocabulary.encode(before + text + after)
    start = next((i for i, (a, b) in enumerate(zip(left, whole)) if a != b), min(len(left), len(whole)))
    end = len(whole) - _shared_end(whole[start:], vocabulary.encode(after, continues=True))
    room = denoiser.info.max_length - len(vocabulary.prefix_ids) - len(vocabulary.suffix_ids)
    first = max(0, min(start, end - room))
    tokens = [*vocabulary.prefix_ids, *whole[first:first + room], *vocabulary.suffix_ids]
    shift = len(vocabulary.prefix_ids) - first
    return _masked_one_by_one(denoiser, tokens, range(start + shift, min(end, first + room) + shift))


def _shared_end(tokens: Sequence[int], ending: Sequence[int]) -> int:
    count = 0
    while count < min(len(tokens), len(ending)) and tokens[-1 - count] == ending[-1 - count]:
        count += 1
    return count


def _masked_one_by_one(denoiser: Denoiser, tokens: list[int], places: range) -> tuple[float, int]:
    total = 0.0
    for begin in range(0, len(places), ROWS):
        part = places[begin:begin + ROWS]
        frames = tuple(Frame((tuple(tokens[:i]), tuple(tokens[i + 1:])), ()) for i in part)
        canvas = lay_out(frames, ((1,),) * len(part), denoiser.vocabulary.mask_id)
        prediction, _ = denoiser.predict(canvas, canvas.masked, 1 / len(tokens), denoiser.start(canvas))
        wanted = torch.tensor([tokens[i] for i in part], device=prediction.x0.device)
        total += prediction.x0.gather(1, wanted[:, None]).clamp(min=-30).sum().item()
    return total, len(places)


def choose(denoiser: Denoiser, before: str, choices: Sequence[str]) -> tuple[int, int]:
    """Index of the best of `choices` as the end of `before`: by log-likelihood a word, and by how much the text before raises it, a token."""
    given = [pseudo_log_likelihood(denoiser, before, choice) for choice in choices]
    alone = [pseudo_log_likelihood(denoiser, "", choice) for choice in choices]
    per_word = [total / max(len(words(choice)), 1) for (total, _), choice in zip(given, choices)]
    gain = [(total - bare) / max(n, 1) for (total, n), (bare, _) in zip(given, alone)]
    return max(range(len(choices)), key=per_word.__getitem__), max(range(len(choices)), key=gain.__getitem__)
