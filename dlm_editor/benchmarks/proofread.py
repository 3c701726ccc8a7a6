"""How well mistakes are found and put right, and how much that is right is left alone; any corrector, beside doing nothing."""

import difflib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from tqdm import tqdm

from ..errors import InputError
from ..tasks import Editor
from ..tasks.proofreading import Proofreading, ProofreadOptions
from ..text import Document
from .proofread_clean import CleanText
from .proofread_gleu import gleu
from .proofread_items import FLUENCY, SPELLING, Passage, PassageSet
from .proofread_joining import edits_between, is_tokenised, join
from .proofread_spelling import Tally, is_aligned, tally, word_accuracy

SHOWN = 40  # false alarms that are listed


@dataclass(frozen=True)
class Corrector:
    """Something that puts text right."""

    name: str
    correct: Callable[[str], str]            # a text, the corrected text
    tokens: Callable[[str], str]             # the same for text whose tokens stand apart by spaces
    word: Callable[[str], str]               # a misspelt word by itself, the best correction


def nothing() -> Corrector:
    return of_strings("do nothing", lambda text: text)


def of_strings(name: str, correct: Callable[[str], str], word: Callable[[str], str] | None = None, joins: bool = False) -> Corrector:
    """A corrector that knows only strings. Tokenised text is given to it as it stands, or put together where it `joins`."""
    def tokens(source: str) -> str:
        joined = join(source)
        return joined.split(edits_between(joined.text, correct(joined.text)))

    return Corrector(name, correct, tokens if joins else correct, word or correct)


def of_editor(name: str, read: Callable[[str, float], Proofreading], threshold: float) -> Corrector:
    """The editor, as `reader` gives it; tokenised text is put together for it, and its edits are carried back.

    A word by itself is known to be wrong: it is read at threshold 0.
    """
    def tokens(source: str) -> str:
        joined = join(source)
        return joined.split([correction.edit for correction in read(joined.text, threshold).corrections])

    return Corrector(name, lambda text: read(text, threshold).corrected, tokens, lambda text: read(text, 0.0).corrected)


def reader(editor: Editor) -> Callable[[str, float], Proofreading]:
    """All corrections of a text at a threshold; those of the last texts are kept, since several tables speak of the same."""
    return lru_cache(maxsize=100)(lambda text, threshold: proofread(editor, text, threshold))


def proofread(editor: Editor, text: str, threshold: float) -> Proofreading:
    """All corrections of a text."""
    return next(event for event in editor.proofread(Document(text), ProofreadOptions(threshold)) if isinstance(event, Proofreading))


def set_rows(corrector: Corrector, sets: Sequence[PassageSet]) -> Iterator[dict]:
    """A row for each set: GLEU of sentences with several references, figures of changed tokens, or right words of those that are single."""
    for passages in sets:
        began = time.perf_counter()
        outputs = corrections(corrector, passages)
        row = {"set": passages.name, "corrector": corrector.name, "n": len(outputs), "ms an item": 1000 * (time.perf_counter() - began) / max(1, len(outputs))}
        refused = outputs.count(None)
        outputs = [item.source if output is None else output for item, output in zip(passages.items, outputs)]
        yield row | figures(passages, outputs) | ({"refused": refused} if refused else {})


def corrections(corrector: Corrector, passages: PassageSet) -> list[str | None]:
    """What the corrector makes of every item; None where it refuses the text."""
    sources = [item.source for item in passages.items]
    if passages.kind in (FLUENCY, SPELLING):
        correct = corrector.tokens if is_tokenised(sources) else corrector.correct
    else:
        correct = corrector.word
    return [_unless_refused(correct, source) for source in tqdm(sources, desc=f"{corrector.name} {passages.name}", disable=None, leave=False)]


def _unless_refused(correct: Callable[[str], str], source: str) -> str | None:
    try:
        return correct(source)
    except InputError:
        return None


def figures(passages: PassageSet, outputs: Sequence[str]) -> dict[str, float]:
    items = passages.items
    if passages.kind == FLUENCY:
        return {"GLEU": gleu([item.source for item in items], outputs, [item.references for item in items])}
    if passages.kind == SPELLING:
        return sum((_tally(item, output) for item, output in zip(items, outputs, strict=True)), Tally()).figures()
    return {"acc@1": word_accuracy([item.references[0] for item in items], outputs)}


def _tally(item: Passage, output: str) -> Tally:
    return tally(item.source, item.references[0], output) if is_aligned(item.source, item.references[0]) else Tally()


def clean_rows(corrector: Corrector, texts: Sequence[CleanText]) -> Iterator[dict]:
    """False alarms: runs of words that the corrector changed in text that is right, by source and over all."""
    found: dict[str, list[tuple[int, int, float]]] = {}
    for text in tqdm(texts, desc=f"{corrector.name} clean prose", disable=None, leave=False):
        began = time.perf_counter()
        changed = len(changes(text.text, corrector.correct(text.text)))
        found.setdefault(text.source, []).append((len(text.text.split()), changed, time.perf_counter() - began))
    for source, counts in (*found.items(), ("all", [count for some in found.values() for count in some])):
        words, edits, seconds = (sum(column) for column in zip(*counts)) if counts else (0, 0, 0.0)
        yield {"set": f"clean: {source}", "corrector": corrector.name, "n": len(counts), "words": words, "edits": edits,
               "edits per 1,000": 1000 * edits / max(1, words), "words a minute": 60 * words / max(seconds, 1e-9)}


def changes(before: str, after: str) -> list[tuple[str, str]]:
    """Runs of words that differ, line by line where there are as many lines."""
    lines, now = before.split("\n"), after.split("\n")
    if len(lines) != len(now):
        lines, now = [before], [after]
    return [change for old, new in zip(lines, now) if old != new for change in _runs(old.split(), new.split())]


def _runs(old: list[str], new: list[str]) -> list[tuple[str, str]]:
    codes = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [(" ".join(old[a:b]), " ".join(new[c:d])) for kind, a, b, c, d in codes if kind != "equal"]


def alarm_rows(read: Callable[[str, float], Proofreading], texts: Sequence[CleanText], threshold: float) -> Iterator[dict]:
    """The first false alarms in text that is right, to be read."""
    shown = 0
    for text in texts:
        for correction in read(text.text, threshold).corrections:
            edit = correction.edit
            start, end = max(0, edit.span.start - 30), edit.span.end + 30
            marked = f"{text.text[start:edit.span.start]}[{edit.before}→{edit.after}]{text.text[edit.span.end:end]}"
            yield {"source": text.source, "change": " ".join(marked.split()), "certainty": correction.certainty, "reason": correction.reason}
            shown += 1
            if shown == SHOWN:
                return
