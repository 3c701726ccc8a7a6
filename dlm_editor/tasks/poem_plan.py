"""From options to lines: what is kept, what is open, what each line must be. Contradictions are explained here, before the model is asked."""

from dataclasses import dataclass, replace

from ..constraints.prosody import Word, look_up, meter_pattern, split_words
from ..errors import OptionError, UnsatisfiableError
from ..text import AUTO, Document
from .poem_forms import FORMS, Place, PoemForm, read_scheme
from .poem_options import FREE, PoemOptions

OPEN = None   # a gap among the pieces of a line
FREE_GAP = 3  # syllables of a gap at most beyond what its line holds, where none are asked


@dataclass(frozen=True)
class PoemLine:
    """One line. `pieces`: kept text, as it stands, and OPEN for each gap."""

    number: int                    # from 1
    pieces: tuple[str | None, ...]
    low: int
    high: int
    pattern: str | None            # places of the metre
    letter: str                    # of its rhyme, "" for none
    refrain: int | None            # the index of the line that it repeats
    opens_stanza: bool
    initial: str                   # the letter it must begin with, small, or ""

    @property
    def is_kept(self) -> bool:
        return OPEN not in self.pieces

    @property
    def kept_words(self) -> list[Word]:
        return [look_up(word) for piece in self.pieces if piece is not OPEN for word in split_words(piece)]

    @property
    def kept_end(self) -> Word | None:
        """The last word, where it is kept; None where it is open."""
        return _nearest_word(reversed(self.pieces), -1)

    @property
    def kept_start(self) -> Word | None:
        """The first word, where it is kept; None where it is open."""
        return _nearest_word(self.pieces, 0)


def _nearest_word(pieces, place: int) -> Word | None:
    """The first or last word of the first piece that has any, None where a gap comes before it."""
    for piece in pieces:
        if piece is OPEN:
            return None
        if words := split_words(piece):
            return look_up(words[place])
    return None


@dataclass(frozen=True)
class PoemPlan:
    """All lines, and what holds for the whole poem."""

    lines: tuple[PoemLine, ...]
    options: PoemOptions
    include: tuple[str, ...]                 # words still to be placed
    group_words: tuple[tuple[str, str], ...]  # rhyme letter, the word of the user that it rhymes with

    def groups(self) -> dict[str, list[int]]:
        """Lines of each rhyme letter, refrains once."""
        found: dict[str, list[int]] = {}
        for index, line in enumerate(self.lines):
            if line.letter and line.refrain is None:
                found.setdefault(line.letter, []).append(index)
        return found


def plan_poem(options: PoemOptions) -> PoemPlan:
    """The lines of a poem. Raises OptionError where options disagree on their number, UnsatisfiableError where no text can meet them."""
    form = FORMS[options.form] if options.form else PoemForm()
    if options.form == "acrostic" and not options.acrostic:
        raise OptionError("An acrostic needs its word; got none. Give --acrostic WORD.")
    if options.form == "lipogram" and not options.ban_letters:
        raise OptionError("A lipogram needs the letters to leave out; got none. Give --ban-letters LETTERS.")
    drafted = _draft_lines(options.draft) if options.draft is not None else None
    initials = options.acrostic.replace(" ", "").lower()
    places = read_scheme(options.rhyme or form.rhyme)
    count = _count(options, form, places, initials, drafted)
    places = _fit_places(places, count, options, form)
    sizes = options.syllables or form.syllables
    sizes = sizes * count if len(sizes) == 1 else sizes
    meter = options.meter or form.meter
    lines = []
    for index in range(count):
        pieces, opens = drafted[index] if drafted else ((OPEN,), places[index].opens_stanza)
        low, high = (sizes[index],) * 2 if sizes else _free_sizes(pieces)
        lines.append(PoemLine(index + 1, pieces, low, high, meter_pattern(meter, high), places[index].letter, places[index].refrain, opens,
                              initials[index] if initials else ""))
    lines = _with_refrains(lines)
    kept = {word.spelling for line in lines for word in line.kept_words}
    include = tuple(dict.fromkeys(word for word in options.include if word.lower() not in kept))
    plan = PoemPlan(tuple(lines), options, include, _group_words(options, lines))
    _explain(plan)
    return plan


def _free_sizes(pieces: tuple[str | None, ...]) -> tuple[int, int]:
    """The least and the most syllables of a line of which none are asked: as many as are kept, and some more for every gap."""
    words = [look_up(word) for piece in pieces if piece is not OPEN for word in split_words(piece)]
    least, most = (sum(pick(word.syllable_counts) for word in words) for pick in (min, max))
    gaps = sum(piece is OPEN for piece in pieces)
    return (FREE if not words else (least + gaps, max(FREE[1], most + FREE_GAP * gaps))) if gaps else (least, max(most, 1))


def _count(options, form, places, initials, drafted) -> int:
    """The number of lines that all options agree on."""
    sizes = options.syllables if len(options.syllables) > 1 else ()
    told = {"--lines": options.lines, "the lines of the draft": len(drafted) if drafted else None, "--syllables": len(sizes) or None,
            "--rhyme": len(read_scheme(options.rhyme)) or None, "the letters of --acrostic": len(initials) or None}
    told = {name: number for name, number in told.items() if number}
    fixed = options.form and len(form.syllables) > 1
    if fixed and not told:
        return len(form.syllables)
    if fixed and not (options.lines or sizes or options.rhyme):
        told[f"the form {options.form}"] = len(form.syllables)
    if not told:
        return len(places) or 4
    if len(set(told.values())) > 1:
        raise OptionError("The number of lines must be one; got " + ", ".join(f"{number} by {name}" for name, number in told.items())
                          + ". Change one of these.")
    return next(iter(told.values()))


def _fit_places(places, count, options, form) -> tuple[Place, ...]:
    """The scheme of a form goes on for more lines; without one, no line rhymes."""
    if len(places) == count or options.rhyme:
        return places
    if options.form and len(form.syllables) > 1 and options.syllables and len(options.syllables) not in (1, count):
        raise OptionError(f"Syllables are one number, or one for each of the {count} lines; got {len(options.syllables)}. Write as many.")
    plain = Place("", None, False)
    return tuple(places[:count]) + (plain,) * (count - len(places))


def _draft_lines(draft: Document) -> list[tuple[tuple[str | None, ...], bool]]:
    """Pieces of every line of a draft that is not blank, and whether a blank line stands before it."""
    found, at, blank = [], 0, False
    for text in draft.text.split("\n"):
        end = at + len(text)
        marks = [mark for mark in draft.marks if at <= mark.span.start <= end and not (mark.span.start == end == at and mark.span.end > end)]
        if any(mark.span.end > end for mark in marks):
            raise OptionError(f"A mark of a draft lies within one line; got one that goes on after line {len(found) + 1}. Mark each line by itself.")
        if any(mark.length != AUTO for mark in marks):
            raise OptionError(f"A gap of a poem is as long as its line needs; got a length in line {len(found) + 1}. Leave the length out.")
        pieces, begin = [], at
        for mark in marks:
            if draft.text[begin:mark.span.start].strip():
                pieces.append(draft.text[begin:mark.span.start])
            pieces.append(OPEN)
            begin = mark.span.end
        if draft.text[begin:end].strip():
            pieces.append(draft.text[begin:end])
        if pieces:
            found.append((tuple(pieces), blank and bool(found)))
        blank, at = not pieces, end + 1
    if not found:
        raise OptionError("A draft holds lines or marks; got a blank one. Write [[]] for each line that is open, or leave the draft out.")
    return found


def _with_refrains(lines: list[PoemLine]) -> list[PoemLine]:
    """A refrain takes what is kept of it, in the line itself or where it comes back."""
    for index, line in enumerate(lines):
        if line.refrain is None:
            continue
        first = lines[line.refrain]
        if first.pieces == (OPEN,):
            lines[line.refrain] = replace(first, pieces=line.pieces)
        elif line.pieces not in ((OPEN,), first.pieces):
            raise UnsatisfiableError(f"Line {line.number} repeats line {first.number}; both are kept, and differ. Leave one of them open.")
        if line.initial != first.initial:
            raise UnsatisfiableError(f"Line {line.number} repeats line {first.number}, but they must begin with {line.initial!r} and {first.initial!r}. "
                                     "Change the acrostic.")
    return [line if line.refrain is None else replace(line, pieces=lines[line.refrain].pieces) for line in lines]


def _group_words(options, lines) -> tuple[tuple[str, str], ...]:
    letters = list(dict.fromkeys(line.letter for line in lines if line.letter))
    if len(options.rhymes_with) > len(letters):
        raise OptionError(f"There is a word to rhyme with for each rhyme at most; got {len(options.rhymes_with)} words for {len(letters)}. "
                          "Write a rhyme scheme, or fewer words.")
    return tuple(zip(letters, options.rhymes_with))


def _explain(plan: PoemPlan) -> None:
    """Raises UnsatisfiableError for what can be seen without looking for words."""
    banned, letters = {word.lower() for word in plan.options.ban}, set(plan.options.ban_letters.lower())
    for line in plan.lines:
        _explain_syllables(line)
        for word in line.kept_words:
            _explain_word(f"line {line.number} keeps {word.spelling!r}", word.spelling, banned, letters)
        if line.initial:
            if line.initial in letters:
                raise UnsatisfiableError(f"Line {line.number} must begin with {line.initial!r}, but that letter is banned. Change the acrostic or the letters.")
            if line.kept_start is not None and not line.kept_start.spelling.lstrip("'").startswith(line.initial):
                raise UnsatisfiableError(f"Line {line.number} must begin with {line.initial!r}, but its first word {line.kept_start.spelling!r} is kept. "
                                         "Mark it, or change the acrostic.")
    for word in plan.include:
        _explain_word(f"{word!r} is to be included", word, banned, letters)
        if all(line.is_kept for line in plan.lines):
            raise UnsatisfiableError(f"{word!r} is to be included, but all lines are kept. Mark a place for it.")
    _explain_rhymes(plan)


def _explain_syllables(line: PoemLine) -> None:
    found = {0}
    for word in line.kept_words:
        found = {before + count for before in found for count in word.syllable_counts}
    gaps = sum(piece is OPEN for piece in line.pieces)
    if line.is_kept and found & set(range(line.low, line.high + 1)) or gaps and min(found) + gaps <= line.high:
        return
    needs = f"{line.low}" if line.low == line.high else f"{line.low} to {line.high}"
    counts = " or ".join(map(str, sorted(found)))
    room = f", and {'its gap needs' if gaps == 1 else f'its {gaps} gaps need'} some" if gaps and min(found) <= line.high else ""
    raise UnsatisfiableError(f"Line {line.number} needs {needs} syllable{'s' * (needs != '1')} but its fixed words have {counts}{room}. Change the number, "
                             "or mark some of them.")


def _explain_word(where, spelling, banned, letters):
    if spelling.lower() in banned:
        raise UnsatisfiableError(f"{where[:1].upper() + where[1:]}, which is banned too. Take it out of one of the two.")
    held = sorted(letters & set(spelling.lower()))
    if held:
        raise UnsatisfiableError(f"{where[:1].upper() + where[1:]}, but the letter {held[0]!r} is banned. Take it out of one of the two.")


def _explain_rhymes(plan: PoemPlan) -> None:
    """Kept ends and given words of one group must rhyme."""
    near = plan.options.near
    given = dict(plan.group_words)
    for letter, indices in plan.groups().items():
        told = [(f"line {plan.lines[i].number} ends on {plan.lines[i].kept_end.spelling!r}", plan.lines[i].kept_end) for i in indices if plan.lines[i].kept_end]
        if letter in given:
            told.insert(0, (f"the word given is {given[letter]!r}", look_up(given[letter])))
        for where, word in told:
            if not word.is_known:
                raise UnsatisfiableError(f"Rhyme {letter} must be known; {where}, a word that the dictionary lacks. Choose another word there.")
        for where, word in told[1:]:
            if not set(word.rhymes(near)) & set(told[0][1].rhymes(near)):
                raise UnsatisfiableError(f"The lines of rhyme {letter} must rhyme; {told[0][0]}, and {where}. Mark one of them, or change the scheme.")
