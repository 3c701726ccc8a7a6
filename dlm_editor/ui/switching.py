"""What the page's model list calls: the catalog as it stands now, and the switch to another model with its progress."""

from collections.abc import Callable, Iterator
from concurrent.futures import wait
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from .handlers import misread, pack
from .models import Loading, Models
from .runs import explain

GLANCE_S = 0.2  # how often the progress is looked at


class PageModel(BaseModel):
    """What the page sends to read the catalog anew (no model) or to switch to a model."""

    model_config = ConfigDict(extra="forbid")
    run: int
    model: Annotated[str, Field(min_length=1, max_length=512)] | None = None


def handle_model(models: Models, catalog: Callable[[], list[dict]], payload: str) -> Iterator[str]:
    """One JSON message for everything that happens; the last says that the model is ready, or why not, and the page then still has its old one."""
    try:
        request = PageModel.model_validate_json(payload or "")
    except ValidationError as error:
        yield from misread(payload, error)
        return
    try:
        if request.model is not None:
            for progress in _load(models.loading(request.model)):
                yield pack(request.run, type="progress", model=request.model, **progress)
            yield pack(request.run, type="ready", model=request.model)
        yield pack(request.run, type="catalog", models=catalog())
    except Exception as error:  # the last line of defence: whatever breaks while a model is loaded is told to the reader
        yield pack(request.run, type="error", model=request.model, message=explain(error))


def _load(loading: Loading) -> Iterator[dict]:
    """What the model does, whenever that has changed. Raises what its loading raised."""
    told = None
    while not loading.future.done():
        now = {"stage": loading.stage, "done": loading.done, "total": loading.total}
        if now != told:
            told = now
            yield now
        wait([loading.future], GLANCE_S)
    loading.future.result()
