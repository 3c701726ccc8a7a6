import json
from collections import Counter
from dataclasses import replace

import pytest

from dlm_editor.errors import DocumentError, InputError, OptionError
from dlm_editor.training import shards
from dlm_editor.training.card import read_credits
from dlm_editor.training.corpus import corpus_files, documents, lots, lowered, straighten
from dlm_editor.training.options import PrepareOptions, TrainOptions
from dlm_editor.training.overlap import overlap
from dlm_editor.training.prepare import prepare
from dlm_editor.training.tokenizer import BOS, EOS


def test_every_document_is_in_exactly_one_part_and_decodes_to_its_text(corpus, data, tokenizer):
    sources, held = shards.read(data)
    back = []
    for name, tokens in [*((n, t) for n, (t, _) in sources.items()), *held.items()]:
        if name == "lower":
            continue
        ends = (tokens == EOS).nonzero()[0]
        for begin, end in zip([0, *(ends[:-1] + 1)], ends):
            assert tokens[begin] == BOS
            back.append(straighten(tokenizer.decode(tokens[begin + 1:end].tolist())))
    assert sorted(back) == sorted(straighten(d) for path in corpus_files(corpus).values() for d in documents(path))
    assert held, "some documents are held out"


def test_lower_cased_copies_are_of_training_documents_only(corpus):
    copies = lowered(corpus_files(corpus), share=0.5, held_out=0.2)
    originals = {straighten(d).lower() for d in documents(corpus_files(corpus)["blogs"]) if lots(d)[0] >= 0.2}
    assert copies and set(copies) <= originals


def test_shards_keep_to_their_size_and_the_manifest_names_them_all(data):
    manifest = json.loads((data / "manifest.json").read_text())
    named = {s["file"] for e in manifest["sources"].values() for s in e["shards"]} | {"held-out.xz"}
    assert named == {p.name for p in data.glob("*.xz")}
    assert all((data / name).stat().st_size < 2**20 / 64 for name in named - {"held-out.xz"})


def test_sources_are_thinned_until_the_folder_fits(corpus, tmp_path):
    o = PrepareOptions(str(corpus), str(tmp_path), vocab=360, tokenizer_mib=1, lower_share=0)
    limit = (prepare(o)["bytes_total"] - 2000) / 2**20
    manifest = prepare(replace(o, max_mib_total=limit))
    assert manifest["bytes_total"] <= limit * 2**20
    assert manifest["sources"]["poetry"]["kept"] < manifest["sources"]["blogs"]["kept"] <= 1, "what counts less goes first"
    with pytest.raises(OptionError, match="--max-mib-total"):
        prepare(replace(o, max_mib_total=0.001))


def test_digits_newlines_and_specials_are_tokens_of_their_own(tokenizer):
    pieces = tokenizer.encode("in 1984\n\nNext", add_special_tokens=False).tokens
    assert pieces.count("Ċ") == 2 and not any(len(t.strip("Ġ")) > 1 and any(c.isdigit() for c in t) for t in pieces), pieces
    assert [tokenizer.token_to_id(t) for t in ("<pad>", "<bos>", "<eos>", "<mask>", "<null>", "<gap>")] == list(range(6))


@pytest.mark.parametrize("name, content", [(None, b""), ("x.txt", bytes(range(256))), ("x.txt", b"a\0b"), ("x.txt.xz", b"not xz")])
def test_a_folder_that_is_no_corpus_is_refused(tmp_path, name, content):
    if name:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(DocumentError, match=r"; .*\. (Pass|Remove)"):
        prepare(PrepareOptions(str(tmp_path), str(tmp_path / "out")))
    assert not (tmp_path / "out/manifest.json").exists()


def test_data_that_was_not_prepared_is_refused(tmp_path):
    with pytest.raises(DocumentError, match="no manifest.json"):
        shards.read(tmp_path)


def test_a_missing_shard_is_named(corpus, data, tmp_path):
    (tmp_path / "manifest.json").write_text((data / "manifest.json").read_text())
    with pytest.raises(DocumentError, match="blogs-00.xz"):
        shards.read(tmp_path)


def test_a_corpus_too_small_for_the_vocabulary_is_refused(corpus, tmp_path):
    with pytest.raises(OptionError, match="Lower --vocab"):
        prepare(PrepareOptions(str(corpus), str(tmp_path), vocab=9000))


@pytest.mark.parametrize("wrong", [{"windows": (7,)}, {"windows": (100,), "batch_tokens": 4096}, {"minutes": 0}, {"cooldown": 2}, {"shape": "[]"}, {"shape": "{"}])
def test_options_out_of_range_are_refused(wrong):
    with pytest.raises(InputError):
        TrainOptions("d", "r", **wrong)


def test_paragraphs_that_share_ten_words_with_an_item_are_counted(tmp_path):
    run = "one two three four five six seven eight nine ten"
    corpus, bench = tmp_path / "corpus", tmp_path / "bench/infill"
    corpus.mkdir(), bench.mkdir(parents=True)
    (corpus / "a.txt").write_text(f"Nothing here.\n\nAnd {run.title()}!\n\n\nzero one two three four five\n\nsix seven eight nine ten eleven")
    (corpus / "b.txt").write_text("Two, three, four, five, six, seven, eight, nine, ten - eleven.\n\nA B C D E F G H I didn't stop")
    items = [{"id": "1", "text_before": "one two three ", "answer": "four five", "text_after": " six seven eight nine ten eleven"},
             {"id": "2", "source": "x a b c d e f g h i did n't", "refs": ["short"]}]
    (bench / "x.jsonl").write_text("\n".join(map(json.dumps, items)))
    assert overlap(corpus, tmp_path / "bench") == Counter({"a": 1, "b": 2})


def test_credits_that_lack_a_column_are_refused(tmp_path):
    (tmp_path / "MANIFEST.tsv").write_text("source\tlicence\nx\tCC0\n")
    with pytest.raises(DocumentError, match="repo"):
        read_credits(tmp_path / "MANIFEST.tsv")
