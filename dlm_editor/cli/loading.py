"""The model of a verb, with a bar on standard error while it is downloaded and loaded."""

import argparse
import sys
from collections.abc import Callable

from tqdm import tqdm

DELAY_S = 1.0  # a load that is done sooner shows no bar


def add_model(parser: argparse.ArgumentParser) -> None:
    """The options that name a model and where it runs."""
    parser.add_argument("--model", metavar="ID|PATH", default="bundled", help="a catalog id, a hub id or a folder (default: bundled)")
    parser.add_argument("--device", default="auto", help="auto (default), cpu, cuda or mps")
    parser.add_argument("--precision", default="auto", help="auto (default: bfloat16 on an NVIDIA GPU, else float32), float32, bfloat16, int8 or int4")


def load_editor(load: Callable | None, given: argparse.Namespace):
    """What `load` gives for a model and a device; dlm_editor.load if left out. Raises ModelError."""
    if load is not None:
        return load(given.model, given.device)
    from .. import load as load_model

    with LoadBar() as bar:
        return load_model(given.model, given.device, given.precision, bar.tell)


class LoadBar:
    """One bar for each stage, in place; silent where standard error is no terminal."""

    def __init__(self):
        self._bar: tqdm | None = None
        self._stage = ""

    def tell(self, stage: str, done: float | None = None, total: float | None = None) -> None:
        if stage != self._stage:
            self.__exit__()
            self._stage = stage
            is_bytes = (total or 0) > 1e6
            self._bar = tqdm(desc=stage, total=total, unit="B" if is_bytes else "", unit_scale=is_bytes, leave=False, delay=DELAY_S, file=sys.stderr,
                             disable=not sys.stderr.isatty())
        self._bar.update((done or 0) - self._bar.n)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self._bar is not None:
            self._bar.close()
