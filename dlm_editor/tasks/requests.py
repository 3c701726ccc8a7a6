"""A fill as plain JSON, in and out: one reading and one writing for the command line, batch files, HTTP and the page.

A field is named as its option; numbers may also stand as strings, the way an option takes them. `null` means: left out.
"""

import math
import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from ..constraints import Constraint
from ..errors import DocumentError, InputError, OptionError
from ..sampling import OWN_SAMPLERS, SAMPLERS, Draft, EntropyBound, RefinementStep, Sampler
from ..text import AUTO, Document, Length, Mark, Span, parse_length, parse_marked
from .fill import FillOptions, Suggestion
from .rewrite import RewriteOptions
from .rules import RULES, read_rules

FIELDS = ("text", "spans", "alternatives", "steps", "temperature", "top_p", "seed", "sampler", "bound", "block_length", "window",
          "pins", "instruction", "guidance", "agree", "model", *RULES)
LATER = ("trace",)
REWRITES = ("strength", "keep")  # fields of a rewrite beside those of a fill
DEFAULT_MODEL = "bundled"
DEFAULT_SAMPLER = next(name for name, sampler in SAMPLERS.items() if sampler is EntropyBound)

_SPAN = re.compile(r"\s*(-?[0-9]{1,18})\s*:\s*(-?[0-9]{1,18})\s*(?::(.*))?", re.DOTALL)


def parse_fill(fields: Mapping[str, Any]) -> tuple[Document, FillOptions, str]:
    """The document with its marks, the options and the model's id. Raises InputError that names the field.

    With `spans` given, brackets in the text are text; without, `[[marks]]` are read. Constraints beside a span hold for it, others for all.
    """
    given = {name: value for name, value in fields.items() if value is not None}
    for name in given:
        _check_known(name)
    text = _text(given, "text", None)
    _check_unicode(text)
    options = {"steps": _steps(given), "sampler": _sampler(given), "pins": _pins(given)}
    options |= {name: _whole(name, given[name]) for name in ("alternatives", "seed", "block_length", "window") if name in given}
    options |= {name: _number(name, given[name]) for name in ("temperature", "top_p", "guidance") if name in given}
    options |= {"instruction": _text(given, "instruction", None)} if "instruction" in given else {}
    options |= {"agree": _truth("agree", given["agree"])} if "agree" in given else {}
    options["constraints"] = read_rules(given)
    marks = None if "spans" not in given else _marks(given["spans"])
    document = parse_marked(text) if marks is None else Document(text, tuple(mark for mark, _ in marks))
    if marks and any(rules for _, rules in marks):
        options["mark_constraints"] = tuple(rules for _, rules in sorted(marks, key=lambda entry: entry[0].span))
    return document, FillOptions(**options), _text(given, "model", DEFAULT_MODEL)


def parse_rewrite(fields: Mapping[str, Any]) -> tuple[Document, RewriteOptions, str]:
    """As `parse_fill`, with `strength` and `keep`."""
    given = {name: value for name, value in fields.items() if value is not None}
    own = {name: given.pop(name) for name in REWRITES if name in given}
    document, options, model = parse_fill(given)
    found = {"strength": _number("strength", own["strength"])} if "strength" in own else {}
    if "keep" in own:
        words = [own["keep"]] if isinstance(own["keep"], str) else own["keep"]
        if not isinstance(words, list | tuple) or not all(isinstance(word, str) for word in words):
            raise OptionError(f"keep is a word or a list of words; got {_shown(words)}. Write one, like [\"river\"].")
        found["keep"] = tuple(words)
    return document, RewriteOptions(fill=options, **found), model


def fill_record(document: Document, suggestions: Iterable[Suggestion], model: str, seed: int) -> dict:
    """What `fill --json` prints; positions of edits count in `text`."""
    return {"text": document.text, "model": model, "seed": seed, "suggestions": [
        {"text": suggestion.text,
         "edits": [{"start": edit.span.start, "end": edit.span.end, "before": edit.before, "after": edit.after}
                   for edit in suggestion.edits],
         "mean_logprob": suggestion.mean_logprob, "steps": suggestion.steps, "seconds": suggestion.seconds,
         "violations": list(suggestion.violations)}
        for suggestion in suggestions]}


def step_record(step: RefinementStep) -> dict:
    """One step: its number, the most there can be (null: not known yet), the time since the start, and a draft of every alternative."""
    return {"step": step.index, "of": step.total, "seconds": round(step.seconds, 4),
            "drafts": [draft_record(drafts) for drafts in step.drafts]}


def draft_record(drafts: Iterable[Draft]) -> list[list[list]]:
    """The marks of one alternative, each a list of pieces [text, certainty, state, token ids]."""
    return [[[piece.text, piece.certainty, piece.state, list(piece.tokens)] for piece in draft] for draft in drafts]


def _check_known(name: str):
    if name in LATER:
        raise OptionError(f"{name} is not available yet; fill takes {', '.join(FIELDS)}. Leave {name} out.")
    if name in REWRITES:
        raise OptionError(f"strength and keep belong to rewrite; got {name} for a fill. Use rewrite, or leave it out.")
    if name not in FIELDS:
        near = get_close_matches(str(name), FIELDS, n=1)
        way_out = f"Did you mean {near[0]}?" if near else "Leave it out."
        raise OptionError(f"A fill has the fields {', '.join(FIELDS)}; got {name!r}. {way_out}")


def _check_unicode(text: str):
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise DocumentError(f"text must be Unicode that UTF-8 can hold; got half of a character, {text[error.start]!a}, at position "
                            f"{error.start}. "
                            "Save the document as UTF-8 and send it again.") from None


def _marks(value: Any) -> tuple[tuple[Mark, tuple[Constraint, ...]], ...]:
    """Every span with the constraints that stand beside it."""
    if not isinstance(value, list | tuple):
        raise OptionError(f'spans is a list of {{"start", "end", "length"}}; got {_shown(value)}. Put the spans into a list.')
    marks = []
    for number, entry in enumerate(value):
        try:
            mark = _mark(entry)
        except InputError as error:
            raise type(error)(f"spans[{number}]: {error}") from None
        marks.append((mark, read_rules(entry, f"spans[{number}].") if isinstance(entry, Mapping) else ()))
    return tuple(marks)


def _mark(entry: Any) -> Mark:
    if isinstance(entry, str) and (found := _SPAN.fullmatch(entry)):
        return Mark(Span(int(found[1]), int(found[2])), parse_length(found[3]))
    if not isinstance(entry, Mapping) or not {"start", "end"} <= set(entry) <= {"start", "end", "length", *RULES}:
        raise OptionError(f'A span is START:END or START:END:LENGTH, or {{"start", "end", "length"}}; got {_shown(entry)}. '
                          "Positions count characters from 0.")
    return Mark(Span(_whole("start", entry["start"]), _whole("end", entry["end"])), _length(entry.get("length")))


def _length(value: Any) -> Length:
    return AUTO if value is None else parse_length(value)


def _steps(given: Mapping) -> int | None:
    value = given.get("steps", "auto")
    return None if isinstance(value, str) and value.strip().lower() == "auto" else _whole("steps", value, "auto or ")


def _sampler(given: Mapping) -> Sampler | None:
    """None where it is left to the model."""
    known = {**SAMPLERS, **OWN_SAMPLERS}
    name = _text(given, "sampler", DEFAULT_SAMPLER if "bound" in given else "auto")
    if name not in known and name != "auto":
        raise OptionError(f"sampler is one of {', '.join(known)}, or auto; got {_shown(name)}. Leave it out for the one that the model was made with.")
    if "bound" not in given:
        return None if name == "auto" else known[name]()
    if name != DEFAULT_SAMPLER:
        raise OptionError(f"bound belongs to the sampler {DEFAULT_SAMPLER}; got it with {name}. Leave out one of the two.")
    return EntropyBound(_number("bound", given["bound"]))


def _pins(given: Mapping) -> tuple[tuple[int | None, ...], ...] | None:
    value = given.get("pins")
    if value is None:
        return None
    if not isinstance(value, list | tuple) or not all(isinstance(row, list | tuple) for row in value):
        raise OptionError(f"pins is a list of token ids for every mark, null where a token is open; got {_shown(value)}. Leave it out to "
                          "start anew.")
    return tuple(tuple(None if token is None else _whole("pins", token) for token in row) for row in value)


def _text(given: Mapping, name: str, default: str | None) -> str:
    value = given.get(name, default)
    if not isinstance(value, str):
        raise OptionError(f"{name} is a string{'' if default else ', and needed'}; got {_shown(value)}. Pass it as one.")
    return value


def _whole(name: str, value: Any, also: str = "") -> int:
    if isinstance(value, str) and re.fullmatch(r"\s*[+-]?[0-9]{1,18}\s*", value):
        return int(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise OptionError(f"{name} is {also}a whole number; got {_shown(value)}. Write one, like 8.")
    return value


def _truth(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise OptionError(f"{name} is true or false; got {_shown(value)}. Leave it out for false.")
    return value


def _number(name: str, value: Any) -> float:
    try:
        number = math.nan if isinstance(value, bool) or not isinstance(value, int | float | str) else float(value)
    except (ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise OptionError(f"{name} is a number; got {_shown(value)}. Write one, like 0.7.")
    return number


def _shown(value: Any) -> str:
    """A value as a message shows it."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
