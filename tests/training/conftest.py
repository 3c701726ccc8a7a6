import json
import random

import pytest
import torch
from tokenizers import Tokenizer

from dlm_editor.training.options import PrepareOptions
from dlm_editor.training.prepare import prepare

WHO = ["the old man", "a child", "my sister", "Mr. Hall", "the cat"]
WHAT = ["walked to the river", "sang a slow song", "didn’t answer", "saw 12 boats, then 305 more", "said “no,” and left", "ate"]


def write_corpus(folder):
    rng = random.Random(0)

    def line():
        return f"{rng.choice(WHO)} {rng.choice(WHAT)}{rng.choice(['.', ' again.', ', and it rained!', '?'])}"

    for name, size in (("blogs", 150), ("poetry", 80)):
        joint = " " if name == "blogs" else "\n"
        texts = ["\n\n".join(joint.join(line().capitalize() for _ in range(rng.randint(1, 5))) for _ in range(rng.randint(1, 4))) for _ in range(size)]
        (folder / f"{name}.txt").write_text("\n\n\n".join(texts), encoding="utf-8")
    (folder / "MANIFEST.tsv").write_text("source\trepo\tlicence\tbytes\tdocuments\tgenre\nblogs\tsomeone/notes\tCC BY 4.0\t1000\t150\tmodern\n"
                                         "poetry\tanother/verse\tUS-PD\t1000\t80\tpoetry\n")


@pytest.fixture(scope="session")
def corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("corpus")
    write_corpus(folder)
    return folder


@pytest.fixture(scope="session")
def data(corpus, tmp_path_factory):
    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("data")
    prepare(PrepareOptions(str(corpus), str(folder), vocab=360, shard_mib=1 / 64, held_out=0.1, tokenizer_mib=1, context=256, lower_share=0.3))
    return folder


@pytest.fixture(scope="session")
def tokenizer(data):
    return Tokenizer.from_file(str(data / "tokenizer.json"))


SHAPE = json.dumps({"width": 32, "layers": 2, "heads": 2, "inner": 48, "context": 256})


@pytest.fixture(scope="session")
def shape():
    """Of a network that trains in a moment."""
    return SHAPE


@pytest.fixture(scope="session")
def flags():
    """Options of a run of 40 steps."""
    return ("--windows", "64,32", "--batch-tokens", "512", "--threads", "1", "--warmup-steps", "5", "--log-every", "1", "--lr", "2e-2",
            "--eval-every", "1000", "--save-minutes", "0.002", "--steps", "40", "--shape", SHAPE)
