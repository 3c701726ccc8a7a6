"""Constraints on the fills of MDLM, BD3LM and SEDD, judged by code of this file: blocks and the score's view as probabilities serve them."""

import re

import pytest
import tiny_dit

import dlm_editor
from dlm_editor.constraints import BanLetters, Include, Regex, WordCount
from dlm_editor.errors import UnsatisfiableError
from dlm_editor.sampling import Analytic, EntropyBound, FirstHitting
from dlm_editor.tasks import FillOptions, Suggestion
from dlm_editor.text import parse_marked

MARKED = "The [[cat]] sat on the mat, and the dog [[said nothing|6]] about it. We walked to [[the river]]; it was cold."


@pytest.fixture(scope="module", params=["mdlm", "bd3lm", "sedd"])
def editor(request, tmp_path_factory):
    return dlm_editor.load(str(getattr(tiny_dit, request.param)(tmp_path_factory.mktemp(request.param))))


@pytest.mark.parametrize("options", [{}, {"sampler": EntropyBound(), "alternatives": 2}, {"sampler": Analytic(), "temperature": 1.0, "seed": 4},
                                     {"sampler": FirstHitting(), "temperature": 0.7}], ids=str)
def test_every_fill_satisfies_its_constraints(editor, options):
    document = parse_marked(MARKED)
    asked = FillOptions(constraints=(BanLetters("xz"),), mark_constraints=((WordCount(2, 2),), (Regex(r"[a-z]+ [a-z]+"),), (Include("cat"),)), **options)
    suggestions = [event for event in editor.fill(document, asked) if isinstance(event, Suggestion)]
    assert len(suggestions) == options.get("alternatives", 1)
    for suggestion in suggestions:
        first, second, third = (edit.after for edit in suggestion.edits)
        assert suggestion.violations == () and not set("xzXZ") & set(first + second + third)
        assert len(re.findall(r"\w+(?:['’-]\w+)*", first)) == 2, first
        assert re.fullmatch(r"[a-z]+ [a-z]+", second), second
        assert re.search(r"(?<![^\W_])cat(?![^\W_])", third, re.IGNORECASE), third


def test_what_cannot_be_met_is_said_before_the_first_step(editor):
    with pytest.raises(UnsatisfiableError):
        list(editor.fill(parse_marked("The [[cat|2]] sat."), FillOptions(constraints=(Regex(r"\d{30}"),))))
