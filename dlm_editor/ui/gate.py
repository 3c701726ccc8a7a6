"""A fair gate in front of the model: so many at once, the others wait in order and can be told their place."""

import threading

from ..errors import ResourceError


class Gate:
    """Tickets in order of arrival; the first `at_once` may pass."""

    def __init__(self, at_once: int = 1, most_waiting: int = 24):
        self._at_once, self._most_waiting = at_once, most_waiting
        self._tickets: list[object] = []
        self._changed = threading.Condition()

    def take(self) -> object:
        """A ticket. Raises ResourceError when too many wait already."""
        with self._changed:
            waiting = len(self._tickets) - self._at_once
            if waiting >= self._most_waiting:
                raise ResourceError(f"At most {self._most_waiting} runs may wait at a time; {waiting} do. Try again in a moment: your text is untouched.")
            ticket = object()
            self._tickets.append(ticket)
            return ticket

    def wait(self, ticket: object, timeout_s: float) -> int:
        """How many must finish before this ticket may pass: 0 at once when it may, else after at most `timeout_s`."""
        with self._changed:
            self._changed.wait_for(lambda: self._ahead(ticket) == 0, timeout_s)
            return self._ahead(ticket)

    def leave(self, ticket: object):
        """Gives the place back, whether it has passed or not."""
        with self._changed:
            self._tickets.remove(ticket)
            self._changed.notify_all()

    def _ahead(self, ticket: object) -> int:
        return max(0, self._tickets.index(ticket) - self._at_once + 1)
