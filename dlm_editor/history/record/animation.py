"""The text of a run as it settles, as an animated picture."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from .around import around
from .coding import Draft
from .course import best_row
from .replaying import endings, replay
from .typesetting import OPEN, Line, Part, set_lines

if TYPE_CHECKING:
    from PIL import Image, ImageFont

WIDTH, MARGIN, SIZE, LEADING = 800, 36, 22, 36  # pixels
REACH = 160        # characters of the text on each side of a span
MOST_SPANS = 6     # that are shown
MOST_LINES = 48
MOST_CHARACTERS = 4000  # that are set: more than there are lines for
MOST_FRAMES = 60   # of longer runs some steps are left out
FIRST_MS, LAST_MS, RUN_MS = 1200, 3500, 8000  # how long the original and the end stand, and all steps between together at most

PAPER, INK, SOFT, FAINT = (255, 253, 249), (38, 35, 30), (107, 100, 89), (230, 224, 212)
# Of every style: ground, line below. The bands of certainty are those of the page.
STYLES = {"plain": (PAPER, PAPER), "old": ((251, 229, 143), (138, 106, 0)), "none": ((239, 236, 229), (143, 135, 120)), "low": ((249, 227, 218), (168, 69, 47)),
          "medium": ((247, 239, 214), (138, 100, 16)), "high": ((227, 239, 233), (29, 101, 88))}
BOX = 1.4          # width of an open place, in ems


def gif(record: dict, format: Literal["gif", "webp"] = "gif") -> bytes:
    """An endless animation of the best alternative of a checked record: the original, the steps, the end for longer. The same record gives the same bytes."""
    from PIL import ImageFont  # only who draws waits for it

    font, small = (ImageFont.truetype(str(_font_file()), size) for size in (SIZE, 15))
    width_of = cache(lambda text: BOX * SIZE if text == OPEN else font.getlength(text))
    pages = [(title, set_lines(parts, WIDTH - 2 * MARGIN, width_of)) for title, parts in _pages(record)]
    lines = min(MOST_LINES, max(len(page) for _, page in pages))
    pictures = [_draw(title, place / max(1, len(pages) - 1), page[:lines], lines, font, small) for place, (title, page) in enumerate(pages)]
    step_ms = max(60, min(450, RUN_MS // max(1, len(pages) - 2)))
    durations = [FIRST_MS, *[step_ms] * (len(pages) - 2), LAST_MS][-len(pages):]
    out = BytesIO()
    if format == "webp":
        pictures[0].save(out, "WEBP", save_all=True, append_images=pictures[1:], duration=durations, loop=0, lossless=True, quality=60, method=4)
    else:
        palette = _palette()
        indexed = [picture.quantize(palette=palette, dither=0) for picture in pictures]
        indexed[0].save(out, "GIF", save_all=True, append_images=indexed[1:], duration=durations, loop=0, optimize=False)
    return out.getvalue()


def _font_file() -> Path:
    import matplotlib

    return Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"


def _pages(record: dict) -> Iterator[tuple[str, list[Part]]]:
    """A title and the parts of the text for the original, for the steps, and for the end."""
    text, spans, row = record["text"], record["spans"][:MOST_SPANS], best_row(record)
    sides = [_clean(side) for side in around({**record, "spans": spans}, REACH)]
    count = len(record["steps"])
    yield "Original text", _woven(sides, [[Part(_clean(text[span["start"]:span["end"]]), "old")] for span in spans])
    every = -(-count // MOST_FRAMES)
    for step in replay(record):
        if step["step"] % max(1, every) == 0 or step["step"] == count:
            yield f"Step {step['step']} of {count}", _woven(sides, [_parts(draft) for draft in step["drafts"][row][:MOST_SPANS]])
    for ending in endings(record)[:1]:
        yield f"{count} step{'s' * (count != 1)}, {ending['seconds']:.2f} s", _woven(sides, [_parts(draft) for draft in ending["drafts"][:MOST_SPANS]])


def _woven(sides: list[str], spans: list[Iterable[Part]]) -> list[Part]:
    parts, room = [], MOST_CHARACTERS
    for part in chain([Part(sides[0], "plain")], *(chain(span, [Part(side, "plain")]) for span, side in zip(spans, sides[1:]))):
        parts.append(Part(part.text[:room], part.style))
        room -= len(parts[-1].text)
        if room <= 0:
            break
    return parts


def _parts(draft: Draft) -> Iterator[Part]:
    return (Part(OPEN, "none") if state == "open" else Part(_clean(text), _band(certainty, tokens)) for text, certainty, state, tokens in draft if text or state == "open")


def _band(certainty: float | None, tokens: list[int]) -> str:
    """The style of a piece; one that no token stands for is fixed text, or a hosted model's."""
    if certainty is None or not tokens:
        return "none"
    return "low" if certainty < 0.2 else "medium" if certainty < 0.5 else "high"


def _clean(text: str) -> str:
    """Text that can be drawn: single line breaks, and no characters that have no picture."""
    lines = re.sub(r"\s*\n\s*", "\n", text.replace("\r", "\n"))
    return "".join(char if char.isprintable() or char == "\n" else " " for char in lines)


def _draw(title: str, share: float, page: list[Line], lines: int, font: "ImageFont.FreeTypeFont", small: "ImageFont.FreeTypeFont") -> "Image.Image":
    from PIL import Image, ImageDraw

    height = 2 * MARGIN + lines * LEADING + 34
    picture = Image.new("RGB", (WIDTH, height), PAPER)
    draw = ImageDraw.Draw(picture)
    for number, line in enumerate(page):
        top = MARGIN + number * LEADING
        for placed in line:
            ground, below = STYLES[placed.part.style]
            left, right = MARGIN + placed.x, MARGIN + placed.x + placed.width
            if placed.part.text == OPEN:
                draw.rounded_rectangle((left + 2, top + 5, right - 3, top + LEADING - 8), 5, FAINT, (143, 135, 120), 1)
                continue
            if placed.part.style != "plain":
                draw.rectangle((left, top + 2, right - 1, top + LEADING - 5), ground)
                draw.rectangle((left, top + LEADING - 6, right - 1, top + LEADING - 5), below)
            draw.text((left, top + LEADING - 12), placed.part.text, INK, font, anchor="ls")
    foot = height - MARGIN
    draw.rectangle((MARGIN, foot - 20, WIDTH - MARGIN, foot - 17), FAINT)
    draw.rectangle((MARGIN, foot - 20, MARGIN + (WIDTH - 2 * MARGIN) * share, foot - 17), (29, 101, 88))
    draw.text((MARGIN, foot + 8), title, SOFT, small, anchor="ls")
    right = WIDTH - MARGIN
    for style, told in (("high", "50 % and more"), ("medium", "20 to 50 %"), ("low", "certainty below 20 %")):
        left = right - small.getlength(told)
        draw.rectangle((left - 3, foot - 8, right + 2, foot + 12), STYLES[style][0])
        draw.rectangle((left - 3, foot + 11, right + 2, foot + 12), STYLES[style][1])
        draw.text((left, foot + 7), told, SOFT, small, anchor="ls")
        right = left - 16
    return picture


def _palette() -> "Image.Image":
    """All colours that occur, with the shades between letters and grounds; one for all frames, so that nothing flickers."""
    from PIL import Image

    shades = [tuple(round(low + (high - low) * level / 11) for low, high in zip(ink, ground)) for ink in (INK, SOFT) for ground, _ in STYLES.values() for level in range(12)]
    colours = list(dict.fromkeys([*shades, *(below for _, below in STYLES.values()), FAINT]))
    palette = Image.new("P", (1, 1))
    palette.putpalette([value for colour in colours for value in colour])
    return palette
