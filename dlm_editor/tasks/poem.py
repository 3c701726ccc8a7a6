"""Poem: lines in a form, whose words the model chooses jointly, every constraint met by construction.

Alternatives are rows of one canvas that differ in their lengths, in the stanza that stands before them and by noise. At each step the model predicts all
open positions; the best poem under that prediction that the form admits is found exactly (`sampling/verse.py`, `sampling/rhyme.py`), and its likeliest
words are committed. Then, in the best rows, uncertain words are taken back and found anew for some rounds; a round that makes the poem less probable
is undone. Rows are ranked by the model's own probability. The events are described in `poem_events.py`.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import torch

from ..canvas import Canvas
from ..denoisers import Denoiser
from ..errors import AbilityError, OptionError
from .poem_badges import LineText, badges, poem_violations
from .poem_context import example
from .poem_events import PoemStep, PoemSuggestion
from .poem_judgement import judge, mean_score
from .poem_layout import Layout, choose_layout
from .poem_options import PoemOptions
from .poem_plan import PoemPlan, plan_poem
from .poem_row import RowValues, Spot, build_canvas, commit, perturbation, predict, propose_stop, propose_words, take_back
from .poem_text import as_edits, draw_line, insertion, whole_text
from .poem_verses import Verses

BUDGET = 520         # tokens over all rows: as many alternatives are begun as fit, and the best refined
MOST_ROWS = 5
FEWEST_STEPS = 4     # where steps are auto: so many, and twice the root of the words
ROUNDS = 3           # of refinement
SHARE = 0.3          # of the words taken back in a round …
ROUND_STEPS = 4      # … and found anew in so many steps
DOUBT = 2.5          # nats by which a word's chance to be taken back is e-folded


def poem(denoiser: Denoiser, options: PoemOptions = PoemOptions()) -> Iterator[PoemStep | PoemSuggestion]:
    """A PoemStep after every step, then the poems, best first.

    Raises OptionError where options disagree, UnsatisfiableError with the reason where no text can meet them: both before the first step.
    """
    began = time.perf_counter()
    run = _Run.of(denoiser, options)
    blank, index = _State.blank(run.layouts, denoiser.vocabulary.mask_id), 0
    state = blank
    for state in run.write(blank, tuple(range(len(run.layouts))), options.steps, run.noise):
        index += 1
        yield run.step(index, state, time.perf_counter() - began)
    scores = judge(denoiser, state.canvas, state.spots)
    kept = sorted(range(len(scores)), key=lambda row: -mean_score(scores[row], state.spots[row]))[:options.alternatives + 1]
    for round_ in range(ROUNDS if options.refine is None else options.refine):
        found = opened = run.open(state, scores, kept, round_)
        for found in run.write(opened, tuple(kept), ROUND_STEPS, {}):
            index += 1
            yield run.step(index, found, time.perf_counter() - began)
        state, scores = run.better(state, scores, found, kept)
    yield from run.suggestions(state, scores, kept, index, time.perf_counter() - began)


@dataclass(frozen=True, eq=False)
class _State:
    """All rows as they stand after a step, and what it changed."""

    canvas: Canvas
    spots: tuple[tuple[Spot, ...], ...]  # committed, of each row
    changed: torch.Tensor                # (rows, length) bool
    certainty: torch.Tensor              # (rows, length) float32: of the commits of this step, 0 elsewhere

    @classmethod
    def blank(cls, layouts: list[Layout], mask_id: int) -> "_State":
        canvas = build_canvas(layouts, mask_id)
        return cls(canvas, ((),) * len(layouts), canvas.committed, torch.zeros(canvas.token_ids.shape))


def _apart(spots: list[Spot], quota: int) -> list[Spot]:
    """The first spots, no word among them twice: the second would not know of the first."""
    words: dict[int, Spot] = {}
    for number, spot in enumerate(spots):
        words.setdefault(spot.word if spot.word >= 0 else -1 - number, spot)
    return list(words.values())[:quota]


def _doubted(spots: tuple[Spot, ...], scores: np.ndarray, rng: np.random.Generator) -> list[Spot]:
    """Words drawn with a chance that rises with the model's doubt."""
    if not len(spots):
        return []
    chance = np.exp(-scores / DOUBT)
    drawn = rng.choice(len(spots), min(len(spots), max(2, round(SHARE * len(spots)))), replace=False, p=chance / chance.sum())
    return [spots[k] for k in drawn]


@dataclass(frozen=True, eq=False)
class _Run:
    """One call of `poem`, planned."""

    denoiser: Denoiser
    options: PoemOptions
    plan: PoemPlan
    verses: Verses
    layouts: list[Layout]
    noise: dict[int, dict[int, np.ndarray]]

    @classmethod
    def of(cls, denoiser: Denoiser, options: PoemOptions) -> "_Run":
        if denoiser.info.mask_id is None:
            raise AbilityError(f"A poem is written from masks, which {denoiser.info.name!r} does not know. Choose a masked model, such as the bundled one.")
        plan = plan_poem(options)
        verses = Verses.of(plan, denoiser.vocabulary)
        first = cls._layout(verses, 0, denoiser.info.max_length)
        rows = max(options.alternatives, options.candidates or min(MOST_ROWS, BUDGET // len(first.token_ids)), 1)
        layouts = [first, *(cls._layout(verses, row, denoiser.info.max_length) for row in range(1, rows))]
        noise = {row: perturbation(verses, layout, options.temperature, np.random.default_rng([options.seed, row])) for row, layout in enumerate(layouts) if row}
        return cls(denoiser, options, plan, verses, layouts, noise)

    @staticmethod
    def _layout(verses: Verses, row: int, room: int) -> Layout:
        """With a stanza before the poem where there is room."""
        plan, seed = verses.plan, verses.plan.options.seed
        own = f"{plan.options.head}\n\n" if plan.options.head else ""
        shown = example(sum(line.high for line in plan.lines) / len(plan.lines), row + seed)
        for head in (f"{shown}\n\n\n{own}", own, ""):
            layout = choose_layout(verses, row, seed, head)
            if len(layout.token_ids) <= room:
                return layout
        raise OptionError(f"A poem must fit the model's window of {room} tokens; this one takes {len(layout.token_ids)}. Ask for fewer or shorter lines.")

    def write(self, state: _State, rows: tuple[int, ...], steps: int | None, noise: dict[int, dict[int, np.ndarray]]) -> Iterator[_State]:
        """Fills what is open in `rows`, a state a step; with None in as many steps as a poem of that size wants."""
        canvas, spots, quota = state.canvas, list(state.spots), 0
        while canvas.masked.any():
            part = canvas.take(torch.tensor(rows))
            values, number = predict(self.denoiser, part, float(part.masked.sum() / part.editable.sum()))
            before, certainty = canvas, torch.zeros(canvas.token_ids.shape)
            for place, row in enumerate(rows):
                if not canvas.masked[row].any():
                    continue
                found = self._proposed(canvas, row, RowValues(self.verses, self.layouts[row], part, place, values, number[place]), noise.get(row, {}), spots[row])
                quota = quota or max(1, -(-len(found) // (steps or round(FEWEST_STEPS + 2 * len(found) ** 0.5))))
                chosen = _apart(found, quota)
                canvas = commit(canvas, row, chosen)
                spots[row] += tuple(chosen)
                for spot in chosen:
                    certainty[row, spot.positions.reshape(-1)] = float(np.exp(spot.logprob))
            canvas = self.denoiser.noise(canvas, np.random.default_rng(0))
            yield _State(canvas, tuple(spots), canvas.committed & ~before.committed, certainty)

    def _proposed(self, canvas: Canvas, row: int, values: RowValues, noise: dict[int, np.ndarray], standing: tuple[Spot, ...]) -> list[Spot]:
        """Words to commit, the surest first; a line's mark waits for its words."""
        layout, is_open = self.layouts[row], canvas.masked[row].numpy()
        found = [spot for spot in propose_words(self.verses, layout, values, noise, standing) if is_open[spot.positions[0]].any()]
        waiting = {spot.line for spot in found}
        found += [propose_stop(self.verses, layout, values, line) for line, where in layout.stops.items() if is_open[where[0]] and line not in waiting]
        return sorted(found, key=lambda spot: -spot.logprob / len(spot.tokens) ** 0.5)

    def open(self, state: _State, scores: list[np.ndarray], rows: list[int], round_: int) -> _State:
        """The state with doubtful words of `rows` masked again; each row draws for itself."""
        canvas, spots = state.canvas, list(state.spots)
        for row in rows:
            gone = _doubted(spots[row], scores[row], np.random.default_rng([self.options.seed, row, 1000 + round_]))
            canvas = take_back(canvas, row, gone)
            spots[row] = tuple(spot for spot in spots[row] if not any(spot is other for other in gone))
        return replace(state, canvas=self.denoiser.noise(canvas, np.random.default_rng([self.options.seed, round_])), spots=tuple(spots))

    def better(self, state: _State, scores: list[np.ndarray], other: _State, rows: list[int]) -> tuple[_State, list[np.ndarray]]:
        """Of each row what is more probable, as it was or as it is now."""
        token_ids, spots, scores = state.canvas.token_ids.clone(), list(state.spots), list(scores)
        for row, found in zip(rows, judge(self.denoiser, other.canvas.take(torch.tensor(rows)), [other.spots[row] for row in rows])):
            if mean_score(found, other.spots[row]) >= mean_score(scores[row], spots[row]):
                token_ids[row], spots[row], scores[row] = other.canvas.token_ids[row], other.spots[row], found
        return replace(other, canvas=replace(other.canvas, token_ids=token_ids), spots=tuple(spots)), scores

    def step(self, index: int, state: _State, seconds: float) -> PoemStep:
        """What to show."""
        drafts, marks = [], []
        for row, layout in enumerate(self.layouts):
            fresh = set(state.changed[row].nonzero()[:, 0].tolist())
            sure = {int(spot.positions[0, 0]): float(np.exp(spot.logprob)) for spot in state.spots[row]}
            drawn = [draw_line(self.verses, layout, line, state.spots[row], fresh, sure) for line in range(len(self.plan.lines))]
            drafts.append(tuple(line.pieces for line in drawn))
            marks.append(badges(self.plan, [line.text for line in drawn]))
        logprob = torch.where(state.changed, state.certainty.clamp(min=1e-9).log(), 0.0)
        return PoemStep(index, None, state.canvas, state.changed, state.certainty, logprob, tuple(drafts), seconds, tuple(marks))

    def suggestions(self, state: _State, scores: list[np.ndarray], rows: list[int], steps: int, seconds: float) -> Iterator[PoemSuggestion]:
        """The best distinct poems."""
        shown, means = set(), {row: mean_score(scores[row], state.spots[row]) for row in rows}
        for row in sorted(rows, key=lambda row: -means[row]):
            made = self._suggestion(row, state.spots[row], means[row], steps, seconds)
            if made.text not in shown and len(shown) < self.options.alternatives:
                shown.add(made.text)
                yield made

    def _suggestion(self, row: int, spots: tuple[Spot, ...], score: float, steps: int, seconds: float) -> PoemSuggestion:
        layout, count = self.layouts[row], len(self.plan.lines)
        sure = {int(spot.positions[0, 0]): float(np.exp(spot.logprob)) for spot in spots}
        drawn = [draw_line(self.verses, layout, line, spots, set(), sure) for line in range(count)]
        lines = tuple(line.text.text for line in drawn)
        if self.options.draft is None:
            text = whole_text(self.plan, list(lines))
            edits = insertion(text)
        else:
            gaps = [gap for line in drawn for gap in line.gaps]
            edits = as_edits(self.options.draft, gaps)
            text = self.options.draft.apply(*edits).text
            lines = tuple(line for line in text.split("\n") if line.strip())
        logprobs = sum(spot.logprob for spot in spots) / max(1, sum(len(spot.tokens) for spot in spots))
        return PoemSuggestion(text, edits, logprobs, steps, seconds, row, tuple(line.pieces for line in drawn),
                              poem_violations(self.plan, list(lines)), lines, badges(self.plan, [LineText(line) for line in lines]), score)
