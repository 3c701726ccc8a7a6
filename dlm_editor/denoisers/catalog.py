"""The models that can be named by a short id, with what is known of them without loading one.

Any other masked language model can be loaded too, by its hub id or from a folder; the catalog is a list of good choices, not a fence.
"""

import json
import math
import struct
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

BUNDLED = "bundled"
BUNDLED_FOLDER = Path(__file__).parents[2] / "assets" / "model"

FLOAT_BYTES = 4        # models run in float32
WORKING_FACTOR = 1.25  # activations of one canvas with its alternatives, as a share of the weights
PROCESS_BYTES = 400e6  # Python, torch and the tokenizer

Verified = Literal["parity", "source", "unverified"]


@dataclass(frozen=True)
class Entry:
    """A model of the catalog.

    `verified`: parity = its outputs were compared with the original's, source = its code was read, unverified = stated only.
    """

    id: str
    family: str
    parameters: int
    license: str
    verified: Verified
    corruption: str = "absorbing"
    sees_suffix: bool = True
    variable_length: bool = False
    edits_tokens: bool = False

    @property
    def memory_gb(self) -> float:
        """What a fill needs, in 10^9 bytes."""
        return needed_gb(self.parameters * FLOAT_BYTES)


# Parameters: counted on transformers' own classes with the published sizes, the head included and tied weights once.
_PUBLISHED = (
    Entry("google-bert/bert-base-uncased", "bert", 109_514_298, "apache-2.0", "unverified"),
    Entry("google-bert/bert-base-cased", "bert", 108_340_804, "apache-2.0", "unverified"),
    Entry("FacebookAI/roberta-base", "roberta", 124_697_433, "mit", "unverified"),
    Entry("distilbert/distilbert-base-uncased", "distilbert", 66_985_530, "apache-2.0", "unverified"),
    Entry("answerdotai/ModernBERT-base", "modernbert", 149_655_232, "apache-2.0", "unverified"),
    Entry("answerdotai/ModernBERT-large", "modernbert", 395_881_664, "apache-2.0", "unverified"),
)


def needed_gb(weight_bytes: float) -> float:
    """Memory for a model with so many bytes of weights, in 10^9 bytes, rounded up to 0.01."""
    return math.ceil((weight_bytes * WORKING_FACTOR + PROCESS_BYTES) / 1e7) / 100


def entries(family: str | None = None, fits_gb: float | None = None) -> tuple[Entry, ...]:
    """The models of the catalog, the bundled one first; of one family, or such as fit into so many GB of memory."""
    bundled = _bundled()
    found = ((bundled,) if bundled else ()) + _PUBLISHED
    return tuple(entry for entry in found if family in (None, entry.family) and (fits_gb is None or entry.memory_gb <= fits_gb))


def families() -> tuple[str, ...]:
    """All families of the catalog."""
    return tuple(dict.fromkeys(entry.family for entry in entries()))


def catalog_records(family: str | None = None, fits_gb: float | None = None) -> list[dict]:
    """The models as plain JSON: what `models --json` prints."""
    return [{**asdict(entry), "memory_gb": entry.memory_gb} for entry in entries(family, fits_gb)]


def closest(name: str) -> list[str]:
    """Ids of the catalog that look like `name`, with or without their owner."""
    ids = [BUNDLED, *(entry.id for entry in _PUBLISHED)]
    by_short = {short.lower(): full for full in ids for short in (full, full.rpartition("/")[2])}
    wanted = name.lower()
    found = get_close_matches(wanted, by_short, n=4, cutoff=0.5) + get_close_matches(wanted.rpartition("/")[2], by_short, n=4, cutoff=0.5)
    return list(dict.fromkeys(by_short[short] for short in found))[:3]


def _bundled() -> Entry | None:
    """The bundled model, from its own files; None in an installation without them."""
    try:
        config = json.loads((BUNDLED_FOLDER / "config.json").read_text(encoding="utf-8"))
        with (BUNDLED_FOLDER / "model.safetensors").open("rb") as file:
            header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
    except OSError:
        return None
    parameters = sum(math.prod(tensor["shape"]) for key, tensor in header.items() if key != "__metadata__")
    return Entry(BUNDLED, config["model_type"], parameters, "apache-2.0", "parity", variable_length=config.get("null_token_id") is not None)
