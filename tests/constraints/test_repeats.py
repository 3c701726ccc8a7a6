"""No line or word pair twice: the cuts against a reading of this file, and whole fills of denoisers that love to repeat."""

import random
import re
import time
from dataclasses import replace

import pytest
import tiny
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dlm_editor.constraints import Ban, BanLetters, CharacterCount, EndsSentence, Include, NoRepeats, OnlyWords, Regex, Site, WordCount
from dlm_editor.errors import UnsatisfiableError
from dlm_editor.sampling import SAMPLERS
from dlm_editor.tasks import FillOptions, Suggestion, fill
from dlm_editor.text import parse_marked

VOCABULARIES = {"with-null": 40, "bert-uncased": 30, "bert-cased": 20, "roberta": 30, "xlm-roberta": 20}
TIME_LIMIT = 20.0  # seconds of work
PIECES = ["the", "The", "a", "-", " ", " ", "\n", "\n", "well-known", ", ", "--", "stop", "...", "'"]


def words(text):
    return re.findall(r"[^\W_]+(?:['’‐‑-][^\W_]+)*", text.lower())


def repeats(text):
    """What stands twice, by patterns instead of categories."""
    found, lines = words(text), [" ".join(words(line)) or line.strip() for line in text.split("\n")]
    pairs = list(zip(found, found[1:]))
    return {pair for pair in pairs if pairs.count(pair) > 1 or pair[0] == pair[1]} | {line for line in lines if line and lines.count(line) > 1}


def some_texts(count, longest):
    draw = random.Random(7)
    return ["".join(draw.choices(PIECES, k=draw.randint(0, longest))) for _ in range(count)]


def test_the_judge_finds_what_a_plain_reading_finds():
    verdicts = [(bool(NoRepeats().violations(text, "un")), bool(repeats("un" + text))) for text in some_texts(3000, 12)]
    assert all(one == other for one, other in verdicts)
    assert 100 < sum(one for one, _ in verdicts) < 2900


def test_cuts_let_each_stand_once_and_doubled_words_never():
    cuts = NoRepeats((("the", "a"), ("a", "the"), ("the", "the"), ("stop",), ("...",)))
    automaton, outcomes = cuts.compile(Site("un", "")), [0, 0]
    for text in some_texts(6000, 14):
        whole, found = "un" + text, words("un" + text)
        pairs, lines = list(zip(found, found[1:])), [line.strip() for line in whole.split("\n")]
        stops = sum(words(line) == ["stop"] for line in lines)
        holds = pairs.count(("the", "a")) < 2 and pairs.count(("a", "the")) < 2 and ("the", "the") not in pairs and stops < 2 and lines.count("...") < 2
        assert automaton.accepts(text) == holds, text
        outcomes[holds] += 1
    assert min(outcomes) > 50, outcomes


def test_a_beginning_is_clean_and_grows_with_every_text_that_goes_on_from_it():
    outcomes = [0, 0]
    for number, text in enumerate(some_texts(400, 14)):
        found = NoRepeats().resumed(text)
        if not repeats(text):
            assert found == NoRepeats()
            continue
        begin, automaton = found.beginning, found.compile(Site())
        assert text.startswith(begin) and not repeats(begin) and not automaton.accepts(text)
        for rest in some_texts(60, 5)[number % 4::4]:
            whole = begin + " " + rest
            outcomes[automaton.accepts(whole)] += 1
            if automaton.accepts(whole):
                assert not repeats(whole) or len(words(found.resumed(whole).beginning)) > len(words(begin)), (text, whole)
            else:
                assert repeats(whole), (text, whole)
    assert min(outcomes) > 20, outcomes


def test_what_repeats_is_said():
    assert [str(one) for one in NoRepeats().violations("The cat saw the cat")] == ["repeat no line or word pair; got the pair “the cat” again"]
    assert [str(one) for one in NoRepeats().violations("stop\ngo\nStop!")] == ["repeat no line or word pair; got the line “stop” again"]
    assert [str(one) for one in NoRepeats().violations("able to to see")] == ["repeat no line or word pair; got the pair “to to” again"]
    assert NoRepeats().violations(" able", "un", "") == ()
    assert NoRepeats().violations("x unx", "un") and not NoRepeats().violations("x unx")
    assert NoRepeats().violations("to t", "", "o") and not NoRepeats().violations("to t")
    assert not NoRepeats().violations("one\n\ntwo\n\nthree")


def lover(kind, seed):
    """Predicts the same words at every position."""
    denoiser = tiny.TableDenoiser.of(tiny.vocabulary(kind), seed)
    return replace(denoiser, table=denoiser.table[:1].repeat(len(denoiser.table), 1))


OTHERS = st.one_of(st.builds(Include, st.sampled_from(["the", "cat", "the cat"])), st.just(Ban(("the", "a"))), st.just(BanLetters("e")), st.sampled_from([WordCount(4), WordCount(5, 7), WordCount(9, 9)]),
                   st.just(CharacterCount(5, 30)), st.just(EndsSentence()), st.builds(OnlyWords, st.sampled_from([("the",), ("the", "cat"), ("the", "cat", "dog", "a", "story")])),
                   st.builds(Regex, st.sampled_from([r"[a-z]{1,3}( [a-z]{1,3}){2,6}", r"[a-d](\n[a-d])+", r"(the cat ?)+", r"\w+ \w+(, \w+ \w+)*"])))
TEXTS = st.sampled_from(["The cat [[sat|7w]] on the mat.", "The [[|5w]] cat", "An unbeliev[[able|3w]] story", "[[It was raining|6w]]", "one\n[[two\nthree]]\nfour", "[[Hello|4w]] he said, [[and|12]] the dog"])


@pytest.mark.timeout(600)
@pytest.mark.parametrize("kind", VOCABULARIES)
def test_no_finished_fill_repeats_anything_and_none_hangs(kind):
    denoisers = [make(seed) for seed in range(2) for make in (lambda seed: lover(kind, seed), lambda seed: tiny.TableDenoiser.of(tiny.vocabulary(kind), seed))]
    outcomes = {"filled": 0, "refused": 0}

    @settings(max_examples=VOCABULARIES[kind], deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(TEXTS, st.lists(OTHERS, max_size=2).map(tuple), st.sampled_from(["entropy-bound", "confidence", "ancestral"]), st.sampled_from(denoisers),
           st.sampled_from([{}, {"temperature": 1.0}, {"alternatives": 2}, {"steps": 2}]))
    def law(marked, others, sampler, denoiser, draws):
        document, began = parse_marked(marked), time.thread_time()
        try:
            events = list(fill(denoiser, document, FillOptions(sampler=SAMPLERS[sampler](), constraints=(NoRepeats(), *others), **draws)))
        except UnsatisfiableError as error:
            outcomes["refused"] += 1
            assert re.search(r"must|length", str(error))
            return
        finally:
            assert time.thread_time() - began < TIME_LIMIT
        outcomes["filled"] += 1
        suggestions = [event for event in events if isinstance(event, Suggestion)]
        assert suggestions
        for suggestion in suggestions:
            assert suggestion.violations == ()
            for mark, edit in zip(document.marks, suggestion.edits):
                half = "unbeliev" if "unbeliev" in marked else ""
                assert not repeats(half + edit.after), edit.after
                assert all(not one.violations(edit.after, half) for one in others if isinstance(one, Ban | WordCount | OnlyWords))

    law()
    assert min(outcomes.values()) > 0, outcomes
