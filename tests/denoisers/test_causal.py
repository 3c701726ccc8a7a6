"""Families whose network is a causal class read both ways: logits beside the originals', and beside the same weights by another road."""

import dataclasses
import gc
import json
import weakref

import parity
import pytest
import tiny_causal
import torch
from safetensors.torch import save_file

from dlm_editor.canvas import Canvas
from dlm_editor.denoisers.chat import is_tuned
from dlm_editor.denoisers.loading import load_denoiser
from dlm_editor.errors import AbilityError, UnknownModelError

TOLERANCE = 1e-4  # of the recorded logits, whose standard deviation is 2 to 6
FAR = 1.0         # what a deliberate mistake must exceed; it moves logits by 4 to 20


def asked_everywhere(token_ids, valid=None):
    """A canvas on which every valid position is open and committed nowhere."""
    valid = torch.ones_like(token_ids, dtype=torch.bool) if valid is None else valid.bool()
    return Canvas(token_ids, valid, torch.where(valid, 0, -1), torch.zeros_like(valid))


def predicted(denoiser, canvas, positions=None):
    positions = canvas.valid if positions is None else positions
    return denoiser.predict(canvas, positions, 1.0, denoiser.start(canvas))[0].values


def wanted(denoiser, logits):
    """What a prediction says where a network gives these logits, (positions, vocab)."""
    return torch.log_softmax(logits.masked_fill(denoiser._banned, -torch.inf), -1)


def difference(ours, theirs):
    assert (ours.isfinite() == theirs.isfinite()).all()
    return float((ours - theirs)[theirs.isfinite()].abs().max())


def shifted(logits, valid):
    """Row i − 1 in place of row i; the first valid row stays."""
    before = torch.cat([logits[:, :1], logits[:, :-1]], 1)
    is_first = valid & (valid.long().cumsum(1) == 1)
    return torch.where(is_first[..., None], logits, before)


RECORDED = {"llada": "logits", "dream": "logits_shifted", "dreamon": "logits_shifted"}


def parity_difference(family, folder=None):
    denoiser = load_denoiser(str(folder or parity.folder(family) / "checkpoint"), "cpu")
    reference = parity.tensors(family)
    canvas = asked_everywhere(reference["input_ids"])
    return difference(predicted(denoiser, canvas), wanted(denoiser, reference[RECORDED[family]].flatten(0, 1)))


@pytest.mark.parametrize("family", RECORDED)
def test_logits_are_those_of_the_original_code(family):
    assert parity_difference(family) < TOLERANCE


def spoilt(family, tmp_path, config=None, tensors=None):
    """The recorded checkpoint with a mistake in its config or weights."""
    source = parity.folder(family) / "checkpoint"
    folder = tmp_path / "spoilt"
    folder.mkdir()
    for file in source.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    if config:
        (folder / "config.json").write_text(json.dumps(json.loads((source / "config.json").read_text()) | config))
    if tensors:
        save_file(tensors(tiny_causal.weights_of(source)), folder / "model.safetensors")
    return folder


@pytest.mark.parametrize("family", RECORDED)
def test_a_wrong_theta_is_seen(family, tmp_path):
    assert parity_difference(family, spoilt(family, tmp_path, {"rope_theta": 10000.0})) > FAR


@pytest.mark.parametrize(("family", "gate", "up"), [("llada", "ff_proj", "up_proj"), ("dream", "gate_proj", "up_proj"), ("dreamon", "gate_proj", "up_proj")])
def test_a_swapped_gate_is_seen(family, gate, up, tmp_path):
    swapped = {gate: up, up: gate}

    def swap(tensors):
        return {".".join(swapped.get(part, part) for part in key.split(".")): tensor for key, tensor in tensors.items()}

    assert parity_difference(family, spoilt(family, tmp_path, tensors=swap)) > FAR


@pytest.mark.parametrize("family", RECORDED)
def test_a_causal_mask_is_seen(family, monkeypatch):
    monkeypatch.setattr(f"dlm_editor.denoisers.{'llada' if family == 'llada' else 'dream'}.both_ways", lambda network: network)
    assert parity_difference(family) > FAR


@pytest.mark.parametrize("family", ["dream", "dreamon"])
def test_a_missing_shift_is_seen(family):
    denoiser, reference = load_denoiser(str(parity.folder(family) / "checkpoint"), "cpu"), parity.tensors(family)
    ours = predicted(denoiser, asked_everywhere(reference["input_ids"]))
    assert difference(ours, wanted(denoiser, reference["logits"].flatten(0, 1))) > FAR


def test_padded_rows_of_llada_are_those_of_the_reference():
    denoiser, reference = load_denoiser(str(parity.folder("llada") / "checkpoint"), "cpu"), parity.tensors("llada")
    valid = reference["attention_mask"].bool()
    assert not valid.all() and not valid[:, 0].all()  # padding on either side
    ours = predicted(denoiser, asked_everywhere(reference["input_ids"], valid))
    assert difference(ours, wanted(denoiser, reference["logits_padded_dllm"][valid])) < TOLERANCE
    assert difference(ours, wanted(denoiser, reference["logits"][valid])) > FAR


def test_rows_of_dream_with_padding_before_them_are_those_of_the_reference():
    denoiser, reference = load_denoiser(str(parity.folder("dream") / "checkpoint"), "cpu"), parity.tensors("dream")
    valid = reference["attention_mask"].bool()
    ours = predicted(denoiser, asked_everywhere(reference["input_ids"], valid))
    assert difference(ours, wanted(denoiser, shifted(reference["logits_left_padded_dllm"], valid)[valid])) < TOLERANCE


CASES = {
    "llada": (tiny_causal.tiny_llada, {}),
    "llada with a head for every query": (tiny_causal.tiny_llada, {"num_key_value_heads": 6, "seed": 1}),
    "llada with one key head, tied": (tiny_causal.tiny_llada, {"num_key_value_heads": 1, "tied": True, "seed": 2}),
    "llada with a padded vocabulary": (tiny_causal.tiny_llada, {"padded_to": 470, "num_hidden_layers": 4, "seed": 3}),
    "dream": (tiny_causal.tiny_dream, {}),
    "dream, tied": (tiny_causal.tiny_dream, {"tie_word_embeddings": True, "seed": 4}),
    "dream of another shape": (tiny_causal.tiny_dream, {"hidden_size": 64, "num_attention_heads": 4, "num_key_value_heads": 4, "intermediate_size": 88, "seed": 5}),
    "dream with a slow tokenizer": (tiny_causal.tiny_dream, {"slow": True}),
    "dreamon": (tiny_causal.tiny_dream, {"expands": True}),
    "a2d of qwen3": (tiny_causal.tiny_a2d, {"kind": "qwen3"}),
    "a2d of qwen2": (tiny_causal.tiny_a2d, {"kind": "qwen2"}),
    "a2d of llama": (tiny_causal.tiny_a2d, {"kind": "llama"}),
    "diffullama": (tiny_causal.tiny_diffullama, {}),
    "diffugpt": (tiny_causal.tiny_diffugpt, {}),
    "open-dcoder": (tiny_causal.tiny_dcoder, {}),
}
IN_PLACE = ("llada", "a2d of")


@pytest.fixture(params=CASES)
def case(request, tmp_path):
    write, changes = CASES[request.param]
    folder = write(tmp_path / "model", **changes)
    return load_denoiser(str(folder), "cpu"), folder, request.param.startswith(IN_PLACE)


def test_the_whole_row_decides_every_position_and_padding_none(case):
    """Full attention over the valid tokens, recomputed from the same weights through an explicit mask."""
    denoiser, folder, is_in_place = case
    generator = torch.Generator().manual_seed(7)
    token_ids = torch.randint(0, denoiser.vocabulary.size, (3, 33), generator=generator)
    places = torch.arange(33)
    for valid in (torch.ones(3, 33, dtype=torch.bool), places < torch.tensor([[33], [21], [4]]), places >= torch.tensor([[0], [6], [30]])):
        logits = tiny_causal.reference(folder, token_ids, valid)
        aligned = logits if is_in_place else shifted(logits, valid)
        ours = predicted(denoiser, asked_everywhere(token_ids, valid))
        assert difference(ours, wanted(denoiser, aligned[valid])) < TOLERANCE
        noise = torch.where(valid, token_ids, torch.randint(0, denoiser.vocabulary.size, (3, 33), generator=generator))
        assert difference(ours, predicted(denoiser, asked_everywhere(noise, valid))) < TOLERANCE  # what padding holds is not seen


def test_predictions_at_holes_are_those_of_the_full_table_and_rows_alike_are_computed_once(case):
    denoiser, *_ = case
    generator = torch.Generator().manual_seed(11)
    token_ids = torch.randint(0, denoiser.vocabulary.size, (4, 20), generator=generator)
    token_ids[2] = token_ids[0]
    canvas = asked_everywhere(token_ids)
    holes = torch.rand(4, 20, generator=generator) < 0.3
    holes[1] = False
    assert difference(predicted(denoiser, canvas, holes), predicted(denoiser, canvas).reshape(4, 20, -1)[holes]) < TOLERANCE
    seen = []
    denoiser._body.register_forward_pre_hook(lambda _, args, kwargs: seen.append(len(kwargs["input_ids"])), with_kwargs=True)
    predicted(denoiser, canvas, holes)
    assert seen == [3]


def test_no_mask_no_special_token_and_nothing_beyond_the_tokenizer_is_ever_predicted(case):
    denoiser, *_ = case
    ours = predicted(denoiser, asked_everywhere(torch.full((1, 9), denoiser.info.mask_id)))
    kept = [token for token in (denoiser.info.expand_id, denoiser.info.delete_id) if token is not None]
    for token in range(denoiser.vocabulary.size):
        text = denoiser.vocabulary.backend.id_to_token(token)
        is_special = text is None or text.startswith("<|") or token == denoiser.info.mask_id
        assert bool(ours[:, token].isfinite().all()) == (not is_special or token in kept) or not denoiser.vocabulary.written[0][token]
    assert torch.allclose(ours.exp().sum(1), torch.ones(9), atol=1e-5)


def test_a_text_is_framed_as_its_family_was_trained(tmp_path):
    first = {name: load_denoiser(str(write(tmp_path / name)), "cpu").vocabulary for name, write in tiny_causal.WRITERS.items()}
    begins = {name: [vocabulary.backend.id_to_token(token) for token in vocabulary.prefix_ids] for name, vocabulary in first.items()}
    assert begins == {"llada": ["<|startoftext|>"], "dream": ["<|beginoftext|>"], "a2d": [], "diffugpt": ["<|endoftext|>"], "diffullama": ["<s>"],
                      "dcoder": ["<|endoftext|>"]}
    assert not any(vocabulary.suffix_ids for vocabulary in first.values())
    dreamon = load_denoiser(str(tiny_causal.tiny_dream(tmp_path / "dreamon", expands=True)), "cpu").vocabulary
    assert [dreamon.backend.id_to_token(token) for token in (*dreamon.prefix_ids, *dreamon.suffix_ids)] == ["<|beginoftext|>", "<|endoftext|>"]


@pytest.mark.parametrize(("write", "asks"), [
    (tiny_causal.tiny_llada, "<|startoftext|><|start_header_id|>user<|end_header_id|>\n\n{}<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n"),
    (tiny_causal.tiny_dream, "<|im_start|>user\n{}<|im_end|>\n<|im_start|>assistant\n"),
])
def test_the_document_of_an_instruct_model_stands_in_the_assistants_turn(write, asks, tmp_path):
    folder = write(tmp_path / "Some-8B-Instruct")
    denoiser = load_denoiser(str(folder), "cpu")
    assert denoiser.info.follows_instructions
    words = "Write <|eot_id|><|im_end|> in verse"
    before, after = (list(ids) for ids in (denoiser.adapted(words).vocabulary.prefix_ids, denoiser.vocabulary.suffix_ids))
    spelt = lambda ids: "".join(denoiser.vocabulary.backend.id_to_token(token) for token in ids).replace("Ġ", " ").replace("Ċ", "\n")
    assert spelt(before) == asks.format(words)
    marker = denoiser.vocabulary.backend.token_to_id("<|eot_id|>" if write is tiny_causal.tiny_llada else "<|im_end|>")
    assert before.count(marker) == asks.count("<|eot_id|>" if write is tiny_causal.tiny_llada else "<|im_end|>")  # a marker in an instruction is plain text
    assert after == [marker]
    assert denoiser.vocabulary.encode("user assistant\n\nWrite a text.") == load_denoiser(str(write(tmp_path / "base")), "cpu").vocabulary.encode(
        "user assistant\n\nWrite a text.")  # words of the frame are words in a document
    assert denoiser.adapted("x") is denoiser.adapted("x")


@pytest.mark.parametrize(("called", "own", "expected"), [
    ("GSAI-ML/LLaDA-8B-Instruct", "", True), ("GSAI-ML/LLaDA-8B-Base", "", False), ("GSAI-ML/LLaDA-1.5", "", True),
    ("apple/DiffuCoder-7B-cpGRPO", "", True), ("dllm-hub/Qwen3-0.6B-diffusion-mdlm-v0.1", "", True), ("/home/chatty/sft/base", "", False),
    ("/models/mine/", "Dream-org/Dream-v0-Instruct-7B", True), ("chat-lovers/Dream-v0-Base-7B", "", False), ("x/instructive", "", False),
])
def test_who_follows_instructions_is_told_by_the_catalog_or_by_the_name(called, own, expected):
    assert is_tuned({"called": called, "_name_or_path": own}) == expected


def test_what_a_base_model_cannot_do_is_refused(tmp_path):
    llada = load_denoiser(str(tiny_causal.tiny_llada(tmp_path / "llada")), "cpu")
    dream = load_denoiser(str(tiny_causal.tiny_dream(tmp_path / "dream")), "cpu")
    assert not llada.info.follows_instructions and not dream.info.follows_instructions
    with pytest.raises(AbilityError, match="tuned to follow"):
        llada.adapted("Rhyme!")
    with pytest.raises(AbilityError, match="is of dream"):
        dream.adapted(guidance=1.0)


def test_a_model_that_is_let_go_leaves_memory_with_all_that_was_adapted_of_it(tmp_path):
    denoiser = load_denoiser(str(tiny_causal.tiny_llada(tmp_path / "llada")), "cpu")
    denoiser.adapted(guidance=1.0)
    network = weakref.ref(denoiser._body)
    del denoiser
    gc.collect()
    assert network() is None


def test_guidance_is_away_from_what_the_model_says_without_the_given_tokens(tmp_path):
    folder = tiny_causal.tiny_llada(tmp_path / "llada", seed=9)
    plain = load_denoiser(str(folder), "cpu")
    mask = plain.info.mask_id
    token_ids = torch.tensor([[3, 9, mask, mask, 40, 41, 7, mask], [3, 9, mask, 50, 40, 41, 7, mask]])
    gaps = torch.tensor([[-1, -1, 0, 0, -1, -1, -1, 1], [-1, -1, 0, 0, -1, -1, -1, 1]])
    canvas = Canvas(token_ids, torch.ones_like(gaps, dtype=torch.bool), gaps, (gaps != -1) & (token_ids != mask))
    blank = torch.where(gaps == -1, mask, token_ids)
    with_, without = (tiny_causal.reference(folder, ids)[canvas.masked] for ids in (token_ids, blank))
    ours = plain.adapted(guidance=1.5)
    assert difference(predicted(ours, canvas, canvas.masked), wanted(ours, without + 2.5 * (with_ - without))) < 10 * TOLERANCE


@pytest.mark.parametrize(("key", "value"), [("block_type", "sequential"), ("alibi", True), ("scale_logits", True), ("input_emb_norm", True),
                                            ("attention_layer_norm", True), ("block_group_size", 2), ("activation_type", "swiglu"), ("include_bias", True)])
def test_variants_of_llada_that_are_another_network_are_refused(key, value, tmp_path):
    folder = tiny_causal.tiny_llada(tmp_path / "llada")
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {key: value}))
    with pytest.raises(UnknownModelError, match=f"must have {key}"):
        load_denoiser(str(folder), "cpu")


def test_weights_for_which_the_network_has_no_place_are_refused(tmp_path):
    folder = tiny_causal.tiny_llada(tmp_path / "llada")
    save_file(tiny_causal.weights_of(folder) | {"model.transformer.blocks.0.q_norm.weight": torch.ones(4)}, folder / "model.safetensors")
    with pytest.raises(UnknownModelError, match="1 more, first .*q_norm"):
        load_denoiser(str(folder), "cpu")


def test_a_left_to_right_model_is_refused_with_the_way_out(tmp_path):
    folder = tiny_causal.tiny_diffullama(tmp_path / "model")
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({key: value for key, value in config.items() if key not in ("mask_token_id", "_name_or_path")}))
    with pytest.raises(UnknownModelError, match="'llama'.*mask_token_id"):
        load_denoiser(str(folder), "cpu")


def test_a_tokenizer_of_two_files_reads_and_writes_as_the_one_of_one_file(tmp_path):
    fast, slow = (load_denoiser(str(tiny_causal.tiny_dream(tmp_path / str(slow), slow=slow)), "cpu").vocabulary for slow in (False, True))
    assert (fast.mask_id, fast.prefix_ids, fast.written, fast.forbidden.tolist()) == (slow.mask_id, slow.prefix_ids, slow.written, slow.forbidden.tolist())
    for text in ("The cat sat on the mat.", " 字👩‍🔬 <|mask|><|im_end|>\r\n\tdef f(x):", "don't  stop"):
        assert slow.write(slow.encode(text)).decode() == text
        assert fast.mask_id not in slow.encode(text)


def test_configs_are_not_shared_between_models(tmp_path):
    """The switch that makes a network look both ways sits on its config."""
    one, other = (load_denoiser(str(tiny_causal.tiny_llada(tmp_path / name)), "cpu") for name in ("one", "other"))
    assert one._body.config is not other._body.config
    assert dataclasses.is_dataclass(one.info)
