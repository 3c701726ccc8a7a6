"""Whether a correction of certainty 0.8 is right four times in five; what a threshold gives and costs."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tqdm import tqdm

from ..errors import InputError
from ..tasks import Editor
from ..tasks.proofreading import Correction
from .proofread import figures, proofread
from .proofread_gleu import sentence_gleu
from .proofread_items import FLUENCY, SPELLING, Passage, PassageSet
from .proofread_joining import Joined, is_tokenised, join
from .proofread_spelling import is_aligned

BANDS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)


@dataclass(frozen=True)
class Read:
    """An item, and everything that the editor would change in it at threshold 0."""

    item: Passage
    joined: Joined
    corrections: tuple[Correction, ...]

    def at(self, threshold: float) -> str:
        """The tokens with the corrections from `threshold` on."""
        return self.joined.split([c.edit for c in self.corrections if c.certainty >= threshold])


@dataclass(frozen=True)
class Judged:
    """A correction alone: whether it brings the text nearer to what a person wrote, and whether it raises the sentence's GLEU."""

    correction: Correction
    is_right: bool
    raises_gleu: bool


def read_all(editor: Editor, passages: PassageSet) -> list[Read]:
    """Every item of a set, proofread at threshold 0."""
    has_tokens = is_tokenised([item.source for item in passages.items])
    found = []
    for item in tqdm(passages.items, desc=f"all corrections {passages.name}", disable=None, leave=False):
        joined = join(item.source) if has_tokens else Joined(item.source, splits=False)
        try:
            found.append(Read(item, joined, proofread(editor, joined.text, 0.0).corrections))
        except InputError as error:  # a text that is refused counts as one left alone
            tqdm.write(f"{passages.name} {item.id}: {error}", file=sys.stderr)
            found.append(Read(item, joined, ()))
    return found


def certainty_rows(editor: Editor, sets: Sequence[PassageSet]) -> Iterator[dict]:
    """For each set bands of certainty: what was stated, what was right; then the figures of the set at several thresholds."""
    for passages in sets:
        if passages.kind in (FLUENCY, SPELLING):
            found = read_all(editor, passages)
            yield from _band_rows(passages, [judged for one in found for judged in judge(one, passages.kind)])
            for threshold in THRESHOLDS:
                yield {"set": passages.name, "threshold": threshold} | figures(passages, [one.at(threshold) for one in found])


def _band_rows(passages: PassageSet, found: list[Judged]) -> Iterator[dict]:
    """A row for each band that occurs, and one over all with the expected calibration error (Guo et al., arXiv:1706.04599)."""
    error = 0.0
    for low, high in zip(BANDS, (*BANDS[1:], 1.01)):
        if members := [judged for judged in found if low <= judged.correction.certainty < high]:
            row = _shares(passages, members)
            error += len(members) / len(found) * abs(row["stated"] - row["right"])
            yield {"set": passages.name, "certainty": f"{low:g}–{min(high, 1):g}"} | row
    if found:
        yield {"set": passages.name, "certainty": "all"} | _shares(passages, found) | {"calibration_error": error}


def _shares(passages: PassageSet, members: list[Judged]) -> dict[str, float]:
    """In per cent."""
    shares = {"stated": [judged.correction.certainty for judged in members], "right": [judged.is_right for judged in members]}
    if passages.kind == FLUENCY:
        shares["raises GLEU"] = [judged.raises_gleu for judged in members]
    return {"edits": len(members)} | {name: 100 * sum(values) / len(members) for name, values in shares.items()}


def judge(read: Read, kind: str) -> list[Judged]:
    """Each correction applied alone. Right: fewer tokens are to be changed then, to some reference; nothing is said where tokens cannot be compared."""
    item, source = read.item, read.joined.split([])
    if kind == SPELLING and not is_aligned(item.source, item.references[0]):
        return []
    judged = []
    for correction in read.corrections:
        output = read.joined.split([correction.edit])
        nearer = any(distance(output.split(), wanted.split()) < distance(source.split(), wanted.split()) for wanted in item.references)
        rises = sentence_gleu(source, output, item.references) > sentence_gleu(source, source, item.references)
        judged.append(Judged(correction, nearer, rises))
    return judged


def distance(tokens: Sequence[str], wanted: Sequence[str]) -> int:
    """Tokens to insert, delete or replace (Levenshtein)."""
    row = list(range(len(wanted) + 1))
    for number, token in enumerate(tokens, 1):
        above, row[0] = row[0], number
        for place, other in enumerate(wanted, 1):
            above, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, above + (token != other))
    return row[-1]
