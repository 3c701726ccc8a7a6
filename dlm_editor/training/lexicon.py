"""The words of a corpus and how often they stand there: what a proofreader takes for words."""

import gzip
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

FILE = "lexicon.txt.gz"
LEAST = 5            # a word seen less often may be a misprint
CAPITAL_SHARE = 0.85  # of a name's occurrences

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def count_words(texts: Iterable[str]) -> Counter[str]:
    """Words as they are written, apostrophes straight."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(_WORD.findall(text.replace("’", "'")))
    return counts


def write_lexicon(counts: Counter[str], folder: Path) -> int:
    """`word count` a line, the most frequent first, in small letters; names with a capital. How many there are."""
    small: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for word, count in counts.items():
        total[word.lower()] += count
        if word == word.lower():
            small[word] += count
    kept = [(word, count) for word, count in total.most_common() if count >= LEAST and len(word) <= 30]
    shown = (f"{word.capitalize() if small[word] < (1 - CAPITAL_SHARE) * count else word} {count}" for word, count in kept)
    folder.mkdir(parents=True, exist_ok=True)
    with gzip.GzipFile(folder / FILE, "wb", compresslevel=9, mtime=0) as file:
        file.write(("\n".join(shown) + "\n").encode())
    return len(kept)
