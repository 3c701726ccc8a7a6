"""Whether the parts of a diffusing stream replace one another or are to be put together: told apart by the parts themselves.

While a text is denoised, each part holds the whole of it, and neighbours share most of their characters; parts of a stream that grows
share next to nothing. With the common prefix and suffix, or the characters equal in place, of neighbours p and c as shared(p, c):

    the parts replace  ⇔  Σ shared(p, c) ≥ SHARE · Σ max(|p|, |c|)

Of a few short parts that says little. Then they replace, as the provider documents it, unless they begin with white space and the
first one does not: such are the words of a growing text.
"""

from dataclasses import dataclass

SHARE = 0.4
FEW = 40  # characters compared


@dataclass(frozen=True)
class Diffusing:
    """What the parts so far amount to. Judged anew at every part: the first ones, mostly noise, may be shown wrongly, the last is not."""

    joined: str = ""
    last: str = ""
    shared: int = 0
    compared: int = 0
    has_words: bool = False  # a later part begins with white space, the first does not

    @property
    def replaces(self) -> bool:
        return self.shared >= SHARE * self.compared or self.compared < FEW and not self.has_words

    @property
    def text(self) -> str:
        return self.last if self.replaces else self.joined

    def add(self, part: str) -> "Diffusing":
        """With one more part; an empty one, as at the end of a stream, says nothing."""
        if not part:
            return self
        if not self.last:
            return Diffusing(part, part)
        before, now = self.last.strip(), part.strip()
        has_words = self.has_words or part[0].isspace() and not self.joined[0].isspace()
        compared = self.compared + max(len(before), len(now))
        return Diffusing(self.joined + part, part, self.shared + _shared(before, now), compared, has_words)


def _shared(p: str, c: str) -> int:
    """Characters that stand in both: at either end, or in the same places."""
    shortest = min(len(p), len(c))
    start = next((i for i in range(shortest) if p[i] != c[i]), shortest)
    end = next((i for i in range(shortest - start) if p[-1 - i] != c[-1 - i]), shortest - start)
    return max(start + end, sum(a == b for a, b in zip(p, c)))
