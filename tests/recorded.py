"""Runs to record: real ones of a denoiser that is a table, and invented steps for what a real one cannot be made to do."""

import functools

import tiny
from hypothesis import strategies as st

from dlm_editor.history.trace import record_of_run
from dlm_editor.tasks import fill, rewrite
from dlm_editor.tasks.requests import parse_fill, parse_rewrite

HEAD = {"format": "dlm-editor-record", "version": 1, "made_by": "dlm-editor test", "verb": "fill", "model": "table", "seed": 0, "options": {}}
TEXT = ("The ferry leaves at nine. She walked [[along the quiet river|{0}]] until the lamps were lit, and nobody [[asked her|{0}]] where she had been. "
        "In the end it was [[a good day|{0}]], they said, and went home.")


@functools.cache
def table():
    return tiny.TableDenoiser.of(tiny.vocabulary("with-null"), max_length=512)


def fields(length="auto", **options) -> dict:
    return {"text": TEXT.format(length), "model": "table", **options}


def events_of(given: dict, verb: str = "fill") -> list:
    parse, run = (parse_fill, fill) if verb == "fill" else (parse_rewrite, rewrite)
    document, options, _ = parse({**given, "text": given["text"]})
    return list(run(table(), document, options))


def record(given: dict, verb: str = "fill") -> dict:
    parse, run = (parse_fill, fill) if verb == "fill" else (parse_rewrite, rewrite)
    document, options, model = parse(given)
    return record_of_run(verb, document, model, given.get("seed", 0), given, run(table(), document, options))


TEXTS = st.text(st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("ab \n</script><!--\u2028\0é👩")), max_size=6)
PIECES = st.one_of(
    st.builds(lambda token: ["", 0.0, "open", [token]], st.integers(0, 3)),
    st.builds(lambda text, certainty, state, tokens: [text, certainty, state, tokens], TEXTS, st.one_of(st.none(), st.sampled_from([0.0, 0.3333, 1.0])),
              st.sampled_from(["open", "new", "settled"]), st.lists(st.integers(0, 50_000), max_size=2)))


@st.composite
def runs(draw):
    """Any drafts after one another, of any number of rows and spans: pieces come, go, change, and stay at random."""
    rows, spans = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    drafts, steps = [[[] for _ in range(spans)] for _ in range(rows)], []
    for index in range(draw(st.integers(1, 6))):
        drafts = [[_changed(draw, draft) for draft in row] for row in drafts]
        steps.append({"step": index + 1, "of": draw(st.sampled_from([None, 6])), "seconds": round(0.1 * index, 4), "drafts": drafts})
    return steps


def _changed(draw, draft):
    after = [[text, certainty, "settled" if state == "new" else state, tokens] for text, certainty, state, tokens in draft]
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(after)))
        after[at:at + draw(st.integers(0, 3))] = draw(st.lists(PIECES, max_size=30 if draw(st.booleans()) else 2))
    return after
