"""Words that are written for one another, words that are left out or put in, and contractions without their apostrophe."""

from collections import defaultdict
from functools import cache

from ...constraints.prosody.dictionary import look_up
from .lexicon import COMMON, read_lexicon

PREPOSITIONS = tuple("in on at of to for with from by about into during as than over under through between among".split())
ARTICLES = ("a", "an", "the")
SETS = tuple(tuple(line.split()) for line in """this that these those
much many
little few
less fewer
other others another
its it's
their there they're
your you're
whose who's who whom which that
then than
to too two
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
every everyone
everyday everybody
was were
has is
not no
no any
when while
if whether
since for
until by
lot lots
number amount
make do
say tell
see look watch
most almost
advice advise
affect effect
loose lose
quiet quite
except accept
weather whether
where were
of off
have of
passed past
piece peace
principal principle
breath breathe
choose chose
lead led
though thought
through though
now know
new knew
no know
by buy
hear here
right write
wear where
which witch
would wood
whole hole
week weak
maybe may
sometime sometimes
beside besides
especially specially
economic economical
historic historical
interested interesting
bored boring
excited exciting
tired tiring
surprised surprising
live life
live leave
believe belief
choice choose
success succeed successful
different difference
important importance
possible possibility
health healthy
danger dangerous
beauty beautiful
strong strength
long length
rise raise
lie lay
die dead
feel fell
think thing
dessert desert""".splitlines())
# Small words that carry little meaning: one too many or one missing changes none; "not" and pronouns are nobody's to put in or take out.
EXTRA = frozenset((*ARTICLES, *PREPOSITIONS, *"is are was be been that it and will would do does have has had so more very".split()))
MISSING = tuple("the a an to of in on for at with from by about as is are was be have has do that it and will would I than".split())
CONTRACTIONS = {word.replace("'", ""): word for word in
                """don't doesn't didn't can't couldn't won't wouldn't shouldn't isn't aren't wasn't weren't haven't hasn't hadn't mustn't i'm i've i'll i'd you're you've you'll you'd
                he's she's it's that's there's what's who's let's we've they're they've they'll they'd where's here's o'clock how's""".split()}


@cache
def confused(word: str) -> tuple[str, ...]:
    """Common words that are written for this one by mistake: of the sets above, and those that sound alike."""
    found = [other for group in _sets()[word] for other in group if other != word]
    return tuple(dict.fromkeys(found))


@cache
def _sets() -> dict[str, list[tuple[str, ...]]]:
    found = defaultdict(list)
    for group in SETS:
        for word in group:
            found[word].append(group)
    return found


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
