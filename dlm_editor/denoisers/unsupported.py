"""Diffusion language models that are known, and cannot be loaded: what is missing, so that nobody has to guess."""

import re
from dataclasses import dataclass

from .config_file import known_as


@dataclass(frozen=True)
class Known:
    """`pattern` is looked for in the model type, the architectures and what the model is called, in small letters."""

    name: str
    pattern: str
    reason: str
    instead: str


KNOWN = (
    Known("SDAR", r"(^|[^a-z])sdar", "its network and its blocks of 4 were not compared with the original code", "inclusionAI/LLaDA2.0-mini"),
    Known("DUO", r"^duo([^a-z]|$)", "its uniform noise was not compared with the original code", "kuleshov-group/mdlm-owt"),
    Known("Eso-LM", r"(^|[^a-z])eso[-_]?lm", "its attention, of two orders at once, was not compared with the original code",
          "kuleshov-group/bd3lm-owt-block_size16"),
)


def why_not(config: dict, name: str) -> str | None:
    """The sentence for a model of this list that no family claims; None for any other."""
    architectures = config.get("architectures")
    texts = [str(config.get("model_type")), *known_as(config), *map(str, architectures if isinstance(architectures, list) else ())]
    for known in KNOWN:
        if any(re.search(known.pattern, text.lower()) for text in texts):
            return (f"{known.name} is known but not supported: {known.reason}; {name!r} is such a model (type {config.get('model_type')!r}). "
                    f"Choose another, like {known.instead}.")
    return None
