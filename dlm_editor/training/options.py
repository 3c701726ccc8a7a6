"""What training can be told: one frozen dataclass a step, and the command-line arguments made from them."""

import argparse
import json
from dataclasses import MISSING, dataclass, field, fields

from ..errors import OptionError


def _option(default, text: str):
    return field(default=default, metadata={"help": text})


@dataclass(frozen=True)
class PrepareOptions:
    corpus: str
    data: str
    vocab: int = _option(16384, "tokens of the tokenizer")
    tokenizer_mib: float = _option(64.0, "text that the tokenizer is trained on")
    context: int = _option(1024, "longest input in tokens")
    held_out: float = _option(0.005, "share of documents")
    straight_share: float = _option(0.4, "share of documents whose curly quotes become straight")
    lower_share: float = _option(0.12, "share of documents of fiction and modern prose that are added once more in lower case")
    shard_mib: float = _option(30.0, "largest shard")
    max_mib_total: float = _option(0.0, "thin the sources, the lightest first, until everything fits; 0 = no limit")
    only: tuple[str, ...] = _option((), "names of sources, with commas; all if left out")

    def __post_init__(self):
        if not 300 <= self.vocab <= 32768:
            raise OptionError(f"--vocab is 300 to 32768 (bytes and special tokens below, int16 ids above); got {self.vocab}.")
        for name in ("held_out", "straight_share", "lower_share"):
            if not 0 <= getattr(self, name) <= 1:
                raise OptionError(f"--{name.replace('_', '-')} is a share from 0 to 1; got {getattr(self, name)}.")


@dataclass(frozen=True)
class TrainOptions:
    data: str
    run: str
    minutes: float = _option(20.0, "of training, over all pieces; the learning rate reaches zero then")
    steps: int = _option(0, "if given, the schedule counts steps and not minutes: for exact repetition")
    piece_minutes: float = _option(0.0, "this process pauses after so long; 0 = never. Repeat the command to go on")
    windows: tuple[int, ...] = _option((512, 128), "tokens a row, by turns: short texts have no 500 tokens around them")
    batch_tokens: int = _option(65536, "tokens a step")
    lr: float = _option(1.5e-3, "highest learning rate")
    warmup_steps: int = _option(300, "in steps, since minutes include compiling")
    cooldown: float = _option(0.8, "last share of the schedule over which the rate falls linearly to zero")
    weight_decay: float = _option(0.1, "of the matrices of the blocks")
    clip: float = _option(1.0, "largest norm of the gradient")
    ema: float = _option(0.999, "decay of the average of the weights, which is what is exported")
    muon: bool = _option(False, "Muon for the matrices of the blocks; the rest stays with AdamW")
    head_share: float = _option(0.4, "share of positions the head is computed at, with --compile (a fixed shape)")
    compile: bool = _option(False, "torch.compile; on a CPU too it nearly doubles the speed")
    threads: int = _option(0, "CPU threads; 0 = torch's choice")
    save_minutes: float = _option(3.0, "between checkpoints")
    log_every: int = _option(50, "steps")
    eval_every: int = _option(1000, "steps")
    init: str = _option("", "folder of a BERT-type model to warm-start from; from scratch if left out")
    inside: str = _option("", "folder of an exported model with its counts: its network is trained on inside the blend")
    shape: str = _option("{}", "JSON of network.Shape, for a model from scratch")
    seed: int = _option(0, "of weights, windows and noise")

    def __post_init__(self):
        if self.minutes <= 0 or self.steps < 0 or not 0 <= self.cooldown <= 1 or not 0 < self.head_share <= 1:
            raise OptionError("--minutes is above 0, --steps 0 or more, --cooldown and --head-share within 0 … 1; "
                              f"got {self.minutes}, {self.steps}, {self.cooldown}, {self.head_share}.")
        if not self.windows or any(w < 8 or self.batch_tokens % w for w in self.windows):
            raise OptionError(f"Each of --windows is at least 8 and divides --batch-tokens; got {self.windows}, {self.batch_tokens}.")
        try:
            is_object = isinstance(json.loads(self.shape), dict)
        except ValueError:
            is_object = False
        if not is_object:
            raise OptionError(f"--shape is a JSON object such as {{\"layers\": 2}}; got {self.shape!r}. Quote it for the shell.")


@dataclass(frozen=True)
class ExportOptions:
    data: str
    run: str
    out: str
    credits: str = _option("", "MANIFEST.tsv with the licences of the corpus; DATA's own if left out")
    origin: str = _option("", "a sentence for the model card on where a warm start came from")
    bench: str = _option("", "JSON of `bench --suite fill --json`, for the model card's table")
    init: str = _option("", "as in training; needed for checkpoints that do not carry their network's shape")


@dataclass(frozen=True)
class NgramOptions:
    data: str
    out: str
    least: tuple[int, ...] = _option((2, 4, 4), "smallest counts kept of runs of 2, 3 and 4 tokens")
    window: int = _option(256, "tokens of a held-out window, for the weights")
    rounds: int = _option(60, "batches of held-out windows, for the weights")

    def __post_init__(self):
        if len(self.least) != 3 or min(self.least) < 1 or self.window < 8 or self.rounds < 1:
            raise OptionError(f"--least is three counts from 1, --window at least 8 and --rounds at least 1; got {self.least}, {self.window}, {self.rounds}.")


@dataclass(frozen=True)
class SizeOptions:
    data: str
    out: str
    gaps: int = _option(1500, "in held-out text, that the weights of sizes are fitted to")
    phrase: float = _option(0.15, "nats that speak for a phrase of three words besides")
    seed: int = _option(0, "of the gaps")

    def __post_init__(self):
        if self.gaps < 1:
            raise OptionError(f"--gaps is 1 or more; got {self.gaps}.")


@dataclass(frozen=True)
class JudgeOptions:
    data: str
    out: str
    judge: str = _option("judge.safetensors", "file that is written")
    words: int = _option(100_000, "held-out words that are read")
    aside: tuple[str, ...] = _option((), "text files, with commas, whose paragraphs are not read: what is measured on later")
    seed: int = _option(0, "of what is spoilt, and of the weights")

    def __post_init__(self):
        if self.words < 1:
            raise OptionError(f"--words is 1 or more; got {self.words}.")


def add_arguments(parser: argparse.ArgumentParser, kind: type, leave_out: tuple[str, ...] = ()) -> None:
    """One argument a field: positional without a default, an option with one."""
    for item in fields(kind):
        if item.name in leave_out:
            continue
        if item.default is MISSING:
            parser.add_argument(item.name)
        elif item.type is bool:
            parser.add_argument(_flag(item.name), action="store_true", help=item.metadata["help"])
        else:
            parser.add_argument(_flag(item.name), type=_reader(item.type), default=item.default, help=f"{item.metadata['help']} (default {item.default!r})"
                                .replace("%", "%%"))


def from_arguments(kind: type, arguments: argparse.Namespace):
    """`kind` made from the parsed arguments."""
    return kind(**{item.name: getattr(arguments, item.name) for item in fields(kind)})


def _flag(name: str) -> str:
    return "--" + name.replace("_", "-")


def _reader(kind: type):
    if kind == tuple[int, ...]:
        return lambda text: tuple(int(x) for x in text.split(","))
    if kind == tuple[str, ...]:
        return lambda text: tuple(text.split(","))
    return kind
