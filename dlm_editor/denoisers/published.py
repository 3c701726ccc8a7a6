"""The checkpoints of the catalog: what was read of each, and nothing that was not.

Parameters: counted on the published shapes, without weights, by tests/denoisers/test_catalog.py (the head included, tied weights once).
Licences: the tag of the checkpoint's own page; "unknown" where that was not read. A revision stands only where it was read in full; another
model's is resolved when it is first downloaded, and the local cache remembers it.
"""

from dataclasses import dataclass
from typing import Literal

Verified = Literal["parity", "source", "unverified"]

BLOCK_ONLY = "Sees what follows a gap only as far as the block that the gap lies in."
APPLE = "apple-amlr"
GUIDED = ("llada", "llada_moe")  # families with classifier-free guidance
QUANTISED = ("bert", "roberta", "distilbert", "modernbert", "llada", "dream", "dreamon", "a2d", "diffullama")  # families with int8 and int4


@dataclass(frozen=True)
class Entry:
    """A model of the catalog.

    `verified`: parity = the outputs of its family's code here equal those of the original code, on a tiny checkpoint in the real format; source = the
    original code or the checkpoint's own config was read; unverified = stated only. No published checkpoint itself is run in the tests.
    """

    id: str
    family: str
    parameters: int | None          # None: not published
    license: str
    verified: Verified
    corruption: str = "absorbing"   # absorbing | uniform | both | unknown | none (writes from left to right)
    sees_suffix: bool = True
    variable_length: bool = False
    edits_tokens: bool = False
    follows_instructions: bool = False
    revision: str | None = None
    hosted: bool = False            # runs elsewhere: text is sent there
    is_template: bool = False       # MODEL and URL in the id are to be replaced
    note: str = ""

    @property
    def can_quantise(self) -> bool:
        """Its weights may be int8 or int4."""
        return self.family in QUANTISED

    @property
    def takes_guidance(self) -> bool:
        """Classifier-free guidance by a second pass without the given tokens."""
        return self.family in GUIDED

    @property
    def abilities(self) -> tuple[str, ...]:
        """For readers, in their words."""
        told = {"sees both sides of a gap": self.sees_suffix, "sees only what stands before a gap and beside it in its block": not self.sees_suffix,
                "decides its own lengths": self.variable_length, "corrects its own words": self.edits_tokens,
                "follows instructions": self.follows_instructions, "takes no constraints": self.hosted}
        return tuple(words for words, is_true in told.items() if is_true)


LLADA_8B, DREAM_7B, LLADA2_MINI, DIT_SMALL = 8_015_581_184, 7_615_616_512, 16_255_638_528, 169_627_218

PUBLISHED = (
    Entry("google-bert/bert-base-uncased", "bert", 109_514_298, "apache-2.0", "source"),
    Entry("google-bert/bert-base-cased", "bert", 108_340_804, "apache-2.0", "source"),
    Entry("FacebookAI/roberta-base", "roberta", 124_697_433, "mit", "source"),
    Entry("distilbert/distilbert-base-uncased", "distilbert", 66_985_530, "apache-2.0", "source"),
    Entry("answerdotai/ModernBERT-base", "modernbert", 149_655_232, "apache-2.0", "source"),
    Entry("answerdotai/ModernBERT-large", "modernbert", 395_881_664, "apache-2.0", "source"),
    Entry("dllm-hub/ModernBERT-base-chat-v0.1", "modernbert", 149_655_232, "unknown", "unverified"),
    Entry("dllm-hub/ModernBERT-large-chat-v0.1", "modernbert", 395_881_664, "unknown", "unverified"),

    Entry("GSAI-ML/LLaDA-8B-Base", "llada", LLADA_8B, "mit", "parity"),
    Entry("GSAI-ML/LLaDA-8B-Instruct", "llada", LLADA_8B, "mit", "parity", follows_instructions=True, revision="08b83a6feb34df1a6011b80c3c00c7563e963b07"),
    Entry("GSAI-ML/LLaDA-1.5", "llada", LLADA_8B, "unknown", "source", follows_instructions=True),
    Entry("GSAI-ML/iLLaDA-8B-Base", "llada", 7_615_025_152, "unknown", "unverified"),

    Entry("Dream-org/Dream-v0-Base-7B", "dream", DREAM_7B, "apache-2.0", "parity"),
    Entry("Dream-org/Dream-v0-Instruct-7B", "dream", DREAM_7B, "apache-2.0", "parity", follows_instructions=True,
          revision="05334cb9faaf763692dcf9d8737c642be2b2a6ae"),
    Entry("Dream-org/Dream-Coder-v0-Base-7B", "dream", DREAM_7B, "unknown", "source"),
    Entry("Dream-org/Dream-Coder-v0-Instruct-7B", "dream", DREAM_7B, "unknown", "source", follows_instructions=True),
    Entry("apple/DiffuCoder-7B-Base", "dream", DREAM_7B, APPLE, "source"),
    Entry("apple/DiffuCoder-7B-Instruct", "dream", DREAM_7B, APPLE, "source", follows_instructions=True),
    Entry("apple/DiffuCoder-7B-cpGRPO", "dream", DREAM_7B, APPLE, "source", follows_instructions=True),
    Entry("Dream-org/DreamOn-v0-7B", "dreamon", DREAM_7B, "unknown", "parity", variable_length=True),

    Entry("dllm-hub/Qwen3-0.6B-diffusion-mdlm-v0.1", "a2d", 596_049_920, "unknown", "source", follows_instructions=True),
    Entry("fredzzp/open-dcoder-0.5B", "a2d", 494_032_768, "unknown", "source", revision="d0d86d5b99960c05258bb1f8265dd91564dbac67"),
    Entry("diffusionfamily/diffullama", "diffullama", 6_738_415_616, "apache-2.0", "source"),
    Entry("diffusionfamily/diffugpt-s", "diffugpt", 124_440_576, "apache-2.0", "source"),
    Entry("diffusionfamily/diffugpt-m", "diffugpt", 354_824_192, "apache-2.0", "source"),

    Entry("kuleshov-group/mdlm-owt", "mdlm", DIT_SMALL, "apache-2.0", "parity", revision="25ce5c5910fcbc5435ce208a27a5c75308eab4d2"),
    Entry("louaaron/sedd-small", "sedd", DIT_SMALL, "unknown", "parity"),
    Entry("louaaron/sedd-medium", "sedd", 424_477_010, "unknown", "parity"),
    Entry("kuleshov-group/bd3lm-owt-block_size4", "bd3lm", DIT_SMALL, "unknown", "parity", sees_suffix=False, note=BLOCK_ONLY),
    Entry("kuleshov-group/bd3lm-owt-block_size8", "bd3lm", DIT_SMALL, "unknown", "parity", sees_suffix=False, note=BLOCK_ONLY),
    Entry("kuleshov-group/bd3lm-owt-block_size16", "bd3lm", DIT_SMALL, "unknown", "parity", sees_suffix=False, note=BLOCK_ONLY),

    Entry("inclusionAI/LLaDA2.0-mini", "llada2", LLADA2_MINI, "apache-2.0", "parity", sees_suffix=False, follows_instructions=True,
          revision="d23215abc5f5675daf171f6739d0386eab53f712", note=BLOCK_ONLY),
    Entry("inclusionAI/LLaDA2.1-mini", "llada2", LLADA2_MINI, "apache-2.0", "parity", sees_suffix=False, edits_tokens=True, follows_instructions=True,
          revision="bbb5715c881500b34234071e68dbf38c3d657c4e", note=BLOCK_ONLY),
    Entry("google/diffusiongemma-26B-A4B-it", "diffusion_gemma", 25_823_778_864, "apache-2.0", "parity", "uniform", follows_instructions=True),
)

HOSTED = (
    Entry("mercury", "mercury", None, "proprietary", "source", "unknown", hosted=True, note="Fills in the middle. Key: INCEPTION_API_KEY."),
    Entry("mercury:edit", "mercury", None, "proprietary", "source", "unknown", hosted=True, note="Predicts the next edit. Key: INCEPTION_API_KEY."),
    Entry("mercury:chat", "mercury", None, "proprietary", "source", "unknown", follows_instructions=True, hosted=True,
          note="Shows its denoising. Key: INCEPTION_API_KEY."),
    Entry("openai:MODEL@URL", "openai", None, "unknown", "source", "none", hosted=True, is_template=True,
          note="Any server of /v1/completions with a suffix. Key, where it wants one: OPENAI_API_KEY."),
    Entry("ollama:MODEL", "ollama", None, "unknown", "source", "none", hosted=True, is_template=True,
          note="Writes from left to right: the baseline to compare with. @URL where it does not run on this machine."),
)
