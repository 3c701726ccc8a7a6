"""`bench --suite proofread` with an editor that follows a list: what it counts is true."""

import json
import lzma
import shutil
import sys
from dataclasses import dataclass

import pytest

import dlm_editor
from dlm_editor.benchmarks import main, proofread_clean, proofread_command, proofread_peers
from dlm_editor.benchmarks.proofread import alarm_rows, changes, clean_rows, nothing, of_editor, of_strings, reader, set_rows
from dlm_editor.benchmarks.proofread_certainty import certainty_rows, distance
from dlm_editor.benchmarks.proofread_clean import HELD_OUT, CleanText, beginnings, bundled_texts, corpus_texts_aside, file_texts, lot
from dlm_editor.benchmarks.proofread_items import read_passages
from dlm_editor.benchmarks.proofread_peers import PEERS, Peer, by_words, installed, missing
from dlm_editor.benchmarks.proofread_speed import misspelt, speed_rows
from dlm_editor.benchmarks.texts import TEXT, paragraph
from dlm_editor.errors import AbilityError, DocumentError, InputError
from dlm_editor.tasks.proofreading import Correction, Proofreading, ProofreadOptions, ProofreadStep
from dlm_editor.text import Edit, Span
from dlm_editor.training.corpus import lots

LIST = {"teh": ("the", 0.96), "freind": ("friend", 0.85), "house": ("horse", 0.55), "dont": ("don't", 0.9)}


@dataclass(frozen=True)
class Listed:
    """Proofreads by LIST alone."""

    def proofread(self, document, options):
        found = []
        for wrong, (right, certainty) in LIST.items():
            at = document.text.find(wrong)
            if at >= 0 and certainty >= options.threshold:
                found.append(Correction(Edit(Span(at, at + len(wrong)), wrong, right), certainty, "spelling"))
        found = tuple(sorted(found, key=lambda correction: correction.edit.span))
        yield ProofreadStep(Span(0, len(document.text)), found, len(document.text))
        corrected = document.apply(*(correction.edit for correction in found)).text
        yield Proofreading(document.text, corrected, found, 0.0)


SETS = {
    "proof/own": [{"id": "1", "source": "I saw teh old house , but my freind did not .", "refs": ["I saw the old house , but my friend did not .", "I saw the house ."]},
                  {"id": "2", "source": "You dont need it .", "refs": ["You do n't need it ."]}],
    "spell/context_own": [{"source": "I saw teh dog .", "target": "I saw the dog ."}, {"source": "I like my house .", "target": "I like my house ."},
                          {"source": "haveto go .", "target": "have to go ."}],
    "spell/isolated_own": [{"wrong": "freind", "right": "friend"}, {"wrong": "hose", "right": "house"}]}


@pytest.fixture
def folder(tmp_path):
    for name, records in SETS.items():
        path = tmp_path / f"{name}.jsonl"
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join(map(json.dumps, records)))
    return tmp_path


@pytest.fixture
def alone(monkeypatch):
    """The listed editor, and one peer that is here and one that is not."""
    monkeypatch.setattr(dlm_editor, "load", lambda model, device: Listed())
    here = Peer("upper", "", lambda: True, lambda: of_strings("upper", str.upper))
    monkeypatch.setattr(proofread_peers, "PEERS", (here, Peer("elsewhere", "pip install elsewhere", lambda: False, lambda: None)))
    monkeypatch.setattr(proofread_command, "DOCUMENT_WORDS", 300)


def test_the_suite_prints_every_table(alone, folder, capsys):
    assert main(["--suite", "proofread", "--data", str(folder), "--threshold", "0.8", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    tables = {}
    for row in rows:
        tables.setdefault(row["table"], []).append(row)
    assert list(tables) == ["Others", "Not installed, so not compared", "Mistakes found and put right: bundled", "False alarms on clean prose: bundled",
                            "Certainty of corrections, and thresholds: bundled", "Speed of proofreading: bundled"]
    assert {row["corrector"] for row in tables["Others"]} == {"do nothing", "upper"}
    assert tables["Not installed, so not compared"][0]["corrector"] == "elsewhere (pip install elsewhere)"
    gleu, spelling, words = tables["Mistakes found and put right: bundled"]
    assert gleu["set"] == "own" and gleu["GLEU"] > tables["Others"][0]["GLEU"]
    assert (spelling["mistakes"], spelling["P"], spelling["R"], spelling["false per 1,000"]) == (1, 100, 100, 0)  # the last text has no token for each token
    assert words["acc@1"] == 50


def test_a_lower_threshold_corrects_more(alone, folder, capsys):
    assert main(["--suite", "proofread", "--data", str(folder), "--parts", "sets", "--threshold", "0.5", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    spelling = next(row for row in rows if row["set"] == "context_own" and row["corrector"] == "bundled")
    assert spelling["P"] == 50 and spelling["false per 1,000"] == pytest.approx(1000 / 9)


def test_false_alarms_are_counted_without_test_sets(alone, tmp_path, capsys):
    clean = tmp_path / "own.txt"
    clean.write_text("A house is a house.\n\nThe dog sleeps.")
    assert main(["--suite", "proofread", "--parts", "clean", "--clean", str(clean), "--threshold", "0", "--json"]) == 0
    rows = [row for row in json.loads(capsys.readouterr().out)["rows"] if row.get("corrector") == "bundled"]
    assert [(row["set"], row["words"], row["edits"]) for row in rows] == [("clean: own", 8, 1), ("clean: all", 8, 1)]
    assert rows[0]["edits per 1,000"] == pytest.approx(125)


@pytest.mark.parametrize(("argv", "message"), [
    (["--parts", "sets"], "got no --data"), (["--parts", "x"], "got 'x'"), (["--data", "nowhere"], "has none"), (["--parts", "clean", "--threshold", "2"], "0 to 1"),
    (["--parts", "clean", "--clean", "nowhere"], "--clean names")])
def test_wrong_options_are_refused_with_the_way_out(alone, capsys, argv, message):
    assert main(["--suite", "proofread", *argv]) == 2
    assert message in capsys.readouterr().err


def test_a_limit_spreads_over_a_set(folder):
    (folder / "spell/context_own.jsonl").write_text("\n".join(json.dumps({"source": str(n), "target": str(n)}) for n in range(10)))
    passages = {found.name: found for found in read_passages(folder, 4)}
    assert [item.source for item in passages["context_own"].items] == ["0", "2", "5", "7"] and len(passages["own"].items) == 2


def test_a_wrong_line_of_a_set_is_named(folder):
    (folder / "proof/own.jsonl").write_text('{"source": "x", "refs": ["y"]}\n{"source": "x"}')
    with pytest.raises(DocumentError, match="line 2 of own.jsonl"):
        read_passages(folder)


def test_a_text_that_is_refused_counts_as_left_alone(folder):
    def refuse(text):
        raise DocumentError("too long")

    row = next(set_rows(of_strings("strict", refuse), read_passages(folder)))
    assert row["refused"] == 2 and row["GLEU"] == next(set_rows(nothing(), read_passages(folder)))["GLEU"]


def test_a_model_that_cannot_proofread_is_said_to_be_so(alone, monkeypatch, capsys):
    def refuse(*_):
        raise AbilityError("it has no mask")

    monkeypatch.setattr(Listed, "proofread", refuse)
    assert main(["--suite", "proofread", "--parts", "clean", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["rows"][-1]["refused"] == "it has no mask"


def test_tokenised_text_is_joined_for_the_editor_and_given_to_word_lists_as_it_stands(folder):
    gleu_set, *_ = read_passages(folder)
    assert of_editor("it", reader(Listed()), 0.8).tokens("You dont need it .") == "You do n't need it ."
    seen = []
    list(set_rows(of_strings("list", lambda text: seen.append(text) or text), [gleu_set]))
    list(set_rows(of_strings("engine", lambda text: seen.append(text) or text, joins=True), [gleu_set]))
    assert seen[1] == "You dont need it ." and seen[3] == "You dont need it."


def test_certainties_are_compared_with_what_was_right(folder):
    rows = list(certainty_rows(Listed(), read_passages(folder)))
    bands = {(row["set"], row["certainty"]): row for row in rows if "certainty" in row}
    assert {key: (row["edits"], row["right"]) for key, row in bands.items() if key[1] != "all"} == {
        ("own", "0.5–0.6"): (1, 0), ("own", "0.8–0.9"): (1, 100), ("own", "0.9–0.95"): (1, 100), ("own", "0.95–0.99"): (1, 100),
        ("context_own", "0.5–0.6"): (1, 0), ("context_own", "0.95–0.99"): (1, 100)}
    assert bands["own", "0.95–0.99"]["raises GLEU"] == 100 and bands["own", "0.5–0.6"]["raises GLEU"] == 0 and bands["own", "0.8–0.9"]["stated"] == pytest.approx(85)
    assert bands["own", "all"]["edits"] == 4 and bands["own", "all"]["right"] == 75
    assert bands["own", "all"]["calibration_error"] == pytest.approx(100 * (0.55 + 0.15 + 0.1 + 0.04) / 4)
    gleu = {row["threshold"]: row["GLEU"] for row in rows if "GLEU" in row}
    assert gleu[0.7] == gleu[0.8] > gleu[0.5] and gleu[0.8] > gleu[0.95]


def test_the_distance_of_two_texts_is_in_tokens():
    assert [distance(a.split(), b.split()) for a, b in (("a b c", "a b c"), ("a b c", "a c"), ("a b", "x b c"), ("", "a b"))] == [0, 1, 2, 2]


def test_runs_of_changed_words_are_counted_line_by_line():
    assert changes("one two\nthree four five", "one two\n3 4 five") == [("three four", "3 4")]
    assert changes("one\ntwo", "one two") == [] and changes("a b c", "a x b c y") == [("", "x"), ("", "y")]


def test_false_alarms_are_shown_in_their_text():
    row, = alarm_rows(reader(Listed()), [CleanText("own", "This is the old\nhouse on the hill.")], 0.5)
    assert row["change"] == "This is the old [house→horse] on the hill." and row["certainty"] == 0.55


def test_a_paragraph_and_a_long_document_are_timed():
    short, long = speed_rows(Listed(), ProofreadOptions(0.5), 400)
    assert short["words"] == 150 and 400 <= long["words"] < 410 and short["words a minute"] > 0 and "memory growth MB" in long


def test_about_one_word_in_seventeen_is_misspelt():
    text = paragraph(150)
    assert 5 <= sum(len(old.split()) for old, _ in changes(text, misspelt(text))) <= 10


def test_the_clean_prose_is_what_training_sets_aside():
    texts = bundled_texts()
    assert all(lots(text.text)[0] == lot(text.text) < HELD_OUT for text in texts)
    assert 20_000 <= sum(len(text.text.split()) for text in texts) < 22_000 and len({text.source for text in texts}) == 4


def test_clean_prose_that_is_not_there_is_told_with_the_way_out(monkeypatch, tmp_path):
    monkeypatch.setattr(proofread_clean, "BUNDLED", tmp_path / "texts.jsonl.xz")
    with pytest.raises(InputError, match="--clean FILE"):
        bundled_texts()


def test_a_limit_takes_the_beginnings_of_all_clean_texts():
    texts = (CleanText("a", "1\n\n2\n\n3"), CleanText("b", "4"))
    assert beginnings(texts, 3) == (CleanText("a", "1\n\n2"), CleanText("b", "4")) and beginnings(texts, 1) == (CleanText("a", "1"),)


def test_of_a_corpus_only_what_training_sets_aside_is_clean_prose(tmp_path):
    documents = [f"Document {number}. {TEXT[:200]}" for number in range(2000)]
    with lzma.open(tmp_path / "guides.txt.xz", "wt") as file:
        file.write("\n\n\n".join(documents))
    (tmp_path / "poetry.txt").write_text("\n\n\n".join(documents))
    aside = [document for document in documents if lots(document)[0] < HELD_OUT]
    found = corpus_texts_aside(tmp_path)
    assert {text.text for text in found} == set(aside) and {text.source for text in found} == {"guides"} and aside
    assert len(corpus_texts_aside(tmp_path, words=40)) < len(aside)
    (tmp_path / "guides.txt.xz").unlink()
    with pytest.raises(DocumentError, match="one in 200"):
        corpus_texts_aside(tmp_path)
    with pytest.raises(InputError, match="--clean names"):
        file_texts(tmp_path / "nothing.txt")


def test_correctors_of_words_leave_names_marks_and_short_words_alone():
    better = by_words("list", {"teh": "the", "jhon": "john", "hause": "house", "te": "the"}.get)
    assert better.correct("Teh hause of Jhon, te Hause; un-teh, teh's TEH teh.") == "The house of Jhon, te Hause; un-teh, teh's TEH the."
    assert better.word("Hause") == "House" and better.word("HAUSE") == "HOUSE" and better.word("right") == "right"


def test_clean_rows_are_by_source_and_over_all():
    rows = list(clean_rows(of_strings("x", lambda text: text.replace("dog", "cat")), [CleanText("a", "dog and dog"), CleanText("b", "no pets here"), CleanText("a", "one dog")]))
    assert [(row["set"], row["n"], row["words"], row["edits"]) for row in rows] == [("clean: a", 2, 5, 3), ("clean: b", 1, 3, 0), ("clean: all", 3, 8, 3)]


ISPELL = f"""#!{sys.executable}
import sys
print("@(#) International Ispell", flush=True)
for line in sys.stdin:
    print("& teh 2 1: the, tea\\n" if line == "^teh\\n" else "# xyzzy 1\\n" if line == "^xyzzy\\n" else "*\\n", flush=True)
"""


def test_checkers_that_speak_as_ispell_does_are_asked_word_by_word(tmp_path, monkeypatch):
    (tmp_path / "aspell").write_text(ISPELL)
    (tmp_path / "aspell").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    peer = next(peer for peer in PEERS if peer.name == "aspell")
    assert peer.is_installed() and peer.make().correct("I saw teh old xyzzy.") == "I saw the old xyzzy."


def test_a_checker_that_ends_is_named(tmp_path, monkeypatch):
    (tmp_path / "aspell").write_text(f"#!{sys.executable}\nprint('hello', flush=True)")
    (tmp_path / "aspell").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with pytest.raises(OSError):  # it cannot be written to, or no longer answers
        next(peer for peer in PEERS if peer.name == "aspell").make().correct("some words here")


HARPER = """
const lint = (start, end, kind, text) => ({ span: () => ({ start, end }), suggestion_count: () => (kind === null ? 0 : 1),
  suggestions: () => [{ kind: () => kind, get_replacement_text: () => text }] });
export const Dialect = { American: 0 };
export const SuggestionKind = { Replace: 0, Remove: 1, InsertAfter: 2 };
export class LocalLinter {
  async lint(text) { return [lint(10, 13, 2, ","), lint(0, 3, 0, "The"), lint(2, 5, 0, "x"), lint(13, 17, 1, ""), lint(5, 6, null, "")]; }
}
"""


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_the_first_suggestion_of_harper_is_taken_and_of_overlapping_ones_the_first(tmp_path, monkeypatch):
    dist = tmp_path / "harper.js" / "dist"
    dist.mkdir(parents=True)
    (dist / "package.json").write_text('{"type": "module"}')
    (dist / "index.js").write_text(HARPER)
    (dist / "binaryInlined.js").write_text("export const binaryInlined = null;")
    monkeypatch.setenv("NODE_PATH", str(tmp_path))
    peer = next(peer for peer in PEERS if peer.name == "harper")
    assert peer.is_installed() and peer.make().correct("Teh old, 😀 é and house") == "The old, 😀 é, house"


def test_peers_that_are_not_installed_are_listed_with_where_to_get_them(monkeypatch):
    monkeypatch.setattr(proofread_peers.util, "find_spec", lambda name: None)
    monkeypatch.setattr(proofread_peers.shutil, "which", lambda name: None)
    assert len(missing()) == len(PEERS) and list(installed()) == [] and "symspell (pip install symspellpy)" in missing()
