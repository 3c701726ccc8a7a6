"""`rewrite`: the doubtful words of the marked texts, found anew."""

import argparse
from collections.abc import Callable

from .fill import NUMBERS, add_options, run_spans


def add_rewrite(verbs) -> None:
    parser = verbs.add_parser(
        "rewrite", help="find doubtful words of the marked spans anew", allow_abbrev=False,
        description="Finds the words of the marked spans anew that the model doubts most, and prints the whole text. Mark words as [[old words]]; \\[[ is a "
                    "literal [[. With --span, brackets are text.")
    parser.add_argument("--strength", metavar="S", help="share of the words, 0 (nothing changes) to 1 (all are written anew); default 0.5")
    parser.add_argument("--keep", metavar="WORD", action="append", help="a word that stays; repeatable")
    parser.add_argument("--instruction", metavar="TEXT", help="how to write, for models that follow instructions")
    add_options(parser)
    parser.set_defaults(call=_rewrite)


def _rewrite(given: argparse.Namespace, load: Callable | None) -> int:
    fields = {name: getattr(given, name) for name in (*NUMBERS, "sampler", "model", "strength", "keep", "instruction")}
    return run_spans(given, load, fields, _parse, lambda editor, document, options: editor.rewrite(document, options))


def _parse(fields: dict) -> tuple:
    from ..tasks.requests import parse_rewrite  # torch comes with it, and --help needs none

    document, options, model = parse_rewrite(fields)
    return document, options, model, options.fill.seed
