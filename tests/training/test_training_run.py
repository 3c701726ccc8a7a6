"""The whole path in tiny sizes: prepared, trained, killed, continued, exported, loaded."""

import errno
import json
import os
import signal
import subprocess
import sys
import time

import pytest
import torch
from transformers import AutoConfig, AutoModelForMaskedLM, AutoTokenizer, BertConfig, BertForMaskedLM, BertModel, BertTokenizerFast

from dlm_editor.denoisers.loading import load_denoiser
from dlm_editor.errors import DocumentError, ResourceError, UnknownModelError
from dlm_editor.training import checkpoint, loop
from dlm_editor.training.__main__ import main
from dlm_editor.training.network import logits_at
from dlm_editor.training.options import TrainOptions
from dlm_editor.training.tokenizer import MASK, NULL, PAD, SPECIALS
from dlm_editor.training.transplant import transplant

TIMES = ("minutes", "device")


@pytest.fixture(scope="module")
def whole(data, flags, tmp_path_factory):
    """A run that nothing interrupted."""
    run = tmp_path_factory.mktemp("whole") / "run"
    assert main(["train", str(data), str(run), *flags]) == 0
    return run


@pytest.fixture(scope="module")
def exported(data, whole):
    assert main(["export", str(data), str(whole), str(whole.parent / "model"), "--origin", "Trained from scratch for a test."]) == 0
    return whole.parent / "model"


def records(run):
    return [{k: v for k, v in json.loads(line).items() if k not in TIMES} for line in (run / "log.jsonl").read_text().splitlines()]


def assert_it_goes_on(data, flags, whole, run):
    """Continued, an interrupted run ends as the one that nothing interrupted."""
    assert 0 < checkpoint.read(run / "checkpoint.pt")["step"] < 40
    assert main(["train", str(data), str(run), *flags]) == 0
    assert records(run) == records(whole)
    one, other = (checkpoint.read(folder / "checkpoint.pt")["ema"] for folder in (whole, run))
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_a_killed_run_goes_on_as_if_nothing_had_happened(data, flags, whole, tmp_path):
    run = tmp_path / "run"
    process = subprocess.Popen([sys.executable, "-m", "dlm_editor.training", "train", str(data), str(run), *flags], stdout=subprocess.DEVNULL)
    log, until = run / "log.jsonl", time.monotonic() + 120
    while process.poll() is None and time.monotonic() < until and not (
            (run / "checkpoint.pt").exists() and log.exists() and log.read_text().count("\n") >= 8):
        time.sleep(0.01)
    assert process.poll() is None, "the run was to be killed half-way"
    process.kill()
    process.wait(60)
    assert_it_goes_on(data, flags, whole, run)


def test_a_run_told_to_stop_saves_first_and_goes_on_later(data, flags, whole, tmp_path, monkeypatch):
    write = loop.Log.write

    def tell(log, record):
        write(log, record)
        if record["step"] == 9:
            os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(loop.Log, "write", tell)
    assert main(["train", str(data), str(tmp_path / "run"), *flags]) == 0
    monkeypatch.undo()
    assert checkpoint.read(tmp_path / "run/checkpoint.pt")["step"] == 9
    assert_it_goes_on(data, flags, whole, tmp_path / "run")


def test_the_loss_falls_and_the_log_has_every_step(whole):
    steps = [r for r in records(whole) if "loss" in r]
    assert [r["step"] for r in steps] == list(range(1, 41))
    first, last = (sum(r["loss"] for r in part) / 8 for part in (steps[:8], steps[-8:]))
    assert last < 0.93 * first


def test_a_finished_run_is_left_as_it_is(data, flags, whole, capsys):
    before = (whole / "checkpoint.pt").read_bytes()
    assert main(["train", str(data), str(whole), *flags]) == 0
    assert "nothing is left to train" in capsys.readouterr().out and (whole / "checkpoint.pt").read_bytes() == before


def test_the_export_loads_with_transformers_own_classes(exported):
    assert sorted(p.name for p in exported.iterdir()) == ["README.md", "config.json", "curve.png", "model.safetensors", "tokenizer.json", "tokenizer_config.json"]
    tokenizer, model = AutoTokenizer.from_pretrained(exported), AutoModelForMaskedLM.from_pretrained(exported, dtype=torch.float32).eval()
    config = AutoConfig.from_pretrained(exported)
    assert (config.mask_token_id, config.null_token_id, config.architectures) == (MASK, NULL, ["ModernBertForMaskedLM"])
    assert config.frame == "document"
    assert (tokenizer.mask_token_id, tokenizer.pad_token_id, tokenizer.model_max_length) == (MASK, PAD, 256)
    ids = tokenizer("The old man walked to the <mask> again.", return_tensors="pt").input_ids
    position = (ids == MASK).flatten().nonzero()[:, 0]
    with torch.no_grad():
        logits = model(input_ids=ids).logits
        assert torch.allclose(logits_at(model, ids, position), logits.flatten(0, 1)[position], atol=1e-4)


def test_the_export_is_the_average_of_the_weights_in_half_precision(whole, exported):
    averaged, model = checkpoint.read(whole / "checkpoint.pt")["ema"], AutoModelForMaskedLM.from_pretrained(exported)
    assert all(torch.equal(averaged[name].to(torch.bfloat16), tensor) for name, tensor in model.state_dict().items())


def test_the_card_names_credits_figures_and_origin(exported):
    text = (exported / "README.md").read_text(encoding="utf-8")
    for part in ("someone/notes", "CC BY 4.0", "Trained from scratch for a test.", "tokens seen", "curve.png", "length open", "Apache-2.0"):
        assert part in text
    assert "another/verse" not in text, "public domain needs no credit by name"


def test_a_bench_table_goes_into_the_card(data, whole, tmp_path):
    (tmp_path / "bench.json").write_text(json.dumps({"rows": [
        {"suite": "fill", "table": "Fill: a/folder", "set": "x_word", "EM@1": 41.256}, {"suite": "fill", "table": "Certainty", "certainty": "all", "right": 3}]}))
    assert main(["export", str(data), str(whole), str(tmp_path / "m"), "--bench", str(tmp_path / "bench.json")]) == 0
    text = (tmp_path / "m/README.md").read_text(encoding="utf-8")
    assert "**Fill**\n\n| set | EM@1 |\n| --- | --- |\n| x_word | 41.26 |" in text and "| all | 3 |" in text and "a/folder" not in text


def test_a_checkpoint_without_a_configuration_is_exported_with_init(data, tokenizer, tmp_path):
    model = transplant(tiny_bert(tmp_path / "bert", tokenizer), tokenizer)
    (tmp_path / "run").mkdir()
    torch.save({"model": model.state_dict(), "ema": model.state_dict(), "optimizers": [], "rng": torch.Generator().get_state(),
                "step": 3, "elapsed_s": 9.0, "tokens": 5}, tmp_path / "run/checkpoint.pt")
    arguments = ["export", str(data), str(tmp_path / "run"), str(tmp_path / "model")]
    assert main(arguments) == 2 and main([*arguments, "--init", str(tmp_path / "bert")]) == 0
    assert AutoConfig.from_pretrained(tmp_path / "model").null_token_id == NULL
    assert AutoTokenizer.from_pretrained(tmp_path / "model").model_max_length == 64


def tiny_bert(folder, tokenizer):
    """A masked-language model of ours, as an earlier export would be."""
    model = BertForMaskedLM(BertConfig(vocab_size=360, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16, max_position_embeddings=64))
    model.save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text('{"tokenizer_class": "PreTrainedTokenizerFast"}')
    return folder


def test_a_warm_start_keeps_the_rows_of_shared_tokens(tokenizer, tmp_path):
    old = AutoModelForMaskedLM.from_pretrained(tiny_bert(tmp_path / "bert", tokenizer))
    new = transplant(tmp_path / "bert", tokenizer)
    assert torch.equal(new.get_input_embeddings().weight, old.get_input_embeddings().weight)
    assert torch.equal(new.bert.encoder.layer[0].output.dense.weight, old.bert.encoder.layer[0].output.dense.weight)


def test_an_uncased_body_lends_the_mean_of_its_pieces(tokenizer, tmp_path):
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "##the", "ca", "##t", *"abcdefghijklmnopqrstuvwxyz", *("##" + c for c in "abcdefghijklmnopqrstuvwxyz")]
    (tmp_path / "vocab.txt").write_text("\n".join(dict.fromkeys(pieces)))
    BertTokenizerFast(vocab=str(tmp_path / "vocab.txt")).save_pretrained(tmp_path)
    body = BertModel(BertConfig(vocab_size=len(set(pieces)), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16))
    body.save_pretrained(tmp_path)
    model = transplant(tmp_path, tokenizer)
    row, old = model.get_input_embeddings().weight, body.get_input_embeddings().weight
    mask = AutoTokenizer.from_pretrained(tmp_path).mask_token_id
    assert torch.nn.functional.cosine_similarity(row[MASK], old[mask], dim=0) > 0.99
    assert len(row) == 360 and torch.equal(model.bert.encoder.layer[0].output.dense.weight, body.encoder.layer[0].output.dense.weight)
    assert not torch.equal(row[len(SPECIALS)], row[len(SPECIALS) + 1])


def test_a_folder_without_a_body_is_refused(tokenizer, tmp_path):
    with pytest.raises(UnknownModelError, match="no config.json"):
        transplant(tmp_path, tokenizer)


def test_a_full_disk_leaves_the_last_checkpoint_intact(data, shape, tmp_path, monkeypatch):
    o = TrainOptions(str(data), str(tmp_path), steps=2, windows=(32,), batch_tokens=64, shape=shape, warmup_steps=1, threads=1)
    assert loop.train(o)
    before = (tmp_path / "checkpoint.pt").read_bytes()

    def full(state, file):
        file.write(b"half of it")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(torch, "save", full)
    with pytest.raises(ResourceError, match="the last one is intact"):
        loop.train(TrainOptions(**{**vars(o), "steps": 3}))
    assert (tmp_path / "checkpoint.pt").read_bytes() == before and not (tmp_path / "checkpoint.partial").exists()


def test_a_damaged_checkpoint_is_named(data, shape, tmp_path):
    (tmp_path / "checkpoint.pt").write_bytes(b"PK half a file")
    with pytest.raises(DocumentError, match="cannot be read"):
        loop.train(TrainOptions(str(data), str(tmp_path), steps=2, windows=(32,), batch_tokens=64, shape=shape))


def test_one_command_goes_from_a_folder_of_text_to_a_model(corpus, flags, tmp_path):
    flags = ["--rounds", "6", "--window", "32", "--gaps", "40", "--vocab", "360", "--tokenizer-mib", "1", "--context", "256", "--held-out", "0.1", *flags, "--steps", "2"]
    assert main(["all", str(corpus), str(tmp_path), *flags]) == 0
    assert AutoModelForMaskedLM.from_pretrained(tmp_path / "model").num_parameters() > 0
    ngrams = load_denoiser(str(tmp_path / "model")).ngrams
    assert len(ngrams.tables[3, 1]) > 50 and (ngrams.weights[1, 1, 1:] != 0).any()
    assert any(load_denoiser(str(tmp_path / "model")).info.size_weights)


def test_one_command_trains_on_inside_the_blend(corpus, flags, tmp_path):
    flags = ["--rounds", "6", "--window", "32", "--gaps", "40", "--vocab", "360", "--tokenizer-mib", "1", "--context", "256", "--held-out", "0.1", *flags, "--steps", "3"]
    assert main(["all", str(corpus), str(tmp_path), *flags, "--inside-minutes", "1"]) == 0
    alone, inside = (checkpoint.read(tmp_path / run / "checkpoint.pt")["ema"] for run in ("run", "run-inside"))
    shipped = AutoModelForMaskedLM.from_pretrained(tmp_path / "model")
    assert all(torch.equal(inside[name].to(torch.bfloat16), tensor) for name, tensor in shipped.state_dict().items())
    assert any(not torch.equal(inside[name], alone[name]) for name in alone)
    assert shipped.config.trained_tokens == 2 * 3 * 512
    assert load_denoiser(str(tmp_path / "model")).ngrams.weights[1, 1, 1:].any()


@pytest.mark.parametrize("arguments, status", [(["prepare", "{}", "{}/out"], 2), (["train", "{}", "{}/run"], 2), (["check-overlap", "{}", "{}"], 2)])
def test_wrong_input_ends_with_one_line_and_status_2(tmp_path, capsys, arguments, status):
    assert main([a.format(tmp_path) for a in arguments]) == status
    assert capsys.readouterr().err.startswith("error: ")
