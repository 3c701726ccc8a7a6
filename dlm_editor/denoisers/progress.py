"""How far a download or a load is: told to whoever asked for the model, in the bytes or tensors that are done."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm
from transformers.utils import logging

Tell = Callable[[str, float | None, float | None], None]  # (stage in words, done, total); None: not known

_HOOK = threading.Lock()  # transformers has one hook for the whole process


def say_nothing(stage: str, done: float | None = None, total: float | None = None) -> None:
    """For those who do not ask."""


def download_bar(tell: Tell, stage: str, total: float) -> type[tqdm]:
    """A class for `snapshot_download(tqdm_class=…)` that tells the bytes on disk, of `total`, and draws nothing."""

    class Bar(tqdm):
        def __init__(self, *args, **options):
            self._counts = options.get("unit") == "B" and not str(options.get("desc", "")).startswith("Downloading")
            super().__init__(*args, **{**options, "file": _NOWHERE, "disable": False})

        def display(self, msg=None, pos=None):
            if getattr(self, "_counts", False):
                tell(stage, min(self.n, total), total)

    return Bar


@contextmanager
def told(tell: Tell, stage: str) -> Iterator[None]:
    """While it lasts, transformers tells how many of its tensors are in place, and draws nothing."""

    class Count(tqdm):
        def __init__(self, *args, **options):
            super().__init__(*args, **{**options, "file": _NOWHERE, "disable": False})

        def display(self, msg=None, pos=None):
            tell(stage, self.n, self.total)

    with _HOOK:
        before = logging.set_tqdm_hook(lambda _factory, args, options: Count(*args, **options))
        try:
            yield
        finally:
            logging.set_tqdm_hook(before)


class _Nowhere:
    """A file that keeps nothing."""

    encoding = "utf-8"

    def write(self, text: str) -> int:
        return len(text)

    def flush(self) -> None:
        """Nothing is kept."""


_NOWHERE = _Nowhere()
