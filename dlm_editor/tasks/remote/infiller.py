"""Fill with a hosted model: text in, text out, one span after another. Nothing is sent before the user has agreed to it."""

import json
import os
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, fields, replace

from ...canvas.border import find_border
from ...denoisers import Info
from ...denoisers.catalog import refusal, suggest
from ...errors import AbilityError, AgreementError, OptionError, RemoteError
from ...sampling import Draft, Piece
from ...text import Document, Edit, Mark, Span
from ..fill import FillOptions, Suggestion
from ..opening import check_document
from .backend import Backend, Hole, Reading
from .context import check_size, finished, fit, hole_of, so_far, violations
from .names import backend_of
from .request import Request, summary
from .said import without_key
from .wire import Limits, post

LEAST_SECRET = 12    # characters of a key that no text holds by chance; local servers take any word for one
MOST_CONTEXT = 1024  # tokens: as an Info states it; what is sent is bounded in characters
TAKEN = frozenset({"alternatives", "temperature", "agree"})
# Options that have no meaning without probabilities: what to say of each.
MEANINGLESS = {"steps": "steps of refinement", "sampler": "a sampler", "block_length": "an order of blocks", "window": "a window in tokens",
               "pins": "tokens to start from", "guidance": "guidance by a second pass", "style": "an example of style"}


@dataclass(frozen=True)
class TextStep:
    """What has come of a span. Has no certainty: a hosted model tells none."""

    index: int                             # from 1, over the whole run
    mark: int                              # the span that is being filled
    row: int                               # the alternative
    text: str                              # of that span so far, fitted to both sides
    drafts: tuple[tuple[Draft, ...], ...]  # as in a RefinementStep; the certainty of a piece is None
    seconds: float = 0.0
    total: None = None                     # how many there will be is not known


@dataclass(frozen=True, eq=False)
class RemoteInfiller:
    """A hosted model and the verbs it knows. Holds no document and no key: the key is read from the environment for each run."""

    name: str
    backend: Backend
    limits: Limits = Limits()

    @classmethod
    def of(cls, model: str) -> "RemoteInfiller":
        """The hosted model with this id (`names`). Raises UnknownModelError and OptionError."""
        return cls(model, backend_of(model))

    @property
    def info(self) -> Info:
        return Info(self.name, self.backend.family, 0, MOST_CONTEXT, "unknown" if self.backend.family == "mercury" else "none",
                    follows_instructions="instruction" in self.backend.options, device=self.backend.endpoint.host, precision="unknown")

    def preview(self, document: Document, options: FillOptions = FillOptions()) -> tuple[Request, ...]:
        """Every request that `fill` would make; sends nothing. Raises what `fill` would raise before its first request."""
        self._check(document, options)
        return tuple(self._request(document, number, options) for number in range(len(document.marks)))

    def fill(self, document: Document, options: FillOptions = FillOptions()) -> Iterator[TextStep | Suggestion]:
        """A TextStep for every part that comes, then the suggestions, in the order made; texts that came twice once.

        A later span sees the earlier ones filled. Closing the generator ends the request. Raises AgreementError unless `options.agree`, and
        RemoteError.
        """
        requests = self.preview(document, options)
        if not options.agree:
            raise AgreementError(f"Text goes to a hosted model only where the user agrees; {summary(requests)}. Look at it and agree: "
                                 "--send on the command "
                                 "line, \"agree\": true elsewhere. Or use `bundled`, which runs here.")
        run = _Run(self, document, options, self._key(), time.perf_counter())
        done: dict[str, Suggestion] = {}
        index = 0
        for row in range(options.alternatives):
            with closing(run.row(row)) as events:
                for event in events:
                    if isinstance(event, TextStep):
                        index += 1
                        yield replace(event, index=index)
                    else:
                        done.setdefault(event.text, replace(event, steps=index))
        yield from done.values()

    def poem(self, options: object) -> Iterator[TextStep]:
        """Raises AbilityError: a poem is made of constraints, and a hosted model cannot be held to any."""
        raise refusal(self.name, "constraints")

    def rewrite(self, document: Document, options: object) -> Iterator[TextStep]:
        """Raises AbilityError: which words are doubtful only their probabilities tell, and a hosted model gives none."""
        raise refusal(self.name, "probabilities")

    def proofread(self, document: Document, options: object) -> Iterator[TextStep]:
        """Raises AbilityError: as for a rewrite."""
        raise refusal(self.name, "probabilities")

    def _request(self, document, number, options) -> Request:
        mark = document.marks[number]
        hole = hole_of(document.text, mark, options, options.seed)
        endpoint = self.backend.endpoint
        characters = len(hole.before) + len(hole.after) + (len(hole.old) if self.backend.sends_marked else 0)
        return Request(endpoint.url, endpoint.host, self.backend.model, self.encode(hole), mark.span, characters, endpoint.key_name,
                       options.alternatives, endpoint.is_here)

    def encode(self, hole: Hole) -> str:
        """The JSON to send for a hole."""
        return json.dumps(self.backend.body(hole), ensure_ascii=False)

    def _key(self) -> str | None:
        name = self.backend.endpoint.key_name
        key = os.environ.get(name, "").strip() if name else ""
        if self.backend.needs_key and not key:
            raise OptionError(f"{self.name} takes requests with a key only; {name} is not set. Set it in the environment of this program.")
        if not key.isascii() or not key.isprintable() or " " in key:
            raise OptionError(f"A key is one word of plain characters; {name} holds something else. Set it anew.")
        return key or None

    def _check(self, document, options):
        check_document(document)
        usual = type(options)()
        for field in fields(options):
            if getattr(options, field.name) == getattr(usual, field.name) or field.name in TAKEN or field.name in self.backend.options:
                continue
            if field.name == "instruction":
                raise refusal(self.name, "follows_instructions", "an instruction")
            if field.name in MEANINGLESS:
                raise OptionError(f"A hosted model decides by itself how it writes; got {field.name}, {MEANINGLESS[field.name]}, for "
                                  f"{self.name!r}. Leave it out, "
                                  "or use a model that runs here, like `bundled`.")
            if field.name in ("seed", "top_p"):
                raise OptionError(f"{self.name!r} takes no {field.name}; got {getattr(options, field.name)}. Leave it out.")
            raise AbilityError(f"A hosted model gives text and no probabilities, so it cannot be held to {field.name.replace('_', ' ')}; "
                               "got that for "
                               f"{self.name!r}. Use a model that runs here, like {suggest('constraints')!r}, or leave it out.")
        self._check_temperature(options)

    def _check_temperature(self, options):
        low, high = self.backend.temperatures
        if options.temperature and not low <= options.temperature <= high:
            raise OptionError(f"{self.name!r} takes a temperature of {low:g} to {high:g}; got {options.temperature:g}. Choose one in that "
                              "range, or leave it out.")
        if options.alternatives > 1 and not options.temperature and self.backend.zero_is_greedy:
            raise OptionError(f"Alternatives of {self.name!r} need a temperature above 0, or all are alike; got {options.alternatives} "
                              "alternatives. Add a "
                              "temperature, like 0.8.")


@dataclass(frozen=True, eq=False)
class _Run:
    """One call of `fill`."""

    infiller: RemoteInfiller
    document: Document
    options: FillOptions
    key: str | None
    began: float

    def row(self, row: int) -> Iterator[TextStep | Suggestion]:
        """One alternative: the steps of every span, then what it comes to."""
        edits, missed = [], []
        for number, mark in enumerate(self.document.marks):
            text, moved = _with_earlier(self.document, mark, edits)
            reading, border = Reading(""), find_border(text, moved.span)
            with closing(self._read(text, moved, row)) as readings:
                for reading in readings:
                    fitted = fit(so_far(reading.text), border, text)
                    yield TextStep(0, number, row, fitted, self._drafts(row, edits, fitted), time.perf_counter() - self.began)
            fitted = fit(finished(reading.text, self.infiller.backend.endpoint.host), border, text)
            missed += [f"Span {number + 1}: {missing}" for missing in violations(fitted, mark, reading.is_cut)]
            edits.append(Edit(mark.span, self.document[mark.span], fitted))
        text = Document(self.document.text).apply(*edits).text
        drafts = tuple((_settled(edit.after),) for edit in edits)
        yield Suggestion(text, tuple(edits), None, 0, time.perf_counter() - self.began, row, drafts, tuple(missed))

    def _read(self, text: str, mark: Mark, row: int) -> Iterator[Reading]:
        """The readings of one request."""
        backend, limits = self.infiller.backend, self.infiller.limits
        seed = self.options.seed + row if "seed" in backend.options else 0
        hole = hole_of(text, mark, self.options, seed)
        try:
            with closing(post(backend.endpoint, self.infiller.encode(hole).encode(), self.key, limits)) as lines:
                for reading in backend.read(lines, hole):
                    check_size(reading.text, backend.endpoint.host)
                    if self.key and len(self.key) >= LEAST_SECRET and self.key in reading.text:
                        raise RemoteError(f"A fill is new text; {backend.endpoint.host} sent the key itself back. Nothing of it was taken: check the address.")
                    yield reading
        except RemoteError as error:
            raise RemoteError(without_key(str(error), self.key)) from None  # a server may have said it

    def _drafts(self, row: int, edits: list[Edit], text: str) -> tuple[tuple[Draft, ...], ...]:
        """Of all alternatives: only the one at work has any text yet to show."""
        waiting = ((Piece("", "open", None, ()),),) * len(self.document.marks)
        at_work = (*((_settled(edit.after),) for edit in edits), (Piece(text, "new", None, ()), Piece("", "open", None, ())))
        return tuple((*at_work, *waiting[len(at_work):]) if place == row else waiting for place in range(self.options.alternatives))


def _settled(text: str) -> Piece:
    return Piece(text, "settled", None, ())


def _with_earlier(document: Document, mark: Mark, edits: list[Edit]) -> tuple[str, Mark]:
    """The text with the marks before `mark` filled, and `mark` in it."""
    shift = sum(len(edit.after) - len(edit.before) for edit in edits)
    return Document(document.text).apply(*edits).text, replace(mark, span=Span(mark.span.start + shift, mark.span.end + shift))
