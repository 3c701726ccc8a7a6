"""From predictions to text: schedules, samplers, length policies, and the refinement loop."""

from .analytic import Analytic
from .ancestral import Ancestral
from .confidence import Confidence
from .entropy import Entropy
from .entropy_bound import EntropyBound
from .factor import Factor
from .first_hitting import FirstHitting
from .lattice import Choice
from .lengths import Lengths, choose_lengths, fair_scores, needs_search
from .margin import Margin
from .own import own_sampler
from .proposal import Proposal, propose
from .refine import Draft, Piece, RefinementStep, RefineOptions, refine
from .remasking import Remasking
from .renoising import Renoising
from .resizing import Resizing, refine_resizing
from .sampler import Sampler
from .schedule import DreamSchedule, LinearSchedule, Tick
from .sizes import SIZES, size_features, size_shares
from .threshold import Threshold
from .token_editing import TokenEditing
from .weighing import Weighed

SAMPLERS: dict[str, type] = {"entropy-bound": EntropyBound, "confidence": Confidence, "entropy": Entropy, "margin": Margin, "ancestral": Ancestral,
                             "analytic": Analytic, "first-hitting": FirstHitting, "threshold": Threshold, "factor": Factor, "remasking": Remasking}
OWN_SAMPLERS: dict[str, type] = {"token-editing": TokenEditing, "renoising": Renoising}  # for models that were made for them alone

__all__ = ["OWN_SAMPLERS", "SAMPLERS", "SIZES", "Analytic", "Ancestral", "Choice", "Confidence", "Draft", "DreamSchedule", "Entropy", "EntropyBound",
           "Factor", "FirstHitting", "Lengths", "LinearSchedule", "Margin", "Piece", "Proposal", "RefineOptions", "RefinementStep",
           "Remasking", "Renoising", "Resizing", "Sampler", "Threshold", "Tick", "TokenEditing", "Weighed", "choose_lengths", "fair_scores",
           "needs_search", "own_sampler", "propose", "refine", "refine_resizing",
           "size_features", "size_shares"]
