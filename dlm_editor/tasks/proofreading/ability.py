"""What a model must be able to do to proofread."""

from ...denoisers import Info
from ...denoisers.catalog import refusal, suggest
from ...errors import AbilityError


def check_ability(info: Info) -> None:
    """Raises AbilityError where a word cannot be asked about with itself masked and both sides in sight."""
    if info.mask_id is None or info.corruption == "uniform":
        raise AbilityError(f"Proofreading masks a word to ask how likely it is there; {info.name!r} has no mask. Use a model that has one, like {suggest('sees_suffix')!r}.")
    if not info.sees_suffix:
        raise refusal(info.name, "sees_suffix")
