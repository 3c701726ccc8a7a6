"""Proofreading: small corrections, each with a certainty and a reason."""

from .events import Correction, Proofreading, ProofreadStep
from .options import ProofreadOptions
from .proofread import proofread

__all__ = ["Correction", "ProofreadOptions", "ProofreadStep", "Proofreading", "proofread"]
