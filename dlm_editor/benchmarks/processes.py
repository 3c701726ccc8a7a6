"""What only a process of its own can tell: peak memory, and how long the page takes to start."""

import json
import platform
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import torch

from .speed import settle, three_spans
from .texts import long_document, paragraph

START_TIMEOUT_S = 120.0
APP = Path(__file__).resolve().parents[2] / "app.py"


def machine() -> dict:
    """What the figures were taken on."""
    return {"processor": _processor(), "cores": psutil.cpu_count(logical=False) or psutil.cpu_count(), "torch threads": torch.get_num_threads(),
            "memory GB": round(psutil.virtual_memory().total / 1e9, 1), "gpu": torch.cuda.get_device_name() if torch.cuda.is_available() else "none",
            "python": platform.python_version(), "torch": torch.__version__, "load": round(psutil.getloadavg()[0], 1)}


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.processor() or platform.machine())


def memory_rows(model: str, device: str) -> Iterator[dict]:
    """Peak memory of the command line filling three spans, from its start to its end."""
    for name, text in (("200 words", paragraph()), ("100,000 words", long_document())):
        document = three_spans(text)
        spans = [f"--span={mark.span.start}:{mark.span.end}:{mark.length}" for mark in document.marks]
        with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            began = time.perf_counter()
            peak, status = _peak([sys.executable, "-m", "dlm_editor", "fill", file.name, *spans, "--json", "--model", model, "--device", device])
        if status == 0:
            yield {"what": f"command line, {name}", "peak memory MB": peak / 1e6, "seconds": time.perf_counter() - began}
        else:
            yield {"what": f"command line, {name}: failed with status {status}"}


def _peak(command: list[str]) -> tuple[int, int]:
    """The most bytes resident in a process, and its status."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = 0
    while process.poll() is None:
        peak = max(peak, _resident(process))
        time.sleep(0.01)
    return peak, process.returncode


def _resident(process: subprocess.Popen) -> int:
    """On Linux the kernel's own high-water mark; elsewhere what is resident now."""
    try:
        status = Path(f"/proc/{process.pid}/status")
        if status.exists():
            marks = [line for line in status.read_text().splitlines() if line.startswith("VmHWM:")]
            return int(marks[0].split()[1]) * 1024 if marks else 0
        return psutil.Process(process.pid).memory_info().rss
    except (psutil.Error, OSError):
        return 0


def app_rows(model: str, device: str) -> Iterator[dict]:
    """From the start of the app to a page that answers, and to the first fill; and the most memory that it took."""
    if not APP.exists():
        yield {"what": "app: there is none beside this package"}
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, str(APP), "--model", model, "--device", device, "--port", str(port)]
    address = f"http://127.0.0.1:{port}"
    process, began = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL), time.perf_counter()
    try:
        seconds = settle(lambda: process.poll() is not None or (_answers(f"{address}/health") and _answers(f"{address}/")), START_TIMEOUT_S)
        if seconds is None or process.poll() is not None:
            yield {"what": "app: the page did not come up"}
            return
        yield {"what": "app, from start to page", "seconds": seconds, "peak memory MB": _resident(process) / 1e6}
        is_filled = _fill(address)
        yield {"what": f"app, from start to first fill{'' if is_filled else ': failed'}", "seconds": time.perf_counter() - began,
               "peak memory MB": _resident(process) / 1e6}
    finally:
        process.terminate()
        process.wait(30)


def _fill(address: str) -> bool:
    """True where the app's HTTP interface fills three spans."""
    document = three_spans(paragraph())
    spans = [{"start": mark.span.start, "end": mark.span.end, "length": str(mark.length)} for mark in document.marks]
    given = {"text": document.text, "spans": spans}
    try:
        with urllib.request.urlopen(f"{address}/gradio_api/info", timeout=START_TIMEOUT_S) as response:
            parameters = json.load(response)["named_endpoints"]["/fill"]["parameters"]
        data = [given.get(p["parameter_name"], p.get("parameter_default")) for p in parameters]
        request = urllib.request.Request(f"{address}/gradio_api/call/fill", json.dumps({"data": data}).encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=START_TIMEOUT_S) as response:
            event = json.load(response)["event_id"]
        with urllib.request.urlopen(f"{address}/gradio_api/call/fill/{event}", timeout=START_TIMEOUT_S) as response:
            return b"mean_logprob" in response.read()
    except (OSError, KeyError):
        return False


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as response:
            return response.status == 200
    except (urllib.error.URLError, OSError):
        return False
