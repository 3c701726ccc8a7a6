"""dlm_editor: highlight what should change, and a diffusion language model rewrites exactly that."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from .tasks import Editor
    from .tasks.remote import RemoteInfiller

__version__ = "0.1.0"


def load(model: str = "bundled", device: str = "auto", precision: str = "auto",
         tell: "Callable[[str, float | None, float | None], None] | None" = None) -> "Editor | RemoteInfiller":
    """An editor with a model: a catalog id (hosted models are told by theirs), a hub id or a local folder. Raises ModelError.

    `precision`: float32, bfloat16, int8 or int4; auto is bfloat16 on an NVIDIA GPU, else float32. `tell(stage, done, total)` hears how far it is.

    The engine is imported here, not with the package, so that `import dlm_editor` stays light.
    """
    from .denoisers.loading import load_denoiser
    from .tasks import Editor
    from .tasks.remote import RemoteInfiller, is_hosted

    if is_hosted(model):
        return RemoteInfiller.of(model)
    return Editor(load_denoiser(model, device, precision, *([tell] if tell else [])))
