"""The settings of the side panel: each with a sane default and one line that says what it does.

A kind of control is drawn by src/settings.js: model, choice, range, number, text. A value that equals its default is not sent,
nor one that holds `only` with another setting's value and that is set differently, nor one that `needs` an ability which the model lacks.
"""

SAMPLERS = {
    "entropy-bound": "Entropy bound",
    "confidence": "Confidence",
    "entropy": "Entropy",
    "margin": "Margin",
    "ancestral": "Ancestral",
    "analytic": "Analytic (SEDD)",
    "first-hitting": "First hitting",
    "threshold": "Threshold",
    "factor": "Factor",
    "remasking": "Remasking",
}


def page_settings(default_model: str) -> list[dict]:
    """All settings in order."""
    return [
        {"name": "model", "label": "Model", "default": default_model, "kind": "model", "help": "The diffusion language model that writes."},
        {"name": "instruction", "label": "Instruction", "needs": "follows_instructions", "kind": "text", "default": "", "placeholder": "for example: more friendly",
         "help": "What to write, in your words, for models that follow instructions."},
        {"name": "alternatives", "label": "Alternatives", "kind": "range", "min": 1, "max": 8, "step": 1, "default": 1,
         "help": "How many different fills to choose from."},
        {"name": "bound", "label": "Speed and quality", "only": {"sampler": "entropy-bound"}, "kind": "choice", "default": "1", "options": [("0.3", "Careful"), ("1", "Balanced"), ("2.5", "Fast"), ("6", "Fastest")],
         "help": "How many words the entropy-bound sampler may settle at once. Careful takes more steps."},
        {"name": "temperature", "label": "Temperature", "kind": "range", "min": 0, "max": 1.5, "step": 0.05, "default": 0,
         "help": "0 takes the most probable words; 1 draws as the model was trained."},
        {"name": "top_p", "label": "Top-p", "kind": "range", "min": 0.05, "max": 1, "step": 0.05, "default": 1,
         "help": "Draws only from the likeliest words that make up this share. 1 keeps all."},
        {"name": "sampler", "label": "Sampler", "kind": "choice", "default": "entropy-bound", "options": list(SAMPLERS.items()),
         "help": "The rule by which words settle. Remasking takes doubtful ones back."},
        {"name": "steps", "label": "Steps", "kind": "number", "word": "auto", "min": 1, "max": 512, "default": "auto", "placeholder": "auto",
         "help": "auto, or a number of refinement steps."},
        {"name": "block_length", "label": "Order", "kind": "choice", "default": "", "options": [("", "Anywhere at once"), ("4", "Left to right, 4 tokens at a time"),
         ("8", "Left to right, 8 at a time"), ("16", "Left to right, 16 at a time")], "help": "Whether words may settle anywhere, or block by block."},
        {"name": "guidance", "label": "Guidance", "needs": "takes_guidance", "kind": "range", "min": 0, "max": 4, "step": 0.5, "default": 0,
         "help": "How strongly the fill heeds the text around it, where a model takes guidance. Above 0 it takes twice as long."},
        {"name": "seed", "label": "Seed", "kind": "number", "min": 0, "max": 2**31 - 1, "default": 0, "placeholder": "0",
         "help": "The same seed and settings give the same fill."},
    ]
