"""The loaded models of a running page: loaded in the background, shared by all visitors, never more than a few."""

import threading
from collections.abc import Callable
from concurrent.futures import Future

from ..errors import UnknownModelError

MOST_LOADED = 2


class Models:
    """`load(model_id)` gives an Editor. With `only`, visitors may ask for these ids and no others."""

    def __init__(self, load: Callable[[str], object], default: str, only: frozenset[str] | None = None):
        self._load, self.default, self._only = load, default, only
        self._futures: dict[str, Future] = {}
        self._lock = threading.Lock()

    def get(self, model_id: str) -> Future:
        """A future Editor: already loaded, or being loaded. Raises UnknownModelError for an id that visitors may not ask for."""
        if self._only is not None and model_id not in self._only:
            raise UnknownModelError(f"This page offers the models {', '.join(sorted(self._only))}; got {model_id!r}. Run the editor on your own machine for others.")
        with self._lock:
            future = self._futures.pop(model_id, None)
            if future is None or (future.done() and future.exception()):
                future = Future()
                threading.Thread(target=self._fulfil, args=(model_id, future), daemon=True, name=f"load {model_id}").start()
            self._futures[model_id] = future  # the last asked for stands last
            for old in [key for key in self._futures if key not in (self.default, model_id)][: max(0, len(self._futures) - MOST_LOADED)]:
                del self._futures[old]
            return future

    def _fulfil(self, model_id: str, future: Future):
        try:
            future.set_result(self._load(model_id))
        except BaseException as error:  # handed to whoever waits for the model
            future.set_exception(error)
