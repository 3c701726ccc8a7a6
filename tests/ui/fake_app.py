"""The real page around the fake editor, as a process of its own: `python fake_app.py PORT`."""

import os
import sys
from pathlib import Path

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
sys.path.insert(0, str(Path(__file__).parents[2]))

from fake_models import CATALOG, load  # noqa: E402

from dlm_editor.ui.server import ServerOptions, serve  # noqa: E402

if __name__ == "__main__":
    page, url = serve(ServerOptions(model="fake", port=int(sys.argv[1])), load, lambda: CATALOG)
    print(url, flush=True)
    page.block_thread()
