"""SEDD: the original's scores and sampler runs, the view as probabilities, other checkpoints in its format, and as an editor.

The original's analytic and euler predictors coincide under its log-linear noise; both are one algorithm with `Analytic`, which plays their
runs again.
"""

import json
import math

import dit_runs
import numpy as np
import pytest
import tiny_dit
import torch
from editor_laws import check_laws, check_rows
from parity import canvas_of
from safetensors.torch import load_file
from tiny_blocks import free_gap

import dlm_editor
from dlm_editor.canvas import Frame, lay_out
from dlm_editor.denoisers.dit_denoiser import log_linear_sigma
from dlm_editor.denoisers.loading import load_denoiser
from dlm_editor.errors import UnknownModelError, UnsafeModelError
from dlm_editor.sampling import SAMPLERS, Analytic, Ancestral, Choice, EntropyBound, Proposal, RefineOptions, Tick, own_sampler, refine
from dlm_editor.tasks import FillOptions

TOLERANCE = 1e-4
NOTES = json.loads((dit_runs.PARITY / "sedd" / "reference.json").read_text())
FIXED = NOTES["input_ids"][0]


@pytest.fixture(scope="module")
def reference():
    return load_file(dit_runs.PARITY / "sedd" / "reference.safetensors")


def time_of(sigma: torch.Tensor) -> torch.Tensor:
    """When the log-linear noise is `sigma`."""
    return ((1 - (-sigma.double()).exp()) / 0.999).float()


def everywhere(token_ids):
    canvas = canvas_of(token_ids.tolist(), 319)
    return canvas, torch.ones_like(canvas.valid)


def test_scores_at_every_noise_level_are_the_originals(reference):
    denoiser = dit_runs.unfiltered("sedd")
    canvas, positions = everywhere(reference["input_ids"])
    for sigma, expected in zip(reference["sigmas"], reference["log_score_at_sigma"]):
        found, _ = denoiser.predict(canvas, positions, float(time_of(sigma)), None)
        assert found.kind == "score"
        assert (found.values[:, :319] - expected.flatten(0, 1)[:, :319]).abs().max() < TOLERANCE


def test_rows_have_noise_levels_of_their_own(reference):
    canvas, positions = everywhere(reference["input_ids"])
    found, _ = dit_runs.unfiltered("sedd").predict(canvas, positions, time_of(reference["sigma_per_row"]), None)
    assert (found.values[:, :319] - reference["log_score_per_row"].flatten(0, 1)[:, :319]).abs().max() < TOLERANCE


def test_without_scaling_by_sigma_the_output_is_the_score(reference):
    denoiser = dit_runs.unfiltered("sedd")
    denoiser._scales_by_sigma = False
    canvas, positions = everywhere(reference["input_ids"])
    found, _ = denoiser.predict(canvas, positions, float(time_of(reference["sigmas"][1])), None)
    assert (found.values[:, :319] - reference["unscaled_at_sigma_1"].flatten(0, 1)[:, :319]).abs().max() < TOLERANCE


def test_a_wrong_noise_level_moves_the_scores(reference):
    canvas, positions = everywhere(reference["input_ids"])
    for t in (0.0, 0.3, 1.0):
        found, _ = dit_runs.unfiltered("sedd").predict(canvas, positions, t, None)
        assert (found.values[:, :319] - reference["log_score_at_sigma"][1].flatten(0, 1)[:, :319]).abs().max() > 1


def test_the_view_as_probabilities_and_the_mass_give_the_scores_back(reference):
    canvas, _ = everywhere(reference["input_ids"])
    for t in (0.05, 0.5, 1.0):
        found, _ = dit_runs.unfiltered("sedd").predict(canvas, canvas.masked, t, None)
        noise = torch.expm1(log_linear_sigma(torch.tensor(t)))
        assert torch.allclose(found.x0.exp().sum(-1), torch.ones(len(found.values)), atol=1e-4)
        assert torch.allclose(found.mass, noise * found.values.exp().sum(-1), rtol=1e-3)
        scores = found.mass[:, None] * found.x0.exp() / noise
        assert torch.allclose(scores, found.values.exp(), rtol=1e-3)


def test_the_share_committed_is_that_of_the_exact_reverse_step():
    """Σ score(y) · (e^Δσ − 1), written out with the schedule, against what the sampler commits of very many positions."""
    count, t, s, total = 200_000, 0.7, 0.45, 0.9
    sigma = lambda at: -math.log1p(-0.999 * at)
    scores = total / math.expm1(sigma(t))
    expected = scores * math.expm1(sigma(t) - sigma(s))
    canvas = canvas_of([[0] * count], 0)
    zeros = torch.zeros(1, count)
    proposal = Proposal(torch.ones_like(canvas.token_ids), zeros, zeros, zeros, zeros, canvas.editable, zeros.bool(), torch.full((1, count), total))
    after, _ = Analytic().step(proposal, canvas, (Tick(t, s, 0),), None, (np.random.default_rng(0),))
    assert abs(float(after.committed.float().mean()) - expected) < 4 * (expected * (1 - expected) / count) ** 0.5
    last, _ = Analytic().step(proposal, canvas, (Tick(t, 0.0, 0),), None, (np.random.default_rng(0),))
    assert last.committed.all()


@pytest.mark.parametrize("name", NOTES["sampler_runs"])
def test_recorded_runs_are_token_identical(name):
    run = NOTES["sampler_runs"][name]
    open_row = [FIXED[place] if place in run["fixed_positions"] else 319 for place in range(24)]
    rows = [open_row] * run["settings"].get("batch", 1)
    seen, tokens = dit_runs.play(dit_runs.unfiltered("sedd"), Analytic(), rows, run["settings"]["steps"], dit_runs.Noise(run["noise"]), ends_with_noise=True)
    assert seen == run["forward_inputs"]
    assert tokens == run["tokens"]


def test_the_noise_levels_of_a_run_are_the_originals():
    for run in NOTES["sampler_runs"].values():
        times = torch.linspace(1, dit_runs.LEAST_T, run["settings"]["steps"] + 1)
        assert torch.allclose(log_linear_sigma(times), torch.tensor(run["sigmas"])[:, 0], rtol=1e-3)


def test_a_sampler_that_leaves_out_the_mass_ends_elsewhere():
    run = NOTES["sampler_runs"]["analytic_seeded"]
    assert dit_runs.play(dit_runs.unfiltered("sedd"), Ancestral(), [[319] * 24], 8, dit_runs.Noise(run["noise"]), True)[1] != run["tokens"]


@pytest.mark.parametrize("scales", [True, False])
@pytest.mark.parametrize("shape", [{}, {"n_heads": 4, "n_blocks": 3, "cond_dim": 9, "vocab_size": 290}], ids=str)
def test_holes_in_rows_of_several_lengths_are_predicted_as_each_row_by_itself(tmp_path, shape, scales):
    folder = tiny_dit.sedd(tmp_path, seed=5, is_pickled=True, scale_by_sigma=scales, **shape)
    denoiser = load_denoiser(str(folder))
    size = shape.get("vocab_size", 331)
    draw = torch.Generator().manual_seed(0)
    pieces = tuple(tuple(torch.randint(0, 250, (length,), generator=draw).tolist()) for length in (11, 6, 9))
    canvas = denoiser.noise(lay_out((Frame(pieces, (object(),) * 2),) * 3, ((2, 3), (5, 1), (2, 3)), denoiser.info.mask_id), None)
    times = torch.tensor([0.9, 0.4, 0.2])
    found, _ = denoiser.predict(canvas, canvas.masked, times, denoiser.start(canvas))
    tensors = torch.load(folder / "pytorch_model.bin", weights_only=True)
    rows = []
    for row in range(3):
        sigma = -math.log1p(-0.999 * float(times[row]))
        logits = tiny_dit.second_reading(tensors, shape.get("n_heads", 3), canvas.token_ids[row][canvas.valid[row]], sigma)
        rows.append((logits - (math.log(math.expm1(sigma)) + math.log(size - 1) if scales else 0))[canvas.masked[row][canvas.valid[row]]])
    allowed = ~torch.from_numpy(denoiser.vocabulary.forbidden)
    expected = torch.cat(rows)[:, allowed]
    assert (found.values[:, allowed] - expected).abs().max() < TOLERANCE
    assert (found.x0[:, allowed] - torch.log_softmax(expected, -1)).abs().max() < TOLERANCE
    assert (found.x0[:, ~allowed] == -torch.inf).all() and denoiser.info.mask_id == size - 1 and not allowed[-2:].any()


@pytest.mark.parametrize(("change", "words"), [
    ({"graph": {"type": "uniform"}}, "graph.type = 'absorb'.*'uniform'"), ({"noise": {"type": "geometric"}}, "noise.type = 'loglinear'.*'geometric'"),
    ({"graph": {}}, "says None"),
])
def test_other_graphs_and_schedules_are_refused_in_words(tmp_path, change, words):
    with pytest.raises(UnknownModelError, match=words):
        load_denoiser(str(tiny_dit.sedd(tmp_path, **change)))


def test_a_training_config_without_sizes_is_refused(tmp_path):
    folder = tiny_dit.sedd(tmp_path)
    config = json.loads((folder / "config.json").read_text())
    for part, words in (("cond_dim", "lacks 'cond_dim'"), ("length", "length of None")):
        model = {key: value for key, value in config["model"].items() if key != part}
        (folder / "config.json").write_text(json.dumps(config | {"model": model}))
        with pytest.raises(UnknownModelError, match=words):
            load_denoiser(str(folder))


def test_a_pickle_that_holds_more_than_tensors_is_refused(tmp_path):
    folder = tiny_dit.sedd(tmp_path, is_pickled=True)
    torch.save({"vocab_embed.embedding": torch.zeros(1), "ema": {"decay": 0.9999}}, folder / "pytorch_model.bin")
    with pytest.raises(UnsafeModelError, match="tensors and nothing else"):
        load_denoiser(str(folder))


# --- as an editor -------------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def editor(tmp_path_factory):
    return dlm_editor.load(str(tiny_dit.sedd(tmp_path_factory.mktemp("sedd"))))


def test_its_own_sampler_is_taken_where_none_is_named(editor):
    assert own_sampler(editor.info) == Analytic()


@pytest.mark.parametrize("options", [{}, {"alternatives": 3}, {"steps": 6}, {"sampler": EntropyBound(), "temperature": 1.0, "seed": 3}, {"block_length": 2}], ids=str)
def test_three_spans_are_filled_by_the_laws(editor, options):
    assert len(check_laws(editor, FillOptions(**options))) == options.get("alternatives", 1)


def test_the_recorded_checkpoint_fills_by_the_laws():
    check_laws(dlm_editor.load(str(dit_runs.folder("sedd"))), FillOptions(sampler=Analytic(), temperature=1.0))


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_every_sampler_fills_it(editor, sampler):
    check_laws(editor, FillOptions(sampler=SAMPLERS[sampler]()))


def test_the_noise_level_of_a_row_does_not_depend_on_the_rows_beside_it(editor):
    denoiser, seen = editor.denoiser, []
    frame = Frame((tuple(range(9)), tuple(range(20, 31))), (free_gap(denoiser.vocabulary),))
    for beside in (2, 9):
        canvas = lay_out((frame,) * 2, ((beside,), (6,)), denoiser.info.mask_id)
        runs = list(refine(denoiser, canvas, frame.gaps, RefineOptions(sampler=Ancestral(), choice=Choice(temperature=1.0))))
        slots = canvas.row_slots(1, 0)
        seen.append([(step.canvas.token_ids[1, slots].tolist(), step.logprob[1, slots].tolist()) for step in runs][:6])
    assert [tokens for tokens, _ in seen[0]] == [tokens for tokens, _ in seen[1]]
    assert np.allclose([logprobs for _, logprobs in seen[0]], [logprobs for _, logprobs in seen[1]], atol=1e-4)


@pytest.mark.parametrize("options", [{}, {"steps": 5}, {"sampler": Analytic(), "steps": 4, "temperature": 1.0}], ids=str)
def test_an_alternative_does_not_depend_on_how_many_there_are(editor, options):
    check_rows(editor, FillOptions(alternatives=2, **options))
