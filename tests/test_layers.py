"""The shape of the house: who may import whom, read from the source, and what importing may do."""

import ast
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = "dlm_editor"
ORDER = [{"errors"}, {"text"}, {"canvas"}, {"denoisers", "constraints"}, {"sampling"}, {"tasks"}, {"history"}, {""}, {"cli", "ui"}, {"app"}]
RANK = {layer: rank for rank, layers in enumerate(ORDER) for layer in layers}  # "" is the package itself: `load`
BESIDE = {"training", "benchmarks"}  # import the layers; only the command line's entry imports them
ENTRY = "dlm_editor.cli.main"


@dataclass(frozen=True)
class Import:
    """`importer` imports `imported`; both are full names of modules, or `imported` of something in one."""

    importer: str
    imported: str

    def __str__(self):
        return f"{self.importer} imports {self.imported}"


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(source: str, module: str, is_package: bool) -> list[Import]:
    """Every import in a module, also in functions, with relative ones resolved."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            here = module.split(".") if is_package else module.split(".")[:-1]
            base = ".".join([*here[:len(here) - node.level + 1], *([node.module] if node.module else [])]) if node.level else node.module
            found += [f"{base}.{alias.name}" for alias in node.names]
    return [Import(module, name) for name in found]


def all_imports() -> list[Import]:
    files = [ROOT / "app.py", *sorted(path for path in (ROOT / PACKAGE).rglob("*.py") if "node_modules" not in path.parts)]
    return [entry for path in files for entry in imports_of(path.read_text(encoding="utf-8"), module_of(path), path.name == "__init__.py")]


def layer_of(name: str) -> str | None:
    """The layer a module or a name in it belongs to; None outside the package."""
    parts = name.split(".")
    if parts == ["app"]:
        return "app"
    if parts[0] != PACKAGE:
        return None
    return parts[1] if len(parts) > 1 and parts[1] in RANK.keys() | BESIDE else ""


def faults(found: list[Import]) -> list[str]:
    """What the imports break of the rules."""
    wrong = []
    for entry in found:
        importer, imported = layer_of(entry.importer), layer_of(entry.imported)
        top = entry.imported.split(".")[0]
        if top.startswith("gradio") and importer not in ("ui", "app"):
            wrong.append(f"{entry}: only ui/ and app.py may import gradio")
        if importer == "text" and top in ("torch", "transformers", "tokenizers", "numpy"):
            wrong.append(f"{entry}: text/ imports no torch")
        if imported is None or importer == imported or entry.importer == f"{PACKAGE}.__main__":
            continue
        if imported in BESIDE:
            if entry.importer != ENTRY:
                wrong.append(f"{entry}: nothing imports {imported}/ but the command line's entry")
        elif importer not in BESIDE and RANK[imported] >= RANK[importer]:
            wrong.append(f"{entry}: {importer or PACKAGE} may import only what stands to its left")
    return wrong


def test_layers_import_only_what_stands_to_their_left():
    assert faults(all_imports()) == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("dlm_editor.text.document", "from ..canvas import Canvas"),
        ("dlm_editor.text.document", "import torch"),
        ("dlm_editor.text.document", "def f():\n    from .. import canvas"),
        ("dlm_editor.denoisers.masked_lm", "from ..constraints.regex import Regex"),
        ("dlm_editor.constraints.regex", "from dlm_editor.denoisers import Info"),
        ("dlm_editor.sampling.refine", "from ..tasks import fill"),
        ("dlm_editor.tasks.fill", "import dlm_editor.history"),
        ("dlm_editor.tasks.fill", "import dlm_editor"),
        ("dlm_editor.cli.main", "from ..ui import page"),
        ("dlm_editor.cli.main", "import gradio as gr"),
        ("dlm_editor.cli.main", "import app"),
        ("dlm_editor.cli.batch", "from ..benchmarks import main"),
        ("dlm_editor.sampling.refine", "from ..training import loop"),
        ("dlm_editor.training.loop", "from ..benchmarks import main"),
        ("dlm_editor.training.loop", "import gradio_client"),
    ],
)
def test_a_forbidden_import_is_found(module, source):
    assert faults(imports_of(source, module, is_package=False))


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("dlm_editor.cli.main", "from ..benchmarks import main\nfrom .. import load\nfrom ..tasks import fill\nfrom .models import "
                                "add_models"),
        ("dlm_editor.training.loop", "from ..denoisers import Info\nimport torch"),
        ("dlm_editor.ui.page", "import gradio\nfrom ..tasks import Piece"),
        ("app", "import gradio\nfrom dlm_editor.ui.server import serve"),
    ],
)
def test_an_allowed_import_is_not(module, source):
    assert not faults(imports_of(source, module, is_package=False))


def run(code: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)


NO_NETWORK = """
import socket, sys
def refused(*args, **kwargs): raise AssertionError("a socket was opened")
socket.socket.connect = socket.socket.bind = socket.getaddrinfo = socket.create_connection = refused
"""


def test_importing_the_package_opens_no_socket_and_imports_no_torch():
    done = run(NO_NETWORK + "import dlm_editor\nassert not {'torch', 'transformers', 'gradio'} & set(sys.modules)")
    assert done.returncode == 0, done.stderr


def test_importing_text_imports_no_torch():
    done = run("import sys, dlm_editor.text\nassert not {'torch', 'numpy', 'transformers'} & set(sys.modules)")
    assert done.returncode == 0, done.stderr


def test_importing_every_module_opens_no_socket_and_loads_no_model():
    code = NO_NETWORK + """
import torch, transformers
transformers.PreTrainedModel.from_pretrained = torch.load = refused
before = torch.get_num_threads(), torch.get_default_dtype(), torch.is_grad_enabled(), torch.are_deterministic_algorithms_enabled()
import importlib, pkgutil, dlm_editor
for found in pkgutil.walk_packages(dlm_editor.__path__, "dlm_editor."):
    if not found.name.startswith("dlm_editor.ui") and not found.name.endswith("__main__"):
        importlib.import_module(found.name)
assert before == (torch.get_num_threads(), torch.get_default_dtype(), torch.is_grad_enabled(), torch.are_deterministic_algorithms_enabled())
"""
    done = run(code)
    assert done.returncode == 0, done.stderr
