"""Any server of the completions protocol with a suffix: vLLM, llama.cpp, LM Studio, DeepSeek, Ollama's own /v1 …

    POST …/v1/completions {"model", "prompt", "suffix", "max_tokens", "temperature", "top_p", "seed", "stream": true}
    data: {"choices": [{"text": "part", "finish_reason": null}]}     … data: [DONE]
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from .backend import Hole, Reading, read_completions
from .streams import server_sent
from .wire import Endpoint

KEY = "OPENAI_API_KEY"


@dataclass(frozen=True)
class OpenAICompletions:
    """See `Backend`."""

    model: str
    endpoint: Endpoint
    needs_key: bool = False
    family: str = "openai"
    temperatures: tuple[float, float] = (0.0, 2.0)
    zero_is_greedy: bool = True
    sends_marked: bool = False
    options: frozenset[str] = frozenset({"top_p", "seed"})

    @classmethod
    def at(cls, model: str, base: str) -> "OpenAICompletions":
        """`base`: the server's address, with or without /v1 or /v1/completions."""
        base = base.rstrip("/")
        if not base.endswith("/completions"):
            base += "/completions" if base.endswith("/v1") else "/v1/completions"
        return cls(model, Endpoint(base, KEY))

    def body(self, hole: Hole) -> dict[str, Any]:
        body = {"model": self.model, "prompt": hole.before, "suffix": hole.after, "max_tokens": hole.most_tokens, "temperature": hole.temperature,
                "stream": True}
        return body | ({"top_p": hole.top_p} if hole.top_p < 1 else {}) | ({"seed": hole.seed} if hole.seed else {})

    def read(self, lines: Iterable[bytes], hole: Hole) -> Iterator[Reading]:
        yield from read_completions(server_sent(lines, self.endpoint.host), self.endpoint.host)
