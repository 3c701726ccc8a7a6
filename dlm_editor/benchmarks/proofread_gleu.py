"""GLEU: how near a corrected sentence comes to what people wrote (Napoles et al., ACL 2015; revised in arXiv:1605.02592).

For n-grams of 1 to 4 tokens, C counting them in a sentence, H the correction, S the source and R one reference:

    p_n  = max(0, Σ_g min(C_H(g), C_R(g)) − Σ_{g in S, not in R} min(C_H(g), C_S(g))) / Σ_g C_H(g)
    GLEU = exp(min(0, 1 − |R| / |H|) + ¼ Σ_n log p_n)

Sums run over the corpus before the division. Of several references one a sentence is drawn; the score is the mean over 500 such draws.
"""

import random
from collections import Counter
from collections.abc import Sequence

import numpy as np

ORDERS = 4
ITERATIONS = 500
SEED_STEP = 101  # draw j is seeded with j · 101, as the authors do


def gleu(sources: Sequence[str], corrections: Sequence[str], references: Sequence[Sequence[str]]) -> float:
    """0 to 100. Texts are tokens apart by white space; `references[i]` are those of `sources[i]`."""
    if not sources:
        return 0.0
    counts = [[statistics(source, correction, reference) for reference in some]
              for source, correction, some in zip(sources, corrections, references, strict=True)]
    scores = []
    for iteration in range(ITERATIONS):
        rng = random.Random(iteration * SEED_STEP)
        scores.append(_score(np.sum([some[rng.randint(0, len(some) - 1)] for some in counts], axis=0)))
    return 100 * float(np.mean(scores))


def sentence_gleu(source: str, correction: str, references: Sequence[str]) -> float:
    """Mean over the references, 0 to 100; counts of zero are taken as one, so that short sentences have a score."""
    return 100 * float(np.mean([_score(np.maximum(1, statistics(source, correction, reference))) for reference in references]))


def statistics(source: str, correction: str, reference: str) -> np.ndarray:
    """(2 + 2 · ORDERS,) int64: tokens of correction and reference, then for every n what p_n divides and what by."""
    first, given, wanted = source.split(), correction.split(), reference.split()
    found = [len(given), len(wanted)]
    for n in range(1, ORDERS + 1):
        of_source, of_given, of_wanted = (_ngrams(tokens, n) for tokens in (first, given, wanted))
        should_have_gone = Counter({gram: count for gram, count in of_source.items() if gram not in of_wanted})
        kept = (of_given & of_wanted).total() - (of_given & should_have_gone).total()
        found += [max(0, kept), of_given.total()]
    return np.array(found, np.int64)


def _ngrams(tokens: Sequence[str], n: int) -> Counter:
    return Counter(tuple(tokens[i:i + n]) for i in range(len(tokens) - n + 1))


def _score(counts: np.ndarray) -> float:
    """0 to 1 for summed statistics; 0 where one of them is 0."""
    if not counts.all():
        return 0.0
    given, wanted = counts[:2]
    return float(np.exp(min(0.0, 1 - wanted / given) + np.log(counts[2::2] / counts[3::2]).mean()))
