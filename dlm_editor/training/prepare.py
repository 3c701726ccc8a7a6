"""From a folder of text to tokenizer and shards."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from ..errors import OptionError
from .corpus import LOWERED, corpus_files, documents, lowered
from .options import PrepareOptions
from .shards import Source, compress, encode, thinning, write, write_manifest
from .tokenizer import save_tokenizer, train_tokenizer

CREDITS = "MANIFEST.tsv"


def prepare(o: PrepareOptions) -> dict:
    """Writes the folder that shards.py describes and returns its manifest; a MANIFEST.tsv of the corpus goes along, for the credits."""
    out = Path(o.data)
    files = {name: path for name, path in corpus_files(o.corpus).items() if not o.only or name in o.only}
    out.mkdir(parents=True, exist_ok=True)
    (out / "manifest.json").unlink(missing_ok=True)  # the old one no longer speaks of what stands here
    tokenizer = train_tokenizer(files, o.vocab, o.tokenizer_mib)
    save_tokenizer(tokenizer, out, o.context)
    sources = []
    for name, texts in _texts(files, o):
        sources.append(encode(name, texts, tokenizer, o.straight_share))
        print(f"{name}: {sources[-1].text_bytes / len(sources[-1].tokens):.2f} text bytes a token, {len(sources[-1].tokens):,} tokens", flush=True)
    manifest = _write_within(out, sources, o)
    if (Path(o.corpus) / CREDITS).exists():
        shutil.copyfile(Path(o.corpus) / CREDITS, out / CREDITS)
    write_manifest(out, manifest)
    return manifest


def _texts(files: dict[str, Path], o: PrepareOptions) -> Iterator[tuple[str, list[str]]]:
    for name, path in files.items():
        if texts := documents(path):
            yield name, texts
    if copies := lowered(files, o.lower_share, o.held_out):
        yield LOWERED, copies


def _write_within(out: Path, sources: list[Source], o: PrepareOptions) -> dict:
    """The shards, thinned until the folder keeps to --max-mib-total."""
    keep = {s.name: 1.0 for s in sources}
    limit = o.max_mib_total * 2**20
    if limit:
        around = sum(p.stat().st_size for p in out.iterdir() if p.is_file() and p.suffix != ".xz")
        if limit < around + 1024:
            raise OptionError(f"--max-mib-total must hold the tokenizer ({around / 2**20:.3f} MiB) and some text; got {o.max_mib_total}. Raise it.")
        ratio = {s.name: len(compress(part := s.tokens[:1 << 19])) / len(part) for s in sources}
        keep = thinning({s.name: ratio[s.name] * len(s.tokens) for s in sources}, 0.97 * (limit - around))
    while True:
        manifest = write(out, sources, keep, o.held_out, o.shard_mib)
        total = sum(p.stat().st_size for p in out.iterdir() if p.is_file())
        if not limit or total <= limit:
            return manifest | {"vocab": o.vocab, "bytes_total": total}
        keep = {name: share * 0.97 for name, share in keep.items()}
