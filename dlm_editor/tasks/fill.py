"""Fill: new text for every marked span, jointly, and nothing else."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import torch

from ..canvas import Frame, Gap, Group, Vocabulary, frame_group, group_marks, lay_out, open_gaps
from ..constraints import Constraint, NoRepeats, constrain, judge, learn
from ..denoisers import Denoiser
from ..denoisers.catalog import refusal
from ..errors import AbilityError, DocumentError, InputError, OptionError, UnsatisfiableError
from ..sampling import (
    SAMPLERS,
    Choice,
    Draft,
    Piece,
    RefinementStep,
    RefineOptions,
    Resizing,
    Sampler,
    choose_lengths,
    fair_scores,
    needs_search,
    own_sampler,
    refine,
    refine_resizing,
)
from ..text import Document, Edit, Span
from ..text.length import is_whole
from .draft import draw, gap_tokens

MAX_BYTES = 8 * 2**20
MAX_ALTERNATIVES = 16
MAX_INSTRUCTION = 4000
DEFAULT_WINDOW = 256  # tokens
MOST_ROUNDS = 32      # in which a fill that repeats something is written anew


@dataclass(frozen=True)
class FillOptions:
    """How to fill; validated on construction."""

    alternatives: int = 1
    steps: int | None = None         # None: auto
    sampler: Sampler | None = None   # None: the one that the model was made with
    temperature: float = 0.0
    top_p: float = 1.0
    seed: int = 0
    block_length: int | None = None  # None: anywhere on the canvas; else blocks of so many tokens from left to right
    window: int | None = None        # tokens that the model sees at a time; None: DEFAULT_WINDOW or what the model can
    # Tokens to start from, one tuple for each mark: None where open, an empty tuple where the mark was not begun.
    pins: tuple[tuple[int | None, ...], ...] | None = None
    instruction: str | None = None   # what to write, for models that follow instructions
    guidance: float = 0.0            # s of classifier-free guidance, u + (1 + s)(c − u); 0: none. Doubles the cost of a step
    constraints: tuple[Constraint, ...] = ()                   # what every mark's fill must be
    mark_constraints: tuple[tuple[Constraint, ...], ...] = ()  # … and what each mark's must be besides, one tuple for each mark; empty: none
    agree: bool = False              # the text around the marks may be sent to a hosted model; for models that run here it means nothing

    def __post_init__(self):
        _check(is_whole(self.alternatives) and 1 <= self.alternatives <= MAX_ALTERNATIVES, f"Alternatives are 1 to {MAX_ALTERNATIVES}", self.alternatives, "Ask for fewer, or run again with another seed.")
        _check(isinstance(self.temperature, int | float) and 0.0 <= self.temperature <= 2.0, "The temperature is 0 to 2", self.temperature, "0 takes the most probable words, 1 samples as the model was trained.")
        _check(isinstance(self.top_p, int | float) and 0.0 < self.top_p <= 1.0, "top_p is above 0 and at most 1", self.top_p, "1 keeps all words.")
        _check(is_whole(self.seed) and 0 <= self.seed < 2**63, "A seed is 0 or a whole number up to 2^63", self.seed, "Take 0.")
        _check(self.window is None or is_whole(self.window) and 32 <= self.window <= 65536, "A window is 32 tokens or more", self.window, "Leave it out for the default.")
        _check(self.sampler is None or hasattr(self.sampler, "step"), f"The sampler is an object, one of {', '.join(kind.__name__ + '()' for kind in SAMPLERS.values())}",
               repr(self.sampler), "Make one: SAMPLERS[name]().")
        _check(self.pins is None or isinstance(self.pins, tuple) and all(isinstance(tokens, tuple) for tokens in self.pins),
               "Tokens to start from are a tuple of tuples, one for each mark", repr(self.pins)[:60], "Leave pins out to start anew.")
        _check(self.instruction is None or isinstance(self.instruction, str) and 0 < len(self.instruction) <= MAX_INSTRUCTION,
               f"An instruction is 1 to {MAX_INSTRUCTION} characters", repr(self.instruction)[:60], "Leave it out for none.")
        _check(isinstance(self.guidance, int | float) and 0.0 <= self.guidance <= 10.0, "Guidance is 0 to 10", self.guidance, "0 is without, 0.5 to 2 is usual.")
        _check(isinstance(self.agree, bool), "agree is true or false", repr(self.agree)[:60], "Leave it out: nothing is sent then.")
        for held in (self.constraints, *self.mark_constraints):
            _check(isinstance(held, tuple) and all(hasattr(one, "violations") for one in held), "Constraints are a tuple of constraints", repr(held)[:60],
                   "Make them: (Include('river'),).")
        RefineOptions(steps=self.steps, block_length=self.block_length)

    def of_mark(self, mark: int) -> tuple[Constraint, ...]:
        """What the fill of a mark must be."""
        return (*self.constraints, *(self.mark_constraints[mark] if self.mark_constraints else ()))


def _check(holds, rule, value, way_out):
    if not holds:
        raise OptionError(f"{rule}; got {value}. {way_out}")


@dataclass(frozen=True, eq=False)
class Suggestion:
    """One finished alternative. `edits` touch the marked spans only; applying them to the document gives `text`."""

    text: str
    edits: tuple[Edit, ...]          # one for each mark, in order
    mean_logprob: float | None       # None for a hosted model, which tells none; else the mean over the tokens the model chose of log p(token | x_t) when committed, nats; empty positions not counted
    steps: int
    seconds: float
    row: int                         # which alternative of the steps' drafts it is
    drafts: tuple[Draft, ...]        # its final pieces, one for each mark
    violations: tuple[str, ...] = ()


def fill(denoiser: Denoiser, document: Document, options: FillOptions = FillOptions()) -> Iterator[RefinementStep | Suggestion]:
    """A RefinementStep after every step, then the suggestions, best first.

    Marks that lie close are filled on one canvas; others get canvases of their own, in order, which see the earlier ones as filled and the later ones
    as they stand. Where lines and word pairs must not repeat, alternatives that do are filled anew one by one: those steps hold the canvas of that one alone.
    Raises InputError where document, marks or options cannot be met, before the first step; NoRepeats alone may turn out impossible after some.
    """
    check_document(document)
    run = _Run.of(adapted(denoiser, options), document, options)
    began = time.perf_counter()
    if any(isinstance(one, NoRepeats) for gap in run.gaps for one in options.of_mark(gap.mark)):
        rows, index = yield from run.steps_without_repeats(began)
    else:
        states, index = yield from run.steps(began)
        rows = list(enumerate(states))
    yield from run.suggestions(rows, index, time.perf_counter() - began)


def adapted(denoiser: Denoiser, options: FillOptions) -> Denoiser:
    """The model as the options want it. Raises AbilityError where it cannot."""
    if options.instruction is not None and not denoiser.info.follows_instructions:
        raise refusal(denoiser.info.name, "follows_instructions", "an instruction")
    if options.guidance and not denoiser.info.takes_guidance:
        raise AbilityError(f"Guidance needs a model of the llada family; {denoiser.info.name!r} is of {denoiser.info.family}. Use one like "
                           "'GSAI-ML/LLaDA-8B-Base', or leave guidance out.")
    return denoiser.adapted(options.instruction, options.guidance) if options.instruction is not None or options.guidance else denoiser


def check_document(document: Document) -> None:
    """Raises InputError for a text that cannot be filled."""
    check_size(document.text)
    if not document.text:
        raise DocumentError("A document must hold some text; got an empty one. Write or paste a text first.")
    if not document.marks:
        raise OptionError("There must be something to fill; got no marked span. Mark words with [[ ]] or give a span START:END.")


def check_size(text: str) -> None:
    """Raises DocumentError for a text that is too large."""
    size = len(text.encode("utf-8", "surrogatepass")) if len(text) * 4 > MAX_BYTES else 0
    if size > MAX_BYTES:
        raise DocumentError(f"A document holds at most {MAX_BYTES // 2**20} MiB; got {size / 2**20:.1f} MiB. Split it into parts.")


@dataclass(frozen=True, eq=False)
class _Row:
    """What one alternative has so far."""

    results: tuple[tuple[int, str, Draft], ...]  # mark, new text, settled pieces
    logprob: float                               # sum over the tokens that the model chose
    score: float                                 # what alternatives are ranked by, summed over canvases
    tokens: int                                  # how many the model chose

    def add(self, results, logprob, tokens, score):
        return _Row((*self.results, *results), self.logprob + logprob, self.score + score, self.tokens + tokens)


@dataclass(frozen=True, eq=False)
class _Run:
    """One call of `fill`, planned."""

    denoiser: Denoiser
    document: Document
    options: FillOptions
    gaps: tuple[Gap, ...]
    groups: tuple[Group, ...]
    rows: range           # the numbers of the alternatives
    is_ranked_fairly: bool  # lengths of other runs' alternatives may differ

    @classmethod
    def of(cls, denoiser, document, options, rows=None):
        room = room_of(denoiser, options)
        gaps = gaps_of(denoiser, document, options)
        if options.pins is not None:
            _check_pins(options.pins, gaps, denoiser.vocabulary)
        pinned = None if options.pins is None else tuple(map(len, options.pins))
        groups = group_marks(document, gaps, denoiser.vocabulary, room, pinned)
        searched = any(needs_search(gap, denoiser.info) for gap in gaps)
        spare = max(1, options.alternatives // 4)  # rows may come to the same text
        count = options.alternatives + spare if options.alternatives > 1 else 2 if searched else 1
        holds_repeats = any(isinstance(one, NoRepeats) for gap in gaps for one in options.of_mark(gap.mark))
        return cls(denoiser, document, options, gaps, groups, rows or range(count), holds_repeats and count > 1)

    def steps(self, began: float) -> Iterator[RefinementStep]:
        """The steps of all groups in turn. Returns what every alternative came to, and the last index."""
        states = [_Row((), 0.0, 0.0, 0) for _ in self.rows]
        index = 0
        for number in range(len(self.groups)):
            for last in self.refine(number, states):
                index += 1
                total = None if number + 1 < len(self.groups) else index - last.index + last.total
                yield replace(last, index=index, total=total, drafts=self.drafts(last, number, states), seconds=time.perf_counter() - began)
            states = self.settle(last, number, states)
        return states, index

    def steps_without_repeats(self, began: float) -> Iterator[RefinementStep]:
        """The same, and then of every alternative that repeats something anew, with cuts of its own, for MOST_ROUNDS; those that still do are left out.

        Returns the others, each with its number. Raises UnsatisfiableError where none is left.
        """
        steps = self.steps(began)
        states, index = yield from _counted_on(steps, 0, lambda drafts: drafts)
        shown = [tuple(draft for _, _, draft in state.results) for state in states]
        for row in self.rows:
            run, around = self, lambda drafts, row=row: (*shown[:row], *drafts, *shown[row + 1:])
            for _ in range(MOST_ROUNDS):
                run = run._after(states[row], row)
                if run is None:
                    break
                (states[row],), index = yield from _counted_on(run.steps(began), index, around)
                shown[row] = tuple(draft for _, _, draft in states[row].results)
        rows = [(row, state) for row, state in enumerate(states) if self._repeated(state) is None]
        if not rows:
            raise UnsatisfiableError(f"spans[{self._repeated(states[0])}]: The fill must “repeat no line or word pair”; none was found that does not. "
                                     "Ask for a shorter fill, try another seed or a temperature, or leave that out.")
        return rows, index

    def _repeated(self, state: _Row) -> int | None:
        """The first mark in which an alternative repeats what it must not."""
        for mark, text, _ in state.results:
            asked = tuple(one for one in self.options.of_mark(mark) if isinstance(one, NoRepeats))
            if judge(self.gaps[mark], text, asked, self.document.text):
                return mark
        return None

    def _after(self, state: _Row, row: int) -> "_Run | None":
        """The run of one alternative that repeats nothing of what it repeated; None where it repeats nothing, or no such run is known.

        Raises UnsatisfiableError where it is sure that there is none.
        """
        if self._repeated(state) is None:
            return None
        forms = [learn(self.gaps[mark], text, self.options.of_mark(mark), self.document.text) for mark, text, _ in state.results]
        known = tuple(self.options.of_mark(mark) for mark, _, _ in state.results)
        for constraints in dict.fromkeys((tuple(form[0] for form in forms), tuple(form[-1] for form in forms))):
            if constraints == known:
                continue
            try:
                return _Run.of(self.denoiser, self.document, replace(self.options, constraints=(), mark_constraints=constraints), range(row, row + 1))
            except UnsatisfiableError:
                if all(one.is_exact for held in constraints for one in held if isinstance(one, NoRepeats)):
                    raise
            except OptionError:  # too large, or the given tokens repeat something
                continue
        return None

    def refine(self, number: int, states: list[_Row]) -> Iterator[RefinementStep]:
        """The steps of one group."""
        group = self.groups[number]
        gaps = tuple(self.gaps[mark] for mark in group.marks)
        frames = tuple(self._frame(group, gaps, state) for state in states)
        pins = tuple(self.options.pins[mark] if self.options.pins else () for mark in group.marks)
        if all(pins):
            lengths, variants = (tuple(map(len, pins)),) * len(self.rows), self.rows
        else:
            found = choose_lengths(self.denoiser, frames[0], group.most)
            lengths, variants = zip(*(found.row(row) for row in self.rows), strict=True)
            lengths = tuple(tuple(len(given) or count for given, count in zip(pins, row)) for row in lengths)
        canvas = _pinned(lay_out(frames, lengths, self.denoiser.info.mask_id or 0, self.denoiser.info.block_length), pins)
        choice = Choice(self.options.temperature, self.options.top_p)
        options = RefineOptions(self.options.sampler or own_sampler(self.denoiser.info), self.options.steps, choice, self.options.seed, self.options.block_length, tuple(variants), self.rows.start)
        if self.denoiser.info.expand_id is None:
            yield from refine(self.denoiser, canvas, gaps, options)
        else:
            yield from refine_resizing(self.denoiser, canvas, gaps, options, Resizing(group.most))

    def _frame(self, group: Group, gaps: tuple[Gap, ...], state: _Row) -> Frame:
        """The fixed tokens as one alternative sees them: with its earlier fills in place, where they are near."""
        return frame_with(self.document, gaps, group, tuple((mark, text) for mark, text, _ in state.results), self.denoiser.vocabulary)

    def _edit(self, mark: int, text: str) -> Edit:
        span = self.document.marks[mark].span
        return Edit(span, self.document[span], text)

    def drafts(self, step: RefinementStep, number: int, states: list[_Row]) -> tuple[tuple[Draft, ...], ...]:
        """Pieces of every mark in every alternative: settled canvases as they ended, later ones open."""
        group = self.groups[number]
        waiting = ((Piece("", "open", 0.0, ()),),) * (len(self.gaps) - group.marks[-1] - 1)
        rows = []
        for row, state in enumerate(states):
            drawn = tuple(draw(step, row, place, self.gaps[mark], self.denoiser.vocabulary) for place, mark in enumerate(group.marks))
            rows.append((*(pieces for _, _, pieces in state.results), *drawn, *waiting))
        return tuple(rows)

    def settle(self, step: RefinementStep, number: int, states: list[_Row]) -> list[_Row]:
        """The rows with the results of a finished canvas."""
        group, vocabulary, canvas = self.groups[number], self.denoiser.vocabulary, step.canvas
        several = len({tuple(int((canvas.gaps[row] == g).sum()) for g in range(len(group.marks))) for row in range(len(states))}) > 1
        chosen = canvas.editable & ~torch.from_numpy(vocabulary.forbidden)[canvas.token_ids] & ~step.logprob.isnan()
        logprobs, counts = torch.where(chosen, step.logprob, 0.0).sum(1), chosen.sum(1)
        scores = fair_scores(self.denoiser, canvas, step.logprob) if several or self.is_ranked_fairly else (logprobs / counts.clamp(min=1)).numpy()
        settled = []
        for row, state in enumerate(states):
            results = tuple((mark, self.gaps[mark].result(vocabulary.write(gap_tokens(canvas, row, place), self.gaps[mark].mode)),
                             tuple(replace(piece, state="settled") for piece in draw(step, row, place, self.gaps[mark], vocabulary)))
                            for place, mark in enumerate(group.marks))
            settled.append(state.add(results, float(logprobs[row]), int(counts[row]), float(scores[row])))
        return settled

    def suggestions(self, rows: list[tuple[int, _Row]], steps: int, seconds: float) -> Iterator[Suggestion]:
        """The first distinct alternatives, best first."""
        distinct = {}
        for row, state in rows:
            distinct.setdefault(tuple(text for _, text, _ in state.results), (row, state))
        if self.options.alternatives == 1:
            kept = [max(distinct.values(), key=lambda entry: (entry[1].score, -entry[0]))]
        else:
            kept = sorted(list(distinct.values())[:self.options.alternatives], key=lambda entry: (-entry[1].score, entry[0]))
        for row, state in kept:
            edits = tuple(self._edit(mark, text) for mark, text, _ in state.results)
            drafts = tuple(pieces for _, _, pieces in state.results)
            text = Document(self.document.text).apply(*edits).text
            broken = tuple(str(violation) for gap, edit in zip(self.gaps, edits) for violation in judge(gap, edit.after, self.options.of_mark(gap.mark), self.document.text))
            yield Suggestion(text, edits, state.logprob / max(1, state.tokens), steps, seconds, row, drafts, broken)


def _counted_on(steps, index, around):
    """Steps whose number goes on from `index` and whose last is not known, their drafts put where they belong."""
    while True:
        try:
            step = next(steps)
        except StopIteration as ended:
            states, count = ended.value
            return states, index + count
        yield replace(step, index=index + step.index, total=None, drafts=around(step.drafts))


def room_of(denoiser: Denoiser, options: FillOptions) -> int:
    """Tokens that the model sees at a time, an instruction not counted in."""
    asked = len(denoiser.vocabulary.prefix_ids) if options.instruction is not None else 0  # an instruction takes nothing from the document's window
    return min((options.window or DEFAULT_WINDOW) + asked, denoiser.info.max_length)


def frame_with(document: Document, gaps: tuple[Gap, ...], group: Group, results: tuple[tuple[int, str], ...], vocabulary: Vocabulary) -> Frame:
    """The fixed tokens around a group's gaps, with the results of earlier marks, (mark, text), in place where they are near."""
    first = gaps[0].border.fixed_until
    near = [(mark, text) for mark, text in results if document.marks[mark].span.end > first - 8 * group.room - 8]
    if not near:
        return frame_group(document.text, gaps, group, vocabulary)
    edits = tuple(Edit(span, document[span], text) for mark, text in near for span in [document.marks[mark].span])
    shift = sum(len(edit.after) - len(edit.before) for edit in edits)
    moved = tuple(replace(gap, border=replace(gap.border, span=_moved(gap.border.span, shift), core=_moved(gap.border.core, shift))) for gap in gaps)
    return replace(frame_group(Document(document.text).apply(*edits).text, moved, group, vocabulary), gaps=gaps)


def gaps_of(denoiser: Denoiser, document: Document, options: FillOptions) -> tuple[Gap, ...]:
    """Every mark opened, with its constraints. Raises UnsatisfiableError, which names the span, and OptionError."""
    gaps = open_gaps(document, denoiser.vocabulary)
    if options.mark_constraints and len(options.mark_constraints) != len(gaps):
        raise OptionError(f"Constraints of marks are one tuple for each of the {len(gaps)} marks; got {len(options.mark_constraints)}. Give () for none.")
    found = []
    for gap in gaps:
        try:
            found.append(constrain(gap, options.of_mark(gap.mark), document.text, denoiser.vocabulary))
        except InputError as error:
            raise type(error)(f"spans[{gap.mark}]: {error}") from None
    return tuple(found)


def _moved(span: Span, shift: int) -> Span:
    return Span(span.start + shift, span.end + shift)


def _check_pins(pins, gaps, vocabulary):
    if len(pins) != len(gaps):
        raise OptionError(f"There must be tokens to start from for each of the {len(gaps)} marks; got {len(pins)}. Leave pins out to start anew.")
    for gap, tokens in zip(gaps, pins):
        named = [token for token in tokens if token is not None]
        if any(isinstance(t, bool) or not isinstance(t, int) or not 0 <= t < vocabulary.size for t in named) or len(tokens) > 1024:
            raise OptionError(f"Tokens to start from are ids from 0 to {vocabulary.size - 1}, at most 1024 for a mark; got {list(tokens)[:8]}. Leave pins out.")
        if tokens and not gap.admits(tokens):
            raise OptionError("Tokens to start from must fit the border and the constraints of their span; these do not. Leave pins out to start anew.")


def _pinned(canvas, pins):
    """The canvas with the tokens that are given committed in every row."""
    tokens, chosen = canvas.token_ids.clone(), torch.zeros_like(canvas.committed)
    for row in range(len(tokens)):
        for number, given in enumerate(pins):
            for slot, token in zip(canvas.row_slots(row, number).tolist(), given):
                if token is not None:
                    tokens[row, slot], chosen[row, slot] = token, True
    return canvas.commit(chosen, tokens)
