"""Judges poems by the pronunciation data alone. Shares no code with what writes them: its own reading of the dictionary, of the options and of the lines."""

import gzip
import itertools
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

DATA = Path(__file__).resolve().parents[2] / "assets/pronunciation/cmudict.txt.gz"
METRES = {"iambic": "01", "trochaic": "10", "dactylic": "100", "anapestic": "001"}
FAMILIES = ["PB", "TD", "KG", "FV", "SZ", ("SH", "ZH", "CH", "JH"), ("M", "N", "NG"), ("TH", "DH"), ("AA", "AO")]


@lru_cache(maxsize=1)
def sounds() -> dict[str, list[list[str]]]:
    """Word → pronunciations, each a list of phonemes."""
    found = {}
    with gzip.open(DATA, "rt", encoding="ascii") as lines:
        for line in lines:
            word, _, rest = line.rstrip("\n").partition(" ")
            found[word] = [spoken.split() for spoken in rest.split(", ")]
    return found


def words_of(line: str) -> list[str]:
    return [word.lower().replace("’", "'") for word in re.findall(r"[A-Za-z]+(?:['’][A-Za-z]+)*", line)]


def stresses(word: str) -> set[str]:
    """The stress digits of every pronunciation; of none, where the dictionary lacks the word."""
    return {"".join(phoneme[-1] for phoneme in spoken if phoneme[-1] in "012") for spoken in sounds().get(word, [])}


def rhymes(word: str, near: bool) -> set[tuple[str, ...]]:
    """The sounds from the last stressed vowel on, of every pronunciation."""
    found = set()
    for spoken in sounds().get(word, []):
        vowels = [place for place, phoneme in enumerate(spoken) if phoneme[-1] in "012"]
        stressed = [place for place in vowels if spoken[place][-1] in "12"] or vowels
        found.add(tuple(_family(phoneme.strip("012"), near) for phoneme in spoken[stressed[-1]:]))
    return found


def _family(phoneme: str, near: bool) -> str:
    return next((str(family) for family in FAMILIES if near and phoneme in family), phoneme)


def faults(lines: list[str], spec: Mapping) -> list[str]:
    """What a finished poem breaks of its specification; the fields are those of the command line."""
    found = []
    sizes = [int(size) for size in str(spec.get("syllables", "")).split(",") if size]
    scheme = re.findall(r"[A-Za-z.-][0-9]?", spec.get("rhyme", ""))
    count = spec.get("lines") or (len(sizes) if len(sizes) > 1 else 0) or len(scheme) or len(spec.get("acrostic", ""))
    if count and len(lines) != count:
        return [f"{len(lines)} lines instead of {count}"]
    for number, line in enumerate(lines):
        size = sizes[number if len(sizes) > 1 else 0] if sizes else None
        found += [f"line {number + 1}: {fault}" for fault in line_faults(line, size, spec.get("meter"))]
    found += [f"line {n + 1} begins with no {letter}" for n, letter in enumerate(spec.get("acrostic", "").lower()) if not words_of(lines[n])[0].startswith(letter)]
    if spec.get("regex"):
        found += [f"line {n + 1} does not match" for n, line in enumerate(lines) if not re.fullmatch(spec["regex"], line.lower().rstrip(",.;:!?"))]
    every = [word for line in lines for word in words_of(line)]
    found += [f"no {word}" for word in spec.get("include", []) if word.lower() not in every]
    found += [f"banned {word}" for word in spec.get("ban", []) if word.lower() in every]
    found += [f"letter {letter}" for letter in spec.get("ban_letters", "").lower() if letter in " ".join(lines).lower()]
    return found + rhyme_faults(lines, scheme, bool(spec.get("near")))


def line_faults(line: str, size: int | None, metre: str | None) -> list[str]:
    """Syllables and stress of one line: some choice among the pronunciations must do."""
    unknown = [word for word in words_of(line) if word not in sounds()]
    if unknown:
        return [f"{unknown[0]} is in no dictionary"]
    readings = [stresses(word) for word in words_of(line)]
    totals = {sum(map(len, choice)) for choice in itertools.islice(itertools.product(*readings), 4096)}
    if size is not None and size not in totals:
        return [f"{sorted(totals)} syllables instead of {size}"]
    if metre is None or metre == "free":
        return []
    foot = METRES.get(metre) or metre.replace("x", "0").replace("/", "1")
    fits = any(_in_metre(choice, foot, size) for choice in itertools.islice(itertools.product(*readings), 4096))
    return [] if fits else ["out of metre"]


def _in_metre(choice: tuple[str, ...], foot: str, size: int | None) -> bool:
    at = 0
    for shape in choice:
        if len(shape) > 1 and any(digit == "1" and foot[(at + place) % len(foot)] != "1" for place, digit in enumerate(shape)):
            return False
        at += len(shape)
    return size is None or at == size


def rhyme_faults(lines: list[str], scheme: list[str], near: bool) -> list[str]:
    """Lines of a letter end on different words of one sound; a letter with a digit repeats the whole line, and nothing else does."""
    found, groups, refrains = [], {}, {}
    for number, mark in enumerate(scheme):
        if len(mark) > 1:
            first = refrains.setdefault(mark.upper(), number)
            if first != number:
                found += [f"line {number + 1} is no refrain"] * (lines[number] != lines[first])
                continue
        groups.setdefault(mark[0].upper(), []).append(number)
    for letter, members in groups.items():
        ends = [words_of(lines[number])[-1] for number in members]
        if letter in ".-" or len(ends) < 2:
            continue
        found += [f"rhyme {letter}: {ends} share no sound"] * (not set.intersection(*(rhymes(word, near) for word in ends)))
        found += [f"rhyme {letter}: {ends} repeats a word"] * (len(set(ends)) < len(ends))
    plain = [line for number, line in enumerate(lines) if number >= len(scheme) or refrains.get(scheme[number].upper(), number) == number]
    return found + ["a line is repeated"] * (len(set(plain)) < len(plain))
