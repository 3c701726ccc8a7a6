"""A record played back: the steps and suggestions as they were."""

from collections.abc import Iterable, Iterator

from .coding import Change, Draft, apply

Drafts = list[list[Draft]]  # [row][span]


def replay(record: dict) -> Iterator[dict]:
    """The steps of a checked record, each as `fill_stream` gave it: {"step", "of", "seconds", "drafts"}; what does not change is shared."""
    drafts: Drafts = [[[] for _ in record["spans"]] for _ in range(record["rows"])]
    fresh: set[tuple[int, int]] = set()
    for step in record["steps"]:
        made = changes_by_draft(step["changes"])
        drafts = _after(drafts, made, fresh | made.keys())
        fresh = set(made)
        yield {"step": step["step"], "of": step["of"], "seconds": step["seconds"], "drafts": drafts}


def endings(record: dict) -> list[dict]:
    """The suggestions of a checked record, best first: {"row", "after", "mean_logprob", "steps", "seconds", "violations", "drafts"}."""
    last: Drafts = []
    for step in replay(record):
        last = step["drafts"]
    found = []
    for suggestion in record["suggestions"]:
        row = suggestion["row"]
        before = last[row] if last else [[] for _ in record["spans"]]
        made = changes_by_draft([row, *change] for change in suggestion["changes"])
        drafts = [apply(draft, made.get((row, span), ())) for span, draft in enumerate(before)]
        found.append({**{name: value for name, value in suggestion.items() if name != "changes"}, "drafts": drafts})
    return found


def changes_by_draft(changes: Iterable[list]) -> dict[tuple[int, int], list[Change]]:
    """The changes of a step for every (row, span) that has any."""
    found: dict[tuple[int, int], list[Change]] = {}
    for row, span, *change in changes:
        found.setdefault((row, span), []).append(change)
    return found


def _after(drafts: Drafts, made: dict[tuple[int, int], list[Change]], touched: Iterable[tuple[int, int]]) -> Drafts:
    after, copied = list(drafts), set()
    for row, span in touched:
        if row not in copied:
            after[row] = list(after[row])
            copied.add(row)
        after[row][span] = apply(drafts[row][span], made.get((row, span), ()))
    return after
