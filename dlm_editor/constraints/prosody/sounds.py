"""What verse asks of one pronunciation: syllables, stress, rhyme.

A pronunciation is the CMU dictionary's: ARPABET phonemes apart by spaces, a digit after each vowel: 1 primary stress, 2 secondary, 0 none.
"""

_ALIKE = ("P B", "T D", "K G", "F V", "S Z", "SH ZH CH JH", "M N NG", "TH DH", "AA AO")  # one sound to a near rhyme
_FAMILIES = {phoneme: family.split()[0] for family in _ALIKE for phoneme in family.split()}


def stress(pronunciation: str) -> str:
    """One digit a syllable: "010" for banana."""
    return "".join(char for char in pronunciation if char.isdigit())


def syllables(pronunciation: str) -> int:
    return len(stress(pronunciation))


def _rhyming_vowel(phonemes: list[str]) -> int | None:
    """Where the rhyme begins: the last vowel with primary or secondary stress, the last of all where none has; None without a vowel."""
    vowels = [at for at, phoneme in enumerate(phonemes) if phoneme[-1].isdigit()]
    return max((at for at in vowels if phonemes[at][-1] != "0"), default=vowels[-1] if vowels else None)


def rhyme_part(pronunciation: str) -> str:
    """The sounds from the last stressed vowel on, without stress: what a perfect rhyme shares. Empty where there is no vowel."""
    phonemes = pronunciation.split()
    at = _rhyming_vowel(phonemes)
    return "" if at is None else " ".join(phoneme.rstrip("012") for phoneme in phonemes[at:])


def near_part(pronunciation: str) -> str:
    """The rhyme part with consonants of one family as one (m n ng, t d, s z …) and the vowels of caught and cot: what a near rhyme shares."""
    return " ".join(_FAMILIES.get(phoneme, phoneme) for phoneme in rhyme_part(pronunciation).split())


def onset(pronunciation: str) -> str:
    """The consonants right before the rhyme part. Two words that share these too are one sound, no rhyme: night and knight."""
    phonemes = pronunciation.split()
    at = _rhyming_vowel(phonemes)
    if at is None:
        return ""
    begin = at
    while begin and not phonemes[begin - 1][-1].isdigit():
        begin -= 1
    return " ".join(phonemes[begin:at])
