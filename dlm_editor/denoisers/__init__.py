"""Diffusion language models behind one protocol."""

from .protocol import Denoiser, Info, Prediction

__all__ = ["Denoiser", "Info", "Prediction"]
