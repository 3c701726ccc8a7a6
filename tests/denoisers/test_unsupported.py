"""Known models that cannot be loaded are named, with the reason and another one."""

import pytest

from dlm_editor.denoisers.published import HOSTED, PUBLISHED
from dlm_editor.denoisers.registry import recognise
from dlm_editor.denoisers.unsupported import KNOWN, why_not
from dlm_editor.errors import UnknownModelError


@pytest.mark.parametrize(("config", "name", "words"), [
    ({"model_type": "sdar", "architectures": ["SDARForCausalLM"], "auto_map": {"AutoModel": "modeling_sdar.X"}}, "JetLM/SDAR-4B-Chat", "SDAR is known"),
    ({"model_type": "sdar_moe"}, "folder", "SDAR is known"), ({"model_type": "llada2_moe"}, "inclusionAI/LLaDA2.2-flash", "LLaDA2.2 is known"),
    ({"architectures": ["EsoLM"]}, "folder", "Eso-LM"), ({}, "s-sahoo/duo-distilled", "DUO"), ({"model_type": "duo"}, "x", "DUO"),
    ({"model_type": "esolm", "architectures": None}, "x", "Eso-LM"),
])
def test_the_reason_and_another_model_are_named(config, name, words):
    with pytest.raises(UnknownModelError, match=f"{words}.*Choose another, like"):
        recognise(config | {"called": name}, name)


def test_no_model_of_the_catalog_is_taken_for_one():
    assert not [entry.id for entry in (*PUBLISHED, *HOSTED) if why_not({"model_type": entry.family, "called": entry.id}, entry.id)]
    assert {known.instead for known in KNOWN} <= {entry.id for entry in PUBLISHED}  # what is named can be had
    assert why_not({"model_type": "bert", "architectures": ["BertForMaskedLM"]}, "duo-sdar/residuals-and-resdar") is None
    assert recognise({"model_type": "bert", "called": "/home/me/duo_and_sdar/sdar"}, "/home/me/duo_and_sdar/sdar").name == "masked"
