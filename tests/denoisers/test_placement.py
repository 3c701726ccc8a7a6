"""Where a model is put and in which numbers, and how far loading is."""

import argparse
import importlib.util
import io
import sys
import time

import psutil
import pytest
import tiny
import tiny_causal
import torch
from safetensors.torch import save_file

from dlm_editor.canvas import Canvas
from dlm_editor.cli.loading import LoadBar, add_model
from dlm_editor.denoisers import memory, quantising
from dlm_editor.denoisers.loading import load_denoiser
from dlm_editor.denoisers.memory import must_spread
from dlm_editor.denoisers.network import spread
from dlm_editor.denoisers.placement import choose_precision
from dlm_editor.errors import OptionError, ResourceError


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tiny_causal.tiny_llada(tmp_path_factory.mktemp("models") / "llada", hidden_size=64, num_attention_heads=4, intermediate_size=256, num_hidden_layers=3)


def table(denoiser):
    token_ids = torch.randint(0, min(300, denoiser.vocabulary.size), (2, 24), generator=torch.Generator().manual_seed(0))
    valid = torch.arange(24) < torch.tensor([[24], [15]])
    canvas = Canvas(token_ids, valid, torch.where(valid, 0, -1), torch.zeros_like(valid))
    return denoiser.predict(canvas, valid, 1.0, None)[0].values


def test_precision_is_the_users_or_that_of_the_device():
    assert choose_precision("auto", "cpu") == choose_precision("auto", "mps") == "float32"
    assert choose_precision("auto", "cuda") == "bfloat16"
    assert choose_precision("bf16", "cpu") == "bfloat16"
    with pytest.raises(OptionError, match="float32, bfloat16, int8, int4; got 'half'"):
        choose_precision("half", "cpu")
    with pytest.raises(OptionError, match="int4 weights need an NVIDIA GPU.*int8"):
        choose_precision("int4", "cpu")


def test_bfloat16_halves_the_weights_and_says_nearly_the_same(folder):
    full, half = (load_denoiser(str(folder), "cpu", precision) for precision in ("float32", "bfloat16"))
    assert {parameter.dtype for parameter in half._body.parameters()} == {torch.bfloat16} and half.info.precision == "bfloat16"
    assert table(half).dtype == torch.float32
    ours, theirs = table(half), table(full)
    finite = theirs.isfinite()
    assert 0 < (ours - theirs)[finite].abs().mean() < 0.1 * theirs[finite].std()
    assert (ours.argmax(1) == theirs.argmax(1)).float().mean() > 0.9


def test_without_its_package_a_precision_is_refused_by_name_before_loading(folder, monkeypatch):
    monkeypatch.setattr(quantising, "find_spec", lambda _: None)
    monkeypatch.setattr("transformers.LlamaForCausalLM.from_pretrained", lambda *_, **__: pytest.fail("it was loaded"))
    with pytest.raises(ResourceError, match="the package torchao; it is not installed. `pip install torchao`"):
        load_denoiser(str(folder), "cpu", "int8")


@pytest.mark.skipif(importlib.util.find_spec("torchao") is None, reason="torchao is optional")
def test_int8_weights_say_nearly_the_same(folder):
    full, small = (load_denoiser(str(folder), "cpu", precision) for precision in ("float32", "int8"))
    assert "Int8" in type(small._body.layers[0].mlp.up_proj.weight).__name__ and type(small._head.weight) is torch.nn.Parameter
    ours, theirs = table(small), table(full)
    assert (ours.argmax(1) == theirs.argmax(1)).float().mean() > 0.8


def test_a_family_whose_weights_cannot_be_quantised_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(quantising, "find_spec", lambda _: object())
    with pytest.raises(OptionError, match="linear layers; .* is of diffugpt. Use --precision bfloat16"):
        load_denoiser(str(tiny_causal.tiny_diffugpt(tmp_path / "model")), "cpu", "int8")


@pytest.mark.skipif(importlib.util.find_spec("accelerate") is None, reason="accelerate is optional")
def test_a_network_whose_layers_come_from_elsewhere_predicts_the_same(folder):
    import accelerate

    plain, moved = (load_denoiser(str(folder), "cpu") for _ in range(2))
    accelerate.cpu_offload(moved._parts[0], execution_device=torch.device("cpu"))
    assert moved._body.layers[1].mlp.up_proj.weight.device.type == "meta"
    assert torch.equal(table(plain), table(moved))
    whole = spread(load_denoiser(str(folder), "cpu")._parts[0], "cpu", {"cpu": 10**9})
    assert set(whole.hf_device_map.values()) == {"cpu"}


def test_a_model_that_the_gpu_alone_cannot_hold_is_spread_where_memory_suffices(monkeypatch):
    free = {"cuda": 10.0, "cpu": 20.0}
    monkeypatch.setattr(memory, "free_gb", lambda device: free[device])
    monkeypatch.setattr(memory, "find_spec", lambda _: object())
    assert not must_spread(9.0, "m", "cuda", can_spread=True)
    assert must_spread(16.0, "m", "cuda", can_spread=True)
    with pytest.raises(ResourceError, match="needs about 16.00 GB of memory on cuda; 10.00 GB are free"):
        must_spread(16.0, "m", "cuda", can_spread=False)
    with pytest.raises(ResourceError, match="needs about 30.00 GB"):
        must_spread(30.0, "m", "cuda", can_spread=True)
    with pytest.raises(ResourceError, match="on cpu"):
        must_spread(21.0, "m", "cpu", can_spread=True)
    monkeypatch.setattr(memory, "find_spec", lambda _: None)
    with pytest.raises(ResourceError, match="pip install accelerate"):
        must_spread(16.0, "m", "cuda", can_spread=True)


@pytest.mark.parametrize(("precision", "fits"), [("float32", False), ("bfloat16", True)])
def test_the_memory_needed_is_judged_by_precision(tmp_path, precision, fits, monkeypatch):
    folder = tiny_causal.tiny_llada(tmp_path / "model")
    weights = tiny_causal.weights_of(folder)
    save_file(weights | {"ballast": torch.zeros(20_000_000, dtype=torch.int8)}, folder / "model.safetensors")  # 80 MB in float32, 40 in bfloat16
    monkeypatch.setattr(psutil, "virtual_memory", lambda: type("Memory", (), {"available": 4.8e8}))
    with pytest.raises(Exception, match="1 more, first .*ballast" if fits else "needs about 0.5"):
        load_denoiser(str(folder), "cpu", precision)


@pytest.mark.parametrize("pickled", [False, True])
def test_loading_is_told_from_nothing_to_all(folder, pickled, tmp_path):
    told = []
    source = tiny_causal.tiny_llada(tmp_path / "model")
    if pickled:
        torch.save(tiny_causal.weights_of(source), source / "pytorch_model.bin")
        (source / "model.safetensors").unlink()
    load_denoiser(str(source), "cpu", tell=lambda *what: told.append(what))
    stages, done, total = {stage for stage, _, _ in told}, [count for _, count, _ in told], {count for _, _, count in told}
    assert stages == {"Loading the weights…"} and len(total) == 1
    assert done == sorted(done) and done[-1] == total.pop() == len(tiny_causal.weights_of(source) if not pickled else torch.load(source / "pytorch_model.bin"))


def test_the_bar_of_the_command_line_is_silent_away_from_a_terminal_and_drawn_on_one(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    for stream in (io.StringIO(), Terminal()):
        monkeypatch.setattr(sys, "stderr", stream)
        monkeypatch.setattr("dlm_editor.cli.loading.DELAY_S", 0)
        with LoadBar() as bar:
            for stage, total in (("Downloading the model…", 1e9), ("Loading the weights…", 4)):
                bar.tell(stage, 0, total)
                time.sleep(0.15)  # it is drawn ten times a second at most
                bar.tell(stage, int(total / 2), int(total))
        drawn = stream.getvalue()
        assert bool(drawn) == stream.isatty()
        if drawn:
            assert "Downloading the model…" in drawn and "500M/1.00G" in drawn and "Loading the weights…" in drawn and "2/4" in drawn


def test_the_options_of_a_model_are_read():
    parser = argparse.ArgumentParser()
    add_model(parser)
    given = parser.parse_args(["--precision", "int8"])
    assert (given.model, given.device, given.precision) == ("bundled", "auto", "int8")


def test_a_masked_language_model_takes_a_precision_too():
    denoiser = load_denoiser(str(tiny.checkpoint("bert-uncased")), "cpu", "bfloat16")
    assert denoiser.info.precision == "bfloat16"
    assert table(denoiser).isfinite().any()
