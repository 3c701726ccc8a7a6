"""Automata over bytes and tokens against definitions that share no code with them."""

import itertools
import re

import numpy as np
import pytest
import tiny
from hypothesis import given, settings
from hypothesis import strategies as st

from dlm_editor.canvas import Automaton, compile_bytes, count_words, word_automaton
from dlm_editor.canvas.border import ANY, border_bytes
from dlm_editor.canvas.characters import kind


def reference(data, prefix, suffix, first, last, may_break, may_camel):
    """By Python's own decoder."""
    if not (data.startswith(prefix) and data.endswith(suffix) and len(data) > len(prefix) + len(suffix)):
        return False
    try:
        text = data[len(prefix):len(data) - len(suffix)].decode()
    except UnicodeDecodeError:
        return False
    if any(c < " " and c not in "\t\n" or "\x7f" <= c < "\xa0" or c in "\u2028\u2029" for c in text) or "\n" in text and not may_break:
        return False
    if not may_camel and re.search("[a-z][A-Z]", prefix.decode()[-1:] + text):
        return False
    return kind(text[0]) in first and kind(text[-1]) in last


KINDS = st.frozensets(st.sampled_from(sorted(ANY)), min_size=1)
ASCII_AND_FRIENDS = st.text(st.sampled_from("abBC. ,\n\t-(’“é\u00a0\u2003\u3000x\x01😀字\u0301"), max_size=8)
LITERALS = st.sampled_from([b"", b" ", b" ab", "é".encode(), b"a"])


@settings(max_examples=600, deadline=None)
@given(ASCII_AND_FRIENDS, LITERALS, LITERALS, KINDS, KINDS, st.booleans(), st.booleans(), st.binary(max_size=3), st.booleans())
def test_the_border_automaton_is_its_definition(text, prefix, suffix, first, last, may_break, may_camel, noise, noisy):
    data = prefix + text.encode() + (noise if noisy else b"") + suffix
    found = border_bytes(prefix, suffix, first, last, may_break, may_camel).accepts(data)
    # Kinds of rare letters and signs are known to bytes by their block only, so the reference is asked where it is exact.
    if not noisy or first == last == ANY:
        assert found == reference(data, prefix, suffix, first, last, may_break, may_camel)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=6))
def test_only_valid_utf8_is_admitted(data):
    found = border_bytes(b"", b"", ANY, ANY, True, True).accepts(data)
    assert found == reference(data, b"", b"", ANY, ANY, True, True)


@pytest.mark.parametrize("kind_", ["roberta", "bert-cased", "with-null"])
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_compiled_automaton_accepts_what_its_tokens_write(kind_, data):
    vocabulary = tiny.vocabulary(kind_)
    byte_automaton = border_bytes(b" " if kind_ != "bert-cased" else b"", b"able", ANY, ANY, False, False)
    automaton = compile_bytes(byte_automaton, vocabulary)
    ordinary = [i for i in range(vocabulary.size) if not vocabulary.forbidden[i]]
    tokens = data.draw(st.lists(st.sampled_from(ordinary), max_size=4))
    tokens = data.draw(st.sampled_from([[], vocabulary.encode(" ")])) + tokens + data.draw(st.sampled_from([[], vocabulary.encode("able")]))
    assert automaton.accepts(tokens) == byte_automaton.accepts(vocabulary.write(tokens))
    assert not automaton.accepts([*tokens, vocabulary.mask_id])


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32), st.integers(0, 2**32))
def test_an_intersection_accepts_what_both_accept(one, two):
    def random(seed):
        rng = np.random.default_rng(seed)
        arcs = rng.integers(-1, 3, (3, 4))
        arcs[:, 0] = -1
        return Automaton(rng.integers(0, 4, 4), arcs, rng.random(3) < 0.5)

    a, b = random(one), random(two)
    both = a.intersect(b)
    for length in range(4):
        for run in itertools.product(range(4), repeat=length):
            assert both.accepts(run) == (a.accepts(run) and b.accepts(run))
        assert both.lengths(3)[length] == any(both.accepts(run) for run in itertools.product(range(4), repeat=length))


@pytest.mark.parametrize(("text", "words"), [("cat", 1), (" cat sat", 2), ("don't well-known", 2), ("a, b: c", 3), ("", 0), ("“No,” he said", 3), ("3.5", 2)])
def test_words_are_counted(text, words):
    assert count_words(text) == words


@pytest.mark.parametrize("kind_", ["roberta", "bert-uncased"])
def test_the_word_automaton_takes_words_apart_by_one_space(kind_):
    vocabulary = tiny.vocabulary(kind_)
    accepts = lambda text, count: word_automaton(vocabulary, count).accepts(vocabulary.encode(text))
    assert accepts("the cat sat", 3) and accepts("the cat, sat", 3) and accepts("don't go", 2)
    assert not accepts("the cat", 3) and not accepts("the cat.", 2) and not accepts("the cat sat", 2)
