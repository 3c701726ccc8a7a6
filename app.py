"""Starts the editor's page: `python app.py`, or a Hugging Face Space."""

import argparse
import os
import sys

from dlm_editor.errors import EditorError, OptionError


def parse_arguments(arguments: list[str]) -> argparse.Namespace:
    in_space = "SPACE_ID" in os.environ
    parser = argparse.ArgumentParser(prog="app.py", description="The editor's page: highlight words, and a diffusion language model rewrites exactly that.")
    parser.add_argument("--model", default=os.environ.get("DLM_EDITOR_MODEL", "bundled"), help="a catalog id, a hub id or a folder (default: DLM_EDITOR_MODEL, else bundled)")
    parser.add_argument("--device", default="auto", choices=["auto", "cpu", "cuda", "mps"])
    parser.add_argument("--precision", default="auto", choices=["auto", "float32", "bfloat16", "int8", "int4"], help="of the weights; int8 and int4 need less memory")
    parser.add_argument("--host", default="0.0.0.0" if in_space else "127.0.0.1")
    parser.add_argument("--port", type=int, default=7860, help="the next free one is taken if it is in use")
    parser.add_argument("--share", action="store_true", help="make a public link")
    parser.add_argument("--window", action="store_true", help="open in a native window (needs pywebview)")
    return parser.parse_args(arguments)


def import_webview():
    """pywebview, or an error that says how to get it."""
    try:
        import webview
    except ImportError:
        raise OptionError("--window needs the package pywebview; it is not installed. Run `pip install pywebview`, or leave --window out and use the browser.") from None
    return webview


def main(arguments: list[str]) -> int:
    given = parse_arguments(arguments)
    try:
        webview = import_webview() if given.window else None
        # Read by Gradio when it is imported: no look-up of versions, no analytics. It is imported here since it takes seconds, and an error should not.
        os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
        import dlm_editor
        from dlm_editor.denoisers.catalog import catalog_records
        from dlm_editor.ui.server import ServerOptions, serve

        page, url = serve(ServerOptions(given.model, given.host, given.port, given.share), lambda model, tell: dlm_editor.load(model, given.device, given.precision, tell),
                          lambda: catalog_records(precision=given.precision))
    except EditorError as error:
        print(f"app.py: {error}", file=sys.stderr)
        return 2
    print(f"dlm editor is at {url}  (Ctrl+C stops it)", flush=True)
    if webview is not None:
        webview.create_window("dlm editor", url, width=1180, height=860)
        webview.start()
    else:
        page.block_thread()
    page.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
