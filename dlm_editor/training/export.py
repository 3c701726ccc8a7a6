"""From a checkpoint to a folder that a plain `from_pretrained` loads: weights, configuration, tokenizer, model card, curve."""

import json
import os
import shutil
from pathlib import Path

import torch
from tokenizers import Tokenizer

from . import log
from .card import Facts, card, read_credits
from .checkpoint import FILE, averaged
from .network import describe
from .options import ExportOptions
from .prepare import CREDITS


def export(o: ExportOptions) -> Path:
    """The averaged weights in bf16, one safetensors file. Made aside, then moved: `out` is replaced whole or not at all."""
    out, data = Path(o.out), Path(o.data)
    model, progress = averaged(Path(o.run) / FILE, o.init, Tokenizer.from_file(str(data / "tokenizer.json")))
    model = describe(model).to(torch.bfloat16)
    for name, value in (("trained_tokens", progress["tokens"]), ("trained_minutes", progress["elapsed_s"] / 60)):  # with what --inside goes on from
        setattr(model.config, name, getattr(model.config, name, 0) + value)
    model.tie_weights()
    partial = out.with_name(out.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        model.save_pretrained(partial, max_shard_size="1TB")
        shutil.copyfile(data / "tokenizer.json", partial / "tokenizer.json")
        tokenizer = json.loads((data / "tokenizer_config.json").read_text())
        tokenizer["model_max_length"] = min(tokenizer["model_max_length"], model.config.max_position_embeddings)
        (partial / "tokenizer_config.json").write_text(json.dumps(tokenizer, indent=1))
        records = log.read(Path(o.run) / log.FILE)
        log.plot(records, partial / "curve.png")
        (partial / "README.md").write_text(card(_facts(o, model, progress, records)), encoding="utf-8")
        shutil.rmtree(out, ignore_errors=True)
        os.replace(partial, out)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    print(f"exported to {out}")
    return out


def _facts(o: ExportOptions, model, progress: dict, records: list[dict]) -> Facts:
    final = next((r for r in reversed(records) if "nll_15" in r), {})
    credits = Path(o.credits) if o.credits else Path(o.data) / CREDITS
    return Facts(
        kind=type(model).__name__, parameters=sum(p.numel() for p in model.parameters()), vocab=model.config.vocab_size,
        context=model.config.max_position_embeddings, tokens=model.config.trained_tokens, minutes=model.config.trained_minutes,
        device=final.get("device", "cpu"), origin=o.origin or "Trained from scratch." * (not (o.init or progress["options"].get("init") or progress["options"].get("inside"))),
        figures={k: final[k] for k in ("nll_15", "nll_50", "span_exact", "length_right") if k in final},
        credits=read_credits(credits) if credits.exists() else (), bench=tuple(json.loads(Path(o.bench).read_text())["rows"]) if o.bench else (),
        options=progress["options"])
