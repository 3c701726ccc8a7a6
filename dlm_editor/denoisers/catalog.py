"""The models that can be named by a short id, with what is known of them without loading one.

Any other model of a supported family can be loaded too, by its hub id or from a folder; the catalog is a list of good choices, not a fence.
"""

import json
import math
import struct
from dataclasses import asdict
from difflib import get_close_matches
from pathlib import Path

from ..errors import AbilityError, OptionError
from .machine import Memory, is_downloaded, machine_memory
from .published import HOSTED, PUBLISHED, Entry

BUNDLED = "bundled"
BUNDLED_FOLDER = Path(__file__).parents[2] / "assets" / "model"

FLOAT_BYTES = 4         # of a weight in float32
WORKING_FACTOR = 0.25   # activations of one canvas with its alternatives, as a share of the weights …
MOST_WORKING = 2e9      # … and at most: they grow with the canvas, not with the number of layers
PROCESS_BYTES = 400e6   # Python, torch and the tokenizer

# Bytes of a weight in memory, as an average. Embeddings and the head stay bfloat16: LLaDA-8B comes to 1.13 and, with its scales, to 0.72.
PRECISION_BYTES = {"float32": 4.0, "bfloat16": 2.0, "int8": 1.15, "int4": 0.75}
SHORT = {"fp32": "float32", "bf16": "bfloat16"}

# What a task may ask of a model: how to say it, and what it is called in an Entry (None: every model that runs here has it).
ABILITIES = {
    "sees_suffix": ("see the text after a gap", "sees_suffix"),
    "variable_length": ("decide its own lengths", "variable_length"),
    "edits_tokens": ("correct words that stand already", "edits_tokens"),
    "follows_instructions": ("follow instructions", "follows_instructions"),
    "constraints": ("be held to constraints", None),
    "probabilities": ("say how probable a word is", None),
}


def needed_gb(weight_bytes: float) -> float:
    """Memory for a model with so many bytes of weights, in 10^9 bytes, rounded up to 0.01."""
    return math.ceil((weight_bytes + min(weight_bytes * WORKING_FACTOR, MOST_WORKING) + PROCESS_BYTES) / 1e7) / 100


def precisions_of(entry: Entry) -> tuple[str, ...]:
    """Those it can be loaded in; none for a hosted model."""
    return () if entry.hosted else tuple(name for name in PRECISION_BYTES if entry.can_quantise or not name.startswith("int"))


def memory_gb(entry: Entry, precision: str) -> float:
    """What a fill needs on this machine, in 10^9 bytes; in bfloat16 where the model does not come in `precision`; 0 for a hosted model."""
    return 0.0 if entry.hosted else needed_gb(entry.parameters * PRECISION_BYTES[_near(entry, precision)])


def _near(entry: Entry, precision: str) -> str:
    return precision if precision in precisions_of(entry) else "bfloat16"


def choose_precision(precision: str = "auto") -> str:
    """A key of PRECISION_BYTES; auto is what loading takes: bfloat16 on a GPU, float32 elsewhere. Raises OptionError."""
    precision = SHORT.get(precision, precision)
    if precision == "auto":
        return "bfloat16" if machine_memory().device == "cuda" else "float32"
    if precision not in PRECISION_BYTES:
        raise OptionError(f"A precision is auto or one of {', '.join(PRECISION_BYTES)}; got {precision!r}. Leave it out for auto.")
    return precision


def entries(family: str | None = None, fits_gb: float | None = None, precision: str = "auto") -> tuple[Entry, ...]:
    """The models of the catalog, the bundled one first; of one family, or such as fit into so many GB of memory."""
    bundled, chosen = _bundled(), choose_precision(precision)
    found = ((bundled,) if bundled else ()) + PUBLISHED + HOSTED
    return tuple(entry for entry in found if family in (None, entry.family) and (fits_gb is None or memory_gb(entry, chosen) <= fits_gb))


def find(model: str) -> Entry | None:
    """The entry of this id."""
    return next((entry for entry in entries() if entry.id == model), None)


def families() -> tuple[str, ...]:
    """All families of the catalog."""
    return tuple(dict.fromkeys(entry.family for entry in entries()))


def revision_of(model: str) -> str | None:
    """The revision of a checkpoint that is to be downloaded, where one is known; None for the newest."""
    return next((entry.revision for entry in PUBLISHED if entry.id == model), None)


def catalog_records(family: str | None = None, fits_gb: float | None = None, precision: str = "auto") -> list[dict]:
    """The models as plain JSON: what `models --json` prints and the page lists.

    Beside the fields of an Entry: `memory_gb` in `precision`, `memory_by_precision`, `fits` (into what this machine has free now), `installed`
    (needs no download), `takes_guidance`, `abilities` (sentences). A hosted model needs no memory and is never installed.
    """
    chosen, memory = choose_precision(precision), machine_memory()
    return [_record(entry, chosen, memory) for entry in entries(family, fits_gb, chosen)]


def _record(entry: Entry, chosen: str, memory: Memory) -> dict:
    needed, precision = memory_gb(entry, chosen), None if entry.hosted else _near(entry, chosen)
    return {**asdict(entry), "precision": precision, "memory_gb": needed,
            "memory_by_precision": {name: memory_gb(entry, name) for name in precisions_of(entry)},
            "fits": needed <= memory.free_gb and (precision != "int4" or memory.device == "cuda"),  # the kernels of int4 are the GPU's
            "takes_guidance": entry.takes_guidance, "installed": _is_installed(entry), "abilities": list(entry.abilities)}


def suggest(ability: str) -> str:
    """The id of a model that runs here and can do this (a key of ABILITIES): one that fits this machine if there is one, and then the smallest."""
    field = ABILITIES[ability][1]
    able = [entry for entry in entries() if not entry.hosted and (field is None or getattr(entry, field))]
    chosen, free = choose_precision(), machine_memory().free_gb
    return min(able, key=lambda entry: (memory_gb(entry, chosen) > free, entry.id != BUNDLED, entry.parameters)).id


def refusal(model: str, ability: str, asked: str = "") -> AbilityError:
    """The error for a task that asks of `model` what it cannot do; `asked` is what the user gave."""
    return AbilityError(f"The model must {ABILITIES[ability][0]}{f' for {asked}' if asked else ''}; {model!r} cannot. "
                        f"Use one that can, like {suggest(ability)!r}{f', or leave {asked} out' if asked else ''}.")


def closest(name: str) -> list[str]:
    """Ids of the catalog that look like `name`, with or without their owner."""
    ids = [BUNDLED, *(entry.id for entry in PUBLISHED + HOSTED)]
    by_short = {short.lower(): full for full in ids for short in (full, full.rpartition("/")[2])}
    wanted = name.lower()
    found = get_close_matches(wanted, by_short, n=4, cutoff=0.5) + get_close_matches(wanted.rpartition("/")[2], by_short, n=4, cutoff=0.5)
    return list(dict.fromkeys(by_short[short] for short in found))[:3]


def _is_installed(entry: Entry) -> bool:
    return not entry.hosted and (entry.id == BUNDLED or is_downloaded(entry.id, entry.revision))


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
