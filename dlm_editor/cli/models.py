"""`models`: what can be loaded by a short name, and what of it fits this machine."""

import argparse
import json

from ..denoisers.catalog import PRECISION_BYTES, catalog_records, families
from ..denoisers.machine import machine_memory
from ..errors import OptionError
from .streams import write_result

HEAD = ("id", "family", "parameters", "memory_gb", "fits", "license", "verified", "abilities")


def add_models(verbs) -> None:
    parser = verbs.add_parser("models", help="list the models that can be named by a short id", allow_abbrev=False,
                              description="Lists the catalog. Any other model of a supported family can be used too, by hub id or folder. "
                                          "In the column `fits`, * stands at models for which this machine has the memory free now, "
                                          "+ at those it holds already.")
    parser.add_argument("--family", help="only of this family, for example llada")
    parser.add_argument("--fits", metavar="GB", help="only such as fit into so much memory")
    parser.add_argument("--precision", metavar="P", default="auto", help="the numbers that memory is counted in: auto (default), "
                                                                         f"{', '.join(PRECISION_BYTES)}")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(call=_models)


def _models(given: argparse.Namespace, _load) -> int:
    if given.family is not None and given.family not in families():
        raise OptionError(f"A family is one of {', '.join(families())}; got {given.family!r}. Leave --family out for all.")
    records = catalog_records(given.family, _gigabytes(given.fits), given.precision)
    write_result(json.dumps(records, ensure_ascii=False) + "\n" if given.json else _table(records))
    return 0


def _table(records: list[dict]) -> str:
    """Aligned columns, and a line that says what they were judged by."""
    rows = [HEAD, *map(_row, records)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    memory, precision = machine_memory(), next((record["precision"] for record in records if record["precision"]), None)
    counted = f"memory in {precision}; " if precision else ""
    return "\n".join([*lines, "", f"{counted}* fits into the {memory.free_gb:.1f} GB free on {memory.device}; + is on this machine"]) + "\n"


def _row(record: dict) -> tuple[str, ...]:
    parameters = "hosted" if record["hosted"] else f"{record['parameters']:,}"
    marks = ("" if record["hosted"] else "*" if record["fits"] else "-") + ("+" if record["installed"] else "")
    return (record["id"], record["family"], parameters, "" if record["hosted"] else f"{record['memory_gb']:.2f}", marks, record["license"],
            record["verified"], "; ".join(record["abilities"]))


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
