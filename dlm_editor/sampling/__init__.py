"""From predictions to text: schedules, samplers, length policies, and the refinement loop."""

from .analytic import Analytic
from .ancestral import Ancestral
from .confidence import Confidence
from .entropy import Entropy
from .entropy_bound import EntropyBound
from .first_hitting import FirstHitting
from .lattice import Choice
from .lengths import Lengths, choose_lengths, fair_scores, needs_search
from .margin import Margin
from .proposal import Proposal, propose
from .refine import Draft, Piece, RefinementStep, RefineOptions, refine
from .remasking import Remasking
from .resizing import Resizing, refine_resizing
from .sampler import Sampler
from .schedule import DreamSchedule, LinearSchedule, Tick

SAMPLERS: dict[str, type] = {"entropy-bound": EntropyBound, "confidence": Confidence, "entropy": Entropy, "margin": Margin, "ancestral": Ancestral,
                             "analytic": Analytic, "first-hitting": FirstHitting, "remasking": Remasking}

__all__ = ["SAMPLERS", "Analytic", "Ancestral", "Choice", "Confidence", "Draft", "DreamSchedule", "Entropy", "EntropyBound", "FirstHitting", "Lengths", "LinearSchedule", "Margin", "Piece", "Proposal",
           "RefineOptions", "RefinementStep", "Remasking", "Resizing", "Sampler", "Tick", "choose_lengths", "fair_scores", "needs_search", "propose", "refine",
           "refine_resizing"]
