"""Which families there are, and which of them a checkpoint belongs to."""

from ..errors import UnknownModelError, UnsafeModelError
from .a2d import A2D
from .bd3lm import BD3LM
from .config_checks import check_config, typed
from .diffugpt import DIFFUGPT
from .diffusion_gemma import DIFFUSION_GEMMA
from .dream import DREAM
from .family import Family
from .llada import LLADA
from .llada2 import LLADA2
from .llada_moe import LLADA_MOE
from .masked_lm import MASKED_LM
from .mdlm import MDLM
from .sedd import SEDD
from .unsupported import why_not

# The first that claims a config has it; masked language models last, for they claim every type that transformers knows as one.
FAMILIES: tuple[Family, ...] = (LLADA, DREAM, A2D, DIFFUGPT, LLADA2, LLADA_MOE, DIFFUSION_GEMMA, MDLM, BD3LM, SEDD, MASKED_LM)
_KINDS = {name: kind for family in reversed(FAMILIES) for name, kind in family.classes.items()}


def with_type(config: dict) -> dict:
    """The config with the model type that its class tells, where it names none."""
    return typed(config, _KINDS)


def recognise(config: dict, name: str) -> Family:
    """The family of a config.json; `name` is what the user called the model.

    A family that is supported here is loaded with its own code of this package, whatever code lies beside the weights. Raises UnsafeModelError
    where only that code could load it, UnknownModelError for anything else.
    """
    config = with_type(config)
    for family in FAMILIES:
        if family.claims(config):
            check_config(config, name)
            family.check(config, name)
            return family
    reason = why_not(config, name)
    if reason is not None:
        raise UnknownModelError(reason)
    kind, remote = config.get("model_type"), config.get("auto_map")
    if remote:
        code = ", ".join(sorted({str(value) for value in remote.values()})) if isinstance(remote, dict) else str(remote)
        raise UnsafeModelError(f"Code that comes with a checkpoint is never run; {name!r} (model type {kind!r}) loads only with its own "
                               f"code ({code}). Choose a model of one of these types: {supported()}.")
    raise UnknownModelError(f"The model must be a diffusion or masked language model of a type that is supported; {name!r} is of type "
                            f"{kind!r}. Choose one of these types: {supported()}.")


def supported() -> str:
    """What can be loaded, as messages list it."""
    return ", ".join(kind for family in FAMILIES for kind in family.kinds)
