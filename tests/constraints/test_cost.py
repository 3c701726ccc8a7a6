"""Constraints cost little beside the model."""

import importlib
import time

import pytest

import dlm_editor
from dlm_editor.tasks.requests import parse_fill

TEXT = "The old man walked to the harbour in the morning. He [[looked at the grey water and thought of his brother]] for a long time. Then he went home."
SETS = [{"include": ["boat"]}, {"ban": ["was", "the"], "ban_letters": "q"}, {"words": "6-9", "include": ["river"], "ends_sentence": False}, {"initials": "thecatsat"}, {"regex": r"(\w+ ){3,9}\w+"},
        {"characters": "20-40"}, {"include": ["boat", "rain"], "words": "8-12"}]


@pytest.fixture(scope="module")
def editor():
    return dlm_editor.load("bundled", "cpu")


@pytest.mark.parametrize("fields", SETS, ids=str)
def test_the_work_of_ordinary_constraints_is_at_most_half_of_a_step(editor, fields, monkeypatch):
    spent = {"propose": 0.0, "predict": 0.0}

    def timed(name, function):
        def call(*args, **kwargs):
            began = time.thread_time()  # of this thread: other work on the machine does not count
            try:
                return function(*args, **kwargs)
            finally:
                spent[name] += time.thread_time() - began
        return call

    document, options, _ = parse_fill({"text": TEXT, **fields})
    list(editor.fill(document, options))  # what is compiled once is compiled now
    loop = importlib.import_module("dlm_editor.sampling.refine")
    monkeypatch.setattr(loop, "propose", timed("propose", loop.propose))
    monkeypatch.setattr(type(editor.denoiser), "predict", timed("predict", type(editor.denoiser).predict))
    *_, suggestion = editor.fill(document, options)
    assert suggestion.violations == ()
    assert spent["propose"] <= spent["predict"], spent
