"""Branching, slots, settling and comparing as plain JSON, in and out; see `branching` for the fields."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import OptionError
from ..sampling import Draft, Piece
from ..text import Document
from .branching import Branching, Hand, Keep, Open, Put, Type
from .fill import FillOptions
from .reading import shown
from .requests import draft_record, parse_fill
from .settling import THRESHOLD, Settling
from .slots import Slot

STATES = ("open", "new", "settled")
MOST_PIECES = 1100  # of a mark
MOST_LANES = 6
WHOLE = ("sampler", "bound", "steps", "temperature", "top_p", "block_length", "window", "guidance", "instruction")  # settings that a lane states whole
LANE_FIELDS = (*WHOLE, "model", "seed", "agree")


@dataclass(frozen=True)
class DraftRequest:
    """A fill and one alternative of it at one step."""

    document: Document
    options: FillOptions
    model: str
    draft: tuple[Draft, ...]


@dataclass(frozen=True)
class BranchRequest(DraftRequest):
    hands: tuple[Hand, ...]


@dataclass(frozen=True)
class SlotRequest(DraftRequest):
    mark: int
    pieces: tuple[int, ...]


@dataclass(frozen=True)
class SettleRequest(DraftRequest):
    chosen: Put
    kept: tuple[tuple[int, ...], ...]
    threshold: float


def parse_branch(fields: Mapping[str, Any]) -> BranchRequest:
    """Raises InputError that names the field, as all here."""
    own, rest = _parted(fields, "hands")
    return BranchRequest(*_drafted(own, rest), tuple(_hand(entry) for entry in _list("hands", own.get("hands") or [])))


def parse_slots(fields: Mapping[str, Any]) -> SlotRequest:
    own, rest = _parted(fields, "mark", "pieces")
    return SlotRequest(*_drafted(own, rest), _number("mark", own.get("mark")), _numbers("pieces", own.get("pieces")))


def parse_settle(fields: Mapping[str, Any]) -> SettleRequest:
    own, rest = _parted(fields, "mark", "pieces", "tokens", "kept", "threshold")
    chosen = Put(_number("mark", own.get("mark")), _numbers("pieces", own.get("pieces")), _numbers("tokens", own.get("tokens")))
    kept = tuple(_numbers("kept", pieces) for pieces in _list("kept", own.get("kept") or []))
    threshold = own.get("threshold", THRESHOLD)
    if isinstance(threshold, bool) or not isinstance(threshold, int | float):
        raise OptionError(f"threshold is a number; got {threshold!r}. Leave it out for {THRESHOLD}.")
    return SettleRequest(*_drafted(own, rest), chosen, kept, float(threshold))


def parse_lanes(fields: Mapping[str, Any]) -> tuple[tuple[str, dict], ...]:
    """Label and fields of a fill for each lane. The settings of `WHOLE` are those that the lane names, else the defaults; all other fields are the request's
    where the lane does not name them."""
    shared = {name: value for name, value in fields.items() if name not in ("lanes", "judge", *WHOLE)}
    lanes = _list("lanes", fields.get("lanes"))
    if not 2 <= len(lanes) <= MOST_LANES:
        raise OptionError(f"A comparison has 2 to {MOST_LANES} lanes; got {len(lanes)}. Give each a model, a sampler or settings.")
    found = []
    for number, lane in enumerate(lanes):
        unknown = sorted(set(lane) - {"label", *LANE_FIELDS}) if isinstance(lane, Mapping) else [shown(lane)]
        if unknown:
            raise OptionError(f"A lane is an object with label and {', '.join(LANE_FIELDS)}; lanes[{number}] has {unknown[0]}. Leave that out.")
        given = {name: value for name, value in lane.items() if name != "label" and value is not None}
        found.append((str(lane.get("label") or f"Lane {number + 1}")[:80], {**shared, **given}))
    return tuple(found)


def branch_record(found: Branching) -> dict:
    return {"pins": [list(tokens) for tokens in found.pins], "draft": draft_record(found.draft)}


def settle_record(found: Settling) -> dict:
    return {**branch_record(found), "reopened": [list(pieces) for pieces in found.reopened]}


def slot_record(found: Slot) -> dict:
    return {"mark": found.mark, "pieces": list(found.pieces), "text": found.text, "choices": [
        {"text": choice.text, "tokens": list(choice.tokens), "certainty": choice.certainty, "is_current": choice.is_current} for choice in found.choices]}


def read_draft(value: Any) -> tuple[Draft, ...]:
    """One alternative as step records hold it."""
    return tuple(tuple(_piece(piece) for piece in _list("a mark of draft", pieces, MOST_PIECES)) for pieces in _list("draft", value))


def _piece(value: Any) -> Piece:
    if not isinstance(value, list | tuple) or len(value) != 4:
        raise OptionError(f"A piece of a draft is [text, certainty, state, token ids]; got {shown(value)}. Send the draft as it came.")
    text, certainty, state, tokens = value
    if not isinstance(text, str) or state not in STATES or isinstance(certainty, bool) or not isinstance(certainty, int | float | None):
        raise OptionError(f"A piece of a draft is [text, certainty, state, token ids], its state {', '.join(STATES)}; got {shown(value)}. Send the draft as it came.")
    return Piece(text, state, certainty, _numbers("token ids", tokens))


def _hand(value: Any) -> Hand:
    kinds = {"keep": Keep, "open": Open, "type": Type, "put": Put}
    if not isinstance(value, Mapping) or value.get("do") not in kinds or not {"mark", "pieces", "do"} <= set(value) <= {"mark", "pieces", "do", "text", "tokens"}:
        raise OptionError(f'A hand is {{"mark", "pieces", "do": keep, open, type or put}}, with "text" to type or "tokens" to put; got {shown(value)}. Send one of these.')
    place = _number("mark", value["mark"]), _numbers("pieces", value["pieces"])
    if value["do"] == "type":
        if not isinstance(value.get("text"), str):
            raise OptionError(f"text is what was typed; got {shown(value.get('text'))}. Pass a string, empty to take the word out.")
        return Type(*place, value["text"])
    return Put(*place, _numbers("tokens", value.get("tokens"))) if value["do"] == "put" else kinds[value["do"]](*place)


def _parted(fields: Mapping[str, Any], *names: str) -> tuple[dict, dict]:
    own = {name: fields[name] for name in ("draft", *names) if fields.get(name) is not None}
    return own, {name: value for name, value in fields.items() if name not in ("draft", *names)}


def _drafted(own: dict, rest: dict) -> tuple[Document, FillOptions, str, tuple[Draft, ...]]:
    if rest.get("pins") is not None:
        raise OptionError("A draft says itself which tokens there are; got pins beside it. Leave pins out.")
    return *parse_fill(rest), read_draft(own.get("draft"))


def _list(name: str, value: Any, most: int = 4096) -> list | tuple:
    if not isinstance(value, list | tuple) or len(value) > most:
        raise OptionError(f"{name} is a list of at most {most}; got {shown(value)}. Pass one.")
    return value


def _number(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise OptionError(f"{name} is a whole number from 0; got {shown(value)}. Count from 0.")
    return value


def _numbers(name: str, value: Any) -> tuple[int, ...]:
    return tuple(_number(name, one) for one in _list(name, value, MOST_PIECES))
