"""The frame of an instruction-following model: the document stands inside the assistant's turn, an instruction in the user's."""

import re
from dataclasses import dataclass
from typing import Any

from ..canvas import Vocabulary
from .config_file import known_as
from .published import PUBLISHED

DEFAULT_INSTRUCTION = "Write a text."  # what the user's turn says where there is no instruction

_TUNED = re.compile(r"(?:^|[-_.])(?:instruct|chat|sft)(?:[-_.]|$)|grpo|llada-?1\.5")


@dataclass(frozen=True)
class ChatFrame:
    """A conversation with one request in it. Markers are special tokens; what is between them is text."""

    before: str   # what stands before the instruction
    between: str  # … and between it and the document
    after: str    # … and after the document

    def is_known(self, tokenizer: Any) -> bool:
        """True where every marker is one token of the tokenizer."""
        markers = re.findall(r"<\|[^|]*\|>", self.before + self.between + self.after)
        return all(tokenizer.convert_tokens_to_ids(marker) not in (None, tokenizer.unk_token_id) for marker in markers)

    def ids(self, tokenizer: Any, vocabulary: Vocabulary, instruction: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The tokens before and after a document. The instruction is plain text, whatever markers it holds."""
        special = lambda text: tokenizer(text, add_special_tokens=False)["input_ids"]
        before = (*special(self.before), *vocabulary.encode(instruction), *special(self.between))
        return before, tuple(special(self.after))


def header_frame(begin: str) -> ChatFrame:
    """The markers of Llama 3, which LLaDA uses too; `begin` opens the conversation."""
    head = lambda role: f"<|start_header_id|>{role}<|end_header_id|>\n\n"
    return ChatFrame(begin + head("user"), "<|eot_id|>" + head("assistant"), "<|eot_id|>")


CHATML = ChatFrame("<|im_start|>user\n", "<|im_end|>\n<|im_start|>assistant\n", "<|im_end|>")


def is_tuned(config: dict) -> bool:
    """True for a checkpoint of which the catalog says that it follows instructions, or its name, or the name that its config carries."""
    names = known_as(config)
    told = any(entry.follows_instructions and entry.id.lower().rpartition("/")[2] in names for entry in PUBLISHED)
    return told or any(_TUNED.search(name) for name in names)
