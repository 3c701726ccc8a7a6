"""Fill: new text for every marked span, jointly, and nothing else."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import torch

from ..canvas import Frame, Gap, Group, lay_out
from ..constraints import NoRepeats, judge, learn
from ..denoisers import Denoiser
from ..errors import OptionError, UnsatisfiableError
from ..sampling import (
    Choice,
    Draft,
    Piece,
    RefinementStep,
    RefineOptions,
    Resizing,
    Weighed,
    choose_lengths,
    fair_scores,
    needs_search,
    own_sampler,
    refine,
    refine_resizing,
)
from ..text import Document, Edit
from .draft import draw, gap_tokens
from .fill_options import FillOptions
from .opening import adapted, check_document, check_pins, frame_with, gaps_of, group_of_marks
from .sizing import sized

MOST_ROUNDS = 32  # in which a fill that repeats something is written anew


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
    lengths: tuple[Weighed | None, ...] = field(default=(), kw_only=True)  # what was weighed for each mark; None where the length was given


def fill(denoiser: Denoiser, document: Document, options: FillOptions = FillOptions()) -> Iterator[RefinementStep | Suggestion]:
    """A RefinementStep after every step, then the suggestions, best first.

    Marks that lie close are filled on one canvas; others get canvases of their own, in order, which see the earlier ones as filled and the later ones
    as they stand. Where lines and word pairs must not repeat, alternatives that do are filled anew one by one: those steps hold the canvas of that one alone.
    Raises InputError where document, marks or options cannot be met, before the first step; NoRepeats alone may turn out impossible after some.
    """
    check_document(document)
    denoiser = adapted(denoiser, options)
    document, options, sizes = sized(denoiser, document, options)
    run = _Run.of(denoiser, document, sizes, options)
    began = time.perf_counter()
    if any(isinstance(one, NoRepeats) for gap in run.gaps for one in options.of_mark(gap.mark)):
        rows, index = yield from run.steps_without_repeats(began)
    else:
        states, index = yield from run.steps(began)
        rows = list(enumerate(states))
    yield from run.suggestions(rows, index, time.perf_counter() - began)


@dataclass(frozen=True, eq=False)
class _Row:
    """What one alternative has so far."""

    results: tuple[tuple[int, str, Draft], ...]  # mark, new text, settled pieces
    lengths: tuple[Weighed | None, ...]          # of the same marks, what was weighed
    logprob: float                               # sum over the tokens that the model chose
    score: float                                 # what alternatives are ranked by, summed over canvases
    tokens: int                                  # how many the model chose

    def add(self, results, lengths, logprob, tokens, score):
        return _Row((*self.results, *results), (*self.lengths, *lengths), self.logprob + logprob, self.score + score, self.tokens + tokens)


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
    sizes: dict[int, Weighed]  # what was weighed for the marks whose number of words was not given

    @classmethod
    def of(cls, denoiser, document, sizes, options, rows=None):
        gaps = gaps_of(denoiser, document, options)
        if options.pins is not None:
            check_pins(options.pins, gaps, denoiser.vocabulary)
        groups = group_of_marks(denoiser, document, gaps, options)
        searched = any(needs_search(gap, denoiser.info) for gap in gaps)
        spare = max(1, options.alternatives // 4)  # rows may come to the same text
        count = options.alternatives + spare if options.alternatives > 1 else 2 if searched else 1
        holds_repeats = any(isinstance(one, NoRepeats) for gap in gaps for one in options.of_mark(gap.mark))
        return cls(denoiser, document, options, gaps, groups, rows or range(count), holds_repeats and count > 1, sizes)

    def steps(self, began: float) -> Iterator[RefinementStep]:
        """The steps of all groups in turn. Returns what every alternative came to, and the last index."""
        states = [_Row((), (), 0.0, 0.0, 0) for _ in self.rows]
        index = 0
        for number in range(len(self.groups)):
            weighed: tuple[Weighed | None, ...] = ()
            for last in self.refine(number, states):
                index += 1
                weighed = weighed or last.lengths
                total = None if number + 1 < len(self.groups) else index - last.index + last.total
                yield replace(last, index=index, total=total, drafts=self.drafts(last, number, states), seconds=time.perf_counter() - began,
                              lengths=self._over_marks(number, last.lengths))
            states = self.settle(last, number, states, weighed)
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
                return _Run.of(self.denoiser, self.document, self.sizes, replace(self.options, constraints=(), mark_constraints=constraints), range(row, row + 1))
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
        found = choose_lengths(self.denoiser, frames[0], group.most, pins)
        lengths, variants = zip(*(found.row(row) for row in self.rows), strict=True)
        canvas = lay_out(frames, lengths, self.denoiser.info.mask_id or 0, self.denoiser.info.block_length).given((pins,) * len(frames))
        choice = Choice(self.options.temperature, self.options.top_p)
        options = RefineOptions(self.options.sampler or own_sampler(self.denoiser.info), self.options.steps, choice, self.options.seed, self.options.block_length, tuple(variants), self.rows.start)
        if self.denoiser.info.expand_id is None:
            steps = refine(self.denoiser, canvas, gaps, options)
        else:
            steps = refine_resizing(self.denoiser, canvas, gaps, options, Resizing(group.most))
        for step in steps:
            known = step.lengths or (None,) * len(gaps)
            told = (self.sizes.get(mark) or searched or own for mark, searched, own in zip(group.marks, found.weighed, known))
            yield replace(step, lengths=tuple(None if given else weighed for given, weighed in zip(pins, told)) if step.index == 1 else ())

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

    def _over_marks(self, number: int, weighed: tuple[Weighed | None, ...]) -> tuple[Weighed | None, ...]:
        """What was weighed for the gaps of a group, for all marks of the document; empty where nothing was."""
        known = dict(zip(self.groups[number].marks, weighed))
        return tuple(known.get(mark) for mark in range(len(self.gaps))) if any(weighed) else ()

    def settle(self, step: RefinementStep, number: int, states: list[_Row], weighed: tuple[Weighed | None, ...] = ()) -> list[_Row]:
        """The rows with the results of a finished canvas, for whose gaps these lengths were weighed."""
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
            sizes = (sum(token != vocabulary.null_id for token in gap_tokens(canvas, row, place)) for place in range(len(group.marks)))
            lengths = tuple(known and replace(known, taken=size) for known, size in zip(weighed or (None,) * len(group.marks), sizes))
            settled.append(state.add(results, lengths, float(logprobs[row]), int(counts[row]), float(scores[row])))
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
            yield Suggestion(text, edits, state.logprob / max(1, state.tokens), steps, seconds, row, drafts, broken, lengths=state.lengths if any(state.lengths) else ())


def _counted_on(steps, index, around):
    """Steps whose number goes on from `index` and whose last is not known, their drafts put where they belong."""
    while True:
        try:
            step = next(steps)
        except StopIteration as ended:
            states, count = ended.value
            return states, index + count
        yield replace(step, index=index + step.index, total=None, drafts=around(step.drafts))


