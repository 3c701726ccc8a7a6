"""Thirty fills to be read by people: letters, stories, essays, instructions and verse, from one word to twelve, and insertions."""

from collections.abc import Iterator

from ..tasks import Editor, FillOptions, Suggestion
from ..text import parse_marked

TEXTS = (
    "Dear Anna, thank you for the [[beautiful|1w]] flowers. They arrived on Tuesday and are still fresh.",
    "Dear Mr. Brown, I am writing to [[complain about|2w]] the noise from your garden last Saturday night.",
    "We would be delighted if you could [[come to dinner|3w]] with us next Friday at seven.",
    "I am sorry that I [[could not answer your letter]] sooner; the whole family has been ill.",
    "Please find the signed contract [[]] and let us know if anything is missing.",
    "The meeting has been moved from Monday to [[Thursday|1w]] because the room is being painted.",
    "Thank you for your application. Unfortunately we [[have already filled the position]], but we will keep your papers.",
    "Give my love to the children, and tell them that their grandmother [[misses them very much|4w]].",
    "The old man opened the door and saw a [[dog|1w]] sitting in the snow.",
    "She ran to the station, but the train [[had already left|3w]]. She sat down on her suitcase and laughed.",
    "“Who is there?” [[asked|1w]] the boy. Nobody answered.",
    "Once upon a time there was a [[king who had three daughters]], and he loved the youngest best.",
    "It was raining when they reached the village. [[Nobody was in the street.]] Only the light in the inn was burning.",
    "He put the letter into his pocket [[]] and walked on without a word.",
    "Tom and Mary went into the forest to look for mushrooms. After an hour they noticed that they [[were lost|2w]].",
    "The captain looked at the sky. “We should turn back,” he said, “before the [[storm|1w]] comes.”",
    "The industrial revolution changed the way people [[lived and worked|3w]] in the cities of Europe.",
    "Plants need water, air and [[light|1w]] to grow.",
    "The main advantage of this method is that it [[is cheaper and faster than the others]].",
    "Although the results look good, [[they should be read with care]], because only twelve people took part.",
    "In 1969 the first men walked on the [[moon|1w]].",
    "Many scientists believe that the climate [[is changing because of human activity]] and that we must act soon.",
    "The library was built in 1890. [[]] Today it holds more than two million books.",
    "Beat the eggs with the sugar, then add the [[flour|1w]] and a pinch of salt.",
    "Before you open the case, [[switch off the power]] and wait for a minute.",
    "To reset the password, click on the link in the [[e-mail|1w]] that we sent you.",
    "The sun goes down behind the hill,\nThe birds are silent, all is [[still|1w]].",
    "O wind that blows across the [[sea|1w]],\nBring back the one I love to me.",
    "I walked alone in early spring\nAnd heard a little [[blackbird sing|2w]].",
    "The snow lies deep, the night is cold,\n[[And all the fields are white and old]],\nThe year is dying in the wood.",
)


def sample_rows(editor: Editor, seed: int = 0) -> Iterator[dict]:
    """The first suggestion for each text, the fill in double brackets."""
    for number, text in enumerate(TEXTS, 1):
        document = parse_marked(text)
        best = next(event for event in editor.fill(document, FillOptions(seed=seed)) if isinstance(event, Suggestion))
        edit = best.edits[0]
        start = edit.span.start
        filled = f"{best.text[:start]}[[{edit.after}]]{best.text[start + len(edit.after):]}"
        yield {"no": number, "length": str(document.marks[0].length), "fill": filled.replace("\n", " / ")}
