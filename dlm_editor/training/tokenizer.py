"""The tokenizer of the bundled model: byte-level BPE, cased, NFC, one token a digit, words with their leading space."""

import json
import random
from collections.abc import Iterator
from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

from ..errors import OptionError
from .corpus import documents, straighten, weight

PAD, BOS, EOS, MASK, NULL, GAP = range(6)
SPECIALS = ("<pad>", "<bos>", "<eos>", "<mask>", "<null>", "<gap>", *(f"<reserved_{i}>" for i in range(10)))

PIECES = r"\n|['’](?:[sdmtSDMT]|ll|ve|re|LL|VE|RE)(?![\p{L}\p{M}])| ?\p{N}| ?[\p{L}\p{M}]+| ?[^\s\p{L}\p{M}\p{N}]+|[^\S\n]+(?!\S)|[^\S\n]+"
"""A newline, a contraction (both apostrophes), a digit, a word with its leading space, a run of marks, spaces.

The newline never merges, so lines of verse stay visible, and a text may be cut after any newline without changing its tokens.
"""


def train_tokenizer(files: dict[str, Path], vocab: int, sample_mib: float) -> Tokenizer:
    """A tokenizer of exactly `vocab` tokens; the sample takes paragraphs by source weight, half of them with straight quotes."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(PIECES), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(_sample(files, sample_mib), trainers.BpeTrainer(
        vocab_size=vocab, special_tokens=list(SPECIALS), initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        max_token_length=24, show_progress=False))
    if tokenizer.get_vocab_size() != vocab:
        raise OptionError(f"The corpus must hold enough text for --vocab; {vocab} asked, {tokenizer.get_vocab_size()} found. Lower --vocab.")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<bos> $A <eos>", pair="<bos> $A <eos> <bos> $B <eos>", special_tokens=[("<bos>", BOS), ("<eos>", EOS)])
    return tokenizer


def _sample(files: dict[str, Path], sample_mib: float) -> Iterator[str]:
    sizes = {name: path.stat().st_size * weight(name) for name, path in files.items()}
    rng = random.Random(0)
    for name, path in files.items():
        budget = sample_mib * 2**20 * sizes[name] / sum(sizes.values())
        paragraphs = [p for d in documents(path) for p in d.split("\n\n")]
        rng.shuffle(paragraphs)
        for paragraph in paragraphs:
            if budget <= 0:
                break
            budget -= len(paragraph.encode())
            yield straighten(paragraph) if rng.random() < 0.5 else paragraph


def save_tokenizer(tokenizer: Tokenizer, out: Path, context: int) -> None:
    """tokenizer.json and tokenizer_config.json, as AutoTokenizer reads them; `context` is the longest input in tokens."""
    tokenizer.save(str(out / "tokenizer.json"))
    config = {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": context, "clean_up_tokenization_spaces": False,
              "pad_token": "<pad>", "bos_token": "<bos>", "eos_token": "<eos>", "cls_token": "<bos>", "sep_token": "<eos>",
              "mask_token": "<mask>", "model_input_names": ["input_ids", "attention_mask"]}
    (out / "tokenizer_config.json").write_text(json.dumps(config, indent=1))
