"""What the parts of a record are checked with; all raise RecordError."""

from typing import Any

from ...errors import RecordError

BIGGEST = 2**53  # of numbers that every reader of JSON keeps exactly


def refuse(rule: str, value: Any) -> RecordError:
    """The error of a value that breaks a rule."""
    return RecordError(f"{rule}; got {shown(value)}. The record is damaged: take another copy of it.")


def check_fields(value: Any, names: tuple[str, ...], where: str) -> None:
    """An object with exactly these fields."""
    if not isinstance(value, dict):
        raise refuse(f"{where} is an object", value)
    for name in (*names, *value):
        if name not in value or name not in names:
            raise refuse(f"{where} has the fields {', '.join(names)}", f"{'none' if name in names else 'one'} named {name}")


def check_list(value: Any, where: str) -> list:
    if not isinstance(value, list):
        raise refuse(f"{where} is a list", value)
    return value


def check_whole(value: Any, where: str, most: int = BIGGEST) -> None:
    if not is_whole(value) or not 0 <= value <= most:
        raise refuse(f"{where} is a whole number from 0 to {most}", value)


def check_number(value: Any, where: str, least: float) -> None:
    if not is_number(value) or value < least:
        raise refuse(f"{where} is a number of at least {least}", value)


def check_texts(value: Any, where: str) -> None:
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise refuse(f"{where} is a list of strings", value)


def is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= BIGGEST


def shown(value: Any) -> str:
    """A value as a message shows it, in one short line of plain characters."""
    text = f"{'a list' if isinstance(value, list) else 'an object'} of {len(value)}" if isinstance(value, list | dict) else ascii(value)
    return text if len(text) <= 60 else text[:57] + "..."
