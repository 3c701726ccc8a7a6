"""Branching: from any step of any alternative, with the words that the user's hand kept, threw back or typed, to the tokens that the next fill starts from.

What the page and other programs need, as plain JSON. A *draft* is one alternative at one step, as step records and suggestions hold it: a list for each
mark of pieces `[text, certainty, state, token ids]`. A *word* is a run of neighbouring pieces of one mark, named by their numbers (`words_of` parts them).
Tokens to start from may also stand beside their span, as its `pins`: so a mark keeps them until it is filled again.

A *hand* is `{"mark": 0, "pieces": [3, 4], "do": "keep" | "open" | "type" | "put"}`: `type` with `"text"`, which may be several words, or empty, which takes
the word out; `put` with the `"tokens"` of a choice. On a piece that is open, `type` writes into the masks from there on.

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
from ..errors import InputError, OptionError, UnsatisfiableError
from ..sampling import Draft
from ..text import Document
from .branching_words import Typed, spell_typed
from .draft import pieces_of
from .fill import FillOptions
from .opening import gaps_of

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


@dataclass(frozen=True)
class Put:
    """These tokens take the place of these pieces, and stay: a choice of `slots`."""

    mark: int
    pieces: tuple[int, ...]
    tokens: tuple[int, ...]


Hand = Keep | Open | Type | Put


@dataclass(frozen=True)
class Branching:
    """Where a fill goes on: `FillOptions.pins`, and how the marks read then."""

    pins: Pins
    draft: tuple[Draft, ...]


def branch(denoiser: Denoiser, document: Document, draft: tuple[Draft, ...], hands: Sequence[Hand] = (), options: FillOptions = FillOptions()) -> Branching:
    """The tokens to go on from. Raises OptionError where the draft, a hand or the model do not go together, and UnsatisfiableError, which names the span,
    where what is kept and typed cannot become a fill that meets border, length and constraints."""
    marks = []
    for mark in marks_of(denoiser, document, draft, hands, options):
        own = sorted((hand for hand in hands if hand.mark == mark.gap.mark), key=lambda hand: -min(hand.pieces))
        for hand in own:  # from right to left: a text that is typed into masks takes none that others were typed into
            if isinstance(hand, Type | Put):
                mark = mark.typed(hand)
        opened = {piece for hand in own if isinstance(hand, Open) for piece in hand.pieces}
        marks.append((mark.opened(opened, with_empty=True) if opened else mark).checked())
    return Branching(tuple(mark.tokens for mark in marks), tuple(mark.drawn(denoiser.info.mask_id or 0) for mark in marks))


@dataclass(frozen=True, eq=False)
class MarkDraft:
    """One mark of a draft. The tuples have one entry for each token position."""

    gap: Gap
    vocabulary: Vocabulary
    tokens: tuple[int | None, ...]   # None: open
    certainty: tuple[float, ...]
    places: tuple[int, ...]          # the number of its piece, -1 where typed

    @classmethod
    def of(cls, gap: Gap, pieces: Draft, vocabulary: Vocabulary) -> "MarkDraft":
        found = [(None if piece.state == "open" else token, piece.certainty or 0.0, place) for place, piece in enumerate(pieces) for token in piece.tokens]
        kept = [entry for entry in found if entry[0] is None or entry[0] != vocabulary.null_id or gap.null_id is not None]
        return cls(gap, vocabulary, *(tuple(column) for column in zip(*kept))) if kept else cls(gap, vocabulary, (), (), ())

    def opened(self, pieces: set[int], with_empty: bool) -> "MarkDraft":
        """Without the tokens of these pieces. `with_empty`: and without empty positions; a mark of which nothing is left then begins anew."""
        tokens = tuple(None if place in pieces or with_empty and token == self.vocabulary.null_id else token for token, place in zip(self.tokens, self.places))
        if with_empty and all(token is None for token in tokens):
            return MarkDraft(self.gap, self.vocabulary, (), (), ())
        return MarkDraft(self.gap, self.vocabulary, tokens, self.certainty, self.places)

    def typed(self, hand: Type | Put) -> "MarkDraft":
        """With other tokens in the place of the pieces of the hand. Raises OptionError where the vocabulary cannot write its text."""
        held = [place for place, piece in enumerate(self.places) if piece in hand.pieces]
        at = [place for place in held if self.tokens[place] is None or self.tokens[place] != self.vocabulary.null_id] or held
        if not at:
            raise self._error(OptionError, f"A typed text takes the place of a word of the draft; pieces {list(hand.pieces)} hold no token. Take others.")
        around = tuple(None if token == self.vocabulary.null_id else token for token in self.tokens)  # empty positions are there to be written into
        low, high, tokens = (at[0], at[-1] + 1, hand.tokens) if isinstance(hand, Put) else self._spelled(Typed(self.gap, around, at[0], at[-1] + 1, hand.text))
        put = lambda values, new: (*values[:low], *new, *values[high:])
        return MarkDraft(self.gap, self.vocabulary, put(self.tokens, tokens), put(self.certainty, [1.0] * len(tokens)), put(self.places, [-1] * len(tokens)))

    def checked(self) -> "MarkDraft":
        """The same. Raises UnsatisfiableError where its open positions cannot be filled within border, length and constraints."""
        if self.tokens and not self.gap.admits(self.tokens):
            texts = [" … " if token is None else self.vocabulary.write([token]).decode("utf-8", "replace") for token in self.tokens]
            raise self._error(UnsatisfiableError, "What is kept, chosen and typed must meet the border, the length and the constraints of its mark; "
                              f"“{' '.join(''.join(texts).split())[:60]}” cannot. Throw back more words, or take others.")
        return self

    def drawn(self, mask: int) -> Draft:
        """The pieces as a step would draw them."""
        tokens, certainty = self.tokens or (None,), self.certainty or (0.0,)
        open_ = [token is None for token in tokens]
        return pieces_of([mask if token is None else token for token in tokens], open_, [False] * len(open_), list(certainty), self.gap, self.vocabulary)

    def _spelled(self, typed: Typed) -> tuple[int, int, tuple[int, ...]]:
        try:
            return spell_typed(typed, self.vocabulary)
        except OptionError as error:
            raise self._error(OptionError, str(error)) from None

    def _error(self, kind: type[InputError], said: str) -> InputError:
        return kind(f"spans[{self.gap.mark}]: {said}")


def marks_of(denoiser: Denoiser, document: Document, draft: tuple[Draft, ...], hands: Sequence[Hand], options: FillOptions) -> tuple[MarkDraft, ...]:
    """Every mark of a draft as it stands. Raises OptionError where draft, hands and model do not go together."""
    gaps = gaps_of(denoiser, document, options)
    _check(draft, hands, gaps, denoiser.vocabulary)
    marks = tuple(MarkDraft.of(gap, pieces, denoiser.vocabulary) for gap, pieces in zip(gaps, draft))
    if any(_text(mark.drawn(denoiser.info.mask_id or 0)) != _text(pieces) for mark, pieces in zip(marks, draft)):
        raise OptionError("A draft goes on with the model that made it; with this one its tokens read otherwise. Begin anew, or take the other model.")
    return marks


def _text(draft: Draft) -> str:
    return "".join(piece.text for piece in draft if piece.state != "open").casefold().strip()


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
        if isinstance(hand, Put) and not all(0 <= token < vocabulary.size for token in hand.tokens):
            raise OptionError(f"Tokens are ids from 0 to {vocabulary.size - 1}; got {list(hand.tokens)[:8]}. Take those of a choice.")
        if places & taken:
            raise OptionError(f"A piece takes one hand; mark {hand.mark} has two on {list(hand.pieces)}. Leave one out.")
        taken |= places
