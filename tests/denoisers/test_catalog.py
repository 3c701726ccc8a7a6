"""The list of models, read without loading one."""

import subprocess
import sys

import pytest

from dlm_editor.denoisers import catalog

FIELDS = {"id", "family", "parameters", "license", "corruption", "sees_suffix", "variable_length", "edits_tokens", "memory_gb", "verified"}


def test_every_record_has_the_promised_fields():
    records = catalog.catalog_records()
    assert all(set(record) == FIELDS for record in records)
    assert len({record["id"] for record in records}) == len(records) >= 6
    assert all(record["memory_gb"] > record["parameters"] * 4e-9 for record in records)
    assert {record["verified"] for record in records} <= {"parity", "source", "unverified"}


def test_models_are_chosen_by_family_and_by_memory():
    assert [record["id"] for record in catalog.catalog_records("roberta")] == ["FacebookAI/roberta-base"]
    small = catalog.catalog_records(fits_gb=1.0)
    assert 0 < len(small) < len(catalog.catalog_records()) and all(record["memory_gb"] <= 1.0 for record in small)
    assert "answerdotai/ModernBERT-large" not in {record["id"] for record in small}
    assert "modernbert" in catalog.families()


@pytest.mark.skipif(not catalog.BUNDLED_FOLDER.is_dir(), reason="needs the bundled model")
def test_the_bundled_model_comes_first_with_facts_of_its_own_files():
    first = catalog.catalog_records()[0]
    assert (first["id"], first["license"], first["variable_length"]) == ("bundled", "apache-2.0", True)
    assert first["parameters"] > 1e6


def test_the_catalog_is_read_without_torch():
    code = "import sys, dlm_editor.denoisers.catalog as c; c.catalog_records(); sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
