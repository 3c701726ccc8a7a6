"""Forms of poems by name."""

import re
from dataclasses import dataclass

from ..errors import OptionError


@dataclass(frozen=True)
class PoemForm:
    """`syllables` a line; `rhyme`: a letter a line, "-" for none, with a digit where the whole line comes back; a space parts stanzas."""

    syllables: tuple[int, ...] = ()
    rhyme: str = ""
    meter: str = "free"


FORMS = {
    "haiku": PoemForm((5, 7, 5)),
    "tanka": PoemForm((5, 7, 5, 7, 7)),
    "cinquain": PoemForm((2, 4, 6, 8, 2)),
    "couplet": PoemForm((10, 10), "AA", "iambic"),
    "quatrain": PoemForm((8,) * 4, "ABAB", "iambic"),
    "quatrain-abab": PoemForm((8,) * 4, "ABAB", "iambic"),
    "quatrain-aabb": PoemForm((8,) * 4, "AABB", "iambic"),
    "quatrain-abba": PoemForm((8,) * 4, "ABBA", "iambic"),
    "limerick": PoemForm((8, 8, 5, 5, 8), "AABBA"),
    "sonnet": PoemForm((10,) * 14, "ABAB CDCD EFEF GG", "iambic"),
    "villanelle": PoemForm((8,) * 19, "A1BA2 ABA1 ABA2 ABA1 ABA2 ABA1A2"),
    "acrostic": PoemForm((8,)),
    "lipogram": PoemForm((8,) * 4, "ABAB"),
}


@dataclass(frozen=True)
class Place:
    """What a rhyme scheme says of one line."""

    letter: str           # "" where it does not rhyme
    refrain: int | None   # the number of the earlier line that it repeats
    opens_stanza: bool    # a blank line stands before it


def read_scheme(scheme: str) -> tuple[Place, ...]:
    """A rhyme scheme such as `ABAB`, `A-A-` or `A1bA2 abA1`. A letter that stands once rhymes with nothing.

    Raises OptionError.
    """
    if not re.fullmatch(r"\s*([A-Za-z.-][0-9]?\s*)*", scheme):
        raise OptionError(f"A rhyme scheme is a letter a line, - for a line without rhyme, a digit for a refrain, as in ABAB or A1bA2; got {scheme!r}. "
                          "Write one like these.")
    marks = [(found[1].upper() + found[2], bool(found[0])) for found in re.findall(r"(\s*)([A-Za-z.-])([0-9]?)", scheme)]
    letters = [mark[0] for mark, _ in marks]
    first = {}
    places = []
    for number, (mark, apart) in enumerate(marks):
        lone = mark[0] in ".-" or letters.count(mark[0]) == 1
        refrain = first.setdefault(mark, number) if mark[-1].isdigit() else number
        places.append(Place("" if lone else mark[0], None if refrain == number else refrain, apart and number > 0))
    return tuple(places)
