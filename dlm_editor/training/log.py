"""The log of a run, one JSON object a line, and its curve."""

import json
from pathlib import Path

FILE = "log.jsonl"


class Log:
    """What lies after the checkpoint that is gone on from is dropped, a half-written line too."""

    def __init__(self, path: Path, step: int):
        path.write_text("".join(json.dumps(record) + "\n" for record in read(path) if record["step"] <= step))
        self.path = path

    def write(self, record: dict) -> None:
        with self.path.open("a") as file:
            file.write(json.dumps(record) + "\n")


def read(path: Path) -> list[dict]:
    """The whole lines of a log; none where there is no file."""
    lines = path.read_text().splitlines() if path.exists() else []
    return [json.loads(line) for line in lines if line.endswith("}")]


def plot(records: list[dict], target: Path) -> None:
    """Loss of training and held-out NLL over tokens seen, as a picture."""
    import matplotlib  # the only step that needs it
    matplotlib.use("agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 3.5), dpi=100)
    for name, label in (("loss", "training loss (all noises, weighted)"), ("nll_15", "held out, 15 % masked"), ("nll_50", "held out, 50 % masked")):
        points = [(r["tokens"] / 1e6, r[name]) for r in records if name in r]
        if points:
            axes.plot(*zip(*points), label=label, linewidth=0.8 if name == "loss" else 1.6, marker=None if name == "loss" else ".")
    axes.set_xlabel("million tokens seen")
    axes.set_ylabel("nats a token")
    axes.grid(alpha=0.3)
    if axes.get_legend_handles_labels()[0]:
        axes.legend()
    figure.tight_layout()
    figure.savefig(target)
    pyplot.close(figure)
