"""One alternative laid out: how many tokens each gap has, which lines may end in a mark, and the canvas row that follows."""

from dataclasses import dataclass

import numpy as np

from ..canvas import FIXED, Vocabulary
from ..constraints.prosody.spelling import separator
from ..errors import UnsatisfiableError
from ..sampling.verse import LineLattice
from .poem_plan import OPEN
from .poem_verses import Required, Verses

STOPS = (",", ".", ";", ":", "!", "?")
LAST_STOPS = (".", "!", "?")
STOP_SHARE = 0.55   # of the lines within a stanza that end in a mark
SPREAD = 0.7        # tokens by which the length of a line varies between alternatives
TRIES = 24          # lengths tried for a poem


@dataclass(frozen=True, eq=False)
class Layout:
    """A row. `slots[line]` are the positions of its words, one array a copy: a refrain stands in several places; `stops[line]` those of its mark."""

    token_ids: list[int]
    gaps: list[int]                       # number of the line, FIXED elsewhere
    slots: dict[int, np.ndarray]          # (copies, tokens of all gaps)
    stops: dict[int, np.ndarray]          # (copies,), absent where no mark may stand
    sizes: dict[int, tuple[int, ...]]     # tokens of each gap
    required: Required


def stop_tokens(vocabulary: Vocabulary, marks: tuple[str, ...]) -> np.ndarray:
    """Tokens that write exactly one of the marks, (n,) int64."""
    found = [vocabulary.encode(mark, continues=True) for mark in marks]
    return np.array([tokens[0] for mark, tokens in zip(marks, found) if len(tokens) == 1 and vocabulary.write(tokens).strip() == mark.encode()], np.int64)


def choose_layout(verses: Verses, row: int, seed: int, head: str) -> Layout:
    """The layout of one alternative, under the fixed text `head`. Raises UnsatisfiableError where no lengths and places admit any words."""
    failed = None
    for attempt in range(TRIES):
        rng = np.random.default_rng([seed, row, attempt])
        try:
            required = _place_words(verses, rng)
            sizes = {index: _sizes(verses, index, required[index], rng, attempt) for index in verses.open_lines}
        except UnsatisfiableError as error:
            failed = error
            if not verses.plan.include:
                raise
            continue
        blank = {index: np.zeros((sum(sizes[index]), len(verses.spelling.columns)), np.float32) for index in sizes}
        if verses.solve(required, sizes, blank, np.zeros(len(verses.table.spellings), np.float32)) is not None:
            return _lay_out(verses, sizes, required, rng, head)
    if failed is not None:
        raise failed
    raise UnsatisfiableError(_why(verses))


def _why(verses: Verses) -> str:
    if verses.groups:
        return ("The lines must end on different words that rhyme; the words that meet everything else asked of these lines do not. Ask for fewer rhymes, "
                "near rhymes, or ban less.")
    return "All lines must end on different words; the words that meet everything asked of these lines do not suffice. Ask for fewer lines, or ban less."


def _place_words(verses: Verses, rng: np.random.Generator) -> Required:
    """A line for each word to include, in which it fits beside the others that stand there."""
    required: list[tuple[str, ...]] = [() for _ in verses.plan.lines]
    for word in verses.plan.include:
        for index in rng.permutation(verses.open_lines):
            wanted = (*required[index], word)
            if len(wanted) <= 2 and feasible_sizes(verses, int(index), wanted):
                required[index] = wanted
                break
        else:
            raise UnsatisfiableError(f"{word!r} is to be included, but no line has room for it: syllables, metre and first letters leave none. Change these.")
    return tuple(required)


def _tokens_a_syllable(verses: Verses) -> float:
    """As frequent words have them: the n-th most frequent counts 1/n."""
    widths, syllables = verses.spelling.inner.widths, verses.table.syllables
    weights = np.where((widths > 0) & (syllables > 0), 1 / (np.arange(len(widths)) + 10), 0)
    return float((widths * weights).sum() / max((syllables * weights).sum(), 1e-9))


def feasible_sizes(verses: Verses, index: int, required: tuple[str, ...]) -> list[tuple[int, ...]]:
    """Tokens of the gaps of a line that admit any words, the likeliest first."""
    key = "sizes", index, required
    if key in verses.made:
        return verses.made[key]
    line = verses.plan.lines[index]
    gaps = sum(piece is OPEN for piece in line.pieces)
    left = max(gaps, line.high - sum(min(word.syllable_counts) for word in line.kept_words))
    widest = max(len(verses.spelling.inner.by_width), len(verses.spelling.start.by_width))
    expected = max(gaps, left * _tokens_a_syllable(verses))
    totals = sorted(range(gaps, left * widest + 1), key=lambda total: abs(total - expected))
    compiled = verses.line(index, required)
    bias = np.zeros(len(verses.table.spellings), np.float32)
    found = []
    for total in totals[:16]:
        for split in _splits(total, gaps):
            logp = np.zeros((total, len(verses.spelling.columns)), np.float32)
            if LineLattice(compiled, verses.spelling, split, logp, bias).total() > -np.inf:
                found.append(split)
                break
        if len(found) >= 5:
            break
    verses.made[key] = found
    return found


def _splits(total: int, gaps: int) -> list[tuple[int, ...]]:
    """Ways to share tokens between the gaps of a line, the evenest first, at most a dozen."""
    if gaps == 1:
        return [(total,)]
    rng = np.random.default_rng(total)
    even = tuple(total // gaps + (i < total % gaps) for i in range(gaps))
    found = [even]
    for _ in range(11):
        cuts = np.sort(rng.choice(np.arange(1, total), gaps - 1, replace=False)) if total > gaps else np.arange(1, gaps)
        found.append(tuple(np.diff(np.concatenate([[0], cuts, [total]])).tolist()))
    return list(dict.fromkeys(found))


def _sizes(verses: Verses, index: int, required: tuple[str, ...], rng: np.random.Generator, attempt: int) -> tuple[int, ...]:
    found = feasible_sizes(verses, index, required)
    if not found:
        line = verses.plan.lines[index]
        raise UnsatisfiableError(f"Line {line.number} must have {line.low if line.low == line.high else f'{line.low} to {line.high}'} syllables"
                                 f"{' in its metre' if line.pattern else ''}{f' and begin with {line.initial!r}' if line.initial else ''}"
                                 f"{f' and match {verses.plan.options.regex!r}' if verses.regex else ''}; no words that are "
                                 "allowed do. Change one of these.")
    place = min(len(found) - 1, int(abs(rng.normal(0, SPREAD + 0.2 * attempt))))
    return found[place]


def _lay_out(verses: Verses, sizes, required, rng, head: str) -> Layout:
    plan, vocabulary = verses.plan, verses.vocabulary
    token_ids = [*vocabulary.prefix_ids, *vocabulary.encode(head)]
    gaps = [FIXED] * len(token_ids)
    parted, mask = separator(vocabulary), vocabulary.mask_id
    stopped = {index: _has_stop(verses, index, rng) for index in verses.open_lines}
    slots, stops = {}, {}
    for index, line in enumerate(plan.lines):
        if index:
            fixed = parted * (2 if line.opens_stanza else 1)
            token_ids += fixed
            gaps += [FIXED] * len(fixed)
        source = index if line.refrain is None else line.refrain
        open_sizes, copy = iter(sizes.get(source, ())), []
        for place, piece in enumerate(line.pieces):
            if piece is OPEN:
                size = next(open_sizes)
                copy += range(len(token_ids), len(token_ids) + size)
                token_ids += [mask] * size
                gaps += [source] * size
            else:
                fixed = vocabulary.encode(_spaced(piece, place, line.pieces), continues=bool(token_ids))
                token_ids += fixed
                gaps += [FIXED] * len(fixed)
        if source in sizes:
            slots.setdefault(source, []).append(copy)
            if stopped[source]:
                stops.setdefault(source, []).append(len(token_ids))
                token_ids.append(mask)
                gaps.append(source)
    token_ids += vocabulary.suffix_ids
    gaps += [FIXED] * len(vocabulary.suffix_ids)
    return Layout(token_ids, gaps, {index: np.array(found) for index, found in slots.items()}, {index: np.array(found) for index, found in stops.items()},
                  sizes, required)


def _spaced(piece: str, place: int, pieces) -> str:
    """Kept text as the canvas has it: words of gaps bring the space before them."""
    piece = piece.rstrip() if place + 1 < len(pieces) else piece
    return piece if place == 0 or piece[:1] in " ,.;:!?" else f" {piece}"


def _has_stop(verses: Verses, index: int, rng) -> bool:
    """The last line and that of a stanza end in a mark, others sometimes."""
    lines = verses.plan.lines
    if lines[index].pieces[-1] is not OPEN or not len(stop_tokens(verses.vocabulary, STOPS)):
        return False
    copies = [index, *(number for number, line in enumerate(lines) if line.refrain == index)]
    ends = any(number + 1 == len(lines) or lines[number + 1].opens_stanza for number in copies)
    return ends or rng.random() < STOP_SHARE
