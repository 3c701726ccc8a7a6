"""The tables of `bench --suite proofread`."""

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..errors import OptionError
from ..tasks import Editor
from ..tasks.proofreading import ProofreadOptions
from .proofread import alarm_rows, clean_rows, nothing, of_editor, set_rows
from .proofread_clean import CleanText, beginnings, bundled_texts, corpus_texts_aside, file_texts
from .proofread_items import PassageSet, read_passages

PARTS = ("sets", "clean")
WITH_DATA = ("sets",)

Tables = Iterator[tuple[str, Iterable[dict]]]


@dataclass(frozen=True)
class Proofreadings:
    """What is measured, read before the first row is made."""

    parts: tuple[str, ...]
    sets: tuple[PassageSet, ...]
    clean: tuple[CleanText, ...]
    options: ProofreadOptions

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
        return cls(parts, read_passages(a.data, a.limit) if needed else (), beginnings(clean, a.limit) if a.limit else clean, options)

    def of_peers(self) -> Tables:
        if "sets" in self.parts:
            yield "Mistakes found and put right: others", set_rows(nothing(), self.sets)

    def of_editor(self, name: str, editor: Editor) -> Tables:
        corrector = of_editor(name, editor, self.options.threshold)
        if "sets" in self.parts:
            yield "Mistakes found and put right", set_rows(corrector, self.sets)
        if "clean" in self.parts:
            yield "False alarms on clean prose", clean_rows(corrector, self.clean)
            yield "False alarms to read", alarm_rows(editor, self.clean, self.options.threshold)
