"""Branching: from any step of any alternative, with the words that the user's hand kept, threw back or typed, to the tokens that the next fill starts from.

What the page and other programs need, as plain JSON. A *draft* is one alternative at one step, as step records and suggestions hold it: a list for each
mark of pieces `[text, certainty, state, token ids]`. A *word* is a run of neighbouring pieces of one mark, named by their numbers (`words_of` parts them).
A *hand* is `{"mark": 0, "pieces": [3, 4], "do": "keep" | "open" | "type", "text": "lake"}`; `text` goes with `type` only, and may be several words, or
empty, which takes the word out. On a piece that is open, `type` writes into the masks from there on.

    branch   fields of a fill + {"draft", "hands"}
             → {"pins": [[id | null, …], …], "draft"}             pins go into the next fill; draft is how it will begin, to be shown
    slots    fields + {"draft", "mark", "pieces"}
             → {"mark", "pieces": [first, …], "text", "choices": [{"text", "tokens", "certainty", "is_current"}, …]}    best first
    settle   fields + {"draft", "mark", "pieces", "tokens": of a choice, "kept": [[piece, …] of each mark], "threshold": 0.3}
             → {"pins", "draft", "reopened": [[piece, …] of each mark]}, then the steps and the result of the fill that goes on from them
    compare  fields + {"lanes": [{"label", "model", "sampler", "steps", "bound", …}, …], "judge": model id}
             → step records with {"lane": number}, and for each lane its result with {"lane", "label", "model", "judge", "score"} or {"lane", "error"}
    lengths  in the first step record of each canvas and in the record of a fill: for each mark null, or
             {"by": "probability" | "score", "tried": [[tokens, share], …], "taken": tokens}; shares sum up to 1. A fill with the length `taken` changed:
             the mark's "length": "7"; where words are counted, its length stays and it gets "tokens": "7" beside it.

What is settled in a draft stays in the next fill, unless it was thrown back; so a word is kept by not touching it, and `keep` says only that `settle` may
not touch it either. A word thrown back becomes as many masks as it had tokens. How long a mark is that goes on:
- As long as its draft, where the model keeps lengths.
- With a word thrown back, its empty positions are open again too, so that a model with such positions may write more or less.
- A model that expands and deletes masks goes on doing so.
- A mark of which nothing is kept begins anew, its length with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ..canvas import Gap, Vocabulary
from ..denoisers import Denoiser
from ..errors import OptionError, UnsatisfiableError
from ..sampling import Draft
from ..text import Document
from .branching_words import Typed, spell_typed
from .draft import pieces_of
from .fill import FillOptions, gaps_of

Pins = tuple[tuple[int | None, ...], ...]


@dataclass(frozen=True)
class Keep:
    """These pieces of a mark stay, whatever is settled anew around them."""

    mark: int
    pieces: tuple[int, ...]


@dataclass(frozen=True)
class Open:
    """These pieces are thrown back: they become masks."""

    mark: int
    pieces: tuple[int, ...]


@dataclass(frozen=True)
class Type:
    """Typed text takes the place of these pieces, and stays."""

    mark: int
    pieces: tuple[int, ...]
    text: str


Hand = Keep | Open | Type


@dataclass(frozen=True)
class Branching:
    """Where a fill goes on: `FillOptions.pins`, and how the marks read then."""

    pins: Pins
    draft: tuple[Draft, ...]


def branch(denoiser: Denoiser, document: Document, draft: tuple[Draft, ...], hands: Sequence[Hand] = (), options: FillOptions = FillOptions()) -> Branching:
    """The tokens to go on from. Raises OptionError where the draft, a hand or the model do not go together, and UnsatisfiableError, which names the span,
    where what is kept and typed cannot become a fill that meets border, length and constraints."""
    gaps, vocabulary = gaps_of(denoiser, document, options), denoiser.vocabulary
    _check(draft, hands, gaps, vocabulary)
    marks = []
    for gap, pieces in zip(gaps, draft):
        own = tuple(hand for hand in hands if hand.mark == gap.mark)
        try:
            marks.append(_Mark.of(gap, pieces, vocabulary).after(own))
        except (OptionError, UnsatisfiableError) as error:
            raise type(error)(f"spans[{gap.mark}]: {error}") from None
    mask = denoiser.info.mask_id or 0
    return Branching(tuple(mark.pins for mark in marks), tuple(mark.drawn(mask) for mark in marks))


@dataclass(frozen=True, eq=False)
class _Mark:
    """One mark of a draft. The tuples have one entry for each token position."""

    gap: Gap
    vocabulary: Vocabulary
    tokens: tuple[int | None, ...]   # None: open
    certainty: tuple[float, ...]
    places: tuple[int, ...]          # the number of its piece, -1 where typed

    @classmethod
    def of(cls, gap: Gap, pieces: Draft, vocabulary: Vocabulary) -> "_Mark":
        found = [(None if piece.state == "open" else token, piece.certainty or 0.0, place) for place, piece in enumerate(pieces) for token in piece.tokens]
        kept = [entry for entry in found if entry[0] is None or entry[0] != vocabulary.null_id or gap.null_id is not None]
        return cls(gap, vocabulary, *(tuple(column) for column in zip(*kept))) if kept else cls(gap, vocabulary, (), (), ())

    def after(self, hands: tuple[Hand, ...]) -> "_Mark":
        """The mark with all hands laid on."""
        opened = {piece for hand in hands if isinstance(hand, Open) for piece in hand.pieces}
        mark = self._opened(opened)
        for hand in hands:
            if isinstance(hand, Type):
                mark = mark._typed(hand)
        if opened and all(token is None for token in mark.tokens):
            return _Mark(self.gap, self.vocabulary, (), (), ())
        if mark.tokens and not mark.gap.admits(mark.tokens):
            raise UnsatisfiableError(f"What is kept and typed must meet the border, the length and the constraints of its mark; {mark._shown()} "
                                     "cannot. Throw back more words, or type others.")
        return mark

    @property
    def pins(self) -> tuple[int | None, ...]:
        return self.tokens

    def drawn(self, mask: int) -> Draft:
        """The pieces as a step would draw them."""
        if not self.tokens:
            return pieces_of([mask], [True], [False], [0.0], self.gap, self.vocabulary)
        open_ = [token is None for token in self.tokens]
        return pieces_of([mask if token is None else token for token in self.tokens], open_, [False] * len(open_), list(self.certainty), self.gap, self.vocabulary)

    def _opened(self, pieces: set[int]) -> "_Mark":
        """Without the tokens of these pieces; then nothing is said of the length either."""
        if not pieces:
            return self
        tokens = tuple(None if place in pieces or token == self.vocabulary.null_id else token for token, place in zip(self.tokens, self.places))
        return _Mark(self.gap, self.vocabulary, tokens, self.certainty, self.places)

    def _typed(self, hand: Type) -> "_Mark":
        at = [place for place, piece in enumerate(self.places) if piece in hand.pieces]
        if not at:
            raise OptionError(f"A typed text takes the place of a word of the draft; pieces {list(hand.pieces)} hold no token. Take others.")
        low, high, tokens = spell_typed(Typed(self.gap, self.tokens, at[0], at[-1] + 1, hand.text), self.vocabulary)
        put = lambda values, new: (*values[:low], *new, *values[high:])
        return _Mark(self.gap, self.vocabulary, put(self.tokens, tokens), put(self.certainty, [1.0] * len(tokens)), put(self.places, [-1] * len(tokens)))

    def _shown(self) -> str:
        """The words as they stand, for a message."""
        texts = [self.vocabulary.write([token]).decode("utf-8", "replace") if token is not None else " … " for token in self.tokens]
        return f"“{' '.join(''.join(texts).split())[:60]}”"


def _check(draft: tuple[Draft, ...], hands: Sequence[Hand], gaps: tuple[Gap, ...], vocabulary: Vocabulary):
    if len(draft) != len(gaps):
        raise OptionError(f"A draft has one list of pieces for each of the {len(gaps)} marks; got {len(draft)}. Take one of this document's fill.")
    known = all(0 <= token < vocabulary.size for pieces in draft for piece in pieces if piece.state != "open" for token in piece.tokens)
    if not known or any(piece.text and not piece.tokens and piece.text.strip() for pieces in draft for piece in pieces):
        raise OptionError("A draft goes on with the model that made it; this one holds tokens that the model does not have. Begin anew, or take the other model.")
    taken: set[tuple[int, int]] = set()
    for hand in hands:
        places = {(hand.mark, piece) for piece in hand.pieces}
        if not 0 <= hand.mark < len(draft) or not places or any(not 0 <= piece < len(draft[hand.mark]) for piece in hand.pieces):
            raise OptionError(f"A hand lies on pieces of a mark; got pieces {list(hand.pieces)} of mark {hand.mark}, both from 0. Take those of the draft.")
        if places & taken:
            raise OptionError(f"A piece takes one hand; mark {hand.mark} has two on {list(hand.pieces)}. Leave one out.")
        taken |= places
