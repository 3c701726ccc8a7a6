"""Checkpoints of the Hugging Face hub: the files that hold data come into the local cache, never a file that holds code.

Without a network, or with HF_HUB_OFFLINE=1, what the cache holds is used.
"""

import re
import tempfile
from pathlib import Path

import huggingface_hub
from huggingface_hub.errors import EntryNotFoundError, GatedRepoError, HFValidationError, RepositoryNotFoundError

from ..errors import EditorError, ResourceError, UnknownModelError
from .catalog import PRECISION_BYTES, closest, find, needed_gb, revision_of
from .config_file import read_json
from .memory import must_spread
from .placement import Placement
from .progress import download_bar
from .registry import recognise
from .weights import PICKLED_WEIGHTS, SAFE_WEIGHTS, find_weights

HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}")
DATA_FILES = ("config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.txt",
              "vocab.json", "merges.txt", "generation_config.json", "spiece.model", "sentencepiece.bpe.model")
TIMEOUT_S = 10  # for an answer; a download that goes on may take longer


def fetch(model_id: str, placement: Placement = Placement()) -> Path:
    """The folder with the checkpoint `model_id`, downloaded unless it is there already. Raises ModelError; `placement.tell` hears how far it is."""
    cached = _from_cache(model_id)
    if cached is not None:
        return cached
    try:
        return _download(model_id, placement)
    except EditorError:
        raise
    except GatedRepoError:
        raise ResourceError(f"The owner of {model_id!r} gives it only to those who accepted its licence on huggingface.co. Accept it there "
                            "and log in with "
                            "`hf auth login`, or choose another model.") from None
    except (RepositoryNotFoundError, HFValidationError, EntryNotFoundError) as error:
        detail = "it has no config.json" if isinstance(error, EntryNotFoundError) else "the hub has none, or keeps it private"
        raise UnknownModelError(unknown(model_id, detail)) from None
    except Exception as error:  # a network fails in many ways, and the client's library for it changes with its version
        raise ResourceError(f"The model {model_id!r} is not on this machine, and the Hugging Face hub cannot be reached ({_short(error)}). "
                            "Connect to the network "
                            "and try again, or use `bundled` or a folder.") from None


def unknown(model: str, detail: str) -> str:
    """The message for a model that there is not, with names that look like it."""
    near = closest(model)
    return (f"A model is `bundled`, an id of the catalog (`python -m dlm_editor models`), a hub id OWNER/NAME or a folder; got {model!r}: "
            f"{detail}. "
            + (f"Did you mean {' or '.join(near)}?" if near else "Use `bundled`, or check the name."))


def _from_cache(model_id: str) -> Path | None:
    """The folder of a model that was downloaded before, whole."""
    try:
        folder = Path(huggingface_hub.snapshot_download(model_id, revision=revision_of(model_id), local_files_only=True, allow_patterns=[*DATA_FILES]))
        return folder if (folder / "config.json").exists() and find_weights(folder, model_id) else None
    except (OSError, ValueError):  # never downloaded, or a part of it is missing
        return None


def _download(model_id: str, placement: Placement) -> Path:
    """The config is judged, and the memory needed, before the weights come; what came is judged again when it is loaded.

    By the revision that the catalog names; where it names none, the newest, and by its name: only so does the cache find it again without a network.
    """
    found = huggingface_hub.HfApi().model_info(model_id, revision=revision_of(model_id), timeout=TIMEOUT_S, files_metadata=True)
    sizes = {file.rfilename: file.size or 0 for file in found.siblings or ()}
    kind = SAFE_WEIGHTS if _named(sizes, SAFE_WEIGHTS) else PICKLED_WEIGHTS
    weights = _named(sizes, kind)
    if not weights:
        raise UnknownModelError(f"Weights must be {SAFE_WEIGHTS} or {PICKLED_WEIGHTS}, or their shards; {model_id!r} has none of them. "
                                "Choose another model.")
    with tempfile.TemporaryDirectory() as aside:  # not into the cache yet: what is refused leaves no half of a model behind
        config = huggingface_hub.hf_hub_download(model_id, "config.json", revision=found.sha, local_dir=aside, etag_timeout=TIMEOUT_S)
        family = recognise(read_json(Path(config), model_id) | {"called": model_id}, model_id)
    entry, on_disk = find(model_id), sum(sizes[file] for file in weights)
    size = entry.parameters * PRECISION_BYTES[placement.precision] if entry else on_disk  # what is on disk may be of another precision: judged again later
    must_spread(needed_gb(size), model_id, placement.device, family.spreads)
    bar = download_bar(placement.tell, "Downloading the model…", on_disk)
    return Path(huggingface_hub.snapshot_download(model_id, revision=revision_of(model_id), allow_patterns=[*DATA_FILES, *weights], etag_timeout=TIMEOUT_S,
                                                  tqdm_class=bar))


def _named(files, kind: str) -> list[str]:
    """The files that belong to weights of this kind: one, or shards with their index."""
    if kind in files:
        return [kind]
    if f"{kind}.index.json" not in files:
        return []
    stem, _, ending = kind.rpartition(".")
    return [file for file in files if re.fullmatch(rf"{re.escape(stem)}-\d+-of-\d+\.{ending}|{re.escape(kind)}\.index\.json", file)]


def _short(error: Exception) -> str:
    """The first line of an error of the network, or its kind."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:120]
