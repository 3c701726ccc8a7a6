"""The tokenizer in a checkpoint's folder, read by classes of transformers; none of the folder's code is run or asked about."""

from pathlib import Path
from typing import Any

import transformers

from ..errors import UnknownModelError


def read_fast_tokenizer(folder: Path, name: str) -> Any:
    """The tokenizer of tokenizer.json, or, where only GPT-2's vocab.json and merges.txt lie there, of these. Raises UnknownModelError."""
    if (folder / "tokenizer.json").is_file():
        return read_as(transformers.PreTrainedTokenizerFast, folder, name)
    if (folder / "vocab.json").is_file() and (folder / "merges.txt").is_file():
        return read_as(transformers.Qwen2Tokenizer, folder, name)
    raise UnknownModelError(f"A model folder must hold a tokenizer that transformers reads, best a tokenizer.json; that of {name!r} "
                            "has neither that nor vocab.json with merges.txt. Download or save it again.")


def read_as(kind: Any, folder: Path, name: str, **options: Any) -> Any:
    """The tokenizer in `folder` read by `kind.from_pretrained`. Raises UnknownModelError."""
    try:
        return kind.from_pretrained(folder, local_files_only=True, **options)
    except Exception as error:  # a foreign file: the Rust tokenizer raises bare Exceptions
        line = (str(error).strip().splitlines() or [type(error).__name__])[0][:160]
        raise UnknownModelError(f"A model folder must hold a tokenizer that transformers reads, best a tokenizer.json; that of {name!r} "
                                f"cannot be read ({line}). Download or save it again.") from None
