"""Experts that a checkpoint holds one by one, in the stacks that transformers computes with."""

import re
from collections.abc import Mapping

import torch

_EXPERT = re.compile(r"(.*\.mlp\.experts)\.(\d+)\.(gate|up|down)_proj\.weight")


def stack_experts(tensors: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The tensors with `gate_up_proj` (experts, 2 × inner, width), gate above up, and `down_proj` (experts, width, inner) in place of their parts.

    Raises KeyError where a part of an expert is missing, and RuntimeError where their sizes differ.
    """
    found, experts = {}, {}
    for name, tensor in tensors.items():
        expert = _EXPERT.fullmatch(name)
        if expert:
            experts.setdefault(expert[1], {})[expert[3], int(expert[2])] = tensor
        else:
            found[name] = tensor
    for layer, parts in experts.items():
        numbers = range(max(number for _, number in parts) + 1)
        found[f"{layer}.gate_up_proj"] = torch.stack([torch.cat([parts["gate", n], parts["up", n]]) for n in numbers])
        found[f"{layer}.down_proj"] = torch.stack([parts["down", n] for n in numbers])
    return found
