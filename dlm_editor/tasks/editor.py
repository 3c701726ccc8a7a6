"""The editor: a loaded model and the verbs a user knows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..denoisers import Denoiser, Info
from ..sampling import Draft, RefinementStep
from ..text import Document
from .branching import Branching, Hand, Put, branch
from .fill import FillOptions, Suggestion, fill
from .poem import poem
from .poem_events import PoemStep, PoemSuggestion
from .poem_options import PoemOptions
from .poem_words import WordChoice, other_words
from .proofreading import Proofreading, ProofreadOptions, ProofreadStep, proofread
from .rewrite import RewriteOptions, rewrite
from .settling import THRESHOLD, Settling, settle
from .slots import Slot, slots


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

    def rewrite(self, document: Document, options: RewriteOptions = RewriteOptions()) -> Iterator[RefinementStep | Suggestion]:
        """See `tasks.rewrite.rewrite`."""
        return rewrite(self.denoiser, document, options)

    def proofread(self, document: Document, options: ProofreadOptions = ProofreadOptions()) -> Iterator[ProofreadStep | Proofreading]:
        """See `tasks.proofreading.proofread`."""
        return proofread(self.denoiser, document, options)

    def poem(self, options: PoemOptions = PoemOptions()) -> Iterator[PoemStep | PoemSuggestion]:
        """See `tasks.poem.poem`."""
        return poem(self.denoiser, options)

    def other_words(self, options: PoemOptions, lines: tuple[str, ...], line: int, word: int) -> tuple[WordChoice, ...]:
        """See `tasks.poem_words.other_words`."""
        return other_words(self.denoiser, options, lines, line, word)

    def branch(self, document: Document, draft: tuple[Draft, ...], hands: Sequence[Hand] = (), options: FillOptions = FillOptions()) -> Branching:
        """See `tasks.branching.branch`."""
        return branch(self.denoiser, document, draft, hands, options)

    def slots(self, document: Document, draft: tuple[Draft, ...], mark: int, pieces: tuple[int, ...], options: FillOptions = FillOptions()) -> Slot:
        """See `tasks.slots.slots`."""
        return slots(self.denoiser, document, draft, mark, pieces, options)

    def settle(self, document: Document, draft: tuple[Draft, ...], chosen: Put, kept: tuple[tuple[int, ...], ...] = (),
               options: FillOptions = FillOptions(), threshold: float = THRESHOLD) -> Settling:
        """See `tasks.settling.settle`."""
        return settle(self.denoiser, document, draft, chosen, kept, options, threshold)
