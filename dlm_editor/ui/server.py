"""Starts the page: port, health, theme, and the model that loads while the page is already up."""

import json
import socket
from collections.abc import Callable
from concurrent.futures import wait
from dataclasses import dataclass
from pathlib import Path

import gradio as gr
from starlette.responses import JSONResponse
from starlette.routing import Route

from ..errors import OptionError
from .documents import document_routes
from .gate import Gate
from .gpu import has_spaces
from .models import Models, Tell
from .page import PAGE_CSS, build_page
from .proofreads import THRESHOLD
from .runs import Runs
from .samples import load_samples
from .settings import page_settings
from .verse import poem_settings

ICON = Path(__file__).parent / "static" / "icon.png"
PORTS_TRIED = 20
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class ServerOptions:
    """Where to listen, and with which model."""

    model: str = "bundled"
    host: str = "127.0.0.1"
    port: int = 7860
    share: bool = False


def free_port(host: str, port: int) -> int:
    """`port`, or the next free one above it; 0 asks the system for any."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in (0,) if port == 0 else range(port, min(port + PORTS_TRIED, 65536)):
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, candidate))
            except OSError:
                continue
            return probe.getsockname()[1]
    raise OptionError(f"The page needs a free port; {port} to {port + PORTS_TRIED - 1} on {host} are all taken. Pass another with --port, or 0 for any.")


def offered(records: list[dict], default: str, is_local: bool) -> list[dict]:
    """The catalog as the page lists it, with the model it was started with. Visitors from elsewhere get no hosted models, which cost the owner of the key,
    and none that do not fit."""
    kept = [record for record in records if is_local or record["id"] == default or not record.get("hosted") and record.get("fits", True)]
    if default in [record["id"] for record in kept]:
        return kept
    return [{"id": default, "name": Path(default).name, "family": "yours", "installed": Path(default).expanduser().is_dir()}, *kept]


def _answer_in_json(mcp_server):
    """Makes MCP tools answer with JSON; Gradio writes results as Python would show them."""
    as_text = mcp_server.postprocess_output_data
    mcp_server.postprocess_output_data = lambda data, root_url: as_text([json.dumps(value, ensure_ascii=False) for value in data], root_url)


def _theme() -> gr.themes.Base:
    """What Gradio draws itself: the ground and the footer. Colours as in src/style.css; no font that would be fetched."""
    theme = gr.themes.Base(primary_hue="teal", neutral_hue="stone", font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"])
    return theme.set(body_background_fill="#f3f0e9", body_background_fill_dark="#161614", body_text_color_subdued="#6b6459", body_text_color_subdued_dark="#a59d8f")


def serve(options: ServerOptions, load: Callable[[str, Tell], object], catalog: Callable[[], list[dict]]) -> tuple[gr.Blocks, str]:
    """Starts the server in threads of its own and returns (page, its address). `load` gives an Editor for a model id."""
    is_local = options.host in LOOPBACK and not options.share
    records = offered(catalog(), options.model, is_local)
    models = Models(load, options.model, None if is_local else frozenset(record["id"] for record in records))
    config = {"samples": load_samples(), "settings": page_settings(options.model), "models": records, "default": options.model, "isOpen": is_local,
              "poem": poem_settings(), "proofread": {"threshold": THRESHOLD}}
    page = build_page(Runs(models, Gate()), models, config, lambda: offered(catalog(), options.model, is_local))
    if has_spaces():
        wait([models.get(options.model)])  # what a GPU process shall find must be there before the page is
    health = Route("/health", lambda _request: JSONResponse({"status": "ok", "model": options.model}))
    _app, url, _share_url = page.launch(
        server_name=options.host, server_port=free_port(options.host, options.port), share=options.share, prevent_thread_lock=True, quiet=True, footer_links=["api"],
        run_history=False, enable_monitoring=False, ssr_mode=False, mcp_server=True, pwa=True, css=PAGE_CSS, app_kwargs={"routes": [health, *document_routes()]}, favicon_path=ICON,
        theme=_theme())
    _answer_in_json(page.mcp_server_obj)
    models.get(options.model)
    return page, url
