"""Rows as an aligned table."""

from collections.abc import Sequence


def table(rows: Sequence[dict]) -> str:
    """One line a row under the names of all columns, numbers to the right; a column that a row lacks stays blank."""
    if not rows:
        return ""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    cells = [columns, *([cell(row.get(name)) for name in columns] for row in rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(columns))]
    is_number = [all(isinstance(row.get(name), int | float | None) for row in rows) for name in columns]
    lines = ["  ".join(text.rjust(w) if right else text.ljust(w) for text, w, right in zip(line, widths, is_number)).rstrip() for line in cells]
    return "\n".join([lines[0], "  ".join("-" * w for w in widths), *lines[1:]])


def cell(value) -> str:
    """A figure to four digits, never in powers of ten; nothing for None."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.{3 if abs(value) < 1 else 2 if abs(value) < 100 else 0}f}"
    return str(value)
