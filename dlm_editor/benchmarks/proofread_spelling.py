"""Spelling in context: which tokens a corrector changed, and whether rightly."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Tally:
    """Tokens of texts whose target stands token beside token; what the source has wrong are its mistakes."""

    mistakes: int = 0
    corrected: int = 0      # of the mistakes: now as in the target
    spoiled: int = 0        # of the mistakes: changed to something else that is wrong
    right_tokens: int = 0
    false_changes: int = 0  # of the right tokens
    inserted: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(mine + yours for mine, yours in zip(vars(self).values(), vars(other).values())))

    def figures(self) -> dict[str, float]:
        """P, R and F0.5 in per cent, and false changes per 1,000 right tokens."""
        changes = self.corrected + self.spoiled + self.false_changes + self.inserted
        precision, recall = self.corrected / max(1, changes), self.corrected / max(1, self.mistakes)
        f_half = 1.25 * precision * recall / max(1e-9, 0.25 * precision + recall)
        return {"mistakes": self.mistakes, "P": 100 * precision, "R": 100 * recall, "F0.5": 100 * f_half,
                "false per 1,000": 1000 * self.false_changes / max(1, self.right_tokens)}


def is_aligned(source: str, target: str) -> bool:
    """Only such texts are counted: elsewhere it is not known which token belongs to which."""
    return len(source.split()) == len(target.split())


def tally(source: str, target: str, correction: str) -> Tally:
    tokens, wanted = source.split(), target.split()
    given, inserted = _beside(tokens, correction.split())
    wrong = [(token, right, now) for token, right, now in zip(tokens, wanted, given, strict=True) if token != right]
    right = [(token, now) for token, right, now in zip(tokens, wanted, given) if token == right]
    return Tally(len(wrong), sum(now == right for _, right, now in wrong), sum(now not in (token, right) for token, right, now in wrong),
                 len(right), sum(now != token for token, now in right), inserted)


def _beside(tokens: list[str], given: list[str]) -> tuple[list[str], int]:
    """What stands for each of `tokens`, and how many runs of tokens were inserted between them."""
    if len(tokens) == len(given):
        return given, 0
    standing, inserted = [], 0
    for kind, start, end, first, last in difflib.SequenceMatcher(None, tokens, given, autojunk=False).get_opcodes():
        if kind == "insert":
            inserted += 1
        elif end - start == last - first:
            standing += given[first:last]
        else:
            standing += [" ".join(given[first:last]), *[""] * (end - start - 1)]
    return standing, inserted


def word_accuracy(wanted: Sequence[str], given: Sequence[str]) -> float:
    """Per cent of single words that came out right, case aside."""
    return 100 * sum(word.lower() == now.strip().lower() for word, now in zip(wanted, given, strict=True)) / max(1, len(wanted))
