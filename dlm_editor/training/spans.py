"""Which spans of a row are opened, and the clean row with null answers laid out after them."""

from collections.abc import Callable
from dataclasses import dataclass

import torch

from .tables import CLAUSE, LINE, SENTENCE, WORD, Tables


@dataclass(frozen=True)
class SpanMix:
    """What is opened in the rows whose noise is spans."""

    levels: tuple[float, ...] = (0.62, 0.2, 0.1, 0.08)  # shares of rows: word, clause, sentence, line
    zones: tuple[int, ...] = (24, 48, 96, 64)           # tokens; a span never leaves its zone, which bounds its length
    words: int = 12                                     # longest run of words opened at the word level
    surplus: int = 16                                   # most null answers of one span
    insertion: float = 0.15                             # of spans in surplus rows: nothing is opened but nulls


@dataclass(frozen=True)
class Spans:
    """All (batch, spans) int64, in order; start = end = extra = 0 where a span is not used."""

    start: torch.Tensor
    end: torch.Tensor
    extra: torch.Tensor  # null answers laid out after `end`


def draw_spans(clean: torch.Tensor, tables: Tables, mix: SpanMix, rows: tuple[torch.Tensor, torch.Tensor], uniform: Callable) -> Spans:
    """Spans for the rows `rows` = (wanted, surplus), two (batch, 1) bool; `uniform(*shape)` draws from [0, 1).

    The row is cut into zones from a random offset; a span lies in its zone [low, high) with low < start <= end < high, so the token
    before it and the token after it are visible and belong to no other span.
    """
    (wanted, surplus), (batch, length) = rows, clean.shape
    level, count, words = _units(clean, tables, mix, uniform)

    def at(table, index):
        return table.gather(1, index.clamp(0, length - 1))

    find = torch.searchsorted  # first position with count >= value
    width = torch.tensor(mix.zones, device=clean.device).clamp(max=length)[level]           # (batch, 1)
    offset = (uniform(batch, 1) * torch.minimum(width, length - width + 1)).long()
    low = offset + width * torch.arange(max(1, length // min(mix.zones)), device=clean.device)
    high = low + width
    spans = low.shape[1]
    chance = uniform(batch, spans).masked_fill(high > length, 2.0)
    used = (chance < 0.1 + 0.9 * uniform(batch, 1)) | (chance == chance.amin(1, keepdim=True))
    used &= wanted & (high <= length)

    inside = low + 1 + (uniform(batch, spans) * (width - 2)).long()                         # a position of the span
    begin = find(count, at(count, inside))                                                  # its unit begins here …
    begin = torch.maximum(begin, find(words, at(words, low) + 1))                           # … or with the zone's first whole word
    most = torch.where(level == WORD, mix.words, 1)
    units = torch.exp(uniform(batch, spans) * torch.log(most + 1.0)).long().clamp(max=most)  # log-uniform over 1 … most
    end = torch.minimum(find(count, at(count, inside) + units), find(words, at(words, high - 1)))
    insertion = surplus & (uniform(batch, spans) < mix.insertion)
    end = torch.where(insertion, begin, end)
    some = torch.exp(uniform(batch, spans) * torch.log(torch.tensor(mix.surplus + 1.0))).long().clamp(max=mix.surplus)
    extra = torch.where(surplus & (insertion | (uniform(batch, spans) < 0.7)), some, 0)

    specials = torch.nn.functional.pad(tables.special[clean].cumsum(1), (1, 0))
    within = specials.gather(1, end.clamp(0, length)) - specials.gather(1, begin.clamp(0, length))
    used &= (begin > low) & (end < high) & ((end > begin) | insertion & (end == begin)) & (within == 0)
    extra = extra * used
    used &= end + extra.cumsum(1) < length  # the visible token after the span stays in the window; end grows, so this drops a tail
    return Spans(begin * used, end * used, extra * used)


def _units(clean: torch.Tensor, tables: Tables, mix: SpanMix, uniform: Callable) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Each row's level (batch, 1), the number of its units begun up to each position, and that of words: (batch, length) int64."""
    batch = len(clean)
    starts = tables.begins[clean] | _after(tables.ends[WORD][clean])  # (batch, length): a word begins here
    breaks = tables.ends[LINE][clean]                                 # a newline is a unit of every kind
    units = (starts & (breaks | _after(tables.ends[k][clean])) for k in (CLAUSE, SENTENCE, LINE))
    counts = torch.stack([starts, *units]).cumsum(-1)
    shares = torch.tensor(mix.levels, device=clean.device).cumsum(0)
    level = torch.searchsorted(shares, uniform(batch, 1) * shares[-1]).clamp(max=LINE)
    return level, counts[level[:, 0], torch.arange(batch, device=clean.device)].contiguous(), counts[WORD].contiguous()


def _after(flags: torch.Tensor) -> torch.Tensor:
    """True where the position before is True; False at position 0, for what came before the window is unknown."""
    return torch.nn.functional.pad(flags[:, :-1], (1, 0))


def lay_out(clean: torch.Tensor, spans: Spans, null: int) -> tuple[torch.Tensor, torch.Tensor]:
    """x_0 with `extra` nulls after each span, cropped to the length, and which slots are open: both (batch, length).

    Token i moves right by the surplus of the spans that end at or before i; slots that no token moves to are the nulls.
    """
    batch, length = clean.shape
    zeros = torch.zeros(batch, length + 1, dtype=torch.int64, device=clean.device)
    moved = torch.arange(length, device=clean.device) + zeros.scatter_add(1, spans.end, spans.extra).cumsum(1)[:, :length]
    one = torch.ones_like(spans.start)
    inside = zeros.scatter_add(1, spans.start, one).scatter_add(1, spans.end, -one).cumsum(1)[:, :length] > 0
    moved = moved.clamp(max=length)  # column `length` collects what is cropped
    x_0 = torch.full_like(zeros, null).scatter(1, moved, clean)[:, :length]
    opened = torch.ones_like(zeros, dtype=torch.bool).scatter(1, moved, inside)[:, :length]
    return x_0, opened
