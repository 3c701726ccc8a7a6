"""Diffusion language models behind one protocol."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .protocol import Denoiser, Info, Prediction

__all__ = ["Denoiser", "Info", "Prediction"]


def __getattr__(name: str):
    """The protocol, imported when first asked for: the catalog beside it must be readable without torch."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import protocol

    return getattr(protocol, name)
