"""The tokenizer in a checkpoint's folder, read by classes of transformers; none of the folder's code is run or asked about."""

from pathlib import Path
from typing import Any

import transformers
from tokenizers import AddedToken

from ..errors import UnknownModelError
from .config_file import read_json

SPECIAL_ROLES = ("bos_token", "eos_token", "pad_token", "unk_token", "mask_token")


def read_fast_tokenizer(folder: Path, name: str, kind: Any = None) -> Any:
    """The tokenizer of tokenizer.json, or, where only vocab.json and merges.txt lie there, a `kind` of these (Qwen2Tokenizer if left out). Raises UnknownModelError."""
    if (folder / "tokenizer.json").is_file():
        return read_as(transformers.PreTrainedTokenizerFast, folder, name)
    if (folder / "vocab.json").is_file() and (folder / "merges.txt").is_file():
        return _from_two_files(folder, name, kind or transformers.Qwen2Tokenizer)
    raise UnknownModelError(f"A model folder must hold a tokenizer that transformers reads, best a tokenizer.json; that of {name!r} "
                            "has neither that nor vocab.json with merges.txt. Download or save it again.")


def _from_two_files(folder, name, kind):
    """Byte-level BPE as `kind` cuts words. Added tokens keep the ids that the files give them."""
    settings, more = ({} if not (folder / file).is_file() else read_json(folder / file, name) for file in ("tokenizer_config.json", "added_tokens.json"))
    try:
        added = {entry["content"]: int(number) for number, entry in settings.get("added_tokens_decoder", {}).items()} | more
        lines = (folder / "merges.txt").read_text(encoding="utf-8").split("\n")
        merges = [tuple(line.split(" ")) for line in lines if line and not line.startswith("#version")]
        text = lambda value: value.get("content") if isinstance(value, dict) else value
        special = {role: text(settings[role]) for role in SPECIAL_ROLES if settings.get(role)}
        tokenizer = kind(vocab=read_json(folder / "vocab.json", name) | added, merges=merges, **special)
        tokenizer.add_tokens([AddedToken(token, special=True, normalized=False) for token in sorted(added, key=added.get)])
    except Exception as error:  # a foreign file: the Rust tokenizer raises bare Exceptions
        raise _unreadable(name, error) from None
    return tokenizer


def read_as(kind: Any, folder: Path, name: str, **options: Any) -> Any:
    """The tokenizer in `folder` read by `kind.from_pretrained`. Raises UnknownModelError."""
    try:
        return kind.from_pretrained(folder, local_files_only=True, **options)
    except Exception as error:  # a foreign file: the Rust tokenizer raises bare Exceptions
        raise _unreadable(name, error) from None


def _unreadable(name, error):
    line = (str(error).strip().splitlines() or [type(error).__name__])[0][:160]
    return UnknownModelError(f"A model folder must hold a tokenizer that transformers reads, best a tokenizer.json; that of {name!r} "
                             f"cannot be read ({line}). Download or save it again.")
