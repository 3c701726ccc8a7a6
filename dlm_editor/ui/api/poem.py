"""`poem`."""

from collections.abc import Callable

from ..runs import Runs
from .told import fields_of, steps_and_record


def make_poem(runs: Runs) -> tuple[Callable, ...]:
    def poem(
        form: str | None = None,
        lines: int | None = None,
        syllables: str | None = None,
        rhyme: str | None = None,
        meter: str | None = None,
        acrostic: str | None = None,
        rhymes_with: list[str] | None = None,
        include: list[str] | None = None,
        ban: list[str] | None = None,
        ban_letters: str | None = None,
        regex: str | None = None,
        near: bool = False,
        topic: str | None = None,
        title: str | None = None,
        draft: str | None = None,
        alternatives: int = 1,
        steps: int | str = "auto",
        refine: int | str = "auto",
        temperature: float | None = None,
        seed: int = 0,
        model: str | None = None,
    ) -> dict:
        """Write a poem to a form, every constraint met. Gives the best poem, its text, lines and badges, and all of them as candidates.

        Args:
            form: haiku, tanka, cinquain, couplet, quatrain, limerick, sonnet, villanelle, acrostic or lipogram; leave out for free settings. Settings replace the form's.
            lines: How many lines.
            syllables: Of each line, like 5,7,5, or one number for all.
            rhyme: A letter for each line, like ABAB; - for a line without rhyme; a digit after it for a refrain; a space parts stanzas.
            meter: iambic, trochaic, dactylic, anapestic, free, or a pattern of x and / like x/x/.
            acrostic: The word that the first letters of the lines spell.
            rhymes_with: A word for the rhyme of each group of lines, in their order.
            include: Words that the poem holds.
            ban: Words that it does not hold.
            ban_letters: Letters that it does not hold.
            regex: What every line must match, in small letters and without the mark at its end.
            near: Whether near rhymes will do.
            topic: What it is about.
            title: What stands above it.
            draft: Own lines, with [[]] where something is to be written; blank lines part stanzas.
            alternatives: How many poems to choose from, best first.
            steps: auto, or the number of steps in which the words are written.
            refine: auto, or the rounds in which doubtful words are found anew.
            temperature: How much alternatives differ.
            seed: The same seed gives the same poem.
            model: A model id; leave out for the default.
        """
        fields = fields_of(form=form, lines=lines, syllables=syllables, rhyme=rhyme, meter=meter, acrostic=acrostic, rhymes_with=rhymes_with or None, include=include or None,
                         ban=ban or None, ban_letters=ban_letters, regex=regex, near=near or None, topic=topic, title=title, draft=draft, alternatives=alternatives,
                         steps=steps, refine=refine, temperature=temperature, seed=seed, model=model)
        *_, found = steps_and_record(runs.poem(fields))
        return found

    return (poem,)
