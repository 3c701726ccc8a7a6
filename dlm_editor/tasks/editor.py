"""The editor: a loaded model and the verbs a user knows."""

from collections.abc import Iterator
from dataclasses import dataclass

from ..denoisers import Denoiser, Info
from ..sampling import RefinementStep
from ..text import Document
from .fill import FillOptions, Suggestion, fill


@dataclass(frozen=True)
class Editor:
    """Holds a model and no document: one editor serves any number of documents and users."""

    denoiser: Denoiser

    @property
    def info(self) -> Info:
        return self.denoiser.info

    def fill(self, document: Document, options: FillOptions = FillOptions()) -> Iterator[RefinementStep | Suggestion]:
        """See `tasks.fill.fill`."""
        return fill(self.denoiser, document, options)
