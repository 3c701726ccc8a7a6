"""Tiny checkpoints in the real format, and a denoiser that is a table; nothing is downloaded."""

import functools
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import (
    BertConfig,
    BertForMaskedLM,
    ModernBertConfig,
    ModernBertForMaskedLM,
    PreTrainedTokenizerFast,
    RobertaConfig,
    RobertaForMaskedLM,
    XLMRobertaConfig,
    XLMRobertaForMaskedLM,
)

from dlm_editor.canvas import Vocabulary, read_vocabulary
from dlm_editor.denoisers import Info, Prediction

torch.set_num_threads(1)  # tiny tensors: a second thread only waits

TEXT = ["The cat sat on the mat, and the dog said: “Hello!”", "An unbelievable story about a king's garden.", "She didn't know whether it was raining or not.",
        "def add(first, second):\n    return first + second\n", "We walked to the river; it was cold, dark and quiet.", "1 2 3 4 5 6 7 8 9 0 (see note) — 50 %", "A well-known 3.14, 14 and 15!"] * 20


def _tokenizer(model, trainer, special, **parts):
    tokenizer = Tokenizer(model)
    for name, part in parts.items():
        setattr(tokenizer, name, part)
    tokenizer.train_from_iterator(TEXT, trainer)
    ids = {token: tokenizer.token_to_id(token) for token in special.values()}
    begin, end = special.get("cls_token", special.get("bos_token")), special.get("sep_token", special.get("eos_token"))
    tokenizer.post_processor = processors.TemplateProcessing(single=f"{begin} $A {end}", special_tokens=[(begin, ids[begin]), (end, ids[end])])
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=128, **special)


def wordpiece(uncased: bool) -> PreTrainedTokenizerFast:
    special = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]", "mask_token": "[MASK]"}
    return _tokenizer(models.WordPiece(unk_token="[UNK]"), trainers.WordPieceTrainer(vocab_size=400, special_tokens=list(special.values()), show_progress=False),
                      special, normalizer=normalizers.BertNormalizer(lowercase=uncased), pre_tokenizer=pre_tokenizers.BertPreTokenizer(),
                      decoder=decoders.WordPiece())


def byte_level(special: dict[str, str], extra: tuple[str, ...] = ()) -> PreTrainedTokenizerFast:
    trainer = trainers.BpeTrainer(vocab_size=400, special_tokens=[*special.values(), *extra], initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
                                  show_progress=False)
    return _tokenizer(models.BPE(), trainer, special, pre_tokenizer=pre_tokenizers.ByteLevel(add_prefix_space=False), decoder=decoders.ByteLevel())


def _save(model, tokenizer, folder):
    torch.manual_seed(0)
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return Path(folder)


SMALL = dict(hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64)


def bert(folder, uncased=True) -> Path:
    tokenizer = wordpiece(uncased)
    return _save(BertForMaskedLM(BertConfig(vocab_size=len(tokenizer), max_position_embeddings=128, **SMALL)), tokenizer, folder)


def roberta(folder) -> Path:
    special = {"bos_token": "<s>", "pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>", "mask_token": "<mask>"}
    tokenizer = byte_level(special)
    return _save(RobertaForMaskedLM(RobertaConfig(vocab_size=len(tokenizer), max_position_embeddings=130, pad_token_id=1, **SMALL)), tokenizer, folder)


def modernbert(folder) -> Path:
    special = {"cls_token": "[CLS]", "sep_token": "[SEP]", "pad_token": "[PAD]", "mask_token": "[MASK]", "unk_token": "[UNK]"}
    tokenizer = byte_level(special)
    config = ModernBertConfig(vocab_size=len(tokenizer), max_position_embeddings=128, pad_token_id=2, cls_token_id=0, sep_token_id=1, bos_token_id=0,
                              eos_token_id=1, **SMALL)
    return _save(ModernBertForMaskedLM(config), tokenizer, folder)


def with_null(folder) -> Path:
    """A BERT with byte-level tokens and a null token, as the bundled model is."""
    special = {"pad_token": "<pad>", "bos_token": "<bos>", "eos_token": "<eos>", "mask_token": "<mask>"}
    tokenizer = byte_level(special, ("<null>",))
    config = BertConfig(vocab_size=len(tokenizer), max_position_embeddings=128, **SMALL)
    config.null_token_id, config.mask_token_id, config.frame = tokenizer.convert_tokens_to_ids("<null>"), tokenizer.mask_token_id, "document"
    return _save(BertForMaskedLM(config), tokenizer, folder)


def xlm_roberta(folder) -> Path:
    special = {"bos_token": "<s>", "pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>", "mask_token": "<mask>"}
    tokenizer = _tokenizer(models.Unigram(), trainers.UnigramTrainer(vocab_size=200, special_tokens=list(special.values()), unk_token="<unk>",
                                                                     show_progress=False),
                           special, pre_tokenizer=pre_tokenizers.Metaspace(), decoder=decoders.Metaspace())
    config = XLMRobertaConfig(vocab_size=len(tokenizer), max_position_embeddings=130, pad_token_id=1, **SMALL)
    return _save(XLMRobertaForMaskedLM(config), tokenizer, folder)


BUILDERS = {"xlm-roberta": xlm_roberta, "bert-uncased": bert, "bert-cased": functools.partial(bert, uncased=False), "roberta": roberta, "modernbert": modernbert, "with-null": with_null}


@functools.cache
def checkpoint(kind: str) -> Path:
    """A folder that holds the tiny checkpoint; built once a session."""
    return BUILDERS[kind](tempfile.mkdtemp(prefix=f"tiny-{kind}-"))


@functools.cache
def vocabulary(kind: str) -> Vocabulary:
    from transformers import AutoConfig, AutoTokenizer

    config = AutoConfig.from_pretrained(checkpoint(kind))
    return read_vocabulary(AutoTokenizer.from_pretrained(checkpoint(kind)), config, config.vocab_size)


@dataclass(frozen=True, eq=False)
class TableDenoiser:
    """log p(x_0 | x_t) is a random table of (position mod rows, vocab), drawn once: fast, and knows nothing."""

    vocabulary: Vocabulary
    table: torch.Tensor
    max_length: int = 128
    calls: list = None

    @classmethod
    def of(cls, vocabulary: Vocabulary, seed: int = 0, spread: float = 2.0, max_length: int = 128):
        logits = torch.from_numpy(np.random.default_rng(seed).normal(0, spread, (31, vocabulary.size)).astype(np.float32))
        banned = torch.from_numpy(vocabulary.forbidden.copy())
        if vocabulary.null_id is not None:
            banned[vocabulary.null_id] = False
        return cls(vocabulary, torch.log_softmax(logits.masked_fill(banned, -torch.inf), -1), max_length, [])

    @property
    def info(self):
        return Info("table", "table", self.table.numel(), self.max_length, mask_id=self.vocabulary.mask_id, has_native_length=self.vocabulary.null_id is not None)

    def start(self, canvas):
        return None

    def noise(self, canvas, rng):
        return canvas.renoise(torch.tensor(self.vocabulary.mask_id))

    def predict(self, canvas, positions, t, cache):
        self.calls.append(tuple(canvas.token_ids.shape))
        return Prediction("x0", self.table[positions.nonzero()[:, 1] % len(self.table)]), cache
