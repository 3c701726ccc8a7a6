"""Hosted models: text goes out, where the user agrees, and text comes back."""

from .infiller import RemoteInfiller, TextStep
from .names import is_hosted
from .request import Request

__all__ = ["RemoteInfiller", "Request", "TextStep", "is_hosted"]
