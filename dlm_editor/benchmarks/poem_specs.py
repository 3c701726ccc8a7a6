"""Random specifications of poems, some of them contradictory; the same seed gives the same ones."""

import random

SCHEMES = ("AA", "ABA", "ABAB", "AABB", "ABBA", "AABBA", "ABABCC", "ABCABC", "ABABCDCD", "AABBCCDDEE", "ABABCDCDEFEF", "ABAB CDCD EFEF GG", "ABBA ABBA CDECDE",
           "A1BA2 ABA1 ABA2", "ABCB", "A-A-", "AABA BBCB CC")
WORDS = ("moon", "river", "gold", "winter", "mother", "silence", "stone", "fire", "garden", "remember", "light", "sorrow", "window", "bird", "ocean", "dream")
NAMES = ("rose", "moon", "anna", "winter", "sea", "love", "max", "quiz", "summer")
REGEXES = ("[a-z ]+", "[^z]*", "(the|a|my|in|and|to) .*", ".*e", r"\w+( \w+){2,5}", "[a-z' ]{10,40}", "(?:[a-m]\\w* ?)+", ".* (day|night|sea|sun|tree|me|stone)", "[0-9]+", "x")
SHORTEST, LONGEST = 3, 11  # syllables


def random_spec(seed: int) -> dict:
    """The fields of one poem."""
    rng = random.Random(seed)
    spec: dict = {"seed": seed}
    shape = rng.random()
    if shape < 0.15:
        spec["form"] = rng.choice(("haiku", "tanka", "cinquain", "couplet", "quatrain", "limerick"))
    elif shape < 0.3:
        spec["acrostic"] = rng.choice(NAMES)
        spec["syllables"] = str(rng.randint(SHORTEST, LONGEST))
    else:
        spec["rhyme"] = rng.choice(SCHEMES)
        spec["syllables"] = str(rng.randint(SHORTEST, LONGEST))
        if rng.random() < 0.25:
            spec["meter"] = rng.choice(("iambic", "trochaic", "dactylic", "anapestic"))
        if rng.random() < 0.15:
            spec["near"] = True
    if rng.random() < 0.3:
        spec["include"] = rng.sample(WORDS, rng.randint(1, 2))
    if rng.random() < 0.15:
        spec["ban"] = rng.sample(WORDS, 2) + ["the"]
    if rng.random() < 0.3:
        spec["ban_letters"] = "".join(rng.sample("abcdefghijklmnopqrstuvwxyz", rng.choice((1, 1, 2, 5))))
    if rng.random() < 0.15:
        spec["regex"] = rng.choice(REGEXES)
    if rng.random() < 0.12:
        spec["draft"] = _draft(rng)
        for name in ("rhyme", "acrostic", "form"):
            spec.pop(name, None)
    return spec


def _draft(rng: random.Random) -> str:
    """Three lines, some words kept, perhaps more of them than there is room for."""
    kept = ("The moon [[]]", "[[]] over the hill", "A bird [[]] in the tree", "[[]]", "I remember the long and silent winter evening [[]]", "My mother [[]]")
    return "\n".join(rng.choice(kept) for _ in range(3)) + "\n[[]]"


FORM_FIELDS = {"haiku": {"syllables": "5,7,5"}, "tanka": {"syllables": "5,7,5,7,7"}, "cinquain": {"syllables": "2,4,6,8,2"},
               "couplet": {"syllables": "10,10", "rhyme": "AA", "meter": "iambic"}, "quatrain": {"syllables": "8", "rhyme": "ABAB", "meter": "iambic"},
               "limerick": {"syllables": "8,8,5,5,8", "rhyme": "AABBA"}}


def judged_fields(spec: dict) -> dict:
    """The fields with what the form's name means written out, for a judge that knows no forms."""
    fields = {**FORM_FIELDS.get(spec.get("form", ""), {}), **{name: value for name, value in spec.items() if name not in ("form", "draft")}}
    return {**fields, "lines": len(spec["draft"].split("\n"))} if "draft" in spec else fields
