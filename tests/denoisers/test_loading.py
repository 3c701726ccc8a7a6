"""From a name to a model: every kind of folder, and that nothing of a checkpoint is ever run."""

import json
import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
import tiny
import tiny_causal
import torch
from safetensors.torch import load_file

from dlm_editor import load
from dlm_editor.denoisers import hub
from dlm_editor.denoisers.loading import load_denoiser
from dlm_editor.errors import OptionError, ResourceError, UnknownModelError, UnsafeModelError
from dlm_editor.tasks import FillOptions, Suggestion
from dlm_editor.text import parse_marked


@pytest.fixture
def folder(tmp_path):
    """A copy of a tiny BERT that a test may spoil."""
    return Path(shutil.copytree(tiny.checkpoint("bert-uncased"), tmp_path / "model"))


def change(file: Path, **values):
    file.write_text(json.dumps({**json.loads(file.read_text()), **values}))


def pickled(folder: Path, content=None):
    """The weights as pytorch_model.bin instead."""
    weights = load_file(folder / "model.safetensors")
    (folder / "model.safetensors").unlink()
    torch.save(weights if content is None else content, folder / "pytorch_model.bin")


class Trap:
    """Unpickling it leaves a file behind."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


@pytest.mark.parametrize("kind", tiny.BUILDERS)
def test_every_kind_of_checkpoint_loads_and_fills(kind):
    editor = load(str(tiny.checkpoint(kind)), device="cpu")
    document = parse_marked("The cat [[sat]] on the mat.")
    *_, suggestion = editor.fill(document, FillOptions())
    assert isinstance(suggestion, Suggestion)
    assert suggestion.text.startswith("The cat ") and suggestion.text.endswith(" on the mat.")


def test_weights_in_an_old_pickle_of_tensors_load_alike(folder):
    before = load_denoiser(str(folder), "cpu")
    pickled(folder)
    after = load_denoiser(str(folder), "cpu")
    assert before.info.parameters == after.info.parameters
    weights = [denoiser._model.state_dict().values() for denoiser in (before, after)]
    assert all(torch.equal(one, other) for one, other in zip(*weights, strict=True))


def test_sharded_weights_load(folder):
    weights = load_file(folder / "model.safetensors")
    from transformers import BertForMaskedLM

    model = BertForMaskedLM.from_pretrained(folder)
    (folder / "model.safetensors").unlink()
    model.save_pretrained(folder, max_shard_size="20KB")
    assert (folder / "model.safetensors.index.json").exists()
    loaded = load_denoiser(str(folder), "cpu")._model.state_dict()
    assert all(torch.equal(loaded[key], value) for key, value in weights.items())


def test_a_pickle_that_runs_code_is_refused_and_does_not_run(folder, tmp_path):
    planted = tmp_path / "ran"
    pickled(folder, {"weight": torch.ones(1), "trap": Trap(planted)})
    with pytest.raises(UnsafeModelError, match="named tensors and nothing else"):
        load_denoiser(str(folder), "cpu")
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps(Trap(planted)))
    with pytest.raises(UnsafeModelError, match="named tensors and nothing else"):
        load_denoiser(str(folder), "cpu")
    assert not planted.exists()


@pytest.mark.parametrize("write", tiny_causal.WRITERS.values(), ids=tiny_causal.WRITERS)
def test_pickles_of_other_families_are_read_by_the_same_loader_and_refused_as_well(write, tmp_path):
    folder = write(tmp_path / "model")
    before = load_denoiser(str(folder), "cpu").info
    pickled(folder)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"_name_or_path": "some/diffugpt"}))  # a pickle is not opened to see what it holds
    assert load_denoiser(str(folder), "cpu").info.parameters == before.parameters
    pickled_trap = tmp_path / "ran"
    torch.save({"weight": torch.ones(1), "trap": Trap(pickled_trap)}, folder / "pytorch_model.bin")
    with pytest.raises(UnsafeModelError, match="named tensors and nothing else"):
        load_denoiser(str(folder), "cpu")
    assert not pickled_trap.exists()


def test_a_pickle_beside_safetensors_is_not_even_opened(folder, tmp_path):
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps(Trap(tmp_path / "ran")))
    load_denoiser(str(folder), "cpu")
    assert not (tmp_path / "ran").exists()


def test_a_pickle_of_other_objects_is_refused(folder):
    pickled(folder, [1, 2, 3])
    with pytest.raises(UnsafeModelError, match="holds other objects"):
        load_denoiser(str(folder), "cpu")


def plant_code(folder: Path, planted: Path):
    (folder / "modeling_evil.py").write_text(f"open({str(planted)!r}, 'w')\nclass Evil: pass\n")
    evil = "modeling_evil.Evil"
    names = {"AutoConfig": evil, "AutoModelForMaskedLM": evil, "AutoTokenizer": [evil, None]}
    change(folder / "config.json", auto_map=names)
    change(folder / "tokenizer_config.json", auto_map={"AutoTokenizer": ["modeling_evil.Evil", None]})


@pytest.mark.parametrize("has_fast_tokenizer", [True, False])
def test_code_beside_a_known_model_is_neither_run_nor_asked_about(folder, tmp_path, has_fast_tokenizer, monkeypatch):
    plant_code(folder, tmp_path / "ran")
    monkeypatch.setattr("builtins.input", lambda *_: pytest.fail("a question was asked"))
    if not has_fast_tokenizer:
        vocab = json.loads((folder / "tokenizer.json").read_text())["model"]["vocab"]
        (folder / "vocab.txt").write_text("\n".join(sorted(vocab, key=vocab.get)))
        (folder / "tokenizer.json").unlink()
        change(folder / "tokenizer_config.json", tokenizer_class="BertTokenizer")
    assert load_denoiser(str(folder), "cpu").info.family == "bert"
    assert not (tmp_path / "ran").exists()


def test_a_checkpoint_that_needs_its_own_code_is_refused_by_name(folder, tmp_path):
    plant_code(folder, tmp_path / "ran")
    change(folder / "config.json", model_type="evil")
    with pytest.raises(UnsafeModelError, match=r"'evil'\) loads only with its own code \(.*modeling_evil.Evil"):
        load_denoiser(str(folder), "cpu")
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("kind", ["gpt2", "bart", "nonesuch", None])
def test_other_types_of_model_are_refused_with_the_types_that_work(folder, kind):
    change(folder / "config.json", model_type=kind, architectures=None)
    with pytest.raises(UnknownModelError, match=f"is of type {kind!r}.*albert.*modernbert"):
        load_denoiser(str(folder), "cpu")


def test_a_tokenizer_that_names_no_mask_is_read_as_its_model_reads_it(folder):
    (folder / "tokenizer_config.json").write_text('{"do_lower_case": true}')
    (folder / "special_tokens_map.json").unlink(missing_ok=True)
    plain = load_denoiser(str(tiny.checkpoint("bert-uncased")), "cpu")
    assert load_denoiser(str(folder), "cpu").info.mask_id == plain.info.mask_id


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda f: [path.unlink() for path in f.iterdir()], "is empty"),
        (lambda f: (f / "config.json").unlink(), "must hold a config.json"),
        (lambda f: (f / "config.json").write_text("{"), "cannot be read"),
        (lambda f: (f / "config.json").write_text("[]"), "not an object"),
        (lambda f: change(f / "config.json", hidden_size="wide"), "must describe a BertForMaskedLM"),
        (lambda f: change(f / "config.json", hidden_size=64), "cannot be loaded"),
        (lambda f: change(f / "config.json", num_hidden_layers=3), "lacks 16"),
        (lambda f: (f / "model.safetensors").unlink(), "holds no weights"),
        (lambda f: (f / "model.safetensors").rename(f / "flax_model.msgpack"), "holds flax_model.msgpack"),
        (lambda f: (f / "model.safetensors").write_bytes(b"xx" * 99), "is damaged"),
        (lambda f: (f / "model.safetensors").rename(f / "pytorch_model.bin"), "holds other objects|is damaged"),
        (lambda f: (f / "tokenizer.json").unlink(), "must hold a tokenizer"),
        (lambda f: (f / "tokenizer.json").write_text("{}"), "must hold a tokenizer"),
    ],
)
def test_a_spoilt_folder_is_refused_with_what_is_wrong(folder, spoil, message):
    spoil(folder)
    with pytest.raises((UnknownModelError, UnsafeModelError), match=message):
        load_denoiser(str(folder), "cpu")


def test_an_index_cannot_point_outside_its_folder(folder):
    (folder / "model.safetensors").rename(folder.parent / "model.safetensors")
    (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": {"a": "../model.safetensors"}}))
    with pytest.raises(UnknownModelError, match="lie beside it"):
        load_denoiser(str(folder), "cpu")


def test_a_file_is_not_a_model(folder):
    with pytest.raises(UnknownModelError, match="is a file"):
        load_denoiser(str(folder / "config.json"))


@pytest.mark.parametrize(("name", "guess"), [("bundle", "bundled"), ("bert-base-uncased", "google-bert/bert-base-uncased"),
                                             ("ModernBert", "answerdotai/ModernBERT-base")])
def test_an_unknown_id_is_refused_with_the_closest_matches(name, guess):
    with pytest.raises(UnknownModelError, match=f"Did you mean.*{guess}"):
        load_denoiser(name)


@pytest.mark.parametrize("name", ["", "./nowhere", "/nowhere/at/all", "a/b/c", "https://x/y", "zzzzzz"])
def test_a_name_that_can_be_no_model_is_refused_without_a_network(name):
    with pytest.raises(UnknownModelError, match="no such folder or id"):
        load_denoiser(name)


def test_a_device_that_is_none_or_is_not_there_is_refused(folder):
    with pytest.raises(OptionError, match="auto, cpu, cuda, mps; got 'gpu'"):
        load_denoiser(str(folder), "gpu")
    if not torch.backends.mps.is_available():
        with pytest.raises(ResourceError, match="no mps"):
            load_denoiser(str(folder), "mps")


def test_a_model_larger_than_the_memory_is_refused_before_it_is_loaded(folder, monkeypatch):
    monkeypatch.setattr(psutil, "virtual_memory", lambda: type("Memory", (), {"available": 1e8}))
    monkeypatch.setattr("transformers.BertForMaskedLM.from_pretrained", lambda *_, **__: pytest.fail("it was loaded"))
    with pytest.raises(ResourceError, match=r"needs about 0.4\d GB .* 0.10 GB are free"):
        load_denoiser(str(folder), "cpu")


def test_no_network_of_transformers_is_imported_before_one_is_loaded():
    """It would take longer than the bundled model takes to answer."""
    code = ("import sys, dlm_editor.denoisers.loading; "
            "print([name for name in sys.modules if name.startswith('transformers.models.') and '.modeling_' in name and '.auto.' not in name])")
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True).stdout == "[]\n"


OFFLINE = """
import sys, time
from dlm_editor.denoisers.hub import fetch
from dlm_editor.errors import ResourceError
began = time.monotonic()
try:
    fetch("nobody/nothing")
except ResourceError as error:
    assert "cannot be reached" in str(error) and "`bundled`" in str(error), error
    assert time.monotonic() - began < 20
    print("refused")
"""


@pytest.mark.parametrize("environment", [{"HF_HUB_OFFLINE": "1"}, {"HF_HUB_OFFLINE": "0", "HF_ENDPOINT": "http://127.0.0.1:9"}])
def test_without_a_network_a_hub_model_is_refused_soon_and_with_a_way_out(environment, tmp_path):
    where = {**os.environ, **environment, "HF_HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", OFFLINE], env=where, capture_output=True, text=True, timeout=60)
    assert done.stdout == "refused\n", done.stderr


def test_hub_ids_are_owner_and_name():
    assert hub.HUB_ID.fullmatch("answerdotai/ModernBERT-base")
    assert not any(hub.HUB_ID.fullmatch(name) for name in ("../x", "a/../b", "bert", "a/b/c", "a b/c", "a/b\n"))
