"""A fill as plain JSON, in and out: one reading and one writing for the command line, batch files, HTTP and the page.

A field is named as its option; numbers may also stand as strings, the way an option takes them. `null` means: left out.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from ..constraints import Constraint
from ..errors import InputError, OptionError
from ..sampling import OWN_SAMPLERS, SAMPLERS, Draft, EntropyBound, RefinementStep, Sampler, Weighed
from ..text import AUTO, Document, Length, Mark, Span, parse_length, parse_marked
from .fill import FillOptions, Suggestion
from .reading import (
    check_known,
    given_fields,
    in_place,
    read_document_text,
    read_list,
    read_number,
    read_span,
    read_text,
    read_truth,
    read_whole,
    read_words,
    shown,
)
from .rewrite import RewriteOptions
from .rules import RULES, read_rules

FIELDS = ("text", "spans", "alternatives", "steps", "temperature", "top_p", "seed", "sampler", "bound", "block_length", "window",
          "pins", "instruction", "style", "guidance", "agree", "model", *RULES)
REWRITES = ("strength", "keep")  # fields of a rewrite beside those of a fill
DEFAULT_MODEL = "bundled"
DEFAULT_SAMPLER = next(name for name, sampler in SAMPLERS.items() if sampler is EntropyBound)


Pins = tuple[int | None, ...]


def parse_fill(fields: Mapping[str, Any]) -> tuple[Document, FillOptions, str]:
    """The document with its marks, the options and the model's id. Raises InputError that names the field.

    With `spans` given, brackets in the text are text; without, `[[marks]]` are read. Constraints beside a span hold for it, others for all;
    tokens to start from may stand beside a span, too.
    """
    given = given_fields(fields)
    for name in given:
        _check_known(name)
    text = read_document_text(given)
    options = {"steps": _steps(given), "sampler": _sampler(given), "pins": _pins(given)}
    options |= {name: read_whole(name, given[name]) for name in ("alternatives", "seed", "block_length", "window") if name in given}
    options |= {name: read_number(name, given[name]) for name in ("temperature", "top_p", "guidance") if name in given}
    options |= {name: read_text(given, name, None) for name in ("instruction", "style") if name in given}
    options |= {"agree": read_truth("agree", given["agree"])} if "agree" in given else {}
    options["constraints"] = read_rules(given)
    marks = None if "spans" not in given else _marks(given["spans"])
    document = parse_marked(text) if marks is None else Document(text, tuple(mark for mark, _, _ in marks))
    ordered = sorted(marks or (), key=lambda entry: entry[0].span)
    if any(rules for _, rules, _ in ordered):
        options["mark_constraints"] = tuple(rules for _, rules, _ in ordered)
    if any(pins for _, _, pins in ordered):
        if options["pins"] is not None:
            raise OptionError("Tokens to start from stand beside their span or in pins; got both. Leave one out.")
        options["pins"] = tuple(pins for _, _, pins in ordered)
    return document, FillOptions(**options), read_text(given, "model", DEFAULT_MODEL)


def parse_rewrite(fields: Mapping[str, Any]) -> tuple[Document, RewriteOptions, str]:
    """As `parse_fill`, with `strength` and `keep`."""
    given = given_fields(fields)
    own = {name: given.pop(name) for name in REWRITES if name in given}
    document, options, model = parse_fill(given)
    found = {"strength": read_number("strength", own["strength"])} if "strength" in own else {}
    if "keep" in own:
        found["keep"] = read_words("keep", own["keep"])
    return document, RewriteOptions(fill=options, **found), model


def fill_record(document: Document, suggestions: Iterable[Suggestion], model: str, seed: int) -> dict:
    """What `fill --json` prints; positions of edits count in `text`. `lengths`: what was weighed, where anything was, and what the best one took."""
    suggestions = tuple(suggestions)
    lengths = lengths_record(suggestions[0].lengths) if suggestions else {}
    return {"text": document.text, "model": model, "seed": seed, **lengths, "suggestions": [
        {"text": suggestion.text,
         "edits": [{"start": edit.span.start, "end": edit.span.end, "before": edit.before, "after": edit.after}
                   for edit in suggestion.edits],
         "mean_logprob": suggestion.mean_logprob, "steps": suggestion.steps, "seconds": suggestion.seconds,
         "violations": list(suggestion.violations)}
        for suggestion in suggestions]}


def lengths_record(lengths: tuple[Weighed | None, ...]) -> dict:
    """What was weighed for each mark, as a field of its own; none where nothing was."""
    shown = [known and {"by": known.by, "tried": [list(one) for one in known.tried], "taken": known.taken} for known in lengths]
    return {"lengths": shown} if any(shown) else {}


def step_record(step: RefinementStep) -> dict:
    """One step: its number, the most there can be (null: not known yet), the time since the start, and a draft of every alternative."""
    return {"step": step.index, "of": step.total, "seconds": round(step.seconds, 4),
            "drafts": [draft_record(drafts) for drafts in step.drafts]}


def draft_record(drafts: Iterable[Draft]) -> list[list[list]]:
    """The marks of one alternative, each a list of pieces [text, certainty, state, token ids]."""
    return [[[piece.text, piece.certainty, piece.state, list(piece.tokens)] for piece in draft] for draft in drafts]


def _check_known(name: str):
    if name in REWRITES:
        raise OptionError(f"strength and keep belong to rewrite; got {name} for a fill. Use rewrite, or leave it out.")
    check_known("A fill", name, FIELDS)


def _marks(value: Any) -> tuple[tuple[Mark, tuple[Constraint, ...], Pins], ...]:
    """Every span with the constraints and the tokens that stand beside it."""
    marks = []
    for number, entry in enumerate(read_list("spans", value, '{"start", "end", "length"}', "Put the spans into a list.")):
        try:
            mark = _mark(entry)
        except InputError as error:
            raise in_place(number, error) from None
        own = entry if isinstance(entry, Mapping) else {}
        pins = _row_of_pins(f"spans[{number}].pins", own["pins"]) if own.get("pins") is not None else ()
        marks.append((mark, read_rules(own, f"spans[{number}]."), pins))
    return tuple(marks)


def _mark(entry: Any) -> Mark:
    if found := read_span(entry):
        return Mark(found[0], parse_length(found[1]))
    if not isinstance(entry, Mapping) or not {"start", "end"} <= set(entry) <= {"start", "end", "length", "pins", *RULES}:
        raise OptionError(f'A span is START:END or START:END:LENGTH, or {{"start", "end", "length"}}; got {shown(entry)}. '
                          "Positions count characters from 0.")
    return Mark(Span(read_whole("start", entry["start"]), read_whole("end", entry["end"])), _length(entry.get("length")))


def _length(value: Any) -> Length:
    return AUTO if value is None else parse_length(value)


def _steps(given: Mapping) -> int | None:
    value = given.get("steps", "auto")
    return None if isinstance(value, str) and value.strip().lower() == "auto" else read_whole("steps", value, "auto or ")


def _sampler(given: Mapping) -> Sampler | None:
    """None where it is left to the model."""
    known = {**SAMPLERS, **OWN_SAMPLERS}
    name = read_text(given, "sampler", "auto")
    name = DEFAULT_SAMPLER if name == "auto" and "bound" in given else name
    if name not in known and name != "auto":
        raise OptionError(f"sampler is one of {', '.join(known)}, or auto; got {shown(name)}. Leave it out for the one that the model was made with.")
    if "bound" not in given:
        return None if name == "auto" else known[name]()
    if name != DEFAULT_SAMPLER:
        raise OptionError(f"bound belongs to the sampler {DEFAULT_SAMPLER}; got it with {name}. Leave out one of the two.")
    return EntropyBound(read_number("bound", given["bound"]))


def _pins(given: Mapping) -> tuple[Pins, ...] | None:
    value = given.get("pins")
    if value is None:
        return None
    return tuple(_row_of_pins("pins", row) for row in read_list("pins", value, "token ids for every mark", "Leave it out to start anew."))


def _row_of_pins(name: str, value: Any) -> Pins:
    row = read_list(name, value, "token ids for every mark, null where a token is open", "Leave it out to start anew.")
    return tuple(None if token is None else read_whole(name, token) for token in row)
