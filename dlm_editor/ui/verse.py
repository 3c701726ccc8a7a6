"""The forms and meters that the poem panel offers, as it shows them. The forms themselves are those of dlm_editor.tasks."""

# name: (label, what it is)
FORMS = {
    "haiku": ("Haiku", "Three lines of 5, 7 and 5 syllables."),
    "tanka": ("Tanka", "Five lines of 5, 7, 5, 7 and 7 syllables."),
    "cinquain": ("Cinquain", "Five lines of 2, 4, 6, 8 and 2 syllables."),
    "couplet": ("Couplet", "Two rhymed lines of 10 syllables."),
    "quatrain-abab": ("Quatrain ABAB", "Four lines of 8 syllables; the first rhymes with the third, the second with the fourth."),
    "quatrain-aabb": ("Quatrain AABB", "Four lines of 8 syllables, rhymed in pairs."),
    "quatrain-abba": ("Quatrain ABBA", "Four lines of 8 syllables; the outer two rhyme, and the inner two."),
    "limerick": ("Limerick", "Five lines, AABBA."),
    "sonnet": ("Sonnet", "Fourteen lines of 10 syllables, three quatrains and a couplet."),
    "villanelle": ("Villanelle", "Nineteen lines on two rhymes; two of them come back as refrains."),
    "acrostic": ("Acrostic", "The first letters of the lines spell a word: write it under More settings."),
    "lipogram": ("Lipogram", "Four lines without a letter: write it under More settings."),
    "": ("Free settings", "Whatever you set under More settings."),
}
METERS = {"free": "free", "iambic": "iambic (x/)", "trochaic": "trochaic (/x)", "anapestic": "anapestic (xx/)", "dactylic": "dactylic (/xx)"}


def poem_settings() -> dict:
    """What src/poem_form.js draws."""
    return {"forms": [{"id": name, "label": label, "told": told} for name, (label, told) in FORMS.items()],
            "meters": [{"id": name, "label": label} for name, label in METERS.items()]}
