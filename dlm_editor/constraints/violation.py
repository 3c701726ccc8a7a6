"""What a judge found wrong."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Violation:
    """`rule` as the constraint puts it in plain words, and what the text has instead."""

    rule: str
    found: str

    def __str__(self):
        return f"{self.rule}; got {self.found}"
