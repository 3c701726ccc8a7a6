import json

import pytest
import torch
from transformers import AutoModelForMaskedLM, AutoTokenizer

from dlm_editor.benchmarks.texts import TEXT
from dlm_editor.denoisers.masked_lm import MaskedLMDenoiser
from dlm_editor.tasks import Editor
from dlm_editor.training.corpus import corpus_files
from dlm_editor.training.network import Shape, build
from dlm_editor.training.tokenizer import save_tokenizer, train_tokenizer


@pytest.fixture(scope="session")
def corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bench-corpus")
    (folder / "own.txt").write_text(TEXT, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def model_folder(corpus, tmp_path_factory):
    """A network that knows nothing, with a real tokenizer."""
    folder = tmp_path_factory.mktemp("bench-model")
    torch.manual_seed(0)
    build(Shape(vocab=700, width=32, layers=1, heads=2, inner=48, context=384)).save_pretrained(folder)
    save_tokenizer(train_tokenizer(corpus_files(corpus), 700, 1), folder, 384)
    return folder


@pytest.fixture(scope="session")
def editor(model_folder):
    torch.set_num_threads(1)
    return Editor(MaskedLMDenoiser(AutoModelForMaskedLM.from_pretrained(model_folder), AutoTokenizer.from_pretrained(model_folder), "tiny"))


@pytest.fixture(scope="session")
def data(tmp_path_factory):
    """Test sets of every kind, two items each."""
    folder = tmp_path_factory.mktemp("bench-data")
    (folder / "infill").mkdir()
    gaps = [("The library on Mill Street opens at ", "nine", ", but on most mornings somebody is waiting."),
            ("She knows who is allowed to stay ", "until", " their mother finishes work.")]
    three = [("Fold it over itself ", "four times, let", " it rest for half an hour."), ("A small engine is ", "easier to understand", " with the cover off.")]
    story = {"text_before": "She held the tin on her knees. ", "text_after": ""}
    sets = {"own_dev_word": gaps, "own_dev_word3": three, "own_dev_clause": three, "own_dev_sentence": gaps, "own_last_dev": [("I put it back where I had found", "it", "")] * 2}
    for name, items in sets.items():
        lines = [{"id": f"{name}-{n}", "text_before": b, "answer": a, "text_after": c} for n, (b, a, c) in enumerate(items)]
        (folder / f"infill/{name}.jsonl").write_text("\n".join(map(json.dumps, lines)))
    lines = [{"id": f"cloze-{n}", **story, "choices": ["She read the letter.", "The engine would not start at all."], "correct": n} for n in (0, 1)]
    (folder / "infill/own_dev_storycloze.jsonl").write_text("\n".join(map(json.dumps, lines)))
    return folder
