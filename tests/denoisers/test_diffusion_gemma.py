"""DiffusionGemma beside transformers' own generation with a held canvas, and as an editor. Checkpoints are what transformers' class writes."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
import tiny_blocks
import torch
from editor_laws import check_constraints, check_laws, check_rows
from transformers import DiffusionGemmaForBlockDiffusion, LogitsProcessor, LogitsProcessorList

import dlm_editor
from dlm_editor.canvas import Frame, lay_out
from dlm_editor.denoisers.loading import load_denoiser
from dlm_editor.errors import AbilityError, ModelError
from dlm_editor.sampling import SAMPLERS, EntropyBound, RefineOptions, Renoising, own_sampler, refine
from dlm_editor.tasks import FillOptions

TOLERANCE = 1e-4
CANVAS = 24


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tiny_blocks.diffusion_gemma(tmp_path_factory.mktemp("gemma"), seed=1, canvas_length=CANVAS)


@pytest.fixture(scope="module")
def denoiser(folder):
    return load_denoiser(str(folder))


class Held(LogitsProcessor):
    """Keeps fixed positions certain, as a caller of `generate` has to."""

    def __init__(self, canvas, fixed):
        self.certain = torch.full((*canvas.shape, 352), -torch.inf).scatter(-1, canvas[..., None], 0.0)
        self.fixed = fixed

    def __call__(self, input_ids, scores, cur_step):
        return torch.where(self.fixed[..., None], self.certain, scores)


def generated(folder, seed, steps=6, shift=0, is_held=True):
    """What transformers' generation saw and gave at each step: a prefix of 13 tokens, a hole of 7 with fixed tokens in it, fixed text to the end."""
    model = DiffusionGemmaForBlockDiffusion.from_pretrained(folder).eval()
    draw = torch.Generator().manual_seed(seed)
    prefix = torch.cat([torch.tensor([model.config.text_config.bos_token_id]), torch.randint(3, 330, (12,), generator=draw)])[None]
    canvas = torch.randint(3, 330, (1, CANVAS), generator=draw)
    fixed = torch.ones_like(canvas, dtype=torch.bool)
    fixed[:, [0, 1, 2, 5, 6, 7, 8]] = False
    seen, forward = [], model.forward

    def recorded(**inputs):
        out = forward(**inputs)
        told = inputs["self_conditioning_logits"]
        seen.append(SimpleNamespace(canvas=inputs["decoder_input_ids"].clone(), told=None if told is None else told.softmax(-1), logits=out.logits))
        return out

    model.forward = recorded
    torch.manual_seed(seed)
    with torch.inference_mode():
        model.generate(prefix, max_new_tokens=CANVAS, max_denoising_steps=steps, decoder_input_ids=canvas.clone(), eos_token_id=None, pad_token_id=None,
                       confidence_threshold=1e-9, logits_processor=LogitsProcessorList([Held(canvas, fixed)] if is_held else []))
    return prefix, fixed, seen


def row(prefix, fixed, tokens, held):
    """The canvas of one row on which the open positions stand as in `tokens`."""
    gaps = torch.cat([torch.full_like(prefix, -1), torch.where(fixed, -1, 0)], 1)
    canvas = tiny_blocks.row_canvas([*prefix[0].tolist(), *tokens[0].tolist()], 0, 0)
    return type(canvas)(torch.where(gaps == -1, torch.cat([prefix, held], 1), canvas.token_ids), canvas.valid, gaps, canvas.committed)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_every_step_of_a_held_run_has_the_logits_of_transformers_own_generation(folder, denoiser, seed):
    prefix, fixed, seen = generated(folder, seed)
    held, worst, steps, cache = seen[0].canvas, 0.0, len(seen), None
    assert steps == 6 and all((step.canvas[fixed] == held[fixed]).all() for step in seen)
    assert any((a.canvas != b.canvas).any() for a, b in zip(seen, seen[1:]))
    for number, step in enumerate(seen):
        canvas = row(prefix, fixed, step.canvas, held)
        cache = cache or denoiser.start(canvas)
        t = 1 - number / steps
        if step.told is not None:  # what the network hears of the step before
            places, logits = cache.heard[0]
            told = denoiser._told(step.canvas, places - prefix.shape[1], logits).softmax(-1)
            assert (told - step.told).abs().max() < TOLERANCE
        found, cache = denoiser.predict(canvas, canvas.masked, t, cache)
        allowed = ~torch.from_numpy(denoiser.vocabulary.forbidden)
        expected = torch.log_softmax((step.logits[~fixed] / (0.4 + 0.4 * t))[:, allowed], -1)
        worst = max(worst, float((found.values[:, allowed] - expected).abs().max()))
        assert (found.values[:, ~allowed] == -torch.inf).all() and expected.std() > 0.5
    assert worst < TOLERANCE


@pytest.mark.parametrize("error", ["forgets", "other prefix", "shorter canvas", "other time"])
def test_a_deliberate_error_moves_the_logits(folder, denoiser, error):
    prefix, fixed, seen = generated(folder, 0)
    canvas = row(prefix, fixed, seen[0].canvas, seen[0].canvas)
    _, cache = denoiser.predict(canvas, canvas.masked, 1.0, denoiser.start(canvas))
    later = row(prefix, fixed, seen[1].canvas, seen[0].canvas)
    right, _ = denoiser.predict(later, later.masked, 5 / 6, cache)
    if error == "forgets":
        wrong, _ = denoiser.predict(later, later.masked, 5 / 6, denoiser.start(later))
    elif error == "other prefix":
        moved = row(prefix.flip(1), fixed, seen[1].canvas, seen[0].canvas)
        other = denoiser.start(moved)
        wrong, _ = denoiser.predict(later, later.masked, 5 / 6, type(cache)(other.encoded, other.prefixes, cache.heard))
    elif error == "shorter canvas":
        cut = later.valid & (torch.arange(later.valid.shape[1]) < prefix.shape[1] + 12)
        wrong, _ = denoiser.predict(type(later)(later.token_ids, cut, later.gaps, later.committed), later.masked, 5 / 6, cache)
    else:
        wrong, _ = denoiser.predict(later, later.masked, 0.0, cache)
    assert (right.values - wrong.values).nan_to_num().abs().max() > 0.05


def test_the_last_step_settles_what_the_model_holds_likeliest_as_transformers_does(folder, denoiser):
    """With one step only, and no luck in it: the best token at every open position."""
    prefix, fixed, seen = generated(folder, 4, steps=1)
    canvas = row(prefix, fixed, seen[0].canvas, seen[0].canvas)
    denoiser_with_this_noise = _Fixed(denoiser, canvas)
    *_, last = refine(denoiser_with_this_noise, canvas, (tiny_blocks.free_gap(denoiser.vocabulary),), RefineOptions(Renoising(), steps=1))
    allowed = ~torch.from_numpy(denoiser.vocabulary.forbidden)
    assert (last.canvas.token_ids[canvas.masked] == seen[0].logits[~fixed].masked_fill(~allowed, -torch.inf).argmax(-1)).all()
    assert not last.canvas.masked.any()


class _Fixed:
    """A denoiser whose noise is given."""

    def __init__(self, denoiser, canvas):
        self.denoiser, self.canvas, self.info, self.vocabulary = denoiser, canvas, denoiser.info, denoiser.vocabulary
        self.start, self.predict = denoiser.start, denoiser.predict

    def noise(self, canvas, rng):
        return canvas.renoise(self.canvas.token_ids)


def several(denoiser, begins=(9, 9, 4, 9), lengths=(3, 6, 2, 3)):
    """Rows with other lengths and other text before the hole."""
    draw = torch.Generator().manual_seed(0)
    tokens = lambda n: tuple(torch.randint(3, 330, (n,), generator=draw).tolist())
    after, befores = tokens(6), {n: (2, *tokens(n)) for n in sorted(set(begins))}
    frames = tuple(Frame((befores[n], after), (object(),)) for n in begins)
    return denoiser.noise(lay_out(frames, tuple((n,) for n in lengths), 0), np.random.default_rng(5))


def test_rows_do_not_see_each_other_nor_padding(denoiser):
    canvas = several(denoiser)
    cache = denoiser.start(canvas)
    together, kept = denoiser.predict(canvas, canvas.masked, 1.0, cache)
    again, _ = denoiser.predict(canvas, canvas.masked, 0.5, kept)
    at = canvas.masked.sum(1).cumsum(0).tolist()
    for number in range(4):
        rows = torch.tensor([number])
        part = canvas.take(rows)
        part = type(part)(*(tensor[:, :int(part.valid.sum())] for tensor in (part.token_ids, part.valid, part.gaps, part.committed)))
        alone, memory = denoiser.predict(part, part.masked, 1.0, denoiser.start(part))
        second, _ = denoiser.predict(part, part.masked, 0.5, memory)
        piece = slice(at[number] - int(part.masked.sum()), at[number])
        for one, other in ((alone, together), (second, again)):
            assert (one.values - other.values[piece]).nan_to_num().abs().max() < TOLERANCE


def test_some_rows_of_a_cache_are_their_own(denoiser):
    canvas = several(denoiser)
    _, cache = denoiser.predict(canvas, canvas.masked, 1.0, denoiser.start(canvas))
    rows = torch.tensor([2, 3])
    part = canvas.take(rows)
    direct, _ = denoiser.predict(canvas, canvas.masked, 0.5, cache)
    some, other = denoiser.predict(part, part.masked, 0.5, cache.take(rows))
    assert (some.values - direct.values[-5:]).nan_to_num().abs().max() < TOLERANCE
    merged = cache.put(rows, other)
    assert merged.heard[0] is cache.heard[0] and merged.heard[3] is other.heard[1] and merged.prefixes == cache.prefixes


def test_the_text_before_the_hole_is_read_once_for_rows_that_begin_alike(denoiser, monkeypatch):
    encoder, lengths = denoiser._network.model.encoder, []
    forward = encoder.forward
    monkeypatch.setattr(encoder, "forward", lambda **inputs: lengths.append(tuple(inputs["input_ids"].shape)) or forward(**inputs))
    canvas = several(denoiser)
    cache = denoiser.start(canvas)
    for t in (1.0, 0.5):
        _, cache = denoiser.predict(canvas, canvas.masked, t, cache)
    assert sorted(lengths) == [(1, 5), (1, 10)]


def test_noise_is_of_the_whole_vocabulary_and_a_row_keeps_its_own(denoiser):
    canvas = several(denoiser)
    again = denoiser.noise(canvas, np.random.default_rng(5))
    few = denoiser.noise(canvas.take(torch.tensor([0, 1])), np.random.default_rng(5))
    assert (again.token_ids == canvas.token_ids).all() and (few.token_ids == canvas.token_ids[:2]).all()
    assert not (canvas.token_ids[0, 10:13] == canvas.token_ids[3, 10:13]).all()
    wide = denoiser.noise(tiny_blocks.row_canvas([2], 4000, 0), np.random.default_rng(0)).token_ids[0, 1:]
    assert len(wide.unique()) == denoiser.vocabulary.size
    assert (denoiser.noise(canvas, np.random.default_rng(6)).token_ids[~canvas.masked] == canvas.token_ids[~canvas.masked]).all()


def test_what_begins_with_a_hole_has_the_beginning_of_a_text_before_it(denoiser):
    canvas = denoiser.noise(lay_out((Frame(((), (40, 41)), (object(),)),), ((3,),), 0), np.random.default_rng(0))
    whole = denoiser.noise(lay_out((Frame(((denoiser.vocabulary.prefix_ids[0],), (40, 41)), (object(),)),), ((3,),), 0), np.random.default_rng(0))
    whole = type(whole)(torch.cat([whole.token_ids[:, :1], canvas.token_ids], 1), whole.valid, whole.gaps, whole.committed)
    found = [denoiser.predict(c, c.masked, 1.0, denoiser.start(c))[0].values for c in (canvas, whole)]
    assert (found[0] - found[1]).nan_to_num().abs().max() < TOLERANCE


# --- as an editor -------------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def editor(tmp_path_factory):
    return dlm_editor.load(str(tiny_blocks.diffusion_gemma(tmp_path_factory.mktemp("editor"), canvas_length=96)))


@pytest.mark.parametrize("options", [{}, {"alternatives": 3}, {"steps": 6}, {"temperature": 1.0, "seed": 3}, {"block_length": 2, "steps": 12}], ids=str)
def test_three_spans_are_filled_by_the_laws(editor, options):
    assert len(check_laws(editor, FillOptions(sampler=Renoising(steps=12), **options))) == options.get("alternatives", 1)


@pytest.mark.parametrize("options", [{}, {"temperature": 1.0}, {"sampler": EntropyBound()}], ids=str)
def test_constraints_hold_whatever_is_renoised(editor, options):
    check_constraints(editor, FillOptions(**{"sampler": Renoising(steps=12), **options}))


def test_an_alternative_does_not_depend_on_how_many_there_are(editor):
    check_rows(editor, FillOptions(sampler=Renoising(steps=12), alternatives=2))


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_every_sampler_fills_it(editor, sampler):
    check_laws(editor, FillOptions(sampler=SAMPLERS[sampler]()))


def test_what_it_can_do_is_said(editor, tmp_path):
    info = editor.info
    assert (info.family, info.corruption, info.mask_id, info.max_length, info.follows_instructions) == ("diffusion_gemma", "uniform", None, 96, False)
    assert own_sampler(info) == Renoising()
    with pytest.raises(AbilityError, match="marks of a conversation"):
        editor.denoiser.adapted("Write about cats.")
    with pytest.raises(AbilityError, match="llada family"):
        editor.denoiser.adapted(guidance=1.0)
    chatty = load_denoiser(str(tiny_blocks.diffusion_gemma(tmp_path, chat=True)))
    told = chatty.adapted("Write about cats.").vocabulary
    assert chatty.info.follows_instructions and told.prefix_ids != chatty.vocabulary.prefix_ids
    assert chatty.vocabulary.write(told.prefix_ids).decode() == "user\nWrite about cats.\nmodel\n" and len(told.suffix_ids) == 1


@pytest.mark.parametrize(("change", "words"), [
    ({"canvas_length": None}, "canvas_length=None"), ({"canvas_length": 1}, "canvas_length=1"), ({"text_config": 3}, "text_config"),
    ({"text_config": {"vocab_size": "x"}}, "must describe a DiffusionGemma model"), ({"vision_config": {"model_type": "nonsense"}}, "must describe"),
    ({"num_hidden_layers": 2}, "weights of .* must be those of"), ({"vocab_size": 999}, "weights of .* must be those of"), ({"bos_token_id": None}, None),
])
def test_what_is_not_supported_is_refused_in_words(tmp_path, change, words):
    folder = tiny_blocks.diffusion_gemma(tmp_path)
    config = json.loads((folder / "config.json").read_text())
    inner = {key for key in change if key in config["text_config"]}
    config = config | {key: value for key, value in change.items() if key not in inner}
    if inner:
        config["text_config"] |= {key: change[key] for key in inner}
        if "num_hidden_layers" in inner:
            config["text_config"]["layer_types"] = ["sliding_attention", "full_attention"]
            config["text_config"]["per_layer_config"] = {"1": config["text_config"]["per_layer_config"]["2"]}
    (folder / "config.json").write_text(json.dumps(config))
    if words is None:  # the tokenizer knows it too
        assert load_denoiser(str(folder)).vocabulary.prefix_ids
        return
    with pytest.raises(ModelError, match=words):
        load_denoiser(str(folder))
