"""MaskEditor and Wire: the bundled CodeMirror editor as a Gradio component, and the channel from Python to it.

Events travel from the MaskEditor to Python with one JSON string as its value; a run comes back as one JSON string a step through the Wire.
The templates are constant: Gradio evaluates a filled template as JavaScript, so document text never goes through one.
"""

import hashlib
from pathlib import Path
from typing import Any

import gradio as gr

BUNDLE = Path(__file__).parent / "static" / "editor.js"

# Gradio finds the names of events as quoted strings in this script.
_ON_LOAD = """
const events = ['fill', 'stop', 'switch', 'poem', 'halt', 'word', 'rewrite', 'proofread', 'rest', 'branch', 'slots', 'settle', 'compare', 'part', 'record', 'replay'];
DLM.mountEditor({ element, props, trigger });
"""


def _head() -> str:
    """The script tag of the bundle; the same for each component, so that Gradio loads it once."""
    gr.set_static_paths([BUNDLE.parent])
    version = hashlib.sha256(BUNDLE.read_bytes()).hexdigest()[:12]
    return f'<script src="gradio_api/file={BUNDLE}?v={version}"></script>'


class MaskEditor(gr.HTML):
    """The writing surface with its buttons. `config` is read once, when the page opens: samples, settings, model."""

    def __init__(self, config: dict[str, Any], **kwargs: Any):
        super().__init__(value="", html_template="<div class='dlm-mount'></div>", js_on_load=_ON_LOAD, head=_head(), apply_default_css=False, config=config, **kwargs)


class Wire(gr.HTML):
    """Invisible: each value it is given is one message to the editor. A plain value, since streamed properties would build it anew."""

    def __init__(self, channel: str, **kwargs: Any):
        super().__init__(value="", html_template="", js_on_load=f"DLM.mountWire({{ channel: '{channel}', props, watch }});", head=_head(), visible="hidden", **kwargs)
