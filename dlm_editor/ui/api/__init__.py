"""The functions of the HTTP and MCP interface: plain JSON in and out, the same fields as the command line's `--json`."""

from collections.abc import Callable

from ..runs import Runs
from .fill import make_fill
from .poem import make_poem
from .proofread import make_proofread
from .rewrite import make_rewrite
from .studio import make_studio


def make_api(runs: Runs, catalog: Callable[[], list[dict]]) -> tuple[Callable, ...]:
    """The verbs over `runs`, those that stream also as NAME_stream, `slots`, `compare` and `models`; an error reaches the caller as a Gradio error with its message."""

    def models() -> list[dict]:
        """The models that can fill."""
        return catalog()

    return *make_fill(runs), *make_rewrite(runs), *make_proofread(runs), *make_poem(runs), *make_studio(runs), models
