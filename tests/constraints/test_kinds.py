"""Every kind: its automaton accepts a text exactly where its judge, which shares no code with it, finds nothing wrong."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlm_editor.constraints import (
    Ban,
    BanLetters,
    CharacterCount,
    EndsSentence,
    Include,
    Initials,
    LineInitials,
    OnlyWords,
    Site,
    TokenCount,
    WordCount,
)
from dlm_editor.errors import OptionError

TEXTS = st.text(st.sampled_from("aabbcCé’'-- .,!\n?字1\"É)"), max_size=9)
HALVES = st.sampled_from(["", "", "a", "ba", "éc"])
WORDS = st.sampled_from(["a", "ab", "b-a", "c'b", "É", "字", "b a", "a b"])
LETTERS = st.text(st.sampled_from("abcé字1"), min_size=1, max_size=3)
COUNTS = st.tuples(st.integers(0, 4), st.none() | st.integers(1, 6)).filter(lambda pair: pair[1] is None or pair[0] <= pair[1])
KINDS = st.one_of(
    st.builds(Include, WORDS), st.builds(Include, WORDS, st.integers(1, 3)), st.builds(Ban, st.lists(WORDS, min_size=1, max_size=3).map(tuple)), st.builds(BanLetters, LETTERS),
    st.builds(Initials, LETTERS), st.builds(LineInitials, LETTERS), COUNTS.map(lambda pair: WordCount(*pair)), COUNTS.map(lambda pair: CharacterCount(*pair)),
    st.just(EndsSentence()))


@settings(max_examples=800, deadline=None)
@given(KINDS, TEXTS, HALVES, HALVES)
def test_the_automaton_accepts_what_the_judge_passes(constraint, text, before, after):
    found = constraint.compile(Site(before, after)).accepts(text)
    assert found == (constraint.violations(text, before, after) == ()), (constraint, text, before, after)


@pytest.mark.parametrize(("constraint", "passes", "fails"), [
    (Include("cat"), ["the cat sat", "CAT", "a “cat”", "cat--dog"], ["cats", "cat's", "well-cat", "concat", ""]),
    (Include("old man"), ["The Old  man sat", "old\nman"], ["old, man", "oldman", "old men"]),
    (Include("cat", 2), ["the cat sat", "a-b cat"], ["cat", "the old cat"]),
    (Ban(("cat", "old man")), ["cats", "concat", "old men"], ["Cat", "cat-like", "my cat's", "an Old  man!"]),
    (BanLetters("e"), ["this is odd", ""], ["E", "café", "ﬁve e"]),
    (Initials("tcs"), ["The cat sat.", "“the Cat-flap” is shut".replace(" is", "")], ["the cat", "the cat sat on", "a cat sat"]),
    (LineInitials("ab"), ["Away we go\nback", "“a\n b"], ["away", "away\nback\nc", "b\na", "a\n\nb"]),
    (WordCount(2, 3), ["a b", "don't well-known x", "a - b"], ["a", "a b c d", ""]),
    (CharacterCount(2, 4), ["ab", " a b ", "字é"], ["a", "abcde", "   "]),
    (EndsSentence(), ["So it is.", "Is it?”", "Oh… "], ["So it is", "a, ", ""]),
    (OnlyWords(("old", "Sea", "don't")), ["old sea", "Old, don't. sea", "Sea!"], ["OLD", "seas", "old sky", "don’t"]),
])
def test_examples_of_every_kind(constraint, passes, fails):
    automaton = constraint.compile(Site())
    assert [text for text in passes if not automaton.accepts(text) or constraint.violations(text)] == []
    assert [text for text in fails if automaton.accepts(text) or not constraint.violations(text)] == []


def test_a_word_that_the_mark_cuts_is_read_whole():
    assert Ban(("unhappy",)).violations("happy", "un") and not Ban(("happy",)).violations("happy", "un")
    assert Include("unbelievable").compile(Site("un", "able")).accepts("believ")
    assert not Ban(("unbelievable",)).compile(Site("un", "able")).accepts("believ")
    assert WordCount(1, 1).compile(Site("un", "able")).accepts("believ") and not WordCount(1, 1).compile(Site("un", "able")).accepts(" ")


@pytest.mark.parametrize("make", [
    lambda: Include(""), lambda: Include("..."), lambda: Include("a", 0), lambda: Include("a", True), lambda: Ban(()), lambda: Ban(("",)), lambda: Ban("cat"), lambda: BanLetters(""),
    lambda: BanLetters("a b"), lambda: Initials(""), lambda: Initials("a."), lambda: LineInitials("a b"), lambda: WordCount(3, 2), lambda: WordCount(-1), lambda: WordCount(0, 0),
    lambda: WordCount(1, 9999), lambda: CharacterCount(0, 10**9), lambda: TokenCount(1.5), lambda: TokenCount(True), lambda: OnlyWords(()), lambda: OnlyWords(("two words",)),
    lambda: OnlyWords(("a.",)), lambda: Include("x" * 201),
])
def test_what_is_no_constraint_is_refused_with_rule_and_way_out(make):
    with pytest.raises(OptionError, match=r"; got .*\. [A-Z]"):
        make()


def test_every_kind_says_in_plain_words_what_the_fill_must_do():
    said = [str(kind) for kind in (Include("a", 2), Ban(("a", "b")), BanLetters("e"), Initials("ab"), LineInitials("ab"), WordCount(3, 3), WordCount(0, 5), WordCount(2), CharacterCount(2, 3),
                                   TokenCount(4, 4), EndsSentence(), OnlyWords(tuple("abcdefg")))]
    assert said == ["include a as word 2", "ban a, b", "ban the letters e", "have words that begin with a, b", "have lines that begin with a, b", "have 3 words", "have at most 5 words",
                    "have at least 2 words", "have 2 to 3 characters", "have 4 tokens", "end a sentence", "use only the words a, b, c, d, e and 2 more"]
    assert all(re.match(r"[a-z]+ ", text) for text in said)
