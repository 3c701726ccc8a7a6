"""`poem`: a poem in a form, every constraint met."""

import argparse
import json
import sys
from collections.abc import Callable

from .batch import add_batch, check_one_model, files_of, is_batch, run_batch
from .loading import add_model, load_editor
from .streams import finished, read_document, write_result

SETTINGS = {  # metavar, help
    "form": ("NAME", "haiku, tanka, cinquain, couplet, quatrain, quatrain-aabb, quatrain-abba, limerick, sonnet, villanelle, acrostic, lipogram"),
    "lines": ("N", "how many lines"),
    "syllables": ("5,7,5", "of each line, or one number for all"),
    "rhyme": ("ABAB", "a letter a line, - for none, a digit where the whole line comes back, a space between stanzas: \"A1bA2 abA1\""),
    "meter": ("NAME", "iambic, trochaic, dactylic, anapestic, free, or a pattern such as x/x/"),
    "acrostic": ("WORD", "the first letters of the lines"),
    "ban_letters": ("LETTERS", "letters that must not stand in it"),
    "regex": ("RE", "what every line must match, in small letters and without the mark at its end"),
    "topic": ("TEXT", "what it is about"),
    "title": ("TEXT", "stands above the poem"),
    "alternatives": ("K", "how many poems, best first, 1 to 8 (with --json)"),
    "candidates": ("K", "how many poems are begun, of which the best are refined"),
    "steps": ("N", "steps for the first writing, or auto (default)"),
    "refine": ("N", "rounds in which uncertain words are found anew"),
    "temperature": ("T", "how much candidates differ (default 0.7)"),
    "seed": ("N", "the same seed gives the same poem (default 0)"),
}
WORDS = {
    "include": "a word that must stand in it; repeatable",
    "ban": "a word that must not; repeatable",
    "rhymes_with": "a word that the first rhyme rhymes with, the second …; repeatable",
}


def add_poem(verbs) -> None:
    parser = verbs.add_parser("poem", help="write a poem in a form", allow_abbrev=False,
                              description="Writes a poem in a form by name, in free settings, or both: a setting replaces the form's. With --draft, lines that "
                                          "stand are kept and marks [[ ]] are written.")
    for name, (metavar, told) in SETTINGS.items():
        parser.add_argument(f"--{name.replace('_', '-')}", metavar=metavar, help=told)
    for name, told in WORDS.items():
        parser.add_argument(f"--{name.replace('_', '-')}", metavar="WORD", action="append", help=told)
    parser.add_argument("--near", action="store_const", const=True, help="near rhymes will do")
    parser.add_argument("--draft", metavar="FILE", help="own lines with marks, or - for standard input; in a batch, the text itself")
    add_model(parser)
    parser.add_argument("--json", action="store_true", help="print the poems with their badges as one JSON object")
    add_batch(parser)
    parser.set_defaults(call=_poem)


def _poem(given: argparse.Namespace, load: Callable | None) -> int:
    fields = {name: getattr(given, name) for name in (*SETTINGS, *WORDS, "near", "model")}
    if is_batch(given):
        return _batch(given, fields, load)
    from ..tasks.poem_requests import parse_poem, poem_record  # torch comes with it, and --help needs none

    draft = None if given.draft is None else read_document(given.draft, None)
    options, model = parse_poem({**fields, "draft": draft})
    poems = _poems(load_editor(load, given).poem(options))
    if given.json:
        write_result(json.dumps(poem_record(poems, options, model), ensure_ascii=False) + "\n")
        return 0
    text = poems[0].text
    write_result(text if text.endswith("\n") else text + "\n")
    unknown = sorted({word for badge in poems[0].badges for word in badge.guessed})
    if unknown:
        print(f"The dictionary lacks {', '.join(unknown)}; syllables there follow the spelling.", file=sys.stderr)
    return 0


def _poems(events) -> list:
    from ..tasks import PoemSuggestion

    return finished(events, PoemSuggestion, lambda step: f"step {step.index}, {step.seconds:.1f} s")


def _batch(given: argparse.Namespace, fields: dict, load: Callable | None) -> int:
    files = files_of(given, "drafts", "--draft", (given.draft,))
    editor = load_editor(load, given)

    def answer(line: dict) -> dict:
        from ..tasks.poem_requests import parse_poem, poem_record

        options, model = parse_poem({**fields, **line})
        check_one_model(model, given)
        return poem_record(_poems(editor.poem(options)), options, model)

    return run_batch(files, answer, "written")
