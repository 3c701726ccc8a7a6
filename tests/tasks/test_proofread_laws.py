"""The laws of a proofreading: nothing is lost, whatever the text, the spans and the model. What a good model finds is measured by the benchmark."""

import dataclasses
import itertools
import re
import time

import pytest
import tiny
import tiny_causal
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from proofread_laws import EVERYTHING, check_proofread, line_ends

from dlm_editor.denoisers import Info
from dlm_editor.denoisers.loading import load_denoiser
from dlm_editor.errors import AbilityError
from dlm_editor.tasks import Proofreading, ProofreadOptions, proofread
from dlm_editor.tasks.proofreading.ability import check_ability
from dlm_editor.text import Document, Mark, Span

LETTER = "Dear Jane,\r\n\r\nI recieve you're letter teh the other day , and it make me happy.\r\nwe walk too the the river; it where cold.\n\nHe dont no\twhy\u2026\rYour's, Tom"
ODD = "\ufeffA cafe\u0301 is is 👩‍🔬👩‍🔬 nice nice\0, שלום שלום לכם, and the the مرحبا بك.\r\n字字典 Łódź ﬁne ﬁne I\u200bsaw\u00a0saw it\v\u2028so so"
PIECES = ["The the cat sat on teh mat", " and we walks to a apple", " She have recieved it", " cat", " cat", "sat ,",
          "\r\n", "\n", "\r", " he walk", " teh", "don't", "e\u0301", "👩‍🔬", "\0", "אע אע", " it it", "  ", "\t", "\ud83d", ".", "字", "I", " a apple", "[[x]]", "'", "…"]
TEXTS = st.one_of(st.lists(st.sampled_from(PIECES), max_size=14).map("".join), st.text(max_size=30))


def table(kind="with-null", **options):
    return tiny.TableDenoiser.of(tiny.vocabulary(kind), **options)


@st.composite
def documents(draw):
    text = draw(TEXTS)
    cuts = sorted(set(draw(st.lists(st.integers(0, len(text)), max_size=4))))
    return Document(text, tuple(Mark(Span(*pair)) for pair in zip(cuts[::2], cuts[1::2])))


@pytest.mark.parametrize("kind", ["with-null", "bert-uncased", "roberta"])
def test_edits_lie_within_the_spans_and_give_the_corrected_text_or_the_text_back(kind):
    counts = []

    @settings(max_examples=50, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(document=documents(), threshold=st.sampled_from([0.0, 0.0, 0.02, 0.5]))
    def holds(document, threshold):
        counts.append(len(check_proofread(table(kind), document, ProofreadOptions(threshold)).corrections))

    holds()
    assert max(counts) > 1  # there was something to check


WRITERS = {"bert": lambda folder: tiny.checkpoint("bert-uncased"), "bundled's kind": lambda folder: tiny.checkpoint("with-null"),
           "llada": tiny_causal.tiny_llada, "dream": tiny_causal.tiny_dream}


@pytest.mark.parametrize("family", WRITERS)
def test_a_model_of_each_family_that_is_loaded_from_disk_keeps_the_laws(family, tmp_path):
    denoiser = load_denoiser(str(WRITERS[family](tmp_path / "model")), "cpu")
    for text in (LETTER, ODD):
        found = check_proofread(denoiser, Document(text))
        assert found.corrections == check_proofread(denoiser, Document(text)).corrections  # nothing is drawn at random
    start, end = LETTER.index("we walk"), LETTER.index("\n\nHe")
    check_proofread(denoiser, Document(LETTER, (Mark(Span(0, 9)), Mark(Span(start, end)))))


@pytest.mark.parametrize("text", ["", " ", "\r\n", "\n\n \t\r", ".", "\0", "a", "\ufeff", "```", "\ud83d"])
def test_where_there_is_nothing_to_correct_nothing_is_lost(text):
    assert check_proofread(table(), Document(text)).text == text


def test_an_empty_span_holds_nothing_to_correct():
    assert check_proofread(table(), Document(LETTER, (Mark(Span(30, 30)),))).corrections == ()


@pytest.mark.parametrize("text", [
    "Это предложение на русском языке, и здесь нет ошибок.\r\nСъешь же ещё этих мягких французских булок.", "这是一个没有空格的句子。这是第二个句子，里面有逗号。",
    "هذه جملة باللغة العربية، ولا توجد فيها أخطاء.", "זה משפט בעברית, ואין בו שגיאות.", "ประโยคภาษาไทยไม่มีช่องว่างระหว่างคำ", "これは日本語の文章です。「引用」もあります。",
])
def test_text_in_other_scripts_is_left_alone(text):
    for kind in ("with-null", "bert-uncased"):
        assert check_proofread(table(kind), Document(text)).corrected == text


MARKDOWN = """# A heading

Some text with `inline code code` and a link [here here](https://example.com/the/the?q=teh&x=1).

```python
def add(frist, second):
    return frist  + second  # teh the the sum
```

More text , than another fence:

~~~
the the fence of tildes
~~~

- [ ] An item of 3.14 , 1,000,000 and 50 % on 2024-01-31 at 10:30.
| a | table table |
|---|---|
"""
CODE = re.compile(r"```.*?```|~~~.*?~~~|`[^`]+`|https?://[^\s)]+|\d[\d.,:-]*\d", re.DOTALL)


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_code_addresses_and_numbers_are_never_touched(ending):
    text = MARKDOWN.replace("\n", ending)
    kept = [Span(*code.span()) for code in CODE.finditer(text)]
    assert len(kept) > 8
    for kind in ("with-null", "roberta"):
        for one in check_proofread(table(kind), Document(text)).corrections:
            assert not any(one.edit.span.overlaps(span) for span in kept), one


def test_a_fence_that_is_never_closed_runs_to_the_end():
    text = "See see:\n```\nthe the sum\n\nis is teh sum"
    assert check_proofread(table(), Document(text)).corrected.endswith(text[9:])


CODE_LINE = "the the sum of teh a apple is is here"
FENCES = {
    "in a quotation": f"> See here.\n>\n> ```\n> {CODE_LINE}\n> ```\n", "in a list": f"1. See here\n\n    ```\n    {CODE_LINE}\n    ```\n", "under an item": f"- See here\n    ```\n    {CODE_LINE}\n    ```\n",
    "after an item's mark": f"- ```\n  {CODE_LINE}\n  ```\n", "holding a shorter one": f"````\n```\n{CODE_LINE}\n```\n{CODE_LINE}\n````\n", "of tildes with ticks": f"~~~ `a`\n{CODE_LINE}\n~~~\n",
    "with old line ends": f"See here.\r```\r{CODE_LINE}\r```\rAnd here.", "with mixed line ends": f"See here.\r\n```sh\r{CODE_LINE}\n```\r\nAnd here.",
}


@pytest.mark.parametrize("place", FENCES)
def test_a_fence_is_one_wherever_it_stands(place):
    text = FENCES[place]
    for kind in ("with-null", "bert-uncased"):
        for one in check_proofread(table(kind), Document(text)).corrections:
            assert one.edit.span.end <= text.index("the the") or one.edit.span.start >= text.rindex("is here") + 7, one


def test_three_ticks_around_a_few_words_are_no_fence():
    text = "See ```the the``` here.\n```is is``` too.\nThe the end."
    *steps, _ = proofread(table(), Document(text), EVERYTHING)
    assert any(step.checked.start <= text.index("The the") < step.checked.end for step in steps)
    found = check_proofread(table(), Document(text)).corrections
    assert not any(one.edit.span.overlaps(Span(*seen.span())) for one in found for seen in re.finditer("```.*?```", text))


def test_words_of_the_dictionary_and_ignored_corrections_stay():
    document = Document(LETTER)
    first = check_proofread(table(), document)
    words = tuple(dict.fromkeys(re.findall(r"[^\W\d_]+", LETTER)))
    spelt = check_proofread(table(), document, dataclasses.replace(EVERYTHING, dictionary=tuple(word.upper() for word in words)))
    assert not any(one.reason == "spelling" and one.edit.before in words for one in spelt.corrections)
    ignore = tuple((one.edit.before, one.edit.after) for one in first.corrections)
    check_proofread(table(), document, dataclasses.replace(EVERYTHING, ignore=ignore))  # which looks for them


def test_line_ends_stay_each_as_it_is():
    text = "One one.\r\nTwo two.\rThree three.\n\r\n\n\rFour four."
    assert line_ends(check_proofread(table(), Document(text)).corrected) == line_ends(text)


SECONDS = 20  # for what takes one or two on a machine that is not shared


def test_a_line_of_20_000_characters_is_read_to_its_end():
    prose = "It was was a cold day, and we walk to teh river " * 40
    text = prose + "1234567 " * ((20_000 - 2 * len(prose)) // 8) + prose
    began = time.perf_counter()
    found = check_proofread(table(max_length=512), Document(text))
    assert time.perf_counter() - began < SECONDS
    assert found.corrections[0].edit.span.start < len(prose) and found.corrections[-1].edit.span.end > len(text) - len(prose)


@pytest.mark.parametrize("line", ["x" * 20_000, "这是一个没有空格的句子，" * 1_600, " " * 20_000, "`" * 20_000, "a`" * 10_000, "a@" * 10_000, "[[" * 10_000],
                         ids=["one word", "no spaces", "spaces", "ticks", "code", "addresses", "brackets"])
def test_a_long_line_that_is_no_prose_is_passed_over(line):
    began = time.perf_counter()
    check_proofread(table(max_length=512), Document(line), ProofreadOptions(0.5))
    assert time.perf_counter() - began < SECONDS


def test_of_a_megabyte_the_first_parts_come_at_once_and_a_span_in_it_costs_what_it_costs_alone():
    text = "It was was a cold day, and we walk to teh river.\r\n\r\n" * 20_000
    began = time.perf_counter()
    with_parts = list(itertools.islice(proofread(table(), Document(text)), 30))
    assert time.perf_counter() - began < SECONDS and all(step.total == len(text) for step in with_parts)
    denoisers = table(), table()
    middle = len(text) // 2
    check_proofread(denoisers[0], Document(text, (Mark(Span(middle, middle + 300)),)))
    start = text.rindex("\r\n", 0, middle) + 2
    end = text.index("\r\n", middle + 300)
    check_proofread(denoisers[1], Document(text[start:end], (Mark(Span(middle - start, middle + 300 - start)),)))
    assert len(denoisers[0].calls) <= 2 * len(denoisers[1].calls) + 2


def test_the_work_can_be_stopped_after_any_part():
    events = proofread(table(), Document("a a\n" * 50))
    next(events)
    events.close()
    assert list(events) == []


def info(**changes):
    return dataclasses.replace(Info("some-model", "some", 1, 128, mask_id=3), **changes)


@pytest.mark.parametrize(("able", "said"), [
    (info(mask_id=None), "'some-model' has no mask. Use a model that has one, like 'bundled'"), (info(corruption="uniform"), "has no mask"),
    (info(sees_suffix=False), "see the text after a gap; 'some-model' cannot. Use one that can, like 'bundled'"),
])
def test_a_model_without_the_ability_is_refused_with_one_that_has_it_before_the_first_part(able, said):
    with pytest.raises(AbilityError, match=said):
        check_ability(able)

    @dataclasses.dataclass(frozen=True, eq=False)
    class Unable(tiny.TableDenoiser):
        info = able

    plain = table()
    denoiser = Unable(plain.vocabulary, plain.table, plain.max_length, [])
    with pytest.raises(AbilityError, match=said):
        list(proofread(denoiser, Document("The the cat.")))
    assert denoiser.calls == []


def test_a_model_that_masks_and_sees_both_sides_will_do():
    check_ability(info())
    check_ability(info(corruption="both", prediction="score"))


def test_the_last_event_is_the_proofreading():
    *_, found = proofread(table(), Document(LETTER))
    assert isinstance(found, Proofreading) and found.seconds >= 0
