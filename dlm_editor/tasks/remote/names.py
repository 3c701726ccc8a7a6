"""Ids of hosted models, and what they name.

    mercury[@URL]            fill in the middle       mercury:edit[@URL]       next edit       mercury:chat[@URL]       diffusing chat
    openai:MODEL@URL         any server of /v1/completions that takes a suffix
    ollama:MODEL[@URL]       Ollama, on this machine unless a URL says otherwise
"""

import re

from ...errors import UnknownModelError
from .backend import Backend
from .mercury import MercuryChat, MercuryEdit, MercuryFim
from .ollama import Ollama
from .openai import OpenAICompletions

MERCURY = {"": MercuryFim, "fim": MercuryFim, "edit": MercuryEdit, "chat": MercuryChat}
_ID = re.compile(r"(mercury|openai|ollama)(?::([^\s]*?))?(?:@(https?://[^\s]*))?")


def is_hosted(model: str) -> bool:
    """True for the id of a hosted model, well formed or not; a local folder of such a name is written ./NAME."""
    return re.match(r"(mercury|openai|ollama)(?=[:@]|\Z)", model) is not None


def backend_of(model: str) -> Backend:
    """What an id names. Raises UnknownModelError, and OptionError for an address that is none."""
    found = _ID.fullmatch(model)
    kind, name, url = found.groups() if found else (model.partition(":")[0], None, None)
    at = (url,) if url else ()
    if found and kind == "mercury" and (name or "") in MERCURY:
        return MERCURY[name or ""].at(*at)
    if found and name and name != "MODEL" and kind == "ollama":
        return Ollama.at(name, *at)
    if found and name and name != "MODEL" and kind == "openai" and url:
        return OpenAICompletions.at(name, url)
    raise UnknownModelError("A hosted model is mercury, mercury:edit, mercury:chat, openai:MODEL@URL or ollama:MODEL, each also with @URL "
                            "of another server; "
                            f"got {model!r}. Name the model and, for openai, the address, like openai:qwen2.5-coder@http://127.0.0.1:8000.")
