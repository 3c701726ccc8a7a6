"""The training loop: by time budget or by steps, in one piece or in several."""

import math
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer
from tqdm import tqdm

from ..errors import OptionError
from . import checkpoint, shards
from .checkpoint import Run
from .corruption import Mix, corrupt, select
from .evaluation import evaluate
from .inside import MIX, Beside, blended_loss, take_apart
from .log import FILE as LOG
from .log import Log
from .network import flops_per_token, weighted_loss
from .options import TrainOptions
from .stream import Stream, stream, windows
from .tables import Tables, build_tables

PEAK_TFLOPS = {"H100": 989, "H200": 989, "A100": 312}  # dense bf16


def learning_rate(o: TrainOptions, step: int, progress: float) -> float:
    """Warm-up in steps, level, then linearly to zero at progress 1."""
    return o.lr * min(1.0, (step + 1) / max(1, o.warmup_steps), max(0.0, 1 - progress) / max(o.cooldown, 1e-9))


def train(o: TrainOptions) -> bool:
    """Trains until the schedule ends, the piece ends or SIGTERM comes; a checkpoint stands then. True where the schedule has ended.

    Goes on from --run's checkpoint. With --steps a run that was killed and continued gives the same weights as one that was not.
    """
    began = time.perf_counter()
    device = "cuda" if torch.cuda.is_available() else "cpu"
    if o.threads:
        torch.set_num_threads(o.threads)
    torch.set_float32_matmul_precision("high")
    sources, held = shards.read(o.data)
    tokenizer = Tokenizer.from_file(str(Path(o.data) / "tokenizer.json"))
    tables = build_tables(tokenizer, device)
    beside = None
    if o.inside:
        sources, counts = take_apart(sources, Path(o.inside), tokenizer)
        beside = Beside(counts, tables)
    data = stream(sources, max(o.windows), device)
    held = stream({n: (t, 1.0) for n, t in held.items()}, min(o.windows), device)
    Path(o.run).mkdir(parents=True, exist_ok=True)
    run = checkpoint.start(o, tokenizer, device)
    if (run.step >= o.steps) if o.steps else (run.elapsed_s >= 60 * o.minutes):
        print(f"the schedule has ended at step {run.step}; nothing is left to train")
        return True
    if run.step:
        print(f"going on at step {run.step}, {run.elapsed_s / 60:.1f} min")
    name = torch.cuda.get_device_name() if device == "cuda" else "cpu"
    print(f"{sum(p.numel() for p in run.model.parameters()) / 1e6:.1f} M parameters on {name}; {len(data.tokens) / 1e6:.1f} M tokens", flush=True)

    clock = Clock(o, run, began, name)
    corpus = Corpus(data, held, tables, device, beside)
    _steps(run, o, corpus, clock)
    checkpoint.save(run, o)
    return _conclude(run, o, corpus, clock)


@dataclass(frozen=True)
class Corpus:
    """What is trained on, and where."""

    data: Stream
    held: Stream
    tables: Tables
    device: str
    beside: Beside | None  # the counts that it is trained inside the blend with

    def autocast(self) -> torch.autocast:
        return torch.autocast(self.device, torch.bfloat16)


def _steps(run: Run, o: TrainOptions, corpus: Corpus, clock: "Clock") -> None:
    """Steps until the schedule or the piece ends, or SIGTERM comes."""
    log = Log(Path(o.run) / LOG, run.step)
    loss_of = blended_loss if corpus.beside else weighted_loss
    loss_of = torch.compile(loss_of, dynamic=False) if o.compile else loss_of
    stopped = []
    before_signal = signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
    bar = tqdm(total=100, disable=None, unit="%", bar_format="{l_bar}{bar}| {elapsed}<{remaining} {postfix}")
    try:
        while (progress := clock.progress()) < 1 and not stopped and not clock.piece_is_over():
            rate = learning_rate(o, run.step, progress)
            clock.losses.append(_step(run, o, corpus, loss_of, rate))
            if run.step % o.log_every == 0:
                record = clock.record()
                log.write(record)
                _show(bar, f"loss {record['loss']:.4f}  lr {rate:.2e}  {clock.speed_line}", progress, run.step)
            if run.step % o.eval_every == 0:
                figures = evaluate(run.ema, corpus.held, corpus.tables, min(o.windows), corpus.autocast)
                log.write({"step": run.step, "tokens": run.tokens, **figures})
                tqdm.write(f"held out at step {run.step}: {figures}")
            if clock.wants_a_checkpoint():
                checkpoint.save(run, o)
    finally:
        bar.close()
        signal.signal(signal.SIGTERM, before_signal)


def _show(bar: tqdm, line: str, progress: float, step: int) -> None:
    """On a terminal a bar, elsewhere a line."""
    bar.update(round(100 * progress, 1) - bar.n)
    bar.set_postfix_str(line)
    if bar.disable:
        print(f"step {step}  {100 * progress:.0f} %  {line}", flush=True)


def _conclude(run: Run, o: TrainOptions, corpus: Corpus, clock: "Clock") -> bool:
    """Evaluates; the last line of the log is written where the schedule has ended, and True returned."""
    is_over = clock.progress_at_pause >= 1
    figures = evaluate(run.ema, corpus.held, corpus.tables, min(o.windows), corpus.autocast)
    print(f"{'done' if is_over else 'paused'} at step {run.step}, {run.tokens / 1e6:.1f} M tokens, {run.elapsed_s / 60:.1f} min: {figures}", flush=True)
    if is_over:
        Log(Path(o.run) / LOG, run.step).write({
            "step": run.step, "tokens": run.tokens, "minutes": round(run.elapsed_s / 60, 3), "device": clock.device_name, "final": True, **figures})
    return is_over


def _step(run: Run, o: TrainOptions, corpus: Corpus, loss_of: Callable[..., torch.Tensor], lr: float) -> torch.Tensor:
    """One update of the weights and of their average; the loss as a tensor, so that nothing waits for the device."""
    for optimizer in run.optimizers:
        for group in optimizer.param_groups:
            group["lr"] = lr
    length = o.windows[run.step % len(o.windows)]
    batch = corrupt(windows(corpus.data, o.batch_tokens // length, length, run.rng), corpus.tables, MIX if corpus.beside else Mix(), run.rng)
    index = select(batch, run.rng, o.head_share if o.compile else None)
    told = corpus.beside.say(batch, index) if corpus.beside else (batch.weights.flatten()[index],)
    with corpus.autocast():
        loss = loss_of(run.model, batch.input_ids, index, batch.targets.flatten()[index], *told)
    loss.backward()
    parameters = list(run.model.parameters())
    torch.nn.utils.clip_grad_norm_(parameters, o.clip)
    for optimizer in run.optimizers:
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
    decay = min(o.ema, (1 + run.step) / (10 + run.step))  # forgets the random start quickly
    with torch.no_grad():
        torch._foreach_lerp_(list(run.ema.parameters()), parameters, 1 - decay)
    run.step += 1
    run.tokens += o.batch_tokens
    return loss.detach()


class Clock:
    """How far a run is, and how fast. Time spent before this process counts."""

    def __init__(self, o: TrainOptions, run: Run, began: float, device_name: str):
        self.o, self.run, self.began, self.before = o, run, began, run.elapsed_s
        self.saved_at, self.mark, self.losses, self.speed_line = began, (began, run.step), [], ""
        self.device_name, self.progress_at_pause = device_name, 0.0
        self.peak = next((v for k, v in PEAK_TFLOPS.items() if k in device_name), 0) * 1e12
        self.flops = sum(flops_per_token(run.model, w, o.head_share) for w in o.windows) / len(o.windows)

    def progress(self) -> float:
        self.run.elapsed_s = self.before + time.perf_counter() - self.began
        self.progress_at_pause = self.run.step / self.o.steps if self.o.steps else self.run.elapsed_s / (60 * self.o.minutes)
        return self.progress_at_pause

    def piece_is_over(self) -> bool:
        return bool(self.o.piece_minutes) and time.perf_counter() - self.began > 60 * self.o.piece_minutes

    def wants_a_checkpoint(self) -> bool:
        now = time.perf_counter()
        if now - self.saved_at <= 60 * self.o.save_minutes:
            return False
        self.saved_at = now
        return True

    def record(self) -> dict:
        """The log's line on the steps since the last one. Raises OptionError where the loss is no longer finite."""
        mean = torch.stack(self.losses).mean().item()  # waits for the device
        if not math.isfinite(mean):
            raise OptionError(f"The loss must stay finite; step {self.run.step} gave {mean}. Lower --lr; the last checkpoint is intact.")
        now = time.perf_counter()
        speed = self.o.batch_tokens * (self.run.step - self.mark[1]) / (now - self.mark[0])
        self.speed_line = f"{speed:,.0f} tokens/s" + (f"  MFU {100 * speed * self.flops / self.peak:.0f} %" if self.peak else "")
        self.losses, self.mark = [], (now, self.run.step)
        return {"step": self.run.step, "loss": mean, "tokens": self.run.tokens, "minutes": round(self.run.elapsed_s / 60, 3)}
