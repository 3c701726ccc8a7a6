"""The real page around the fake editor, as a process of its own: `python fake_app.py PORT`."""

import os
import sys
from pathlib import Path

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
sys.path.insert(0, str(Path(__file__).parents[2]))

from fake_editor import FakeEditor  # noqa: E402

from dlm_editor.ui.server import ServerOptions, serve  # noqa: E402


def load(model_id):
    if model_id == "missing":
        raise FileNotFoundError("no such model")
    return FakeEditor()


if __name__ == "__main__":
    page, url = serve(ServerOptions(model="fake", port=int(sys.argv[1])), load, lambda: [{"id": "fake", "parameters": 17e6}])
    print(url, flush=True)
    page.block_thread()
