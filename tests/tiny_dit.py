"""Random MDLM, BD3LM and SEDD checkpoints of any shape in their formats on disk, and a second reading of such files with plain tensors."""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from tiny_blocks import tokenizer

END = {"eos_token": "<|endoftext|>", "bos_token": "<|endoftext|>"}
SHAPE = {"vocab_size": 331, "hidden_dim": 48, "n_blocks": 2, "n_heads": 3, "cond_dim": 20, "model_length": 96}


def mdlm(folder, seed: int = 0, **changes) -> Path:
    """`changes` are of config.json."""
    config = {"architectures": ["MDLM"], "model_type": "mdlm", "auto_map": {"AutoModelForMaskedLM": "modeling_mdlm.MDLM"}, "dropout": 0.1,
              "return_dict": False, "time_conditioning": False, "torch_dtype": "float32"} | SHAPE | changes
    return _save(folder, config, config, {f"backbone.{name}": tensor for name, tensor in tensors(config, seed).items()})


def bd3lm(folder, seed: int = 0, **changes) -> Path:
    config = {"architectures": ["BD3LM"], "model_type": "bd3lm", "auto_map": {"AutoModelForMaskedLM": "modeling_bd3lm.BD3LM"}, "adaln": True,
              "attn_backend": "flex", "block_size": 6, "causal": False, "cross_attn": True, "dropout": 0.1, "return_dict": False, "sampling_eps_max": 0.999,
              "sampling_eps_min": 0.001, "time_conditioning": False, "var_min": True} | SHAPE | changes
    scalars = {"sampling_eps_min": torch.tensor(0.001), "sampling_eps_max": torch.tensor(0.999)}
    return _save(folder, config, config, {f"backbone.{name}": tensor for name, tensor in tensors(config, seed).items()} | scalars)


def sedd(folder, seed: int = 0, is_pickled: bool = False, **changes) -> Path:
    """`changes` are of SHAPE; `graph`, `noise` and `scale_by_sigma` of the training config."""
    parts = {key: changes.pop(key) for key in ("graph", "noise", "scale_by_sigma") if key in changes}
    shape = SHAPE | changes
    config = {"data": {"train": "openwebtext"}, "graph": parts.get("graph", {"type": "absorb", "file": "data", "report_all": False}), "ngpus": 8,
              "model": {"name": "tiny", "type": "ddit", "hidden_size": shape["hidden_dim"], "cond_dim": shape["cond_dim"], "length": shape["model_length"],
                        "n_blocks": shape["n_blocks"], "n_heads": shape["n_heads"], "scale_by_sigma": parts.get("scale_by_sigma", True), "dropout": 0.1},
              "noise": parts.get("noise", {"type": "loglinear", "sigma_min": 1e-4, "sigma_max": 20}), "tokens": shape["vocab_size"] - 1,
              "training": {"batch_size": 512}}
    return _save(folder, config, shape, tensors(shape, seed), is_pickled)


def _save(folder, config, shape, found, is_pickled=False):
    folder = Path(folder)
    folder.mkdir(exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config))
    if is_pickled:
        torch.save(found, folder / "pytorch_model.bin")
    else:
        save_file(found, folder / "model.safetensors")
    tokenizer(min(shape["vocab_size"], SHAPE["vocab_size"]) - 1, END).save_pretrained(folder)
    return folder


def tensors(shape: dict, seed: int = 0) -> dict[str, torch.Tensor]:
    """As the original modules have them, without a prefix."""
    draw = torch.Generator().manual_seed(seed)
    normal = lambda *size, scale=1.0: torch.randn(size, generator=draw) * scale
    vocab, width, condition, head = shape["vocab_size"], shape["hidden_dim"], shape["cond_dim"], shape["hidden_dim"] // shape["n_heads"]

    def linear(name, outer, inner, scale=1.0, has_bias=True):
        found = {f"{name}.weight": normal(outer, inner, scale=scale / inner**0.5)}
        return found | ({f"{name}.bias": normal(outer, scale=0.2)} if has_bias else {})

    found = {"vocab_embed.embedding": normal(vocab, width), "rotary_emb.inv_freq": 1 / 10000 ** (torch.arange(0, head, 2) / head)}
    found |= linear("sigma_map.mlp.0", condition, 256) | linear("sigma_map.mlp.2", condition, condition, 3.0)
    for number in range(shape["n_blocks"]):
        block = f"blocks.{number}"
        found |= {f"{block}.norm1.weight": 1 + normal(width, scale=0.2), f"{block}.norm2.weight": 1 + normal(width, scale=0.2)}
        found |= linear(f"{block}.attn_qkv", 3 * width, width, 1.5, has_bias=False) | linear(f"{block}.attn_out", width, width, has_bias=False)
        found |= linear(f"{block}.mlp.0", 4 * width, width) | linear(f"{block}.mlp.2", width, 4 * width)
        found |= linear(f"{block}.adaLN_modulation", 6 * width, condition)
    found |= {"output_layer.norm_final.weight": 1 + normal(width, scale=0.2)} | linear("output_layer.linear", vocab, width, 3.0)
    return found | linear("output_layer.adaLN_modulation", 2 * width, condition)


def second_reading(w: dict[str, torch.Tensor], heads: int, token_ids: torch.Tensor, sigma: float, seen: torch.Tensor | None = None) -> torch.Tensor:
    """Logits of one row, (length, vocab), from tensors without a prefix, one head and one feature after another. `seen`: (length, length)."""
    length = len(token_ids)
    seen = torch.ones(length, length, dtype=torch.bool) if seen is None else seen

    def linear(x, name):
        y = x @ w[name + ".weight"].T
        return y + w[name + ".bias"] if name + ".bias" in w else y

    def norm(x, name):
        centred = x - x.mean(-1, keepdim=True)
        return centred / (centred.pow(2).mean(-1, keepdim=True) + 1e-5).sqrt() * w[name + ".weight"]

    def silu(x):
        return x / (1 + (-x).exp())

    def gelu(x):
        return 0.5 * x * (1 + torch.tanh((2 / torch.pi) ** 0.5 * (x + 0.044715 * x**3)))

    def turn(x):
        half = x.shape[-1] // 2
        out = torch.empty_like(x)
        for pair in range(half):
            angle = torch.arange(length) * w["rotary_emb.inv_freq"][pair]
            out[:, pair] = x[:, pair] * angle.cos() - x[:, pair + half] * angle.sin()
            out[:, pair + half] = x[:, pair + half] * angle.cos() + x[:, pair] * angle.sin()
        return out

    angles = sigma * torch.exp(-(torch.arange(128) * 9.210340371976184) / 128)
    condition = silu(linear(silu(linear(torch.cat([angles.cos(), angles.sin()]), "sigma_map.mlp.0")), "sigma_map.mlp.2"))
    x = w["vocab_embed.embedding"][token_ids]
    for number in range(1 + max(int(name.split(".")[1]) for name in w if name.startswith("blocks."))):
        block = f"blocks.{number}"
        shift_a, scale_a, gate_a, shift_m, scale_m, gate_m = linear(condition, block + ".adaLN_modulation").split(x.shape[-1])
        qkv = linear(norm(x, block + ".norm1") * (1 + scale_a) + shift_a, block + ".attn_qkv")
        parts = []
        for head in range(heads):
            size = x.shape[-1] // heads
            query, key, value = (qkv[:, part * x.shape[-1] + head * size:][:, :size] for part in range(3))
            share = (turn(query) @ turn(key).T / size**0.5).masked_fill(~seen, -torch.inf).softmax(-1)
            parts.append(share @ value)
        x = x + gate_a * linear(torch.cat(parts, -1), block + ".attn_out")
        inner = norm(x, block + ".norm2") * (1 + scale_m) + shift_m
        x = x + gate_m * linear(gelu(linear(inner, block + ".mlp.0")), block + ".mlp.2")
    shift, scale = linear(condition, "output_layer.adaLN_modulation").split(x.shape[-1])
    return linear(norm(x, "output_layer.norm_final") * (1 + scale) + shift, "output_layer.linear")
