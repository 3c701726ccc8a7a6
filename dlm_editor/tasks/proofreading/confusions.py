"""Words that are written for one another, words that are left out or put in, and contractions without their apostrophe."""

from collections import defaultdict
from functools import cache

from ...constraints.prosody.dictionary import look_up
from .lexicon import COMMON, read_lexicon

PREPOSITIONS = tuple("in on at of to for with from by about into during as than over under through between among".split())
ARTICLES = ("a", "an", "the")
# Words that are taken for one another: alike in sound or in sight, or of one family.
MIXED_UP = """its it's
their there they're
your you're
whose who's
then than
to too two
advice advise
affect effect
loose lose
quiet quite quit
except accept
weather whether
have of
passed past
piece peace
principal principle
breath breathe
choose chose
lead led
though thought through
now know no
new knew
by buy
hear here
right write
wear where were
which witch
would wood
whole hole
week weak
everyone every
everyday everybody
maybe may
sometime sometimes
beside besides
especially specially
economic economical
historic historical
live life leave
believe belief
choice choose
rise raise
lie lay
die dead
feel fell
think thing
desert dessert
lets let's
were we're
well we'll
who's whose
lot lots
most almost
was were
has is"""
# Words of which now one and now the other is right: only the sentence tells.
CHOICES = """this that these those
much many
little few
less fewer
other others another
who whom which that
has have had
is are was were be been am
do does did
will would
can could
may might
should must
some any
and or but
so because
he she it they
his her their its
him them
my me mine
our us
every each all
very too so
like as
good well
when while
if whether
since for
until by
number amount
make do
say tell
see look watch
interested interesting
bored boring
excited exciting
tired tiring
surprised surprising
success succeed successful
different difference
important importance
possible possibility
health healthy
danger dangerous
beauty beautiful
strong strength
long length
of off"""
# Small words that carry little meaning: one too many or one missing changes none; "not" and pronouns are nobody's to put in or take out.
EXTRA = frozenset((*ARTICLES, *PREPOSITIONS, *"is are was be been that it and will would do does have has had so more very".split()))
MISSING = tuple("the a an to of in on for at with from by about as is are was be have has do that it and will would I than".split())
CONTRACTIONS = {word.replace("'", ""): word for word in
                """don't doesn't didn't can't couldn't won't wouldn't shouldn't isn't aren't wasn't weren't haven't hasn't hadn't mustn't i'm i've i'll i'd you're you've you'll you'd
                he's she's it's that's there's what's who's let's we've they're they've they'll they'd where's here's o'clock how's""".split()}


@cache
def _partners(lines: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for line in lines.split("\n"):
        group = line.split()
        for word in group:
            found[word] |= dict.fromkeys(other for other in group if other != word)
    return {word: tuple(others) for word, others in found.items()}


def confused(word: str) -> tuple[str, ...]:
    """Words that are written where this one is meant, and the other way round."""
    return tuple(dict.fromkeys((*mixed_up(word), *_partners(CHOICES).get(word, ()))))


def mixed_up(word: str) -> tuple[str, ...]:
    """Those of them that are a slip and no choice."""
    return _partners(MIXED_UP).get(word, ())


@cache
def _alike() -> dict[str, tuple[str, ...]]:
    lexicon, sounds = read_lexicon(), defaultdict(list)
    for word in lexicon.words:
        if lexicon.counts[word] < COMMON:
            break
        for pronunciation in look_up(word).pronunciations:
            sounds[pronunciation].append(word)
    found = defaultdict(set)
    for group in sounds.values():
        for word in group:
            found[word] |= set(group) - {word}
    return {word: tuple(sorted(others)) for word, others in found.items()}


def homophones(word: str) -> tuple[str, ...]:
    """Common words that sound like this one."""
    return _alike().get(word, ())
