"""Facts about a vocabulary that the noise needs: where words, clauses, sentences and lines begin, and which tokens look alike."""

import re
from dataclasses import dataclass

import torch
from tokenizers import Tokenizer

WORD, CLAUSE, SENTENCE, LINE = range(4)  # where spans begin and end
NEAR = 8                                 # similar tokens stored for each


@dataclass(frozen=True)
class Tables:
    """All on the device of the batch."""

    special: torch.Tensor   # (vocab,) bool, <null> included
    ordinary: torch.Tensor  # (vocab - specials,) int64: all other ids
    begins: torch.Tensor    # (vocab,) bool: a word or a mark begins with it, wherever it stands
    ends: torch.Tensor      # (4, vocab) bool: a word, clause, sentence or line may begin after it
    near: torch.Tensor      # (vocab, NEAR) int64: similar spelling; random tokens where there is none
    mask: int
    null: int


def build_tables(tokenizer: Tokenizer, device: str = "cpu") -> Tables:
    """`tokenizer` has the special tokens of tokenizer.SPECIALS."""
    vocab = tokenizer.get_vocab_size()
    special = {i for i in range(vocab) if re.fullmatch(r"<\w+>", tokenizer.id_to_token(i) or "<unused>")}
    texts = ["" if i in special else tokenizer.decode([i], skip_special_tokens=False) for i in range(vocab)]
    contraction, closers = re.compile(r"['’][A-Za-z]+"), r"[”’\"')\]]*"

    def flags(test):
        return torch.tensor([test(t) for t in texts], device=device)

    def is_mark(character):
        return not (character.isalnum() or character == "\ufffd")  # \ufffd: part of a character

    ends = torch.stack([
        flags(lambda t: not t or is_mark(t[-1])),
        flags(lambda t: not t or t == "\n" or bool(re.search(rf"[,;:.!?…—–]{closers}$", t))),
        flags(lambda t: not t or t == "\n" or bool(re.search(rf"[.!?…]{closers}$", t))),
        flags(lambda t: not t or t == "\n")])
    begins = flags(lambda t: not t or is_mark(t[0]) and not contraction.fullmatch(t))
    is_special = torch.tensor([i in special for i in range(vocab)], device=device)
    return Tables(is_special, (~is_special).nonzero()[:, 0], begins, ends, _near(texts, special).to(device),
                  tokenizer.token_to_id("<mask>"), tokenizer.token_to_id("<null>"))


def _near(texts: list[str], special: set[int]) -> torch.Tensor:
    """Case, space and one-letter neighbours, found through shared deletions (as SymSpell does)."""
    keys = {}
    for i, text in enumerate(texts):
        word = text.strip().lower()
        if i not in special and word and "\ufffd" not in word:
            for key in {word, *(word[:j] + word[j + 1:] for j in range(len(word)) if len(word) > 2)}:
                keys.setdefault(key, []).append((i, word))
    neighbours = [[] for _ in texts]
    for group in keys.values():
        for i, word in group:
            neighbours[i] += [(other != word, j) for j, other in group if j != i and abs(len(other) - len(word)) < 2]
    rng = torch.Generator().manual_seed(0)
    ordinary = torch.tensor([i for i in range(len(texts)) if i not in special])
    table = ordinary[torch.randint(len(ordinary), (len(texts), NEAR), generator=rng)]
    for i, found in enumerate(neighbours):
        if found:
            nearest = [j for _, j in sorted(set(found))]  # the same word in another case or spacing first, then frequent tokens
            table[i] = torch.tensor((nearest * NEAR)[:NEAR])
    return table
