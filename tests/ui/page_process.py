"""A page as a process of its own."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[2]
START_S = 120


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(command: list[str], log: Path, **environment: str) -> tuple[subprocess.Popen, str]:
    """The process and its address, once its page answers."""
    port = free_port()
    began = time.monotonic()
    process = subprocess.Popen([sys.executable, *command, str(port)], cwd=ROOT, env={**os.environ, **environment}, stdout=log.open("w"), stderr=subprocess.STDOUT)
    url = f"http://127.0.0.1:{port}"
    while time.monotonic() - began < START_S:
        try:
            urllib.request.urlopen(f"{url}/health", timeout=1).read()
            return process, url
        except OSError:
            assert process.poll() is None, f"the server ended:\n{log.read_text()}"
            time.sleep(0.1)
    process.kill()
    raise AssertionError(f"no page after {START_S} s:\n{log.read_text()}")


def stop(process: subprocess.Popen):
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
