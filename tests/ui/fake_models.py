"""A catalog and a loader without models: each id shows one thing that may happen while a model is loaded."""

import time

from fake_editor import FakeEditor

import dlm_editor
from dlm_editor.errors import ResourceError, UnknownModelError
from dlm_editor.tasks.remote import is_hosted


def _record(model_id, family, parameters, memory_gb, verified, **more):
    """As the catalog has it."""
    return {"id": model_id, "family": family, "parameters": parameters, "license": "apache-2.0", "hosted": False, "precision": "bfloat16", "memory_gb": memory_gb["bfloat16"],
            "memory_by_precision": memory_gb, "verified": verified, "fits": True, "installed": False, "note": "", "abilities": ["sees both sides of a gap"], **more}


CATALOG = [
    _record("fake", "Fake", 17_000_000, {"bfloat16": 0.5}, "parity", installed=True, abilities=["sees both sides of a gap", "decides its own lengths"]),
    _record("acme/Slow-8B", "Acme", 8_000_000_000, {"float32": 35.0, "bfloat16": 18.0, "int8": 9.5, "int4": 5.2}, "source", follows_instructions=True, takes_guidance=True),
    _record("acme/Huge-100B", "Acme", 100_000_000_000, {"bfloat16": 225.0, "int4": 80.0}, "unverified", fits=False, abilities=["sees only what stands before a gap"]),
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
