"""What would be sent, to be read and agreed to before it is."""

from dataclasses import dataclass
from typing import Any

from ...text import Span


@dataclass(frozen=True)
class Request:
    """One request, exactly, but for the header with the key.

    For a second span and later ones `body` shows the earlier spans as they stand; when it is sent they hold their new text. Alternatives
    differ in their seed alone.
    """

    url: str
    host: str
    model: str
    body: str               # JSON
    span: Span
    characters: int         # of the document that it holds
    key_name: str | None    # the environment variable whose key goes with it, where it is set
    times: int              # once for each alternative
    is_here: bool           # to a server on this very machine

    def record(self) -> dict[str, Any]:
        """As plain JSON."""
        span = {"start": self.span.start, "end": self.span.end}
        return {"url": self.url, "host": self.host, "model": self.model, "body": self.body, "span": span, "characters": self.characters, "key_name": self.key_name, "times": self.times, "is_here": self.is_here}


def summary(requests: tuple[Request, ...]) -> str:
    """In one sentence: how much would be sent, and where."""
    first, count = requests[0], sum(request.times for request in requests)
    where = f"{first.host}{' (a server on this machine)' if first.is_here else ''}"
    return (f"{sum(request.characters for request in requests)} characters of the document would be sent to {where} in {count} "
            f"request{'' if count == 1 else 's'} (model {first.model})")
