"""The command as a process: what it imports, how it leaves."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import tiny

ROOT = Path(__file__).parents[2]


def command(*arguments):
    return [sys.executable, "-m", "dlm_editor", *arguments]


def test_models_and_help_need_no_torch():
    for arguments in (["models", "--json"], ["--help"], ["fill", "--help"], ["proofread", "--help"]):
        code = ("import sys\nfrom dlm_editor.cli.main import main\n"
                f"try: main({arguments!r})\nexcept SystemExit: pass\nsys.exit('torch' in sys.modules or 'transformers' in sys.modules)")
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith("[{" if arguments[-1] == "--json" else "usage:")


def test_a_fill_through_a_pipe_prints_one_result_and_nothing_else():
    arguments = command("fill", "-", "--json", "--device", "cpu", "--model", str(tiny.checkpoint("with-null")))
    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, check=False, input="Smörgås 👩‍🔬 [[sat]].\r\n".encode())
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["text"] == "Smörgås 👩‍🔬 sat.\r\n"


def test_a_reader_that_leaves_early_is_no_error():
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(command("models"), cwd=ROOT, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")
def test_ctrl_c_leaves_with_one_line(tmp_path):
    os.mkfifo(tmp_path / "never")
    process = subprocess.Popen(command("fill", str(tmp_path / "never")), cwd=ROOT, stderr=subprocess.PIPE, text=True,
                               preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))  # a job in the background inherits that it is ignored
    time.sleep(3)  # it waits for the file by then
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (130, "dlm_editor: stopped\n")
