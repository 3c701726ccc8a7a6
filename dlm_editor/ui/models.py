"""The loaded models of a running page: loaded in the background, shared by all visitors, never more than a few."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field

from ..errors import UnknownModelError

MOST_LOADED = 2

Tell = Callable[[str, float | None, float | None], None]


@dataclass
class Loading:
    """A model on its way: what it does now, how far it is (in any unit; None: not known), and the Editor once it is there."""

    future: Future = field(default_factory=Future)
    stage: str = "Loading the model…"
    done: float | None = None
    total: float | None = None

    @property
    def sentence(self) -> str:
        """For those who wait for it."""
        return f"{self.stage} {self.done / self.total:.0%}" if self.done is not None and self.total else self.stage

    def tell(self, stage: str, done: float | None = None, total: float | None = None):
        self.stage, self.done, self.total = stage, done, total


class Models:
    """`load(model_id, tell)` gives an Editor, and tells meanwhile how far it is. With `only`, visitors may ask for these ids and no others."""

    def __init__(self, load: Callable[[str, Tell], object], default: str, only: frozenset[str] | None = None):
        self._load, self.default, self._only = load, default, only
        self._loadings: dict[str, Loading] = {}
        self._lock = threading.Lock()

    def get(self, model_id: str) -> Future:
        """A future Editor: already loaded, or being loaded. Raises UnknownModelError for an id that visitors may not ask for."""
        return self.loading(model_id).future

    def loading(self, model_id: str) -> Loading:
        """As `get`, with its progress."""
        if self._only is not None and model_id not in self._only:
            raise UnknownModelError(f"This page offers the models of its list, under Settings; got {model_id!r}. Take one of them, or run the editor on your own machine.")
        with self._lock:
            loading = self._loadings.pop(model_id, None)
            is_new = loading is None or loading.future.done() and loading.future.exception() is not None
            self._loadings[model_id] = loading = Loading() if is_new else loading  # the last asked for stands last
            for old in [key for key in self._loadings if key not in (self.default, model_id)][: max(0, len(self._loadings) - MOST_LOADED)]:
                del self._loadings[old]  # before the new one asks whether it fits
            if is_new:
                threading.Thread(target=self._fulfil, args=(model_id, loading), daemon=True, name=f"load {model_id}").start()
            return loading

    def _fulfil(self, model_id: str, loading: Loading):
        try:
            loading.future.set_result(self._load(model_id, loading.tell))
        except BaseException as error:  # handed to whoever waits for the model
            loading.future.set_exception(error)
