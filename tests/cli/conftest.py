"""The command line in this process, around a denoiser that is a table of logits."""

from dataclasses import dataclass

import pytest
import tiny

from dlm_editor.cli.main import main
from dlm_editor.tasks import Editor


@dataclass(frozen=True)
class Result:
    code: int
    out: bytes
    err: str


@pytest.fixture
def cli(capsysbinary, monkeypatch):
    """`cli(*arguments, stdin=b"")` runs a command and gives its exit code and output."""
    editor = Editor(tiny.TableDenoiser.of(tiny.vocabulary("with-null")))

    def run(*arguments, stdin=b"", load=lambda model, device: editor):
        import io

        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = main(arguments, load)
        captured = capsysbinary.readouterr()
        return Result(code, captured.out, captured.err.decode())

    return run
