"""The model card: what the model is, how it was made, from what, how good it is, and what it cannot do."""

import csv
import json
from dataclasses import dataclass
from pathlib import Path

from ..errors import DocumentError

COLUMNS = ("source", "repo", "licence", "bytes", "genre")


@dataclass(frozen=True)
class Credit:
    """One repository of the corpus."""

    source: str
    repository: str
    licence: str
    size: int  # bytes
    genre: str


@dataclass(frozen=True)
class Facts:
    """Everything the card says that is not the same for every model."""

    kind: str
    parameters: int
    vocab: int
    context: int
    tokens: int  # seen in training
    minutes: float
    device: str
    origin: str
    figures: dict[str, float]
    credits: tuple[Credit, ...]
    bench: tuple[dict, ...]
    options: dict


FIGURES = {
    "nll_15": "NLL, nats a token, 15 % of the tokens masked", "nll_50": "the same, 50 % masked",
    "span_exact": "spans of 1 to 3 words filled exactly in one step, length given", "length_right": "spans of 0 to 6 words: number of tokens right, length open",
}

TEMPLATE = """---
license: apache-2.0
language: en
library_name: transformers
pipeline_tag: fill-mask
tags: [masked-diffusion, text-infilling, text-editing]
---
# A small masked-diffusion model for editing English text

{kind}, {parameters:.1f} M parameters in bf16, a cased byte-level vocabulary of {vocab:,} tokens, up to {context} tokens of text. It fills marked
spans of a document and sees both sides of them. `<mask>` stands for one token to be found; the answer `<null>` means that the slot stays
empty, so the model itself can decide how long a text is: offer more masks than needed and drop the nulls.

```python
from transformers import AutoModelForMaskedLM, AutoTokenizer
tokenizer, model = AutoTokenizer.from_pretrained(FOLDER), AutoModelForMaskedLM.from_pretrained(FOLDER)
```
`config.json` names `mask_token_id` and `null_token_id`; a document is framed by `<bos>` and `<eos>` where its beginning and end are in the window.

## How it was made
{origin}
Trained by `dlm_editor/training` as an absorbing-state diffusion model: {tokens:.1f} M tokens seen in {minutes:.0f} minutes on {device}. The noise is made for an
editor: masks at every rate, whole words, clauses, sentences and lines, surplus masks whose answer is `<null>`, and some substituted words. The
weights are the running average over the training steps.

![Training curve](curve.png)

`ngrams.safetensors` holds counts of runs of two to four tokens of the same text, those that are frequent, and the weights with which dlm_editor blends
them, and the runs of the document at hand, into the network's predictions (log-linearly; fitted on held-out text). `from_pretrained` passes it over; a model
without it works alike, and worse. `size_weights` in `config.json` tell dlm_editor whether an insertion of open length shall be a word, a phrase or a clause.

## Figures
{figures}
{bench}
## Limits
English only, and mostly books, encyclopedia, textbooks and public documents of the United States: little news, few letters and e-mails, thin dialogue outside
fiction, and the outlook of its sources, much of them a hundred years old. It is small: it writes grammatical words that fit their neighbours far better than it
knows facts, and long fills drift. It can reproduce prejudice of its sources. It does not follow instructions. Read what it suggests before you accept it.

## Data and licences
The weights are under Apache-2.0. The text they were trained on is not part of this folder and keeps its own licences:

{credits}
"""


def card(facts: Facts) -> str:
    """README.md of a model folder."""
    figures = "\n".join(f"| {FIGURES[k]} | {v:.4g} |" for k, v in facts.figures.items())
    return TEMPLATE.format(
        kind=facts.kind, parameters=facts.parameters / 1e6, vocab=facts.vocab, context=facts.context, tokens=facts.tokens / 1e6, minutes=facts.minutes,
        device={"cpu": "CPU cores"}.get(facts.device, facts.device), origin=facts.origin or "Warm-started; the origin was not given.",
        figures=f"| Held-out text of the corpus, at the end of training | |\n|---|---|\n{figures}\n" if figures else "The log holds no evaluation yet.\n",
        bench=_bench(facts.bench), credits=_credits(facts.credits)) + _options(facts.options)


def _options(options: dict) -> str:
    shown = {k: v for k, v in options.items() if k not in ("data", "run", "init")}
    return f"\nOptions of training: `{json.dumps(shown)}`\n" if shown else ""


def _bench(rows: tuple[dict, ...]) -> str:
    """The tables of the benchmark as Markdown, under their titles; nothing where there are none."""
    tables: dict[str, list[dict]] = {}
    for row in rows:
        tables.setdefault(row.get("table", ""), []).append({k: v for k, v in row.items() if k not in ("suite", "table")})
    parts = [f"**{title.split(':')[0]}**\n\n{_table(members)}" for title, members in tables.items()]
    return "`python -m dlm_editor bench --suite fill`:\n\n" + "\n\n".join(parts) + "\n" if parts else ""


def _table(rows: list[dict]) -> str:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    cells = [[_cell(row.get(name, "")) for name in columns] for row in rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in [columns, ["---"] * len(columns), *cells])


def _cell(value) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def read_credits(path: Path) -> tuple[Credit, ...]:
    """MANIFEST.tsv of a corpus folder. Raises DocumentError where a column lacks."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    if not rows or any(name not in rows[0] for name in COLUMNS):
        raise DocumentError(f"The manifest of a corpus is a table with the columns {', '.join(COLUMNS)}, apart by tabs; {path} is not. Correct it or leave it out.")
    return tuple(Credit(r["source"], r["repo"], r["licence"], int(r["bytes"]), r["genre"]) for r in rows)


def _credits(credits: tuple[Credit, ...]) -> str:
    """Per source and licence: the repositories by name where the licence asks for credit, their number otherwise."""
    if not credits:
        return "The corpus named no licences."
    groups: dict[tuple[str, str], list[Credit]] = {}
    for credit in credits:
        groups.setdefault((credit.source, credit.licence), []).append(credit)
    lines = []
    for (source, licence), members in groups.items():
        size = sum(m.size for m in members) / 1e6
        names = ", ".join(m.repository for m in members) if licence.startswith(("CC BY", "MIT", "OGL", "OANC")) else f"{len(members)} collections"
        lines.append(f"- **{source}** ({members[0].genre}, {size:.1f} MB, {licence}): {names}")
    return "\n".join(lines)
