"""Tokens and the bytes they write."""

import pytest
import tiny
from hypothesis import given, settings
from hypothesis import strategies as st

from dlm_editor.canvas.vocabulary import SPACED


@pytest.mark.parametrize("kind", ["roberta", "modernbert", "with-null"])
@settings(max_examples=200, deadline=None)
@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_a_byte_level_vocabulary_writes_what_it_read(kind, text):
    vocabulary = tiny.vocabulary(kind)
    assert vocabulary.write(vocabulary.encode(text)).decode() == text


@pytest.mark.parametrize(("text", "written"), [
    ("The cat sat.", "The cat sat."), ("Hello, (world)!", "Hello, (world)!"), ("don't well-known", "don't well-known"), ("3.14", "3. 14"),
    ("“Hello” he said", "“Hello” he said"), ("one—two", "one—two"),
])
def test_wordpiece_puts_spaces_where_prose_has_them(text, written):
    vocabulary = tiny.vocabulary("bert-cased")
    assert vocabulary.write(vocabulary.encode(text)).decode() == written
    assert vocabulary.write(vocabulary.encode("cat"), SPACED) == b" cat"


@pytest.mark.parametrize("kind", sorted(tiny.BUILDERS))
def test_special_tokens_in_a_text_are_read_as_text(kind):
    vocabulary = tiny.vocabulary(kind)
    ids = vocabulary.encode("a <mask> [MASK] <null> [CLS] </s> b")
    assert vocabulary.mask_id not in ids and vocabulary.null_id not in ids
    assert not set(ids) & {*vocabulary.prefix_ids, *vocabulary.suffix_ids}


@pytest.mark.parametrize("kind", sorted(tiny.BUILDERS))
def test_special_tokens_are_forbidden_and_write_nothing(kind):
    vocabulary = tiny.vocabulary(kind)
    assert vocabulary.forbidden[[vocabulary.mask_id, *vocabulary.prefix_ids, *vocabulary.suffix_ids]].all()
    assert vocabulary.write([vocabulary.mask_id]) == b""
    assert all(vocabulary.written[0][i] for i in range(vocabulary.size) if not vocabulary.forbidden[i])


def test_a_lone_surrogate_is_read_as_one_unknown_character():
    vocabulary = tiny.vocabulary("roberta")
    assert vocabulary.write(vocabulary.encode("a\ud800b")).decode() == "a\ufffdb"


def test_frames_are_found():
    bert, null = tiny.vocabulary("bert-uncased"), tiny.vocabulary("with-null")
    assert (bert.backend.id_to_token(bert.prefix_ids[0]), bert.backend.id_to_token(bert.suffix_ids[0])) == ("[CLS]", "[SEP]")
    assert bert.is_uncased and bert.is_spaced and not bert.frames_document
    assert null.frames_document and not null.is_uncased and null.null_id is not None
