"""The page as Gradio Blocks: one MaskEditor, a Wire for each channel, and the functions of the API."""

from collections.abc import Callable, Iterator

import gradio as gr

from .api import make_api
from .component import MaskEditor, Wire
from .handlers import handle_fill
from .models import Models
from .poems import handle_poem, handle_word
from .proofreads import handle_proofread, handle_rewrite
from .runs import Runs
from .studio import handle_branch, handle_compare, handle_settle, handle_slots
from .studio_handlers import handle_record, handle_replay
from .switching import handle_model

# Gradio's frame steps back: the editor's own style.css draws the page.
PAGE_CSS = """
.gradio-container { max-width: none !important; overflow: visible !important; } /* else nothing inside can stick */
.gradio-container .main, .gradio-container main { max-width: none !important; padding: 0 !important; gap: 0 !important; }
.gradio-container .column { gap: 0 !important; }
.gradio-container .dlm-block, .gradio-container .dlm-block > * { overflow: visible !important; padding: 0 !important; border: 0 !important; }
.toast-wrap { display: none !important; } /* the editor says itself what went wrong */
footer { padding: 4px 0 14px !important; margin: 0 !important; }
"""

_PRIVATE = {"api_visibility": "private", "show_progress": "hidden"}


def build_page(runs: Runs, models: Models, config: dict, catalog: Callable[[], list[dict]]) -> gr.Blocks:
    """The Blocks, ready to launch. `config` is what the editor is told when the page opens."""
    with gr.Blocks(title="dlm editor", analytics_enabled=False, fill_width=True) as page:
        editor = MaskEditor(config, elem_classes="dlm-block")
        filling = _connect(editor, editor.fill, "fill", lambda payload: handle_fill(runs, payload))
        rewriting = _connect(editor, editor.rewrite, "rewrite", lambda payload: handle_rewrite(runs, payload))
        settling = _connect(editor, editor.settle, "settle", lambda payload: handle_settle(runs, payload))
        comparing = _connect(editor, editor.compare, "compare", lambda payload: handle_compare(runs, payload))
        _connect(editor, editor.branch, "branch", lambda payload: handle_branch(runs, payload))
        _connect(editor, editor.slots, "slots", lambda payload: handle_slots(runs, payload))
        _connect(editor, editor.record, "record", handle_record)
        _connect(editor, editor.replay, "replay", handle_replay)
        editor.stop(None, None, None, cancels=[filling, rewriting, settling], queue=False, **_PRIVATE)
        editor.part(None, None, None, cancels=[comparing], queue=False, **_PRIVATE)
        proofreading = _connect(editor, editor.proofread, "proofread", lambda payload: handle_proofread(runs, payload))
        editor.rest(None, None, None, cancels=[proofreading], queue=False, **_PRIVATE)
        writing = _connect(editor, editor.poem, "poem", lambda payload: handle_poem(runs, payload))
        editor.halt(None, None, None, cancels=[writing], queue=False, **_PRIVATE)
        _connect(editor, editor.word, "word", lambda payload: handle_word(runs, payload))
        _connect(editor, editor.switch, "models", lambda payload: handle_model(models, catalog, payload))
        for function in make_api(runs, catalog):
            gr.api(function, api_name=function.__name__, concurrency_limit=None)
    return page.queue(default_concurrency_limit=None, max_size=256)


def _connect(editor: MaskEditor, event: Callable, channel: str, handle: Callable[[str], Iterator[str]]):
    """The event streams what `handle` makes of its payload to the editor, over a wire of its own: two on one wire could overtake each other."""

    def stream(payload: str):
        yield from handle(payload)

    # "multiple": with "once" or "always_last" a press right after a cancel gets lost. The runs' own gate keeps order, and tells places.
    streaming = event(stream, editor, Wire(channel), trigger_mode="multiple", concurrency_limit=None, **_PRIVATE)
    streaming.failure(None, None, None, js=f"() => {{ DLM.failed('{channel}') }}", **_PRIVATE)
    return streaming
