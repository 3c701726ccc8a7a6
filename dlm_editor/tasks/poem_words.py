"""Other words for one word of a finished poem: the likeliest under the model with which the poem still is all that was asked for."""

import re
from dataclasses import dataclass, replace

import numpy as np

from ..constraints.prosody import look_up, split_words
from ..denoisers import Denoiser
from ..errors import OptionError, UnsatisfiableError
from ..sampling.verse import Placed
from ..text import Document, Mark, Span
from .poem_badges import LineText, badges, poem_violations
from .poem_events import Badge
from .poem_layout import Layout, choose_layout, feasible_sizes
from .poem_options import PoemOptions
from .poem_plan import OPEN, plan_poem
from .poem_row import RowValues, build_canvas, predict
from .poem_verses import WEAK_END, Verses

ROWS = 24          # layouts that are drawn, to see each length in tokens that the word may have
TRIES = 24         # words looked at for each length
AGAIN = -1e3       # nats that keep a word from being found twice
REPEATED = 12.0    # nats that a word costs that stands in the poem already


@dataclass(frozen=True)
class WordChoice:
    """`text` takes the place of the old word; `lines` and `badges` are those of the poem that it makes."""

    text: str
    lines: tuple[str, ...]
    badges: tuple[Badge, ...]
    score: float               # log p of its tokens, nats, over the root of their number; less where it ends a line as few lines end


def poem_word_spans(line: str) -> list[tuple[int, int]]:
    """The words of a line as readers part them: stretches without white space that hold a letter or digit, [start, end)."""
    return [found.span() for found in re.finditer(r"\S+", line) if any(char.isalnum() for char in found[0])]


def other_words(denoiser: Denoiser, options: PoemOptions, lines: tuple[str, ...], line: int, word: int, most: int = 8) -> tuple[WordChoice, ...]:
    """At most so many choices, best first, for word `word` of line `line`, both from 0. Everything else stays as it stands.

    `lines`: of the poem that was written to `options`, without its title; blank ones part stanzas and are not counted. A refrain changes wherever it
    stands. Marks beside the word stay. Raises OptionError where there is no such word.
    """
    verse = _verse(lines, line, word)
    start, end = _core(verse, *poem_word_spans(verse)[word])
    plan = plan_poem(replace(options, draft=_draft(lines, verse, *poem_word_spans(verse)[word])))
    verses = Verses.of(plan, denoiser.vocabulary)
    layouts = _layouts(verses, options)
    if not layouts:
        return ()
    canvas = build_canvas(layouts, denoiser.vocabulary.mask_id)
    values, number = predict(denoiser, canvas, 1.0)
    texts = [text for text in lines if text.strip()]
    found: dict[str, WordChoice] = {}
    for least in (min(look_up(verse[start:end]).syllable_counts), 0):  # single words first
        if len(found) >= most:
            break
        for row, layout in enumerate(layouts):
            for text, score in _ranked(verses, layout, RowValues(verses, layout, canvas, row, values, number[row]), verse[start:end], texts, least):
                text = text[:1].upper() + text[1:] if verse[start:start + 1].isupper() else text
                changed = [verse[:start] + text + verse[end:] if other == verse else other for other in texts]
                if text.lower() != verse[start:end].lower() and not poem_violations(plan, changed):
                    choice = WordChoice(text, tuple(changed), badges(plan, [LineText(one) for one in changed]), score)
                    found[text] = max(choice, found.get(text, choice), key=lambda one: one.score)
    return tuple(sorted(found.values(), key=lambda choice: (" " in choice.text, -choice.score))[:most])


def _verse(lines: tuple[str, ...], line: int, word: int) -> str:
    texts = [text for text in lines if text.strip()]
    if not 0 <= line < len(texts) or not 0 <= word < len(poem_word_spans(texts[line])):
        raise OptionError(f"A word is one of a line of the poem; got word {word} of line {line}, from 0. Write the poem anew.")
    return texts[line]


def _core(verse: str, start: int, end: int) -> tuple[int, int]:
    """The word without the marks around it."""
    inner = [at for at in range(start, end) if verse[at].isalnum()]
    return inner[0], inner[-1] + 1


def _draft(lines: tuple[str, ...], verse: str, start: int, end: int) -> Document:
    """The poem with the word open, marks beside it included: a line that ends on it must be seen to end on an open word."""
    marks, at = [], 0
    for text in lines:
        if text == verse:
            marks.append(Mark(Span(at + start, at + end)))
        at += len(text) + 1
    return Document("\n".join(lines), tuple(marks))


def _layouts(verses: Verses, options: PoemOptions) -> list[Layout]:
    """One for each length that the word may have; none where no word fits."""
    head, found = f"{options.head}\n\n" if options.head else "", {}
    (index,) = verses.open_lines
    for row in range(ROWS):
        if len(found) == len(feasible_sizes(verses, index, ())):
            break
        try:
            layout = choose_layout(verses, row, options.seed, head)
        except UnsatisfiableError:
            break
        found.setdefault(tuple(layout.sizes.items()), layout)
    return list(found.values())


def _ranked(verses: Verses, layout: Layout, values: RowValues, old: str, texts: list[str], least: int):
    """What the gap may hold, the likeliest first, as (words, score). `least`: syllables of each word, at least."""
    spellings = verses.table.spellings
    logp = {index: values.line(index) for index in layout.slots}
    standing = {word.lower() for text in texts for word in split_words(text)}
    bias = verses.prior - np.array([-AGAIN if word.lower() == old.lower() else REPEATED * (word.lower() in standing) for word in spellings], np.float32)
    bias[verses.table.syllables < least] += AGAIN
    for _ in range(TRIES):
        solved = verses.solve(layout.required, layout.sizes, logp, bias)
        if solved is None:
            return
        ((index, placed),) = solved.items()
        ends_line = verses.plan.lines[index].pieces[-1] is OPEN
        if any(bias[one.word] < AGAIN / 2 for one in placed):
            return
        bias[[one.word for one in placed]] += AGAIN
        score = sum(_logprob(verses, layout, logp[index], index, one) for one in placed) + (-WEAK_END * verses.small[placed[-1].word] if ends_line else 0)
        yield " ".join(spellings[one.word] for one in placed), float(score) / sum(one.width for one in placed) ** 0.5


def _logprob(verses: Verses, layout: Layout, logp: np.ndarray, index: int, placed: Placed) -> float:
    """Of the tokens of one word."""
    begins = placed.position == 0 and verses.line(index, layout.required[index]).begins_line
    tokens = (verses.spelling.start if begins else verses.spelling.inner).tokens[placed.word, :placed.width]
    return float(logp[np.arange(placed.position, placed.position + placed.width), tokens].sum())
