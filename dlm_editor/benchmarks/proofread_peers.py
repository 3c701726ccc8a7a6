"""Spelling correctors and a rule engine to compare with, each where it is installed: `pip install dlm-editor[peers]`, aspell, hunspell, harper.js.

Correctors of single words are given every word of three letters or more that is in lower case or begins the text: with names left alone
they do best, and JFLEG comes out as published for them.
"""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import resources, util
from pathlib import Path

from .proofread import Corrector, of_strings

WORD = re.compile(r"(?<![\w'’-])[A-Za-z]{3,}(?![\w'’-])")
HARPER_SCRIPT = Path(__file__).with_name("proofread_harper.mjs")


@dataclass(frozen=True)
class Peer:
    """Another corrector, and where to get it."""

    name: str
    source: str
    is_installed: Callable[[], bool]
    make: Callable[[], Corrector]


def installed() -> Iterator[Corrector]:
    """Correctors of the peers that are here; what they hold is loaded one after another."""
    return (peer.make() for peer in PEERS if peer.is_installed())


def missing() -> list[str]:
    """Names of the others, each with where to get it."""
    return [f"{peer.name} ({peer.source})" for peer in PEERS if not peer.is_installed()]


def by_words(name: str, fix: Callable[[str], str | None]) -> Corrector:
    """`fix` is given a word in lower case and answers with a better one, or None."""
    def one(word: str) -> str:
        return _in_case_of(word, fix(word.lower()) or word.lower())

    def correct(text: str) -> str:
        return WORD.sub(lambda found: one(found[0]) if found[0].islower() or not found.start() else found[0], text)

    return of_strings(name, correct, one)


def _in_case_of(word: str, better: str) -> str:
    if better == word.lower():
        return word
    return better.upper() if word.isupper() and len(word) > 1 else better[:1].upper() + better[1:] if word[:1].isupper() else better


def _symspell() -> Corrector:
    from symspellpy import SymSpell, Verbosity
    checker = SymSpell(max_dictionary_edit_distance=2, prefix_length=7)
    checker.load_dictionary(str(resources.files("symspellpy") / "frequency_dictionary_en_82_765.txt"), 0, 1)

    def fix(word):
        found = checker.lookup(word, Verbosity.TOP, max_edit_distance=2)
        return found[0].term if found else None

    return by_words("symspell", fix)


def _pyspellchecker() -> Corrector:
    from spellchecker import SpellChecker
    checker = SpellChecker()
    return by_words("pyspellchecker", lambda word: None if word in checker else checker.correction(word))


def _autocorrect() -> Corrector:
    from autocorrect import Speller
    return by_words("autocorrect", Speller())


def _codespell() -> Corrector:
    """Its list, the first of several corrections."""
    lines = (resources.files("codespell_lib") / "data" / "dictionary.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("->") for line in lines if "->" in line)
    better = {wrong: right.split(",")[0].strip() for wrong, right in pairs}
    return by_words("codespell", better.get)


class _Program:
    """A process that answers lines; ends with this object."""

    def __init__(self, *command: str):
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8", bufsize=1)

    def say(self, line: str) -> None:
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def hear(self) -> str:
        """Raises ChildProcessError where it has ended."""
        if line := self._process.stdout.readline():
            return line.rstrip("\n")
        raise ChildProcessError(f"{self._process.args[0]} ended with status {self._process.wait()} in the middle of the benchmark. Install it anew.")

    def __del__(self):
        self._process.terminate()
        self._process.wait()


def _ispell(name: str, *options: str) -> Corrector:
    """A checker that speaks as ispell does: one answer a word, `& word count offset: first, second, …` where it is wrong."""
    program = _Program(name, "-a", *options)
    program.hear()

    def fix(word):
        program.say(f"^{word}")
        answer, line = "", program.hear()
        while line:
            answer, line = answer or line, program.hear()
        return answer.split(": ", 1)[1].split(", ")[0] if answer.startswith("&") else None

    return by_words(name, fix)


def _harper() -> Corrector:
    """The first suggestion for each problem; American English, all rules that are on by default. It would join marks to words, so it is given joined text."""
    program = _Program("node", str(HARPER_SCRIPT), str(_harper_folder()))

    def correct(text):
        program.say(json.dumps(text))
        return json.loads(program.hear())

    return of_strings("harper", correct, joins=True)


def _harper_folder() -> Path | None:
    """Where npm put harper.js: in NODE_PATH, or below the current folder."""
    folders = [*filter(None, os.environ.get("NODE_PATH", "").split(os.pathsep)), "node_modules"]
    return next((path.resolve() for folder in folders if (path := Path(folder) / "harper.js").is_dir()), None)


def _package(name: str) -> Callable[[], bool]:
    return lambda: util.find_spec(name) is not None


def _program(name: str) -> Callable[[], bool]:
    return lambda: shutil.which(name) is not None


PEERS = (
    Peer("codespell", "pip install codespell", _package("codespell_lib"), _codespell),
    Peer("symspell", "pip install symspellpy", _package("symspellpy"), _symspell),
    Peer("autocorrect", "pip install autocorrect", _package("autocorrect"), _autocorrect),
    Peer("pyspellchecker", "pip install pyspellchecker", _package("spellchecker"), _pyspellchecker),
    Peer("aspell", "a package of the system, with its English dictionary", _program("aspell"), lambda: _ispell("aspell", "--lang=en_US")),
    Peer("hunspell", "a package of the system, with its English dictionary", _program("hunspell"), lambda: _ispell("hunspell", "-d", "en_US")),
    Peer("harper", "npm install harper.js here or in a folder of NODE_PATH", lambda: _program("node")() and _harper_folder() is not None, _harper),
)
