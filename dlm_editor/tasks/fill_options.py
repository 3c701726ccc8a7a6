"""How to fill."""

from dataclasses import dataclass

from ..constraints import Constraint
from ..errors import OptionError
from ..sampling import SAMPLERS, RefineOptions, Sampler
from ..text.length import is_whole

MAX_ALTERNATIVES = 16
MAX_INSTRUCTION = MAX_STYLE = 4000
DEFAULT_WINDOW = 256  # tokens


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
    style: str | None = None         # a text to write like: the model sees it before the document

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
        _check(self.style is None or isinstance(self.style, str) and self.style.strip() and len(self.style) <= MAX_STYLE,
               f"An example of style is a text of at most {MAX_STYLE} characters", repr(self.style)[:60], "Leave it out for none.")
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
