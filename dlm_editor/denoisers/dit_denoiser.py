"""What MDLM, BD3LM and SEDD do alike around their network: the noise level of each row, padding, and the positions that are asked for."""

import torch

from ..canvas import Canvas, Vocabulary
from .absorbing import AbsorbingDenoiser, distinct_rows, spread
from .dit import DiT
from .protocol import Info, Prediction

LEAST = 1e-3  # of the log-linear schedule: the share that is never masked
SMALLEST_T = 1e-5  # below it nothing was ever trained


def log_linear_sigma(t: torch.Tensor) -> torch.Tensor:
    """The noise σ(t) = −log(1 − (1 − ε) t) of the log-linear schedule, by which the share 1 − e^−σ = (1 − ε) t of the tokens is masked;
    float32, as `t` (SEDD, arXiv:2310.16834, App. C.1; MDLM, arXiv:2406.07524, App. E.1)."""
    return -torch.log1p(-(1 - LEAST) * t.float().clamp(SMALLEST_T, 1.0))


class DiTDenoiser(AbsorbingDenoiser):
    """`is_timed`: the network looks at the noise level; for one that does not, σ is 0 at every t."""

    def __init__(self, network: DiT, vocabulary: Vocabulary, info: Info, is_timed: bool = False):
        super().__init__(vocabulary, info)
        self._network, self._is_timed = network, is_timed

    @torch.inference_mode()
    def predict(self, canvas: Canvas, positions: torch.Tensor, t: float | torch.Tensor, cache: None) -> tuple[Prediction, None]:
        """Rows that are alike at the same noise level are computed once; the head runs at the asked positions only."""
        times = torch.as_tensor(t, dtype=torch.float32).expand(len(canvas.token_ids))
        sigmas = log_linear_sigma(times) if self._is_timed else torch.zeros(len(times))
        bits = sigmas.view(torch.int32).long()[:, None].expand_as(canvas.token_ids)
        rows, asked, index = distinct_rows(positions, canvas.token_ids, canvas.valid.long(), bits)
        token_ids, sigma = rows[..., 0], rows[:, 0, 2].int().view(torch.float32)
        logits = self._logits(token_ids, rows[..., 1].bool(), asked, sigma).float()
        found = self._read(logits, token_ids[asked].to(logits.device), sigma[asked.nonzero()[:, 0]].to(logits.device))
        mass = None if found.mass is None else spread(found.mass, index)
        return Prediction(found.kind, spread(found.values, index), mass), None

    def _logits(self, token_ids, valid, asked, sigma):
        """(asked positions, vocab). `sigma`: (rows,); the others (rows, length), all on the CPU."""
        device = self._device
        visible = self._visible(valid)
        return self._network(token_ids.to(device), sigma.to(device), None if visible is None else visible.to(device), asked=asked.to(device))

    def _visible(self, valid):
        """What sees what, bool that broadcasts to (rows, length, length), queries before keys; None: all see all. `valid`: (rows, length)."""
        return None if valid.all() else valid[:, None, :]

    def _read(self, logits, token_ids, sigma):
        """The prediction at the asked positions: `logits` (asked, vocab) float32, a tensor of our own; the tokens and σ there, (asked,) each."""
        return Prediction("x0", torch.log_softmax(logits.masked_fill_(self._banned, -torch.inf), -1))
