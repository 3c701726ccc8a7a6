"""The documents that a newcomer can begin with; their marks are written in the text."""

from pathlib import Path

from ..text.marks import parse_marked

FOLDER = Path(__file__).parents[2] / "assets" / "samples"
SAMPLES = (
    ("letter", "A letter", "Soften a sentence or two before it is sent."),
    ("story", "A story", "Try another turn of events, and keep the rest."),
    ("poem", "A poem with a gap", "A line is missing. See what might stand there."),
    ("mistakes", "A letter with mistakes", "Have it proofread, and decide each change."),
)


def load_samples() -> list[dict]:
    """Samples as the page takes them: text, and spans in code points."""
    found = []
    for name, title, teaser in SAMPLES:
        document = parse_marked((FOLDER / f"{name}.txt").read_text("utf-8"))
        spans = [{"start": mark.span.start, "end": mark.span.end, "length": str(mark.length)} for mark in document.marks]
        found.append({"name": name, "title": title, "teaser": teaser, "text": document.text, "spans": spans})
    return found
