"""Training inside the blend: whose loss it is, on what, and what is refused."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from dlm_editor.canvas import FIXED, Canvas
from dlm_editor.denoisers.blend import Blend
from dlm_editor.denoisers.protocol import Prediction
from dlm_editor.errors import DocumentError, UnknownModelError
from dlm_editor.training import inside, shards
from dlm_editor.training.corruption import EMPTY, TOKEN, Mix, corrupt, select
from dlm_editor.training.inside import ALONE, Beside, blended_loss, divide, part_of, take_apart
from dlm_editor.training.network import Shape, build, go_on, logits_at
from dlm_editor.training.ngrams import classes, count, save_ngrams
from dlm_editor.training.stream import stream, windows
from dlm_editor.training.tables import build_tables
from dlm_editor.training.tokenizer import BOS, MASK, NULL


@pytest.fixture(scope="module")
def sources(data):
    return shards.read(data)[0]


@pytest.fixture(scope="module")
def tables(tokenizer):
    return build_tables(tokenizer)


@pytest.fixture(scope="module")
def counts(sources, tokenizer):
    """Weights of the network 1, so that classes and tokens are blended alike."""
    tokens = np.concatenate([tokens for tokens, _ in sources.values()]).astype(np.int64)
    found = count(tokens, np.arange(tokenizer.get_vocab_size()), {2: 2, 3: 2, 4: 2})
    weights = np.random.default_rng(0).uniform(0.05, 0.3, found.weights.shape).astype(np.float32)
    weights[..., 0] = 1
    return replace(found, weights=weights)


@pytest.fixture(scope="module")
def model(tokenizer):
    torch.manual_seed(0)
    return build(Shape(vocab=tokenizer.get_vocab_size(), width=32, layers=2, heads=2, inner=48, context=128)).eval()


class Network:
    """A denoiser whose log-probabilities are those of `model`."""

    def __init__(self, model):
        self.model, self.info = model, None
        self.vocabulary = type("Words", (), {"mask_id": MASK, "null_id": NULL})()

    def predict(self, canvas, positions, t, cache):
        with torch.no_grad():
            return Prediction("absorbing", torch.log_softmax(self.model(input_ids=canvas.token_ids).logits[positions], -1)), cache


def test_the_loss_is_that_of_the_blend_that_the_editor_uses(sources, tables, counts, model):
    """One open token in each row: the blend then knows both neighbours, and no run of open positions comes into play."""
    rng = torch.Generator().manual_seed(3)
    clean = windows(stream(sources, 48, "cpu"), 6, 48, rng)
    batch = corrupt(clean, tables, Mix(absorb=1, spans=0, substitution=0), rng, rate=0.0)
    places = torch.tensor([int((~tables.special[row]).nonzero()[8, 0]) for row in clean])
    ids, rows = clean.clone(), torch.arange(len(clean))
    ids[rows, places] = MASK
    kinds, weights = torch.zeros_like(batch.kinds), torch.zeros_like(batch.weights)
    kinds[rows, places], weights[rows, places] = TOKEN, 1.0
    batch = replace(batch, input_ids=ids, targets=clean, kinds=kinds, weights=weights)
    index = rows * 48 + places
    with torch.no_grad():
        loss = blended_loss(model, ids, index, clean.flatten()[index], *Beside(counts, tables).say(batch, index))
        alone = torch.nn.functional.cross_entropy(logits_at(model, ids, index), clean.flatten()[index])
    is_open = ids == MASK
    canvas = Canvas(ids, torch.ones_like(is_open), torch.where(is_open, 0, FIXED), torch.zeros_like(is_open))
    said, _ = Blend(Network(model), counts).predict(canvas, is_open, None, None)
    blended = -said.values[rows, clean.flatten()[index]].mean()
    assert torch.allclose(loss - ALONE * alone, blended, atol=2e-3) and abs(blended - alone) > 0.1


def test_empty_positions_keep_what_the_network_says_of_them(sources, tables, counts, model):
    rng = torch.Generator().manual_seed(1)
    batch = corrupt(windows(stream(sources, 64, "cpu"), 16, 64, rng), tables, Mix(absorb=0, spans=0, substitution=0), rng)
    index = select(batch, rng)
    index = index[batch.kinds.flatten()[index] == EMPTY]
    bias, scale, is_masked, _ = Beside(counts, tables).say(batch, index)
    with torch.no_grad():
        loss = blended_loss(model, batch.input_ids, index, batch.targets.flatten()[index], bias, scale, is_masked, torch.ones(len(index)))
        alone = torch.nn.functional.cross_entropy(logits_at(model, batch.input_ids, index), batch.targets.flatten()[index])
    assert len(index) > 5 and is_masked.all() and torch.allclose(loss, (1 + ALONE) * alone, atol=1e-4)


def test_a_document_is_either_read_or_counted(sources, tokenizer):
    read, counted = divide(sources, tokenizer, classes(tokenizer))
    assert sum(len(tokens) for tokens, _ in read.values()) + len(counted) == sum(len(tokens) for tokens, _ in sources.values())
    documents = [tuple(d) for tokens, _ in read.values() for d in np.split(tokens, np.flatnonzero(tokens == BOS)[1:])]
    others = {tuple(d) for d in np.split(counted, np.flatnonzero(counted == BOS)[1:])}
    assert len(documents) > 10 and len(others) > 30 and others.isdisjoint(documents)


def test_documents_that_differ_in_case_alone_are_on_the_same_side(tokenizer):
    kinds, ids = classes(tokenizer), np.arange(tokenizer.get_vocab_size())
    texts = [tokenizer.decode([token]) for token in ids]
    is_word = np.array([any(map(str.isalnum, text)) for text in texts])
    words, other = ids[is_word], {text: token for token, text in enumerate(texts)}
    swapped = np.array([other.get(text.swapcase(), token) for token, text in enumerate(texts)])
    rng, parts = np.random.default_rng(0), set()
    for _ in range(30):
        document = rng.choice(words, 60)
        assert (swapped[document] != document).any()
        assert part_of(document, kinds, is_word) == part_of(swapped[document], kinds, is_word)
        parts.add(part_of(document, kinds, is_word))
    assert parts == set(range(inside.PARTS))


def test_a_model_without_counts_or_of_another_vocabulary_is_refused(sources, tokenizer, counts, tmp_path):
    with pytest.raises(DocumentError, match="has no ngrams.safetensors. Run `ngrams`"):
        take_apart(sources, tmp_path, tokenizer)
    save_ngrams(counts, tmp_path)
    read, others = take_apart(sources, tmp_path, tokenizer)
    assert (others.weights == counts.weights).all() and (others.classes == counts.classes).all()
    assert len(others.rests[4]) < len(counts.rests[4]) and read.keys() <= sources.keys()
    with pytest.raises(UnknownModelError, match="--inside names an exported model"):
        go_on(str(tmp_path), tokenizer)
    build(Shape(vocab=300, width=32, layers=1, heads=2, inner=48)).save_pretrained(tmp_path)
    with pytest.raises(UnknownModelError, match="has 300. Pass the model that was made from DATA"):
        go_on(str(tmp_path), tokenizer)


def test_too_few_documents_are_refused(tokenizer):
    with pytest.raises(DocumentError, match=r"one document in 4 and counts the others; DATA has too few \(1\)"):
        divide({"one": (np.array([BOS, 50, 51], np.uint16), 1.0)}, tokenizer, classes(tokenizer))
