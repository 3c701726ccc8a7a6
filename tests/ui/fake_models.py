"""A catalog and a loader without models: each id shows one thing that may happen while a model is loaded."""

import time

from fake_editor import FakeEditor

import dlm_editor
from dlm_editor.errors import ResourceError, UnknownModelError
from dlm_editor.tasks.remote import is_hosted

_LOCAL = {"license": "apache-2.0", "hosted": False, "corruption": "absorbing", "sees_suffix": True, "variable_length": False, "edits_tokens": False,
          "abilities": ["sees both sides of a gap"]}
CATALOG = [
    {"id": "fake", "family": "Fake", "parameters": 17_000_000, "precision": "bfloat16", "memory_gb": 0.5, "memory_by_precision": {"bfloat16": 0.5}, "fits": True, "installed": True, "verified": "parity", **_LOCAL, "variable_length": True,
     "abilities": ["sees both sides of a gap", "decides its own lengths"]},
    {"id": "acme/Slow-8B", "family": "Acme", "parameters": 8_000_000_000, "precision": "bfloat16", "memory_gb": 18.0, "memory_by_precision": {"float32": 35.0, "bfloat16": 18.0, "int8": 9.5, "int4": 5.2}, "fits": True,
     "installed": False, "verified": "source", **_LOCAL},
    {"id": "acme/Huge-100B", "family": "Acme", "parameters": 100_000_000_000, "precision": "bfloat16", "memory_gb": 225.0, "memory_by_precision": {"bfloat16": 225.0, "int4": 80.0}, "fits": False, "installed": False, "verified": "unverified", **_LOCAL,
     "sees_suffix": False, "abilities": ["sees only what stands before a gap"]},
]
STEPS = 8


def load(model_id, tell):
    """`acme/Slow-8B` takes its time and tells how far it is, `acme/Huge-100B` is too large, an id with `missing` in it is not known."""
    if model_id == "acme/Huge-100B":
        raise ResourceError("The model 'acme/Huge-100B' needs about 225.0 GB of memory on cpu; 12.0 GB are free. Choose a smaller model.")
    if is_hosted(model_id):
        return dlm_editor.load(model_id)
    if "missing" in model_id:
        raise UnknownModelError(f"A model is a catalog id, a hub id or a folder; there is no {model_id!r}. Check the name.")
    if model_id == "acme/Slow-8B":
        for step in range(STEPS + 1):
            tell("Downloading acme/Slow-8B", step * 2e9, STEPS * 2e9)
            time.sleep(0.15)
    return FakeEditor()
