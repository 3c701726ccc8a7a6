"""The course of a run as a picture: certainty of every token, masks that are left, tokens over time."""

import threading
import warnings
from io import BytesIO
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from ...errors import OptionError
from .course import Course, SpanCourse, course

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_SPANS = 8     # that have a panel
MOST_MARKERS = 32  # steps that have a marker each
MOST_LABELS = 64   # tokens of a span that have a label each
WIDTH_IN = 9.0
EMPTY = "∅"        # a token that writes nothing
INK, SOFT, LINE, OPEN = "#26231e", "#6b6459", "#d8d2c6", "#efece5"
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#f0e442")  # Okabe and Ito: told apart by colour-blind readers too

_ONE_AT_A_TIME = threading.Lock()  # matplotlib's settings belong to the whole program


def plot(record: dict, format: Literal["png", "svg"] = "png") -> bytes:
    """A picture of the best alternative of a checked record; the same record gives the same bytes.

    Raises OptionError where there is nothing to draw: no step was taken, or the model told no tokens.
    """
    found = course(record)
    if not any(span.labels for span in found.spans):
        raise OptionError("A plot shows the certainty of tokens over steps; this record has none, as of a hosted model or a rewrite that changed nothing. Make --html of it instead.")
    import matplotlib  # only who plots waits for it

    settings = {"svg.hashsalt": "dlm-editor", "font.family": "DejaVu Sans", "font.size": 9, "text.color": INK, "axes.edgecolor": LINE, "axes.labelcolor": SOFT,
                "xtick.color": SOFT, "ytick.color": INK, "text.parse_math": False, "axes.unicode_minus": False}
    out = BytesIO()
    with _ONE_AT_A_TIME, matplotlib.rc_context(settings), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph", UserWarning)  # what the font lacks is drawn as a box
        metadata = {"Date": None, "Creator": None} if format == "svg" else {"Software": None}
        _figure(record, found).savefig(out, format=format, dpi=144, facecolor="white", metadata=metadata)
    return out.getvalue()


def _figure(record: dict, found: Course) -> "Figure":
    from matplotlib.figure import Figure

    drawn = [(number, span) for number, span in enumerate(found.spans) if span.labels][:MOST_SPANS]
    heights = [max(0.9, min(9.5, 0.19 * len(span.labels))) + 0.45 for _, span in drawn]
    figure = Figure(figsize=(WIDTH_IN, sum(heights) + 3.1), layout="constrained")
    grid = figure.add_gridspec(len(drawn) + 1, 2, height_ratios=[*heights, 2.5])
    more = len([span for span in found.spans if span.labels]) - len(drawn)
    figure.suptitle(_title(record, found) + (f"; {more} more spans are not drawn" if more else ""), fontsize=11, x=0.01, ha="left")
    maps = []
    for place, (number, span) in enumerate(drawn):
        axes = figure.add_subplot(grid[place, :])
        maps.append(axes)
        old = record["text"][record["spans"][number]["start"]:record["spans"][number]["end"]]
        image = _heat_map(axes, span, f"Span {number + 1}" + (f", instead of “{visible(old, 60)}”" if old else ", inserted"))
    _steps(axes, len(found.seconds))
    bar = figure.colorbar(image, ax=maps, fraction=0.03, pad=0.01, aspect=30, label="certainty", ticks=(0, 0.5, 1), format="{x:.0%}")
    bar.outline.set_visible(False)
    _masks(figure.add_subplot(grid[-1, 0]), found, drawn)
    _pace(figure.add_subplot(grid[-1, 1]), found)
    return figure


def _title(record: dict, found: Course) -> str:
    many = len(found.seconds)
    return f"{visible(record['model'], 60)}, {record['verb']}, seed {record['seed']}: {many} step{'s' * (many != 1)}, {found.seconds[-1]:.2f} s. Grey: open; {EMPTY}: a token without text"


def _heat_map(axes: "Axes", span: SpanCourse, title: str):
    """Tokens from top to bottom, steps from left to right; open places are left blank."""
    import numpy as np

    values = np.array([[np.nan if certainty is None else certainty for certainty in line] for line in span.certainties])
    tokens, steps = values.shape
    axes.set_facecolor(OPEN)
    image = axes.imshow(values, aspect="auto", cmap="YlGnBu", vmin=0, vmax=1, interpolation="nearest", extent=(0.5, steps + 0.5, tokens - 0.5, -0.5))
    axes.set_title(title, loc="left", fontsize=9, color=SOFT)
    if tokens <= MOST_LABELS:
        axes.set_yticks(range(tokens), [visible(label, 16) or EMPTY for label in span.labels])
        for line in range(1, tokens):
            axes.axhline(line - 0.5, color="white", linewidth=0.8)
    else:
        axes.set_ylabel("token")
    axes.set_xticks(())
    _bare(axes)
    return image


def _masks(axes: "Axes", found: Course, drawn: list[tuple[int, SpanCourse]]) -> None:
    steps = range(1, len(found.seconds) + 1)
    for place, (number, span) in enumerate(drawn):
        left = [float("nan") if value is None else value for value in span.open]
        axes.plot(steps, left, color=COLOURS[place], linewidth=1.6, marker="os^Dvp*h"[place] if len(steps) <= MOST_MARKERS else None, markersize=3.5, label=f"span {number + 1}", clip_on=False)
    axes.set_title("Masks that are left", loc="left", fontsize=9, color=SOFT)
    axes.set_ylim(bottom=0)
    axes.yaxis.get_major_locator().set_params(integer=True)
    if len(drawn) > 1:
        axes.legend(frameon=False, fontsize=8, labelcolor=SOFT)
    _steps(axes, len(steps))
    axes.grid(axis="y", color=LINE, linewidth=0.6)
    _bare(axes)


def _pace(axes: "Axes", found: Course) -> None:
    placed, seconds = found.placed, found.seconds
    gained = sum(max(0, after - before) for before, after in pairwise((0, *placed)))
    rate = f"{gained / seconds[-1]:.1f} tokens a second, " if seconds[-1] else ""
    axes.plot((0, *seconds), (0, *placed), color=COLOURS[0], linewidth=1.6, drawstyle="steps-post")
    axes.set_title(f"Tokens in place: {rate}{gained / len(placed):.1f} a step", loc="left", fontsize=9, color=SOFT)
    axes.set_xlabel("seconds")
    axes.set_xlim(left=0)
    axes.set_ylim(bottom=0)
    axes.yaxis.get_major_locator().set_params(integer=True)
    axes.grid(axis="y", color=LINE, linewidth=0.6)
    _bare(axes)


def _steps(axes: "Axes", steps: int) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.set_xlabel("step")
    axes.set_xlim(0.5, steps + 0.5)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=min(steps, 16) + 1, integer=True, steps=[1, 2, 5, 10]))


def _bare(axes: "Axes") -> None:
    axes.tick_params(length=0)
    for side in axes.spines.values():
        side.set_visible(False)


def visible(text: str, most: int) -> str:
    """Text on one line, with signs for what cannot be seen, cut where it is too long."""
    shown = "".join("↵" if char == "\n" else char if char.isprintable() else "·" for char in text.replace("\r\n", "\n"))
    return shown if len(shown) <= most else shown[:most - 1] + "…"
