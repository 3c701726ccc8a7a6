"""Ollama, with a model that takes a suffix: writes from left to right, the baseline to compare diffusion with.

    POST …/api/generate {"model", "prompt", "suffix", "stream": true, "options": {"num_predict", "temperature", "top_p", "seed"}}
    {"response": "part", "done": false}     … {"response": "", "done": true, "done_reason": "stop"}
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from .backend import Hole, Reading
from .streams import json_lines, text_of
from .wire import Endpoint

HERE = "http://127.0.0.1:11434"


@dataclass(frozen=True)
class Ollama:
    """See `Backend`."""

    model: str
    endpoint: Endpoint
    needs_key: bool = False
    family: str = "ollama"
    temperatures: tuple[float, float] = (0.0, 2.0)
    zero_is_greedy: bool = True
    sends_marked: bool = False
    options: frozenset[str] = frozenset({"top_p", "seed"})

    @classmethod
    def at(cls, model: str, base: str = HERE) -> "Ollama":
        return cls(model, Endpoint(base.rstrip("/") + "/api/generate"))

    def body(self, hole: Hole) -> dict[str, Any]:
        options = {"num_predict": hole.most_tokens, "temperature": hole.temperature, "top_p": hole.top_p, "seed": hole.seed}
        return {"model": self.model, "prompt": hole.before, "suffix": hole.after, "stream": True, "options": options}

    def read(self, lines: Iterable[bytes], hole: Hole) -> Iterator[Reading]:
        text = ""
        for record in json_lines(lines, self.endpoint.host):
            text += text_of(record.get("response"), self.endpoint.host)
            yield Reading(text, record.get("done_reason") == "length")
