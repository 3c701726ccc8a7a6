"""An Editor without a model: words from a list settle one after another, with the engine's own events. Words in the document steer it."""

import os
import random
import re
import time
from pathlib import Path

import numpy as np

from dlm_editor.constraints.prosody import look_up, split_words
from dlm_editor.errors import OptionError, ResourceError, UnsatisfiableError
from dlm_editor.sampling.weighing import Weighed
from dlm_editor.tasks import (
    Correction,
    FillOptions,
    Piece,
    Proofreading,
    ProofreadOptions,
    ProofreadStep,
    RefinementStep,
    RewriteOptions,
    Suggestion,
)
from dlm_editor.tasks.branching import Branching, Keep, Open, Put, Type
from dlm_editor.tasks.poem_events import Badge, PoemStep, PoemSuggestion
from dlm_editor.tasks.poem_options import PoemOptions
from dlm_editor.tasks.poem_words import WordChoice
from dlm_editor.tasks.settling import Settling
from dlm_editor.tasks.slots import Slot, SlotChoice
from dlm_editor.text import Document, Edit, Span

WORDS = "the river keeps its own slow counsel while morning light moves over stone and reed and no one hurries".split()
MASK_ID = 103
POEMS = (("Morning on the pond,", "a heron stands in the reeds,", "waiting for the day."), ("Snow on the old bridge,", "the river under the ice", "carries a small light."))
CHANGED = np.ones((3, 1), dtype=bool)
TYPED: list[str] = []
WAVERING = {4: Piece("", "open", 0.0, (MASK_ID,)), 5: Piece("reed", "new", 0.4, (WORDS.index("reed"),))}
WEIGHED = Weighed("score", ((2, 0.1), (3, 0.25), (4, 0.5), (6, 0.15)), 4)
SYNONYMS = ("silver", "quiet", "winter")
MISTAKES = {"teh": ("the", 0.97, "spelling"), "recieve": ("receive", 0.95, "spelling"), "a apple": ("an apple", 0.9, "article"), "go to home": ("go home", 0.6, "preposition"),
            "he walk": ("he walks", 0.85, "agreement"), " ,": (",", 0.8, "spacing")}
SAMPLE_MISTAKES = {  # those of the sample letter, and a missing comma; patterns
    r"beautifull": ("beautiful", 0.98, "spelling"), r"(?<=the) the\b": ("", 0.94, "doubled word"), r"\bdont": ("don't", 0.93, "punctuation"), r"\ban(?= treat)": ("a", 0.9, "article"),
    r"there(?= bicycles)": ("their", 0.86, "wrong word"), r"were(?= locked)": ("was", 0.82, "agreement"), r"definately": ("definitely", 0.97, "spelling"),
    r"\ba(?= honour)": ("an", 0.91, "article"), r"\bhave(?= grown)": ("has", 0.84, "agreement"), r"(?<=However)(?= )": (",", 0.88, "punctuation"),
}
GO = Path(os.environ.get("FAKE_GO", os.devnull))  # as many bytes as a test has said "go"
PATIENCE_S = 120
FIXES = {re.compile(pattern): fix for pattern, fix in ({re.escape(text): fix for text, fix in MISTAKES.items()} | SAMPLE_MISTAKES).items()}


class FakeEditor:
    """`BOOM` in the text breaks the third step, `TOO BIG` is refused; a `seed` above 1000 makes steps of (seed - 1000) ms. Where the text `wavers`, the first word
    is taken back at step 4, comes as `reed` at step 5 and changes at step 6. Where it `WAITS`, step 8 comes once the test has said "go" (fixture `go`)."""

    def fill(self, document: Document, options: FillOptions):
        if "TOO BIG" in document.text:
            raise ResourceError("The model needs 2.0 GB of memory; 1.0 GB is free. Choose a smaller model.")
        if not document.marks:
            raise OptionError("There must be something to fill; got no marked span. Mark some words.")
        pause_s = (options.seed - 1000) / 1000 if options.seed > 1000 else 0.02
        began = time.perf_counter()
        rows = [[_plan(document, mark, options, row) for mark in range(len(document.marks))] for row in range(options.alternatives)]
        total = options.steps or max(len(plan) for row in rows for plan in row)
        for index in range(1, total + 1):
            time.sleep(pause_s)
            if "WAITS" in document.text and index == 8:
                _wait_for_go(1)
            if "BOOM" in document.text and index == 3:
                raise RuntimeError("a tensor of the wrong shape")
            drafts = tuple(tuple(_pieces(plan, index, total) for plan in row) for row in rows)
            if "wavers" in document.text and index in WAVERING:
                drafts = tuple(((WAVERING[index], *row[0][1:]), *row[1:]) for row in drafts)
            lengths = tuple(WEIGHED if str(mark.length) == "auto" and not (options.pins and options.pins[number]) else None for number, mark in enumerate(document.marks))
            yield RefinementStep(index, total, None, None, None, None, drafts, time.perf_counter() - began, lengths=lengths if index == 1 else ())
        for row, plans in enumerate(rows):
            edits = tuple(Edit(mark.span, document[mark.span], "".join(word for word, _ in plan)) for mark, plan in zip(document.marks, plans))
            yield Suggestion(document.apply(*edits).text, edits, -1.0 - row / 10, total, time.perf_counter() - began, row,
                             tuple(_pieces(plan, total + 1, total) for plan in plans))

    def rewrite(self, document: Document, options: RewriteOptions):
        """A fill, with steps for a strength of 0 too."""
        yield from self.fill(document, options.fill)

    def proofread(self, document: Document, options: ProofreadOptions):
        """MISTAKES and SAMPLE_MISTAKES, line by line, each in 20 ms; where the text `WAITS`, each once the test has said one "go" more. `BOOM` breaks the line that it stands in, `TOO BIG` is refused."""
        if "TOO BIG" in document.text:
            raise ResourceError("The model needs 2.0 GB of memory; 1.0 GB is free. Choose a smaller model.")
        began, found = time.perf_counter(), []
        spans = [mark.span for mark in document.marks] or [Span(0, len(document.text))]
        parts = (Span(*line.span()) for span in spans for line in re.compile(r"[^\r\n]+").finditer(document.text, span.start, span.end))
        for number, part in enumerate(parts, 1):
            time.sleep(0.02)
            if "WAITS" in document.text:
                _wait_for_go(number)
            if "BOOM" in document[part]:
                raise RuntimeError("a tensor of the wrong shape")
            corrections = tuple(_mistakes(document, part, options))
            found += corrections
            yield ProofreadStep(part, corrections, len(document.text))
        yield Proofreading(document.text, Document(document.text).apply(*(one.edit for one in found)).text, tuple(found), time.perf_counter() - began)

    def branch(self, document: Document, draft, hands=(), options: FillOptions = FillOptions()):
        """Any word can be typed but `quark`."""
        marks = []
        for number, pieces in enumerate(draft):
            laid = {piece: hand for hand in hands if hand.mark == number for piece in hand.pieces}
            marks.append([piece for at, old in enumerate(pieces) for piece in _laid(old, at, laid.get(at), number)])
        pins = tuple(tuple(None if piece.state == "open" else piece.tokens[0] for piece in pieces if piece.tokens) for pieces in marks)
        return Branching(tuple(() if all(token is None for token in tokens) else tokens for tokens in pins), tuple(map(tuple, marks)))

    def slots(self, document: Document, draft, mark: int, pieces, options: FillOptions = FillOptions()):
        text = "".join(draft[mark][piece].text for piece in pieces).strip()
        found = [text, *(word for word in SYNONYMS if word != text)]
        return Slot(mark, tuple(pieces), text, tuple(SlotChoice(word, (_id(word),), (0.5, 0.25, 0.125, 0.0625)[at], word == text) for at, word in enumerate(found) if word))

    def settle(self, document: Document, draft, chosen: Put, kept=(), options: FillOptions = FillOptions(), threshold: float = 0.3):
        """Opens the word after the chosen one."""
        after = max(chosen.pieces) + 1
        opened = (Open(chosen.mark, (after,)),) if after < len(draft[chosen.mark]) and after not in (kept[chosen.mark] if kept else ()) else ()
        found = self.branch(document, draft, (chosen, *opened), options)
        return Settling(found.pins, found.draft, tuple((after,) if opened and mark == chosen.mark else () for mark in range(len(draft))))

    def poem(self, options: PoemOptions):
        """Two haiku, whatever is asked; with a draft, the draft with one word or another in its mark. `seed` as in `fill`, an acrostic cannot be."""
        if options.acrostic:
            raise UnsatisfiableError("Line 2 must begin with 'z', but no word does. Change --acrostic.")
        poems = [_with_word(options.draft, word) for word in SYNONYMS[:2]] if options.draft else POEMS[:options.alternatives]
        pause_s, began = (options.seed - 1000) / 1000 if options.seed > 1000 else 0.02, time.perf_counter()
        total = 8
        for index in range(1, total + 1):
            time.sleep(pause_s)
            shown = [[_verse(line, index / total) for line in poem] for poem in poems]
            yield PoemStep(index, total, None, CHANGED, None, None, tuple(tuple(pieces for pieces, _ in poem) for poem in shown), time.perf_counter() - began,
                           tuple(tuple(badge for _, badge in poem) for poem in shown))
        for row, poem in enumerate(poems):
            done = [_verse(line, 1.0) for line in poem]
            yield PoemSuggestion("\n".join(poem), (), -1.0, total, time.perf_counter() - began, row, tuple(pieces for pieces, _ in done), (), tuple(poem),
                                 tuple(badge for _, badge in done), -1.0 - row)

    def other_words(self, options: PoemOptions, lines: tuple[str, ...], line: int, word: int):
        found = []
        for text in SYNONYMS:
            words = lines[line].split()
            words[word] = text
            changed = (*lines[:line], " ".join(words), *lines[line + 1:])
            found.append(WordChoice(text, changed, tuple(_verse(one, 1.0)[1] for one in changed), -1.0))
        return tuple(found)


def _wait_for_go(count: int):
    """Until the test has said "go" `count` times."""
    until = time.monotonic() + PATIENCE_S
    while GO.stat().st_size < count and time.monotonic() < until:
        time.sleep(0.01)


def _mistakes(document: Document, part: Span, options: ProofreadOptions):
    found = [(seen, *fix) for pattern, fix in FIXES.items() for seen in pattern.finditer(document.text, part.start, part.end)]
    for seen, after, certainty, reason in sorted(found, key=lambda one: one[0].span()):
        if certainty >= options.threshold and seen[0] not in options.dictionary and (seen[0], after) not in options.ignore:
            yield Correction(Edit(Span(*seen.span()), seen[0], after), certainty, reason)


def _with_word(draft: Document, word: str) -> tuple[str, ...]:
    span = draft.marks[0].span
    return tuple((draft.text[:span.start] + word + draft.text[span.end:]).split("\n"))


def _verse(line: str, share: float):
    words = line.split()
    count = int(len(words) * share)
    text = "".join(f"{' ' * (place > 0)}{word}" for place, word in enumerate(words[:count]))
    pieces = [*(Piece(" " * (place > 0) + word, "settled", 0.1 + place % 3 * 0.3, ()) for place, word in enumerate(words[:count])),
              *(Piece("", "open", 0.0, (MASK_ID,)) for _ in words[count:])]
    found, wanted = (sum(min(look_up(word).syllable_counts) for word in split_words(part)) for part in (text, line))
    is_open = count < len(words)
    is_met = None if is_open else True
    return tuple(pieces), Badge(found, wanted, wanted, found == wanted, "A", is_met, "x/" * (found // 2), "x/" * (wanted // 2), is_met, is_open)


def _plan(document: Document, mark: int, options: FillOptions, row: int) -> list[tuple[str, int]]:
    """Words with their ids; pinned ids stay."""
    length, rng = str(document.marks[mark].length), random.Random(f"{options.seed} {mark} {row}")
    pins = options.pins[mark] if options.pins else ()
    count = len(pins) or (4 if length == "auto" else int(length.rstrip("w")))
    ids = [pin if pin is not None else rng.randrange(len(WORDS)) for pin, _ in zip([*pins, *[None] * count], range(count))]
    return [(("" if place == 0 else " ") + _word(number), number) for place, number in enumerate(ids)]


def _id(word: str) -> int:
    """The number of a word; new ones get the next."""
    if word not in WORDS and word not in TYPED:
        TYPED.append(word)
    return WORDS.index(word) if word in WORDS else len(WORDS) + TYPED.index(word)


def _word(number: int) -> str:
    return WORDS[number] if number < len(WORDS) else TYPED[number - len(WORDS)]


def _laid(piece: Piece, at: int, hand, mark: int) -> list[Piece]:
    """A piece with a hand on it."""
    if hand is None or isinstance(hand, Keep):
        return [piece]
    if isinstance(hand, Open):
        return [Piece("", "open", 0.0, (MASK_ID,))]
    if "quark" in getattr(hand, "text", ""):
        raise OptionError(f"spans[{mark}]: A typed text is one that this model's tokens can write; 'quark' is not. Type it otherwise, or after Accept.")
    words = hand.text.split() if isinstance(hand, Type) else list(map(_word, hand.tokens))
    return [Piece(("" if at + place == 0 else " ") + word, "settled", 1.0, (_id(word),)) for place, word in enumerate(words if at == hand.pieces[0] else ())]


def _pieces(plan, index, total):
    settled = len(plan) * index // total
    return tuple(
        Piece(word, "new" if place == settled - 1 and index <= total else "settled", round(0.05 + 0.95 * (place * 37 % 11) / 10, 3), (number,))
        if place < settled else Piece("", "open", 0.0, (MASK_ID,))
        for place, (word, number) in enumerate(plan))
