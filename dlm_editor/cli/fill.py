"""`fill`: from options to fields, from fields to a run, from a run to output."""

import argparse
import json
import sys
from collections.abc import Callable

from ..errors import OptionError
from .batch import add_batch, check_one_model, files_of, is_batch, run_batch
from .consent import with_consent
from .loading import add_model, load_editor
from .streams import finished, read_document, write_result
from .trace import add_recording, check_out, recording
from .word import wants_word, write_text

NUMBERS = ("alternatives", "steps", "temperature", "top_p", "seed", "bound", "block_length", "window", "guidance")
RULES = {  # constraints that hold for every span: metavar, help
    "regex": ("RE", "the fill matches this regular expression from end to end"),
    "include": ("WORD", "the fill holds this word, or these words in a row; WORD@2 as its second; repeatable"),
    "ban": ("WORD", "the fill does not hold this word; repeatable"),
    "ban_letters": ("LETTERS", "the fill holds none of these letters"),
    "only_words": ("FILE", "all words of the fill are in this file, apart by spaces or line breaks"),
    "initials": ("LETTERS", "the words of the fill begin with these letters"),
    "line_initials": ("LETTERS", "the lines of the fill begin with these letters"),
    "words": ("N", "so many words: 5, 3-7, 3- or -7"),
    "characters": ("N", "so many characters: 40 or 20-60"),
    "tokens": ("N", "so many tokens of the model"),
}
SWITCHES = {"ends_sentence": "the fill ends a sentence", "no_repeats": "no line and no two words in a row stand twice in the fill, no word directly after itself"}
REPEATABLE = ("include", "ban")


def add_fill(verbs) -> None:
    parser = verbs.add_parser(
        "fill", help="fill the marked spans of a text", allow_abbrev=False,
        description="Fills the marked spans and prints the whole text. Mark words as [[old words]], insert with [[]], give a length as "
                    "[[old|8]] (tokens) or "
                    "[[old|3w]] (words); \\[[ is a literal [[. With --span, brackets are text.")
    add_options(parser)
    parser.add_argument("--instruction", metavar="TEXT", help="what to write, for models that follow instructions")
    parser.add_argument("--send", action="store_true", help="agree that the text around the marks is sent to a hosted model")
    rules = parser.add_argument_group("constraints on every fill")
    for name, (metavar, text) in RULES.items():
        rules.add_argument(f"--{name.replace('_', '-')}", metavar=metavar, action="append" if name in REPEATABLE else "store", help=text)
    for name, text in SWITCHES.items():
        rules.add_argument(f"--{name.replace('_', '-')}", action="store_true", default=None, help=text)
    parser.set_defaults(call=_fill)


def add_options(parser: argparse.ArgumentParser) -> None:
    """What all verbs take that work on marked spans: the text, how to refine, the model, the output."""
    parser.add_argument("file", nargs="?", metavar="FILE", help="a UTF-8 file, a .docx, or - for standard input")
    parser.add_argument("--text", help="the text itself")
    parser.add_argument("--span", action="append", metavar="START:END[:LENGTH]", help="what to fill, in characters from 0, half-open; "
                                                                                      "repeatable")
    parser.add_argument("--alternatives", metavar="K", help="how many different fills, 1 to 16")
    parser.add_argument("--steps", metavar="N", help="refinement steps, or auto (default)")
    parser.add_argument("--temperature", metavar="T", help="0 (default) takes the most probable words, 1 samples as the model was trained")
    parser.add_argument("--top-p", metavar="P", help="sample from the likeliest words that make up this share")
    parser.add_argument("--seed", metavar="N", help="the same seed gives the same fill (default 0)")
    parser.add_argument("--sampler", metavar="NAME", help="auto (default: the one that the model was made with), entropy-bound, confidence, entropy, margin, ancestral, …")
    parser.add_argument("--bound", metavar="NATS", help="of entropy-bound: higher is faster and less careful (default 1)")
    parser.add_argument("--guidance", metavar="S", help="classifier-free guidance of models that take it (LLaDA), 0 (default) to 10")
    parser.add_argument("--style", metavar="FILE", help="a text to write like, which the model sees before the document")
    parser.add_argument("--block-length", metavar="N", help="fill from left to right in blocks of so many tokens")
    parser.add_argument("--window", metavar="N", help="tokens that the model sees at a time")
    add_model(parser)
    parser.add_argument("--json", action="store_true", help="print all suggestions as one JSON object")
    add_recording(parser)
    add_batch(parser, takes_word=True)


def _fill(given: argparse.Namespace, load: Callable | None) -> int:
    fields = {name: getattr(given, name) for name in (*NUMBERS, *RULES, *SWITCHES, "sampler", "instruction", "model")} | ({"agree": True} if given.send else {})
    if given.only_words is not None:
        fields["only_words"] = read_document(given.only_words, None).split()

    return run_spans(given, load, fields, _parse, lambda editor, document, options: editor.fill(document, with_consent(editor, document, options)))


def _parse(fields: dict) -> tuple:
    from ..tasks.requests import parse_fill  # torch comes with it, and --help needs none

    document, options, model = parse_fill(fields)
    return document, options, model, options.seed


def run_spans(given: argparse.Namespace, load: Callable | None, fields: dict, parse: Callable[[dict], tuple], start: Callable) -> int:
    """One text or a batch of them. `parse(fields)` gives document, options, model and seed; `start(editor, document, options)` the events of a run."""
    if given.style is not None:
        fields = fields | {"style": read_document(given.style, None)}
    if not wants_word(given) and is_batch(given):
        return _batch(given, load, fields, parse, start)
    from ..tasks.requests import fill_record

    check_out("trace", given.trace, (given.file,))
    document, options, model, seed = parse({**fields, "text": read_document(given.file, given.text), "spans": given.span})
    with recording(given, document, model, seed, fields) as passed:
        suggestions = _suggestions(passed(start(load_editor(load, given), document, options)))
        if given.json:
            write_result(json.dumps(fill_record(document, suggestions, model, seed), ensure_ascii=False) + "\n")
        if given.out is not None or not given.json:
            write_text(given, suggestions[0].text)
    if len(suggestions) > 1 and not given.json:
        print(f"The best of {len(suggestions)} alternatives; --json prints them all.", file=sys.stderr)
    return 0


def _suggestions(events) -> list:
    from ..tasks import Suggestion

    return finished(events, Suggestion, lambda step: f"step {step.index}{f' of at most {step.total}' if step.total else ''}, {step.seconds:.1f} s")


def _batch(given: argparse.Namespace, load: Callable | None, fields: dict, parse: Callable[[dict], tuple], start: Callable) -> int:
    if given.trace is not None:
        raise OptionError(f"--trace records one run; got it with a batch, as {given.trace!r}. Run that text by itself, or leave --trace out.")
    files = files_of(given, "texts and spans", "FILE, --text or --span", (given.file, given.text, given.span))
    editor = load_editor(load, given)

    def answer(line: dict) -> dict:
        from ..tasks.requests import fill_record

        document, options, model, seed = parse({**fields, **line})
        check_one_model(model, given)
        return fill_record(document, _suggestions(start(editor, document, options)), model, seed)

    return run_batch(files, answer)
