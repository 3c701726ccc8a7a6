"""Patterns against Python's own `re`, and what is refused."""

import re
import time
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlm_editor.constraints import Regex, Site
from dlm_editor.errors import OptionError

ATOMS = st.sampled_from(["a", "b", "É", "ß", "字", "😀", r"\.", r"\d", r"\D", r"\w", r"\W", r"\s", r"\S", ".", "[ab]", "[^ab]", "[a-cé-ü]", r"[\d_x]", r"[^\w\n]",
                         r"\u00e9", " ", "-", "K"])
REPEATS = st.sampled_from(["", "", "", "*", "+", "?", "{2}", "{1,3}", "{0,2}?", "{2,}", "*?"])


def grow(inner):
    joined = st.lists(inner, min_size=1, max_size=3).map("".join)
    grouped = st.builds(lambda parts, opening: opening + "|".join(parts) + ")", st.lists(joined, min_size=1, max_size=3),
                        st.sampled_from(["(", "(?:", "(?i:", "(?a:", "(?s:"]))
    return st.builds(lambda part, times: part + times, grouped, REPEATS) | joined


PATTERNS = st.builds(lambda flags, body: flags + body, st.sampled_from(["", "", "(?i)", "(?s)", "(?a)"]),
                     st.recursive(st.builds(lambda atom, times: atom + times, ATOMS, REPEATS), grow, max_leaves=6))
TEXTS = st.text(st.sampled_from("aAbB éÉüßsS字😀.dD09_x-\n\tkK\u212a"), max_size=6)


@settings(max_examples=700, deadline=None)
@given(PATTERNS, st.lists(TEXTS, min_size=1, max_size=8))
def test_a_pattern_accepts_what_re_matches_from_end_to_end_rims_aside(pattern, texts):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = Regex(pattern)
        automaton = found.compile(Site())
        for text in texts:
            expected = any(re.fullmatch(pattern, text[low:high]) for low in range(len(text) + 1) for high in range(low, len(text) + 1)
                           if not text[:low].strip() and not text[high:].strip())
            assert automaton.accepts(text) == expected, (pattern, text)
            assert (found.violations(text) == ()) == expected, (pattern, text)


@pytest.mark.parametrize(("pattern", "text", "fits"), [
    (r"^\d{4}-\d\d-\d\d$", "2024-02-29", True), (r"\A[a-z]+\Z", "abc", True), (r"(?i)straße", "STRASSE", False), (r"(?i)[a-z]+@\w+\.(com|org)", "A@Ö.ORG", True),
    (r"(?x) \d+ # a number", "12", True), (r"a{3}", "aa", False), (r"[^\"\n]*", 'a"', False), (r"(a|b)*?c", "abac", True), (r"\N{BULLET}", "•", True),
])
def test_usual_patterns(pattern, text, fits):
    assert Regex(pattern).compile(Site()).accepts(text) == fits
    assert (Regex(pattern).violations(text) == ()) == fits


@pytest.mark.parametrize(("pattern", "message"), [
    (r"(a)\1", "a back-reference"), (r"a(?=b)", "a look-around"), (r"(?<!a)b", "a look-around"), (r"\bcat\b", "a boundary inside the pattern"), (r"(?>a+)b", "an atomic group"),
    (r"a++b", "a possessive repeat"), (r"(a)(?(1)b|c)", "a condition on a group"), (r"a(^b|c)", "a boundary inside the pattern"), ("(", "is none: missing"), ("[z-a]", "bad character range"),
    ("", "1 to 2000 characters"), ("a" * 2001, "1 to 2000 characters"), ("a{5000}", "at most 1000; got 5000"), ("(a{900}){900}", "comes to more"), (3, "1 to 2000 characters"),
])
def test_what_no_automaton_can_do_is_refused_with_its_name(pattern, message):
    with pytest.raises(OptionError, match=re.escape(message)):
        Regex(pattern)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("pattern", ["(a|aa)*b" * 20, ".*a.{30}", "(.*a){60}", "(a*)*" * 50, "((((a{0,9}){0,9}){0,9}){0,9}){0,9}", "[a-z]{0,1000}[a-y]{0,1000}", "(" * 300 + "a" + ")" * 300,
                                     ".{0,500}x.{0,500}y.{0,500}"])
def test_no_pattern_hangs(pattern):
    began = time.thread_time()
    try:
        Regex(pattern)
    except OptionError as error:
        assert "comes to more" in str(error) or "nested" in str(error)
    assert time.thread_time() - began < 20
