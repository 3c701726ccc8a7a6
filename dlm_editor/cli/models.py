"""`models`: what can be loaded by a short name."""

import argparse
import json

from ..denoisers.catalog import catalog_records, families
from ..errors import OptionError
from .streams import write_result

COLUMNS = ("id", "family", "parameters", "memory_gb", "license", "corruption", "sees_suffix", "variable_length", "verified")


def add_models(verbs) -> None:
    parser = verbs.add_parser("models", help="list the models that can be named by a short id", allow_abbrev=False,
                              description="Lists the catalog. Any other masked language model can be used too, by hub id or folder.")
    parser.add_argument("--family", help="only of this family, for example bert")
    parser.add_argument("--fits", metavar="GB", help="only such as fit into so much memory")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(call=_models)


def _models(given: argparse.Namespace, _load) -> int:
    if given.family is not None and given.family not in families():
        raise OptionError(f"A family is one of {', '.join(families())}; got {given.family!r}. Leave --family out for all.")
    records = catalog_records(given.family, _gigabytes(given.fits))
    if given.json:
        write_result(json.dumps(records, ensure_ascii=False) + "\n")
        return 0
    rows = [COLUMNS, *(tuple(_cell(record[column]) for column in COLUMNS) for record in records)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    write_result("".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() + "\n" for row in rows))
    return 0


def _gigabytes(text: str | None) -> float | None:
    if text is None:
        return None
    try:
        size = float(text)
    except ValueError:
        size = -1
    if not 0 < size < float("inf"):
        raise OptionError(f"--fits is a number of gigabytes above 0; got {text!r}. Write one, like 4.")
    return size


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, int) else str(value)
