"""Reads the command line, calls a verb, and turns errors into one line and an exit code."""

import argparse
import os
import re
import sys
import traceback
import warnings
from collections.abc import Callable, Sequence

from ..errors import InputError, ModelError, OptionError, UnknownModelError, UnsafeModelError
from .fill import add_fill
from .models import add_models
from .poem import add_poem
from .proofread import add_proofread
from .rewrite import add_rewrite
from .streams import drop_output
from .trace import add_trace

EXIT_DONE, EXIT_OURS, EXIT_THEIRS, EXIT_INTERRUPTED = 0, 1, 2, 130


def run() -> int:
    """`main`, with the libraries that chatter on standard error silenced."""
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("HF_HUB_VERBOSITY", "error")
    warnings.simplefilter("ignore")
    return main(sys.argv[1:])


def main(arguments: Sequence[str], load: Callable | None = None) -> int:
    """The exit code: 0 = done, 2 = the input or an option is wrong, 1 = our own failure, 130 = stopped by the user.

    `load` gives the Editor for a model and a device; dlm_editor.load if left out.
    """
    try:
        code = _dispatch(list(arguments), load)
        sys.stdout.flush()
        return code
    except (InputError, UnknownModelError, UnsafeModelError) as error:
        return _say(error, EXIT_THEIRS)
    except ModelError as error:
        return _say(error, EXIT_OURS)
    except KeyboardInterrupt:
        return _say("stopped", EXIT_INTERRUPTED)
    except BrokenPipeError:  # whoever read the output has seen enough
        drop_output()
        return EXIT_DONE
    except Exception as error:
        traceback.print_exc()
        return _say(f"Something broke inside dlm_editor ({type(error).__name__}); please report the lines above.", EXIT_OURS)


def _dispatch(arguments: list[str], load: Callable | None) -> int:
    verb = arguments[0] if arguments else None
    if verb == "bench":
        from ..benchmarks import main as bench  # heavy, and no other verb needs it

        return bench(arguments[1:])
    given = _parser().parse_args(_join_negatives(arguments))
    return given.call(given, load)


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, as all errors here do."""

    def error(self, message: str):
        raise OptionError(f"The command line could not be read: {message}. See `{self.prog} --help`.")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m dlm_editor", allow_abbrev=False,
                     description="A diffusion language model rewrites exactly the marked spans of a text, and nothing else.",
                     epilog="Exit codes: 0 done, 2 the input or an option is wrong, 1 our own failure.")
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", dest="verb", required=True, parser_class=_Parser)
    add_fill(verbs)
    add_rewrite(verbs)
    add_proofread(verbs)
    add_poem(verbs)
    add_models(verbs)
    add_trace(verbs)
    verbs.add_parser("bench", help="measure quality and speed beside named references", add_help=False)
    return parser


def _join_negatives(arguments: list[str]) -> list[str]:
    """`--span -1:3` as `--span=-1:3`, which argparse would take for an option."""
    joined: list[str] = []
    for argument in arguments:
        if joined and re.fullmatch(r"--[a-z-]+", joined[-1]) and re.match(r"-[0-9]", argument):
            joined[-1] += f"={argument}"
        else:
            joined.append(argument)
    return joined


def _say(message: object, code: int) -> int:
    """One line on standard error."""
    print("error:" if code in (EXIT_OURS, EXIT_THEIRS) else "dlm_editor:", " ".join(str(message).split("\n")), file=sys.stderr)
    return code
