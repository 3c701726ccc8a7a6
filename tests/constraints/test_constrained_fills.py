"""Random sets of constraints, contradictory ones among them, through whole fills: every finished fill satisfies them all, as judged by code of this file."""

import re
import time
import unicodedata

import pytest
import tiny
from hypothesis import HealthCheck, given, settings
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
    Regex,
    TokenCount,
    WordCount,
)
from dlm_editor.errors import UnsatisfiableError
from dlm_editor.sampling import SAMPLERS
from dlm_editor.tasks import FillOptions, Suggestion, fill
from dlm_editor.text import Document, Mark, parse_length, parse_marked

VOCABULARIES = {"with-null": 150, "bert-uncased": 80, "bert-cased": 80, "roberta": 80, "xlm-roberta": 60}
TIME_LIMIT = 10.0  # seconds of work
NAMES = ["entropy-bound", "confidence", "entropy", "margin", "ancestral", "threshold", "remasking"]

START, END = r"(?<![^\W_])", r"(?![^\W_])"  # no letter or digit beside it

WORDS = ["the", "cat", "dog", "story", "a", "It", "quiet", "well-known", "didn't", "king's", "the cat", "Zürich"]
REGEXES = [r"[a-z]+( [a-z]+)*", r"\d+", r"[A-Z][a-z]+.*", r"[^e]*", r"(?i).*cat.*", r".{3,12}", r"\w+[.!?]", r"(the|a) \w+", r"[^\n]*\d{2}[^\n]*", r"\S+@\S+\.(com|org)", r"é+", r".{4}"]
KINDS = st.one_of(
    st.builds(Include, st.sampled_from(WORDS)), st.builds(Include, st.sampled_from(WORDS), st.integers(1, 3)),
    st.builds(Ban, st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(tuple)), st.builds(BanLetters, st.sampled_from(["e", "aeiou", "t", "xyz", "."])),
    st.builds(Initials, st.sampled_from(["t", "tc", "abc", "ws"])), st.builds(LineInitials, st.sampled_from(["t", "ab"])),
    st.sampled_from([WordCount(1, 1), WordCount(2, 4), WordCount(3), WordCount(0, 2)]), st.sampled_from([CharacterCount(3, 8), CharacterCount(10), CharacterCount(1, 1)]),
    st.sampled_from([TokenCount(1, 2), TokenCount(3, 9), TokenCount(4)]), st.just(EndsSentence()), st.builds(Regex, st.sampled_from(REGEXES)),
    st.builds(OnlyWords, st.sampled_from([("the", "cat", "sat", "on", "It", "a", "story"), ("well-known", "didn't", "dog"), ("xylophone",)])))
TEXTS = st.sampled_from(["The cat [[sat]] on the mat.", "The [[]] cat", "An unbeliev[[able]] story", "[[It was raining]]", "One.[[]] Two.", "un[[]]able", "“[[Hello]]” he said, [[and]] the dog",
                         "one\n[[two\n]]three", "x = [[foo]](y)", "caf[[e]]\u0301 bar", "A [[b]]"])


def words(text):
    """Words of this file's own reading: by categories, character by character."""
    marked = "".join("W" if unicodedata.category(c)[0] in "LNM" else "J" if c in "'’-‐‑" else " " for c in text)
    return [text[m.start():m.end()] for m in re.finditer("W+(?:JW+)*", marked)]


def holds(constraint, text, before, after):
    whole = before + text + after
    found = words(whole)
    if isinstance(constraint, Regex):
        return any(re.fullmatch(constraint.pattern, part) for part in (text, text.strip(), text.lstrip(), text.rstrip()))
    if isinstance(constraint, Include):
        wanted = constraint.word.lower()
        if constraint.at:
            return [word.lower() for word in found][constraint.at - 1:][:len(wanted.split())] == wanted.split()
        return re.search(rf"{START}{re.escape(wanted)}{END}".replace(r"\ ", r"\s+"), whole.lower()) is not None
    if isinstance(constraint, Ban):
        return not any(re.search(rf"{START}{re.escape(word)}{END}".replace(r"\ ", r"\s+"), whole, re.I) for word in constraint.words)
    if isinstance(constraint, BanLetters):
        return not set(unicodedata.normalize("NFKD", text).casefold()) & set(constraint.letters)
    if isinstance(constraint, Initials):
        return [word[0].lower() for word in found] == list(constraint.letters)
    if isinstance(constraint, LineInitials):
        return [(words(line) or [" "])[0][0].lower() for line in text.split("\n")] == list(constraint.letters)
    if isinstance(constraint, EndsSentence):
        return re.search(r"[.!?…][\"'’”»)\]]*\s*\Z", text) is not None
    if isinstance(constraint, OnlyWords):
        return {word.lower() for word in found} <= {word.lower() for word in constraint.words}
    if isinstance(constraint, TokenCount):
        return True
    count = len(found) if isinstance(constraint, WordCount) else len(text.strip())
    return constraint.least <= count and (constraint.most is None or count <= constraint.most)


def inner(document, number, edit):
    """The fill without the white space that was kept, and the halves of words beside it."""
    span = document.marks[number].span
    old, text = document[span], edit.after
    if old.strip():
        text = text[len(old) - len(old.lstrip()):len(text) - (len(old) - len(old.rstrip()))]
    left, right = document.text[:span.start] if old == old.lstrip() else "", document.text[span.end:] if old == old.rstrip() else ""
    touches_left = re.match(r"\w", old) or not old and re.match(r"\w", right)
    touches_right = re.search(r"\w\Z", old) or not old and re.search(r"\w\Z", left)
    return text, re.search(r"\w*\Z", left)[0] if touches_left else "", re.match(r"\w*", right)[0] if touches_right else ""


@pytest.mark.timeout(900)
@pytest.mark.parametrize("kind", VOCABULARIES)
def test_every_finished_fill_satisfies_its_constraints_and_none_hangs(kind):
    denoisers = [tiny.TableDenoiser.of(tiny.vocabulary(kind), seed) for seed in range(3)]
    outcomes = {"filled": 0, "refused": 0}

    @settings(max_examples=VOCABULARIES[kind], deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(TEXTS, st.lists(KINDS, min_size=1, max_size=3).map(tuple), st.sampled_from(NAMES), st.sampled_from(["auto", "auto", "auto", "5", "3w"]), st.integers(0, 2),
           st.sampled_from([{}, {"temperature": 1.0}, {"alternatives": 2}, {"steps": 2}]))
    def law(marked, constraints, sampler, length, seed, draws):
        found = parse_marked(marked)
        document = Document(found.text, tuple(Mark(mark.span, parse_length(length)) for mark in found.marks))
        options = FillOptions(sampler=SAMPLERS[sampler](), seed=seed, constraints=constraints, **draws)
        began = time.thread_time()
        try:
            suggestions = [event for event in fill(denoisers[seed], document, options) if isinstance(event, Suggestion)]
        except UnsatisfiableError as error:
            outcomes["refused"] += 1
            assert re.search(r"must|length", str(error))
            return
        finally:
            assert time.thread_time() - began < TIME_LIMIT
        outcomes["filled"] += 1
        assert suggestions
        for suggestion in suggestions:
            assert suggestion.violations == ()
            for number, edit in enumerate(suggestion.edits):
                for constraint in constraints:
                    assert holds(constraint, *inner(document, number, edit)), (constraint, edit.after)

    law()
    assert min(outcomes.values()) > VOCABULARIES[kind] // 20, outcomes
