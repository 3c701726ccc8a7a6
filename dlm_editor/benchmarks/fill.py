"""How well a model fills gaps: every infill set, beside floors that only count words."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tqdm import tqdm

from ..errors import EditorError
from ..tasks import Editor, FillOptions, Suggestion
from ..text import AUTO, Document, Length, Mark, Span, Words
from .items import KNOWN_LENGTH, Item, ItemSet, corpus_texts
from .metrics import score, words
from .ngram import Lexicon, TwoSidedNgram, frequent_in_context, frequent_phrases
from .scoring import choose

ALTERNATIVES = 10  # for EM@10
CHUNK = 1 << 24     # characters counted at once
SAMPLE = 1 << 20    # characters of each file of a corpus that frequent phrases are taken from


def document_of(item: Item, length: Length) -> Document:
    """The item's text without its answer, an insertion marked where that stood."""
    at = len(item.before)
    return Document(item.before + item.after, (Mark(Span(at, at), length),))


def ask(editor: Editor, item: Item, length: Length, options: FillOptions) -> list[str]:
    """The fills of an item, best first; none where the editor refuses it."""
    try:
        return [event.edits[0].after for event in editor.fill(document_of(item, length), options) if isinstance(event, Suggestion)]
    except EditorError:
        return []


def lengths_of(kind: str) -> tuple[Length, ...]:
    """The lengths that a set is asked with: the number of words where it is always the same, and auto except for last words."""
    known = (Words(KNOWN_LENGTH[kind]),) if kind in KNOWN_LENGTH else ()
    return known if kind == "last" else (*known, AUTO)


def model_rows(name: str, editor: Editor, sets: Sequence[ItemSet], seed: int = 0) -> Iterator[dict]:
    """A row for each set and length. EM@10 where the length is given; elsewhere one alternative is asked for."""
    for item_set in sets:
        if item_set.kind == "storycloze":
            yield from _cloze_rows(name, editor, item_set)
            continue
        for length in lengths_of(item_set.kind):
            options = FillOptions(alternatives=1 if length == AUTO else ALTERNATIVES, seed=seed)
            yield _row(item_set, name, str(length), lambda item, at=length, o=options: ask(editor, item, at, o), options.alternatives)


def _row(item_set: ItemSet, name: str, length: str, answer: Callable[[Item], list[str]], alternatives: int) -> dict:
    began = time.perf_counter()
    fills = [answer(item) for item in tqdm(item_set.items, desc=f"{name} {item_set.name} {length}", disable=None, leave=False)]
    seconds = (time.perf_counter() - began) / max(1, len(item_set.items))
    figures = score(item_set.items, fills)
    if alternatives == 1:
        figures.pop("EM@10")
    return {"set": item_set.name, "filler": name, "length": length, "n": len(fills), **figures, "seconds": seconds}


def _cloze_rows(name: str, editor: Editor, item_set: ItemSet) -> Iterator[dict]:
    """Story Cloze: the ending with the higher log-likelihood a token, and the one that the story raises more."""
    began = time.perf_counter()
    picks = [choose(editor.denoiser, item.before, item.choices) for item in tqdm(item_set.items, desc=f"{name} {item_set.name}", disable=None, leave=False)]
    seconds = (time.perf_counter() - began) / max(1, len(picks))
    for way, label in enumerate(("per word", "gain by story")):
        right = sum(pick[way] == item.correct for pick, item in zip(picks, item_set.items))
        yield {"set": item_set.name, "filler": name, "length": label, "n": len(picks), "accuracy": 100 * right / max(1, len(picks)), "seconds": seconds}


@dataclass(frozen=True)
class Floors:
    """Fillers without a model. Without a corpus words are counted in the sets' own contexts, and there is no n-gram."""

    sets: Sequence[ItemSet]
    corpus: str | None = None

    def rows(self) -> Iterator[dict]:
        known = [s for s in self.sets if s.kind in KNOWN_LENGTH]
        items = {count: [item for s in known if KNOWN_LENGTH[s.kind] == count for item in s.items] for count in set(KNOWN_LENGTH.values())}
        lexicon = Lexicon()
        grams = {count: TwoSidedNgram(asked, count, lexicon) for count, asked in items.items()} if self.corpus else {}
        frequent = self._read(grams, lexicon)
        for item_set in known:
            count = KNOWN_LENGTH[item_set.kind]
            yield _row(item_set, "most frequent", f"{count}w", lambda item, n=count: frequent[n], ALTERNATIVES)
            if item_set.kind == "last":
                yield _row(item_set, "frequent in context", "1w", frequent_in_context, ALTERNATIVES)
            if grams:
                yield _row(item_set, "two-sided n-gram", f"{count}w", lambda item, n=count: grams[n].fill(items[n].index(item)), ALTERNATIVES)
        for item_set in self.sets:
            if item_set.kind == "storycloze":
                right = sum(max((0, 1), key=lambda k, c=item.choices: len(words(c[k]))) == item.correct for item in item_set.items)
                yield {"set": item_set.name, "filler": "longer ending", "n": len(item_set.items), "accuracy": 100 * right / max(1, len(item_set.items))}

    def _read(self, grams: dict[int, TwoSidedNgram], lexicon: Lexicon) -> dict[int, list[str]]:
        """Counts for the n-grams, and the most frequent phrases of each number of words."""
        if not self.corpus:
            texts = [part for s in self.sets for item in s.items for part in (item.before, item.after)]
            return {count: frequent_phrases(texts, count) for count in set(KNOWN_LENGTH.values())}
        sample = []
        for text in tqdm(corpus_texts(self.corpus), desc="counting the corpus", disable=None, leave=False):
            sample.append(text[:SAMPLE])
            for begin in range(0, len(text), CHUNK):
                ids = lexicon.read(text[begin:begin + CHUNK])
                for gram in grams.values():
                    gram.read(ids)
        return {count: frequent_phrases(sample, count) for count in grams}
