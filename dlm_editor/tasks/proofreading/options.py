"""What a proofreading is asked for."""

from dataclasses import dataclass

from ...errors import OptionError

DEFAULT_THRESHOLD = 0.4


@dataclass(frozen=True)
class ProofreadOptions:
    """Corrections below `threshold` are left out; certainties are calibrated, so that of those at c about a share c is right."""

    threshold: float = DEFAULT_THRESHOLD
    dictionary: tuple[str, ...] = ()             # words that are right, in any case
    ignore: tuple[tuple[str, str], ...] = ()     # corrections, (before, after), that are not wanted

    def __post_init__(self):
        number = isinstance(self.threshold, int | float) and not isinstance(self.threshold, bool)
        if not number or not 0 <= self.threshold <= 1:
            raise OptionError(f"The threshold of a proofreading is 0 to 1; got {self.threshold!r}. Higher means fewer corrections.")
        if not isinstance(self.dictionary, tuple) or not all(isinstance(word, str) and word.strip() for word in self.dictionary):
            raise OptionError(f"A dictionary is a tuple of words; got {self.dictionary!r}. Leave it out for none.")
        pairs = isinstance(self.ignore, tuple) and all(isinstance(pair, tuple) and len(pair) == 2 and all(isinstance(part, str) for part in pair) for pair in self.ignore)
        if not pairs:
            raise OptionError(f"Corrections to ignore are a tuple of pairs (before, after); got {self.ignore!r}. Leave it out for none.")
