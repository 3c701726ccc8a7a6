"""Where a mark meets the text beside it: spacing, halves of words, marks of punctuation, in every kind of vocabulary."""

import re
import unicodedata

import pytest
import tiny

from dlm_editor.canvas.border import find_border
from dlm_editor.tasks import FillOptions, Suggestion, fill
from dlm_editor.text import Document, Mark, Span, parse_length

INK = r"[^\s]"                                  # one visible character
FILL = r"(?:[^\s](?:[^\n]*[^\s])?)"             # begins and ends with one, on one line
WORDY = r"(?:[^\s!-/:-@\[-`{-~](?:[^\n]*[^\s])?)"  # goes on with a word

# The marked text, and what the whole result must look like whatever the model says.
CASES = {
    "a word between spaces": ("The [[cat]] sat.", rf"The {FILL} sat\."),
    "a word and the space after it": ("The [[cat ]]sat.", rf"The {FILL} sat\."),
    "a word and the space before it": ("The[[ cat]] sat.", rf"The {FILL} sat\."),
    "a word and both its spaces": ("The[[ cat ]]sat.", rf"The {FILL} sat\."),
    "the first word": ("[[The]] cat", rf"{FILL} cat"),
    "the first word and the space after it": ("[[The ]]cat", rf"{FILL} cat"),
    "the last word": ("The [[cat]]", rf"The {FILL}"),
    "the whole document": ("[[The cat]]", FILL),
    "the last word before a full stop": ("The [[cat]].", r"The [^\s](?:[^\n]*[^\s.,;:!?…])?\."),
    "a word before a comma": ("The [[cat]], then", r"The [^\s](?:[^\n]*[^\s.,;:!?…])?, then"),
    "an insertion after a space": ("The [[]]cat", rf"The {FILL} cat"),
    "an insertion before a space": ("The[[]] cat", r"The[^\w][^\n]* cat"),
    "an insertion at the start": ("[[]]The cat", rf"{FILL} The cat"),
    "an insertion at the end of a word": ("The cat[[]]", r"The cat[^\w](?s:.*)"),
    "an insertion before a full stop": ("The cat[[]].", r"The cat[^\w](?s:.*)\."),
    "an insertion at the end after a space": ("The cat [[]]", r"The cat [^\s](?s:.*)"),
    "an insertion between two spaces": ("The [[]] cat", rf"The {FILL} cat"),
    "an insertion after a full stop": ("One.[[]] Two.", r"One\.[\s)\]}%’”»>°](?s:.*) Two\."),
    "an insertion inside a word": ("un[[]]able", rf"un{WORDY}?able"),
    "a space alone": ("The[[ ]]cat", r"The[^\w][^\n]* cat"),
    "the second half of a word": ("An unbeliev[[able]] story", rf"An unbeliev{WORDY} story"),
    "the first half of a word": ("An [[un]]believable story", rf"An {FILL}believable story"),
    "the middle of a word": ("An un[[believ]]able story", rf"An un{WORDY}able story"),
    "the half of a word and the next word": ("An unbeliev[[able story]].", rf"An unbeliev{WORDY}\."),
    "the end of a contraction": ("He did[[n't]] go", rf"He did{WORDY} go"),
    "after an apostrophe": ("He didn'[[t]] go", rf"He didn'{INK}.* go"),
    "inside quotes": ("He said “[[Hello]]” to", rf"He said “{FILL}” to"),
    "inside straight quotes": ('He said "[[Hello]]" to', rf'He said "{FILL}" to'),
    "an insertion inside quotes": ("He said “[[]]” to", rf"He said “{FILL}” to"),
    "an insertion inside brackets": ("so ([[]]) it", rf"so \({FILL}\) it"),
    "an insertion after a straight quote": ('said "[[]] it', rf'said "{FILL} it'),
    "after a tab": ("a\t[[cat]]\tb", rf"a\t{FILL}\tb"),
    "a tab marked with the word": ("a[[\tcat]]\tb", rf"a\t{FILL}\tb"),
    "a whole line": ("one\n[[two]]\nthree", rf"one\n{FILL}\nthree"),
    "a line and its break": ("one\n[[two\n]]three", r"one\n[^\s](?s:.*)\nthree"),
    "an indented line": ("def f():\n[[    pass]]\n", rf"def f\(\):\n    {FILL}\n"),
    "after an indentation": ("def f():\n    [[pass]]\n", rf"def f\(\):\n    {FILL}\n"),
    "after two spaces": ("one.  [[Two]]  three", rf"one\.  {FILL}  three"),
    "before an emoji": ("I [[like]]😀 it", rf"I {FILL}😀 it"),
    "after an emoji": ("I 😀[[like]] it", rf"I 😀{FILL} it"),
    "between the parts of an emoji": ("a 👩\u200d[[👩]]\u200d👧 b", rf"a 👩\u200d{FILL}\u200d👧 b"),
    "before a combining mark": ("caf[[e]]\u0301 bar", rf"caf{WORDY}\u0301 bar"),
    "a combining mark": ("cafe[[\u0301]] bar", rf"cafe{WORDY} bar"),
    "a capital": ("The [[Cat]] sat", rf"The {FILL} sat"),
    "CRLF around": ("one\r\n[[two]]\r\nthree", rf"one\r\n{FILL}\r\nthree"),
    "a script without spaces": ("我[[喜歡]]你", rf"我{WORDY}你"),
    "right to left": ("שלום [[עולם]] טוב", rf"שלום {FILL} טוב"),
    "a word after a dash": ("one—[[two]] three", rf"one—{FILL} three"),
    "a word in a hyphened one": ("a well-[[known]] man", rf"a well-{FILL} man"),
    "a number after a point": ("3.[[14]] is", rf"3\.{FILL} is"),
    "a name in code": ("x = [[foo]](y)", rf"x = {FILL}\(y\)"),
    "a special token as text": ("the <mask> [[cat]] [MASK] <null>", rf"the <mask> {FILL} \[MASK\] <null>"),
    "two marks side by side": ("The [[cat]][[ sat]] on", rf"The {FILL} {FILL} on"),
    "two halves of one word": ("un[[be]]liev[[able]] story", rf"un{WORDY}liev{WORDY} story"),
    "a hyphen between words": ("well[[-]]known men", r"well(?:[^a-z0-9][^\n]*)?[^a-z0-9]known men"),
    "a slash in an address": ("see http[[://]]x.org", r"see http(?:[^a-z0-9][^\n]*)?[^a-z0-9]x\.org"),
    "an argument and its comma": ("f(a,[[b,]]c)", r"f\(a,[^\s](?:[^\n]*[^a-z0-9\n])?c\)"),
    "a private character": ("a \ue000[[b]] c", rf"a \ue000{FILL} c"),
}


def parse(marked):
    text, marks, at = "", [], 0
    for match in re.finditer(r"\[\[(.*?)\]\]", marked, re.S):
        text += marked[at:match.start()]
        marks.append(Mark(Span(len(text), len(text) + len(match[1]))))
        text, at = text + match[1], match.end()
    return Document(text + marked[at:], tuple(marks))


@pytest.mark.parametrize("kind", ["bert-uncased", "bert-cased", "roberta", "modernbert", "with-null", "xlm-roberta"])
@pytest.mark.parametrize("name", CASES)
def test_borders_are_healed_whatever_the_model_says(name, kind):
    marked, pattern = CASES[name]
    document = parse(marked)
    for seed in range(3):
        denoiser = tiny.TableDenoiser.of(tiny.vocabulary(kind), seed=seed)
        for event in fill(denoiser, document, FillOptions(seed=seed, temperature=float(seed > 1), alternatives=1 + seed)):
            if isinstance(event, Suggestion):
                assert re.fullmatch(pattern, event.text), (event.text, pattern)


@pytest.mark.parametrize(("marked", "prefix", "suffix", "space_after"), [
    ("The [[cat]] sat.", " ", "", False),
    ("The[[ cat]] sat.", " ", "", False),
    ("The [[]]cat", " ", "", True),
    ("An unbeliev[[able]] story", " unbeliev", "", False),
    ("An [[un]]believable story", " ", "believable", False),
    ("un[[]]able", "un", "able", False),
    ("a\n[[b]]", "", "", False),
    ("x" * 40 + "[[y]] z", "", "", False),
])
def test_what_is_opened_again(marked, prefix, suffix, space_after):
    document = parse(marked)
    border = find_border(document.text, document.marks[0].span)
    assert (border.prefix, border.suffix, border.space_after) == (prefix, suffix, space_after)


def test_a_capital_comes_back_where_an_uncased_vocabulary_has_none():
    denoiser = tiny.TableDenoiser.of(tiny.vocabulary("bert-uncased"))
    *_, suggestion = fill(denoiser, parse("One. [[Two]] three."), FillOptions())
    fillings = suggestion.edits[0].after
    assert fillings[0] == fillings[0].upper()


@pytest.mark.parametrize("length", ["1w", "2w", "5w"])
@pytest.mark.parametrize("kind", ["bert-uncased", "roberta", "with-null"])
def test_a_length_in_words_is_exact(kind, length):
    for seed in range(5):
        denoiser = tiny.TableDenoiser.of(tiny.vocabulary(kind), seed=seed)
        document = Document("The cat sat on the mat.", (Mark(Span(8, 11), parse_length(length)),))
        *_, suggestion = fill(denoiser, document, FillOptions(seed=seed, temperature=1.0))
        letters = "".join(c for c in suggestion.edits[0].after if not unicodedata.category(c).startswith("M"))
        marks_alone = len(re.findall(r"(?<!\S)\W+(?!\S)", suggestion.edits[0].after))  # a mark by itself is a word of its own
        assert len(re.findall(r"\w+(?:['’-]\w+)*", letters)) + marks_alone == int(length[:-1]), suggestion.edits[0].after
