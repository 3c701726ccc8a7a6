"""How good and how fast the editor is, beside named references. `python -m dlm_editor bench --help`."""

from .command import main

__all__ = ["main"]
