"""The branches of a run: a small tree of frozen values. An operation returns a new tree, the old one stays good."""

from dataclasses import dataclass, replace

from ..errors import OptionError
from ..sampling import Draft
from ..tasks import FillOptions, Suggestion
from ..tasks.branching import Pins
from ..text import Edit, changes


@dataclass(frozen=True, eq=False)
class Branch:
    """One way that a run took. `steps`: its drafts after each of its own steps, `drafts[alternative][mark]`."""

    id: int
    parent: int | None                # None for the first run
    from_step: int                    # of the parent, where it left; 0: before the first
    pins: Pins | None                 # the tokens that it began from; None: anew
    options: FillOptions
    steps: tuple[tuple[tuple[Draft, ...], ...], ...] = ()
    result: tuple[Suggestion, ...] = ()  # best first; empty while it goes on, and where it was stopped


@dataclass(frozen=True)
class Branches:
    """All branches in the order they were made, ids from 1."""

    all: tuple[Branch, ...] = ()

    def __getitem__(self, id: int) -> Branch:
        """Raises OptionError where there is no such branch."""
        if not 1 <= id <= len(self.all):
            raise OptionError(f"A branch has a number from 1 to {len(self.all)}; got {id}. Take one of these.")
        return self.all[id - 1]

    def leave(self, parent: int | None, from_step: int, pins: Pins | None, options: FillOptions) -> tuple["Branches", Branch]:
        """With a new branch that leaves another at one of its steps; the first leaves none. Raises OptionError."""
        if (parent is None) != (not self.all):
            raise OptionError(f"The first branch has no parent, every other has one; got {parent} after {len(self.all)}. Name the branch that it leaves.")
        steps = 0 if parent is None else len(self[parent].steps)
        if not 0 <= from_step <= steps:
            raise OptionError(f"A branch leaves its parent at one of its {steps} steps, or before the first at 0; got {from_step}. Choose a step in that range.")
        branch = Branch(len(self.all) + 1, parent, from_step, pins, options)
        return Branches((*self.all, branch)), branch

    def step(self, id: int, drafts: tuple[tuple[Draft, ...], ...]) -> "Branches":
        """After one more step of a branch. Raises OptionError where it is finished."""
        branch = self[id]
        if branch.result:
            raise OptionError(f"A branch that has its result takes no more steps; branch {id} has. Leave it with a branch of its own.")
        return self._with(replace(branch, steps=(*branch.steps, drafts)))

    def finish(self, id: int, result: tuple[Suggestion, ...]) -> "Branches":
        """With the suggestions that a branch came to."""
        return self._with(replace(self[id], result=result))

    def children(self, id: int | None) -> tuple[Branch, ...]:
        """The branches that leave this one; of None, the first."""
        return tuple(branch for branch in self.all if branch.parent == id)

    def way(self, id: int) -> tuple[Branch, ...]:
        """From the first run to this branch."""
        branch = self[id]
        return (*(self.way(branch.parent) if branch.parent is not None else ()), branch)

    def drafts(self, id: int, step: int | None = None, alternative: int = 0) -> tuple[Draft, ...]:
        """What the marks read at a step of a branch, or at its end; before its first step what its parent read where it left. Raises OptionError where
        nothing was drawn yet."""
        branch = self[id]
        step = len(branch.steps) if step is None else step
        if not 0 <= step <= len(branch.steps):
            raise OptionError(f"Branch {id} has {len(branch.steps)} steps; got {step}. Choose one of these.")
        if step:
            rows = branch.steps[step - 1]
            return rows[min(alternative, len(rows) - 1)]
        if branch.parent is None:
            raise OptionError(f"Before its first step a run has no draft; branch {id} has none. Choose a step.")
        return self.drafts(branch.parent, branch.from_step, alternative)

    def _with(self, branch: Branch) -> "Branches":
        return Branches((*self.all[:branch.id - 1], branch, *self.all[branch.id:]))


@dataclass(frozen=True)
class Difference:
    """An edit of one mark's words that leads from one draft to another; positions count in the text of the first."""

    mark: int
    edit: Edit


def differences(first: tuple[Draft, ...], second: tuple[Draft, ...]) -> tuple[Difference, ...]:
    """Which words differ between two drafts of the same marks. Each open piece reads as “…”."""
    pairs = zip(first, second, strict=True)
    return tuple(Difference(mark, edit) for mark, (one, other) in enumerate(pairs) for edit in changes(_reads(one), _reads(other)))


def _reads(draft: Draft) -> str:
    return "".join("…" if piece.state == "open" else piece.text for piece in draft)
