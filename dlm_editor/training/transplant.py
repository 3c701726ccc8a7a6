"""A warm start: the body of a BERT-type model under a new vocabulary."""

from pathlib import Path

import torch
from tokenizers import Tokenizer
from transformers import AutoConfig, AutoModel, AutoModelForMaskedLM, AutoTokenizer, BertConfig, BertForMaskedLM, PreTrainedModel

from ..errors import UnknownModelError
from .network import describe
from .tokenizer import BOS, EOS, MASK, PAD, SPECIALS


def transplant(folder: str | Path, tokenizer: Tokenizer) -> PreTrainedModel:
    """The model in `folder` with `tokenizer`'s vocabulary.

    A masked-language model with a byte-level tokenizer, as ours is, keeps the rows of the tokens that both vocabularies hold. Any other
    BERT body (an uncased sentence encoder, say) is put under an embedding made wholly of means of its old pieces, with a fresh head.
    Raises UnknownModelError for what is no BERT body.
    """
    config = _config(folder)
    is_byte_level = any(token.startswith("Ġ") for token in AutoTokenizer.from_pretrained(folder).get_vocab())
    if is_byte_level and any(name.endswith("ForMaskedLM") for name in config.architectures or ()):
        return describe(_keep_rows(folder, tokenizer))
    return describe(_from_pieces(folder, tokenizer))


def _config(folder: str | Path):
    if not (Path(folder) / "config.json").is_file():
        raise UnknownModelError(f"--init names a folder with config.json and model.safetensors; {folder} has no config.json. Pass another folder or none.")
    config = AutoConfig.from_pretrained(folder)
    if config.model_type != "bert":
        raise UnknownModelError(f"--init takes a BERT body; {folder} holds {config.model_type}. Pass another folder or none.")
    return config


def _keep_rows(folder: str | Path, tokenizer: Tokenizer) -> PreTrainedModel:
    old, vocab = AutoTokenizer.from_pretrained(folder), tokenizer.get_vocab_size()
    model = AutoModelForMaskedLM.from_pretrained(folder, dtype=torch.float32)
    source, bias = model.get_input_embeddings().weight.detach().clone(), model.cls.predictions.bias.detach().clone()
    table = source.mean(0) + 0.1 * source.std(0) * torch.randn(vocab, source.shape[1], generator=torch.Generator().manual_seed(0))
    new_bias = torch.full((vocab,), float(bias.mean()))
    known, kept = old.get_vocab(), 0
    for token, i in tokenizer.get_vocab().items():
        if token in known:
            table[i], new_bias[i] = source[known[token]], bias[known[token]]
            kept += 1
        elif i >= len(SPECIALS) and (ids := old(tokenizer.decode([i]), add_special_tokens=False)["input_ids"]):
            table[i], new_bias[i] = source[ids].mean(0), bias[ids].mean() - 1  # the parts are commoner than the whole
    print(f"warm start: {kept:,} of {vocab:,} tokens keep their row")
    model.resize_token_embeddings(vocab, mean_resizing=False)
    with torch.no_grad():
        model.get_input_embeddings().weight.copy_(table)
        model.tie_weights()
        model.cls.predictions.bias.copy_(new_bias)
    return model


def _from_pieces(folder: str | Path, tokenizer: Tokenizer) -> PreTrainedModel:
    """A lower-case token without a leading space is looked up as a continuation (`##ing`) first. Where the old vocabulary is uncased,
    tokens that differ in case start alike, and a little noise tells them apart."""
    body, old = AutoModel.from_pretrained(folder, add_pooling_layer=False, dtype=torch.float32), AutoTokenizer.from_pretrained(folder)
    vocab, known = tokenizer.get_vocab_size(), old.get_vocab()
    model = BertForMaskedLM(BertConfig.from_pretrained(
        folder, vocab_size=vocab, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, tie_word_embeddings=True))
    source = body.get_input_embeddings().weight.detach()
    noise = 0.1 * source.std(0) * torch.randn(vocab, source.shape[1], generator=torch.Generator().manual_seed(0))
    table = source.mean(0) + noise  # what has no pieces stays here
    named = {PAD: old.pad_token_id, BOS: old.cls_token_id, EOS: old.sep_token_id, MASK: old.mask_token_id}
    texts = ["" if i < len(SPECIALS) else tokenizer.decode([i]) for i in range(vocab)]
    for i, (text, pieces) in enumerate(zip(texts, old(texts, add_special_tokens=False)["input_ids"])):
        continuation = known.get("##" + text) if text[:1].islower() else None
        ids = [named[i]] if i in named else [continuation] if continuation else pieces
        if ids and ids != [old.unk_token_id]:
            table[i] = source[ids].mean(0) + 0.2 * noise[i]
    state = {k: v for k, v in body.state_dict().items() if "word_embeddings" not in k and "pooler" not in k}
    missing, unexpected = model.bert.load_state_dict(state, strict=False)
    if unexpected or [m for m in missing if "word_embeddings" not in m]:
        raise UnknownModelError(f"--init must name a plain BERT body; in {folder} these differ: {[*missing, *unexpected][:4]}. Pass another folder.")
    with torch.no_grad():
        model.get_input_embeddings().weight.copy_(table)
    model.tie_weights()
    return model
