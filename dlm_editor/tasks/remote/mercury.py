"""Mercury of Inception Labs: fill in the middle, next edit, and the chat that shows its denoising.

The formats are those of the provider's public documentation; none of them was tried against the live service.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from ...errors import RemoteError
from .backend import Hole, Reading, first_choice, read_completions, with_choices
from .diffusing import Diffusing
from .streams import server_sent, text_of, whole
from .wire import Endpoint

KEY = "INCEPTION_API_KEY"
BASE = "https://api.inceptionlabs.ai"
EDIT_MODEL, CHAT_MODEL = "mercury-edit-2", "mercury-2"


def _endpoint(base: str, path: str) -> Endpoint:
    base = base.rstrip("/")
    return Endpoint(base + (path.removeprefix("/v1") if base.endswith("/v1") else path), KEY)


@dataclass(frozen=True)
class MercuryFim:
    """POST /v1/fim/completions, streamed as /v1/completions is. See `Backend`."""

    endpoint: Endpoint
    model: str = EDIT_MODEL
    needs_key: bool = True
    family: str = "mercury"
    temperatures: tuple[float, float] = (0.0, 1.0)
    zero_is_greedy: bool = True
    sends_marked: bool = False
    options: frozenset[str] = frozenset({"top_p"})

    @classmethod
    def at(cls, base: str = BASE) -> "MercuryFim":
        return cls(_endpoint(base, "/v1/fim/completions"))

    def body(self, hole: Hole) -> dict[str, Any]:
        return {"model": self.model, "prompt": hole.before, "suffix": hole.after, "max_tokens": hole.most_tokens, "stream": True} | _chosen(hole)

    def read(self, lines: Iterable[bytes], hole: Hole) -> Iterator[Reading]:
        yield from read_completions(server_sent(lines, self.endpoint.host), self.endpoint.host)


@dataclass(frozen=True)
class MercuryEdit:
    """POST /v1/edit/completions: the lines of the span go as the region to edit, and come back whole, not streamed. See `Backend`.

    What the model wrote outside the span is not taken: an answer that changed the rest of those lines is an error.
    """

    endpoint: Endpoint
    model: str = EDIT_MODEL
    needs_key: bool = True
    family: str = "mercury"
    temperatures: tuple[float, float] = (0.0, 1.0)
    zero_is_greedy: bool = False
    sends_marked: bool = True
    options: frozenset[str] = frozenset({"top_p"})

    @classmethod
    def at(cls, base: str = BASE) -> "MercuryEdit":
        return cls(_endpoint(base, "/v1/edit/completions"))

    def body(self, hole: Hole) -> dict[str, Any]:
        above, head, tail, below = _lines_of(hole)
        message = ("<|recently_viewed_code_snippets|>\n\n<|/recently_viewed_code_snippets|>\n\n<|current_file_content|>\ncurrent_file_path: document.txt\n"
                   f"{above}<|code_to_edit|>\n{head}{hole.old}<|cursor|>{tail}\n<|/code_to_edit|>\n{below}<|/current_file_content|>\n\n"
                   "<|edit_diff_history|>\n\n<|/edit_diff_history|>")
        return {"model": self.model, "messages": [{"role": "user", "content": message}], "max_tokens": 1024 + hole.most_tokens} | _chosen(hole)

    def read(self, lines: Iterable[bytes], hole: Hole) -> Iterator[Reading]:
        (answer,) = with_choices([whole(lines, self.endpoint.host)], self.endpoint.host)
        choice = first_choice(answer)
        message = choice.get("message")
        text = unfenced(text_of(message.get("content") if isinstance(message, dict) else None, self.endpoint.host)).replace("<|cursor|>", "")
        text = text.removesuffix("\n")
        _, head, tail, _ = _lines_of(hole)
        if not text.startswith(head) or not text.endswith(tail) or len(text) < len(head) + len(tail):
            raise RemoteError("Only the marked text may change; the model changed more of its lines. Nothing of it was taken: mark the "
                              "whole line, or use "
                              "`mercury`.")
        yield Reading(text[len(head):len(text) - len(tail)], choice.get("finish_reason") == "length")


@dataclass(frozen=True)
class MercuryChat:
    """POST /v1/chat/completions with `diffusing`: the whole answer is shown at every step of its denoising. See `Backend`."""

    endpoint: Endpoint
    model: str = CHAT_MODEL
    needs_key: bool = True
    family: str = "mercury"
    temperatures: tuple[float, float] = (0.5, 1.0)
    zero_is_greedy: bool = False
    sends_marked: bool = True
    options: frozenset[str] = frozenset({"instruction"})

    @classmethod
    def at(cls, base: str = BASE) -> "MercuryChat":
        return cls(_endpoint(base, "/v1/chat/completions"))

    def body(self, hole: Hole) -> dict[str, Any]:
        parts = ["Write the text that stands at [GAP] in the document below. Answer with that text alone: no quotation marks, no comment, "
                 "nothing of what "
                 "stands before or after it."]
        parts += [f"It takes the place of: {hole.old}"] if hole.old.strip() else []
        parts += [f"It has exactly {hole.words} word{'' if hole.words == 1 else 's'}."] if hole.words else []
        parts += [f"What it shall be: {hole.instruction}"] if hole.instruction else []
        message = "\n".join([*parts, "<document>", f"{hole.before}[GAP]{hole.after}", "</document>"])
        # max_tokens leaves room for what the model thinks before it answers
        return {"model": self.model, "messages": [{"role": "user", "content": message}], "max_tokens": 2048 + hole.most_tokens, "reasoning_effort": "instant",
                "stream": True, "diffusing": True} | _chosen(replace(hole, top_p=1.0))

    def read(self, lines: Iterable[bytes], hole: Hole) -> Iterator[Reading]:
        shown, is_cut = Diffusing(), False
        for record in with_choices(server_sent(lines, self.endpoint.host), self.endpoint.host):
            choice = first_choice(record)
            part = choice.get("delta") or choice.get("message")
            shown = shown.add(text_of(part.get("content") if isinstance(part, dict) else None, self.endpoint.host))
            is_cut = is_cut or choice.get("finish_reason") == "length"
            yield Reading(unfenced(shown.text), is_cut)


def _chosen(hole: Hole) -> dict[str, Any]:
    """Sampling options that were asked for; what is left out the server chooses."""
    return ({"temperature": hole.temperature} if hole.temperature else {}) | ({"top_p": hole.top_p} if hole.top_p < 1 else {})


def _lines_of(hole: Hole) -> tuple[str, str, str, str]:
    """The text around the span, cut at the ends of its lines: above, the line's beginning, its end, below."""
    cut = hole.before.rfind("\n") + 1
    end = hole.after.find("\n")
    end = len(hole.after) if end == -1 else end
    return hole.before[:cut], hole.before[cut:], hole.after[:end], hole.after[end + 1:]


def unfenced(text: str) -> str:
    """`text` without the three backticks, with or without a language, that a chat puts around what it writes."""
    if not text.startswith("```"):
        return text
    first, _, rest = text.partition("\n")
    return rest.rstrip().removesuffix("```").removesuffix("\n")
