"""Everything that evolves during training, and the file it is kept in."""

import copy
import json
import os
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer
from transformers import PreTrainedModel

from ..errors import DocumentError, ResourceError
from .network import Shape, build, go_on, rebuild
from .options import TrainOptions
from .transplant import transplant

FILE = "checkpoint.pt"


@dataclass
class Run:
    """Mutable on purpose: the loop's own state."""

    model: PreTrainedModel
    ema: PreTrainedModel  # the average of the weights, which is evaluated and exported
    optimizers: list[torch.optim.Optimizer]
    rng: torch.Generator
    step: int = 0
    elapsed_s: float = 0.0
    tokens: int = 0


def start(o: TrainOptions, tokenizer: Tokenizer, device: str) -> Run:
    """A run as it stands in --run's checkpoint, or a new one."""
    path = Path(o.run) / FILE
    state = read(path) if path.exists() else None
    torch.manual_seed(o.seed)
    model = _network(o, tokenizer, state).to(device)
    ema = copy.deepcopy(model).eval().requires_grad_(False)
    run = Run(model, ema, make_optimizers(model, o, device), torch.Generator(device).manual_seed(o.seed))
    if state:
        model.load_state_dict(state["model"])
        ema.load_state_dict(state["ema"])
        for optimizer, saved in zip(run.optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(saved)
        run.rng.set_state(state["rng"].cpu())
        run.step, run.elapsed_s, run.tokens = state["step"], state["elapsed_s"], state["tokens"]
    return run


def _network(o: TrainOptions, tokenizer: Tokenizer, state: dict | None) -> PreTrainedModel:
    if state and "config" in state:
        return rebuild(json.loads(state["config"]))
    if o.inside:
        return go_on(o.inside, tokenizer)
    if o.init:
        return transplant(o.init, tokenizer)
    return build(Shape(**{"vocab": tokenizer.get_vocab_size(), **json.loads(o.shape)}))


def averaged(path: Path, init: str, tokenizer: Tokenizer) -> tuple[PreTrainedModel, dict]:
    """The averaged network of a checkpoint, and the checkpoint's figures. `init` serves files that do not hold a configuration."""
    state = read(path)
    model = _network(TrainOptions("", "", init=init), tokenizer, state)
    try:
        model.load_state_dict(state["ema"])
    except RuntimeError as error:
        raise DocumentError(f"A checkpoint that does not carry its network's configuration needs the --init it was trained with; {path} does not fit. "
                            "Pass --init.") from error
    return model.eval(), {name: state[name] for name in ("step", "elapsed_s", "tokens")} | {"options": json.loads(state.get("options", "{}"))}


def read(path: Path) -> dict:
    """The tensors and numbers of a checkpoint, on the CPU. Raises DocumentError for what is none."""
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError as error:
        raise DocumentError(f"An export needs a checkpoint; {path} is not there. Train first.") from error
    except Exception as error:  # torch raises half a dozen kinds for a damaged file
        raise DocumentError(f"A checkpoint must be whole; {path} cannot be read ({type(error).__name__}). Delete it to begin anew.") from error


def save(run: Run, o: TrainOptions) -> None:
    """Written beside the last one and renamed over it: a crash or a full disk leaves the last one intact, and the error says so."""
    path = Path(o.run) / FILE
    settings = {"config": json.dumps(run.model.config.to_dict()), "options": json.dumps(vars(o))}
    state = {"model": run.model.state_dict(), "ema": run.ema.state_dict(), "optimizers": [x.state_dict() for x in run.optimizers],
             "rng": run.rng.get_state(), "step": run.step, "elapsed_s": run.elapsed_s, "tokens": run.tokens, **settings}
    partial = path.with_suffix(".partial")
    try:
        with partial.open("wb") as file:
            torch.save(state, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, path)
    except (OSError, RuntimeError) as error:
        partial.unlink(missing_ok=True)
        kept = "the last one is intact" if path.exists() else "there is none yet"
        raise ResourceError(f"A checkpoint must fit the disk; {path} was not written ({error}), {kept}. Free space and repeat the command.") from error


def make_optimizers(model: PreTrainedModel, o: TrainOptions, device: str) -> list[torch.optim.Optimizer]:
    """AdamW, or Muon for the matrices of the blocks and AdamW for the rest. Only matrices decay, and not the embedding."""
    named = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
    matrices = [p for n, p in named if p.dim() == 2 and "layer" in n]
    rest = [p for n, p in named if not (o.muon and p.dim() == 2 and "layer" in n)]
    decayed = {id(p) for n, p in named if p.dim() == 2 and "embed" not in n}
    groups = [{"params": [p for p in rest if (id(p) in decayed) == d], "weight_decay": o.weight_decay * d} for d in (True, False)]
    made = [torch.optim.AdamW([g for g in groups if g["params"]], lr=o.lr, betas=(0.9, 0.98), eps=1e-8, fused=device == "cuda")]
    if o.muon:  # its update is scaled to AdamW's size, so that one learning rate serves both
        made.append(torch.optim.Muon(matrices, lr=o.lr, weight_decay=o.weight_decay, adjust_lr_fn="match_rms_adamw"))
    return made
