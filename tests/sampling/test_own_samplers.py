"""The laws of a fill on random documents for the samplers that belong to some models only, with a model that changes its mind at every token."""

import dataclasses

import numpy as np
import pytest
import tiny
import torch
from editor_laws import check_laws
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dlm_editor.denoisers import Prediction
from dlm_editor.errors import UnsatisfiableError
from dlm_editor.sampling import EntropyBound, Renoising, TokenEditing, own_sampler
from dlm_editor.tasks import Editor, FillOptions
from dlm_editor.text import Document, Mark, Span, parse_length

TEXTS = st.text(st.sampled_from(list("abc the, é́\n\r\t ’'\"-.x0😀\0字")), min_size=1, max_size=50)


@st.composite
def documents(draw):
    text = draw(TEXTS)
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=6, unique=True)))
    lengths = st.sampled_from(["auto", 1, 2, 5, "1w", "2w"])
    return Document(text, tuple(Mark(Span(a, b), parse_length(draw(lengths))) for a, b in zip(cuts[::2], cuts[1::2])))


@dataclasses.dataclass(frozen=True, eq=False)
class Fickle(tiny.TableDenoiser):
    """The prediction depends on the token that stands at the position."""

    corruption: str = "absorbing"

    @property
    def info(self):
        is_uniform = self.corruption == "uniform"
        return dataclasses.replace(super().info, corruption=self.corruption, edits_tokens=not is_uniform, mask_id=None if is_uniform else self.vocabulary.mask_id)

    def noise(self, canvas, rng):
        if self.corruption == "absorbing":
            return super().noise(canvas, rng)
        seed = int(rng.integers(2**31))
        drawn = [np.random.default_rng([seed, row]).integers(self.vocabulary.size, size=canvas.token_ids.shape[1]) for row in range(len(canvas.token_ids))]
        return canvas.renoise(torch.from_numpy(np.stack(drawn)))

    def predict(self, canvas, positions, t, cache):
        place = positions.nonzero()[:, 1]
        return Prediction("x0", self.table[(place + canvas.token_ids[positions]) % len(self.table)]), cache


@pytest.mark.parametrize("kind", ["roberta", "with-null", "bert-uncased"])
@pytest.mark.parametrize("corruption", ["absorbing", "uniform"])
def test_laws_hold_on_random_documents(kind, corruption):
    denoiser = Fickle(**{**vars(tiny.TableDenoiser.of(tiny.vocabulary(kind), spread=4.0)), "corruption": corruption})
    own = st.builds(TokenEditing, st.floats(0, 1), st.floats(0, 1), st.integers(0, 4)) if corruption == "absorbing" else st.builds(
        Renoising, st.sampled_from([0.0, 0.5, 5.0]), st.sampled_from([0.0, 1.0]), st.integers(1, 6))

    @settings(max_examples=20, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(documents(), own, st.sampled_from([{}, {"temperature": 1.0}, {"alternatives": 2}, {"steps": 3}, {"block_length": 2, "steps": 30}]))
    def holds(document, sampler, options):
        try:
            check_laws(Editor(denoiser), FillOptions(sampler=sampler, **options), document)
        except UnsatisfiableError:
            return

    holds()


def test_a_model_gets_the_sampler_that_it_was_made_with():
    vocabulary = tiny.vocabulary("roberta")
    of = lambda corruption: own_sampler(Fickle(**{**vars(tiny.TableDenoiser.of(vocabulary)), "corruption": corruption}).info)
    assert (of("absorbing"), of("uniform")) == (TokenEditing(), Renoising())
    assert own_sampler(tiny.TableDenoiser.of(vocabulary).info) == EntropyBound()
