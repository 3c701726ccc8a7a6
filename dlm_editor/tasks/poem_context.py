"""A stanza of our own that stands before a poem on the canvas, never in the result: a small model then hears that verse is wanted.

Each alternative gets another one, so that alternatives differ. The lines are as long as those asked for.
"""

SHORT = (
    "Evening\n\nThe light is fading slow\nAnd all the birds are still.",
    "The Road\n\nThe dust is on the leaf,\nThe noon is warm and long.",
    "Snow\n\nA lamp burns through the night\nBehind the frosted pane.",
    "Harvest\n\nBeyond the orchard wall\nThe bees are humming low.",
    "The Stranger\n\nHe laughed and took his hat\nAnd never came again.",
    "Home\n\nMy mother at the door\nHas called us in to eat.",
)
LONG = (
    "Evening\n\nThe light is fading slowly from the hill,\nThe weary birds have ended all their song;\nI hear the water running past the mill\nAnd "
    "know the quiet night will not be long.",
    "The Road\n\nThe dust lies heavy on the summer leaf,\nAnd all the air is golden, warm and still;\nThe reaper stoops to bind another sheaf\nAnd "
    "sees the evening come across the hill.",
    "Snow\n\nThe fields are silent in the failing light,\nAnd not a foot has crossed the narrow lane;\nA single lamp is burning through the night\nAnd "
    "throws its gold upon the frosted pane.",
)
LONG_LINE = 8  # syllables from which on the longer lines are shown


def example(syllables: float, number: int) -> str:
    """A stanza with its title, for lines of so many syllables."""
    stanzas = LONG if syllables > LONG_LINE else SHORT
    return stanzas[number % len(stanzas)]
