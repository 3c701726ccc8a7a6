"""The page as Gradio Blocks: one MaskEditor, one Wire, and the functions of the API."""

from collections.abc import Callable

import gradio as gr

from .api import make_api
from .component import MaskEditor, Wire
from .handlers import handle_fill
from .runs import Runs

# Gradio's frame steps back: the editor's own style.css draws the page.
PAGE_CSS = """
.gradio-container { max-width: none !important; overflow: visible !important; } /* else nothing inside can stick */
.gradio-container .main, .gradio-container main { max-width: none !important; padding: 0 !important; gap: 0 !important; }
.gradio-container .column { gap: 0 !important; }
.gradio-container .dlm-block, .gradio-container .dlm-block > * { overflow: visible !important; padding: 0 !important; border: 0 !important; }
.toast-wrap { display: none !important; } /* the editor says itself what went wrong */
footer { padding: 4px 0 14px !important; margin: 0 !important; }
"""

_FAILED = "() => { DLM.runFailed() }"
_PRIVATE = {"api_visibility": "private", "show_progress": "hidden"}


def build_page(runs: Runs, config: dict, catalog: Callable[[], list[dict]]) -> gr.Blocks:
    """The Blocks, ready to launch. `config` is what the editor is told when the page opens."""
    with gr.Blocks(title="dlm editor", analytics_enabled=False, fill_width=True) as page:
        editor = MaskEditor(config, elem_classes="dlm-block")
        wire = Wire()

        def on_fill(payload: str):
            yield from handle_fill(runs, payload)

        # "multiple": with "once" or "always_last" a press right after a cancel gets lost. The runs' own gate keeps order, and tells places.
        filling = editor.fill(on_fill, editor, wire, trigger_mode="multiple", concurrency_limit=None, **_PRIVATE)
        filling.failure(None, None, None, js=_FAILED, **_PRIVATE)
        editor.stop(None, None, None, cancels=[filling], queue=False, **_PRIVATE)
        for function in make_api(runs, catalog):
            gr.api(function, api_name=function.__name__, concurrency_limit=None)
    return page.queue(default_concurrency_limit=None, max_size=256)
