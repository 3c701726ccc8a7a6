"""Other forms of English words: rules of spelling, checked against a lexicon, and the irregular ones."""

from collections import defaultdict
from functools import cache

from .lexicon import SURE, read_lexicon

BASE, S, PAST, PARTICIPLE, ING, ER, EST, LY = "base", "s", "past", "participle", "ing", "er", "est", "ly"

_VERBS = """be is was been being;have has had had having;do does did done doing;go goes went gone going;say says said said saying;get gets got got getting;
make makes made made making;know knows knew known knowing;think thinks thought thought thinking;take takes took taken taking;see sees saw seen seeing;
come comes came come coming;find finds found found finding;give gives gave given giving;tell tells told told telling;feel feels felt felt feeling;
become becomes became become becoming;leave leaves left left leaving;put puts put put putting;mean means meant meant meaning;keep keeps kept kept keeping;
let lets let let letting;begin begins began begun beginning;show shows showed shown showing;hear hears heard heard hearing;run runs ran run running;
hold holds held held holding;bring brings brought brought bringing;write writes wrote written writing;sit sits sat sat sitting;stand stands stood stood standing;
lose loses lost lost losing;pay pays paid paid paying;meet meets met met meeting;lead leads led led leading;understand understands understood understood understanding;
speak speaks spoke spoken speaking;read reads read read reading;spend spends spent spent spending;grow grows grew grown growing;win wins won won winning;
buy buys bought bought buying;send sends sent sent sending;build builds built built building;fall falls fell fallen falling;cut cuts cut cut cutting;
choose chooses chose chosen choosing;drive drives drove driven driving;break breaks broke broken breaking;eat eats ate eaten eating;teach teaches taught taught teaching;
catch catches caught caught catching;draw draws drew drawn drawing;sell sells sold sold selling;fly flies flew flown flying;throw throws threw thrown throwing;
wear wears wore worn wearing;sleep sleeps slept slept sleeping;fight fights fought fought fighting;rise rises rose risen rising;drink drinks drank drunk drinking;
sing sings sang sung singing;swim swims swam swum swimming;forget forgets forgot forgotten forgetting;steal steals stole stolen stealing;hide hides hid hidden hiding;
feed feeds fed fed feeding;shake shakes shook shaken shaking;ride rides rode ridden riding;bite bites bit bitten biting;blow blows blew blown blowing;
seek seeks sought sought seeking;deal deals dealt dealt dealing;lend lends lent lent lending;lay lays laid laid laying;lie lies lay lain lying;hurt hurts hurt hurt hurting"""
_NOUNS = "man men;woman women;child children;person people;foot feet;tooth teeth;mouse mice;life lives;wife wives;knife knives;leaf leaves;half halves;thief thieves;shelf shelves"
_ADJECTIVES = "good better best well;bad worse worst badly;far farther farthest far;easy easier easiest easily"
_VOWELS = "aeiou"


@cache
def _irregular() -> dict[str, dict[str, set[str]]]:
    """word -> {base: its forms}."""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    groups = [list(zip((BASE, S, PAST, PARTICIPLE, ING), line.split())) for line in _VERBS.split(";")]
    groups[0] += [(BASE, "am"), (BASE, "are"), (PAST, "were")]
    groups += [list(zip((BASE, S), line.split())) for line in _NOUNS.split(";")]
    groups += [list(zip((BASE, ER, EST, LY), line.split())) for line in _ADJECTIVES.split(";")]
    for group in groups:
        for _, word in group:
            found[word] |= set(group)
    return found


def _bases(word: str) -> set[str]:
    """What a word may be a regular form of, itself included."""
    found = {word}
    for ending, repairs in (("ies", ("y",)), ("es", ("", "e")), ("s", ("",)), ("ied", ("y",)), ("ed", ("", "e")), ("ing", ("", "e")), ("ily", ("y",)), ("ly", ("", "le")),
                            ("ier", ("y",)), ("er", ("", "e")), ("iest", ("y",)), ("est", ("", "e"))):
        if word.endswith(ending) and len(word) - len(ending) >= 2:
            stem = word[:-len(ending)]
            found |= {stem + repair for repair in repairs}
            if len(stem) > 2 and stem[-1] == stem[-2] and stem[-1] not in _VOWELS:
                found.add(stem[:-1])
    return found


def _regular(base: str) -> set[tuple[str, str]]:
    doubled = base + base[-1] if len(base) > 2 and base[-1] not in _VOWELS + "wxy" and base[-2] in _VOWELS and base[-3] not in _VOWELS else base
    if base[-1] == "y" and base[-2:-1] not in tuple(_VOWELS):
        s, soft, ly = base[:-1] + "ies", base[:-1] + "i", base[:-1] + "ily"
    else:
        s, soft, ly = base + ("es" if base.endswith(("s", "x", "z", "ch", "sh", "o")) else "s"), base, base + "ly"
    cut = base[:-1] if base[-1] == "e" else None
    endings = {(form, stem + ending) for stem in (cut or base, doubled) for form, ending in ((PAST, "ed"), (ING, "ing"), (ER, "er"), (EST, "est"))}
    if soft != base:
        endings |= {(PAST, soft + "ed"), (ER, soft + "er"), (EST, soft + "est")}
    return {(BASE, base), (S, s), (S, base + "s"), (LY, ly), *endings}


@cache
def forms(word: str) -> tuple[tuple[str, str, str], ...]:
    """Other forms of a word in small letters: (its own form, the other's form, the other)."""
    lexicon = read_lexicon()

    def known(other: str) -> bool:
        return lexicon.counts.get(other, 0) >= SURE * 3 and other not in lexicon.names

    groups = [_irregular()[word]] if word in _irregular() else [_regular(base) for base in sorted(_bases(word)) if len(base) > 2 and known(base)]
    found = {}
    for group in groups:
        own = [form for form, other in group if other == word]
        for form, other in sorted(group):
            if own and other != word and (known(other) or word in _irregular()):
                found.setdefault(other, (own[0], form, other))
    return tuple(found.values())
