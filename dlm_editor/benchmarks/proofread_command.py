"""The tables of `bench --suite proofread`."""

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..errors import AbilityError, OptionError
from ..tasks import Editor
from ..tasks.proofreading import ProofreadOptions
from .proofread import Corrector, alarm_rows, clean_rows, nothing, of_editor, proofread, reader, set_rows
from .proofread_certainty import certainty_rows
from .proofread_clean import CleanText, beginnings, bundled_texts, corpus_texts_aside, file_texts
from .proofread_items import PassageSet, read_passages
from .proofread_peers import installed, missing
from .proofread_speed import DOCUMENT_WORDS, speed_rows

PARTS = ("sets", "clean", "certainty", "speed", "peers")
WITH_DATA = ("sets", "certainty")
WORDS_AN_ITEM = 50  # of the long document, where --limit is given

Tables = Iterator[tuple[str, Iterable[dict]]]


@dataclass(frozen=True)
class Proofreadings:
    """What is measured, read before the first row is made."""

    parts: tuple[str, ...]
    sets: tuple[PassageSet, ...]
    clean: tuple[CleanText, ...]
    options: ProofreadOptions
    limit: int | None = None

    @classmethod
    def read(cls, a: argparse.Namespace) -> "Proofreadings":
        """Raises InputError where an option or a file is wrong."""
        parts = tuple(part.strip() for part in a.parts.split(","))
        if wrong := [part for part in parts if part not in PARTS]:
            raise OptionError(f"--parts are of {', '.join(PARTS)}; got {wrong[0]!r}. Leave it out for all.")
        options, needed = ProofreadOptions(a.threshold), [part for part in parts if part in WITH_DATA]
        if needed and not a.data:
            raise OptionError(f"The suite proofread needs test sets for {', '.join(needed)}; got no --data. Name a folder that holds proof/*.jsonl and "
                              "spell/*.jsonl, or choose --parts clean.")
        clean: tuple[CleanText, ...] = ()
        if "clean" in parts:
            clean = file_texts(a.clean) if a.clean else corpus_texts_aside(a.corpus) if a.corpus else bundled_texts()
        return cls(parts, read_passages(a.data, a.limit) if needed else (), beginnings(clean, a.limit) if a.limit else clean, options, a.limit)

    def of_peers(self) -> Tables:
        """Doing nothing, and every peer that is installed, in the tables that the editor has too."""
        if "sets" in self.parts or "clean" in self.parts:
            yield "Others", (row for corrector in self._others() for row in self._rows(corrector))
        if "peers" in self.parts and missing():
            yield "Not installed, so not compared", ({"corrector": name} for name in missing())

    def _others(self) -> Iterator[Corrector]:
        yield nothing()
        if "peers" in self.parts:
            yield from installed()

    def _rows(self, corrector: Corrector) -> Iterator[dict]:
        if "sets" in self.parts:
            yield from set_rows(corrector, self.sets)
        if "clean" in self.parts:
            yield list(clean_rows(corrector, self.clean))[-1]

    def of_editor(self, name: str, editor: Editor) -> Tables:
        try:
            proofread(editor, "A word.", 1.0)
        except AbilityError as error:
            yield "Not proofread", [{"refused": str(error)}]
            return
        read, threshold = reader(editor), self.options.threshold
        corrector = of_editor(name, read, threshold)
        if "sets" in self.parts:
            yield "Mistakes found and put right", set_rows(corrector, self.sets)
        if "clean" in self.parts:
            yield "False alarms on clean prose", clean_rows(corrector, self.clean)
            yield "False alarms to read", alarm_rows(read, self.clean, threshold)
        if "certainty" in self.parts:
            yield "Certainty of corrections, and thresholds", certainty_rows(editor, self.sets)
        if "speed" in self.parts:
            yield "Speed of proofreading", speed_rows(editor, self.options, min(DOCUMENT_WORDS, WORDS_AN_ITEM * (self.limit or DOCUMENT_WORDS)))
