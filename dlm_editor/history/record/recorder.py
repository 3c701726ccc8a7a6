"""Writes a run down while it goes on."""

from collections.abc import Iterable, Mapping
from typing import Any

from .coding import Draft, changes


class Recorder:
    """Takes the steps of one run as they come, and keeps what each changed; of the drafts it holds the last ones only.

    `head` is what `head()` gives. Steps are those of `fill_stream`: {"step", "of", "seconds", "drafts"}.
    """

    def __init__(self, head: Mapping[str, Any]):
        self._head = dict(head)
        self._steps: list[dict] = []
        self._last: list[list[Draft]] = []

    def add(self, step: Mapping[str, Any]) -> None:
        """The next step. Every step has the same number of alternatives, and drafts for every span."""
        drafts = step["drafts"]
        if not self._steps:
            self._last = [[[] for _ in row] for row in drafts]
        made = [[row, span, *change] for row, (before, after) in enumerate(zip(self._last, drafts, strict=True))
                for span, (old, new) in enumerate(zip(before, after, strict=True)) for change in changes(old, new)]
        self._steps.append({"step": step["step"], "of": step["of"], "seconds": step["seconds"], "changes": made})
        self._last = drafts

    def record(self, suggestions: Iterable[Mapping[str, Any]] = (), finish: str = "done") -> dict:
        """The record of the run so far. Suggestions: {"row", "after", "mean_logprob", "steps", "seconds", "violations", "drafts"}, best first."""
        return {**self._head, "finish": finish, "rows": len(self._last), "steps": list(self._steps),
                "suggestions": [self._ending(suggestion) for suggestion in suggestions]}

    def _ending(self, suggestion: Mapping[str, Any]) -> dict:
        drafts = suggestion["drafts"]
        before = self._last[suggestion["row"]] if self._last else [[] for _ in drafts]
        made = [[span, *change] for span, (old, new) in enumerate(zip(before, drafts, strict=True)) for change in changes(old, new)]
        return {**{name: suggestion[name] for name in ("row", "after", "mean_logprob", "steps", "seconds", "violations")}, "changes": made}
