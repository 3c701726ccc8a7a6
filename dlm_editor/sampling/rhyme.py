"""The ends of all lines of a poem, chosen jointly: lines of a group end on different words of one sound, no two lines on the same word.

Given for every line the best score for each word that may end it, the sum over the lines is maximised exactly: within a group over all sounds and all
ways to give its lines different words; over groups and single lines by branch and bound, for two groups never share a sound.
"""

from dataclasses import dataclass

import numpy as np

NEVER = -np.inf
MOST_NODES = 20_000  # then the best way found so far is taken, or after ten times as many none


@dataclass(frozen=True)
class Group:
    """Lines that rhyme. `sound` is given where a kept line or a word of the user has it; what `taken` onsets hold is no rhyme to it."""

    lines: tuple[int, ...]
    sound: int | None = None
    taken: frozenset[int] = frozenset()


@dataclass(frozen=True)
class _Option:
    score: float
    uses: frozenset      # (kind, number): sounds, words or onsets that no other may use
    words: tuple[int, ...]


def choose_ends(scores: dict[int, np.ndarray], groups: tuple[Group, ...], sounds: np.ndarray, onsets: np.ndarray,
                taken_words: frozenset[int] = frozenset(), taken_sounds: frozenset[int] = frozenset()) -> dict[int, int] | None:
    """The last word of every line in `scores`, or None where there is no way.

    `scores`: for each line with an open end (words,) float32; `sounds`, `onsets`: (words,) int; `taken`: of kept lines.
    """
    grouped = {line for group in groups for line in group.lines}
    single = [line for line in scores if line not in grouped]
    count = len(scores) + len(groups) + len(taken_words) + len(taken_sounds) + 1
    items = [((line,), _single_options(scores[line], count, taken_words)) for line in single]
    found = [(group.lines, _group_options(group, scores, sounds, onsets, count, taken_words, taken_sounds)) for group in groups]
    items.sort(key=lambda item: len(item[1]))
    found.sort(key=lambda item: len(item[1]))
    by_lines = {group.lines: group for group in groups}

    def without(at: int, used: frozenset) -> list[_Option]:
        """Options of a group where single lines have taken words that it would have liked."""
        words = frozenset(word for kind, word in used if kind == "word")
        return _group_options(by_lines[found[at - len(items)][0]], scores, sounds, onsets, count, taken_words | words, taken_sounds)

    chosen = _disjoint([options for _, options in (*items, *found)], without if single else None, len(items))
    if chosen is None:
        return None
    return {line: word for (lines, _), option in zip((*items, *found), chosen) for line, word in zip(lines, option.words)}


def _single_options(scores, count, taken_words):
    """The best words of a line that rhymes with none; as many as other lines could take away."""
    some = min(len(scores), count + len(taken_words))
    best = np.argpartition(-scores, some - 1)[:some]
    best = best[np.lexsort((best, -scores[best]))]
    return [_Option(float(scores[word]), frozenset({("word", int(word))}), (int(word),)) for word in best if scores[word] > NEVER and int(word) not in taken_words]


def _group_options(group, scores, sounds, onsets, count, taken_words, taken_sounds):
    """The best sounds of a group with the words of its lines, best first; as many as other lines could take away."""
    tables = [scores[line] for line in group.lines]
    usable = sounds >= 0
    for word in taken_words:
        usable[word] = False
    if group.taken:
        usable &= ~np.isin(onsets, list(group.taken))
    if group.sound is not None:
        usable &= sounds == group.sound
    where = np.flatnonzero(usable & np.logical_or.reduce([table > NEVER for table in tables]))
    if not len(where):
        return []
    where = where[np.argsort(sounds[where], kind="stable")]
    names, begin = np.unique(sounds[where], return_index=True)
    bounds = sum(np.maximum.reduceat(table[where], begin).astype(float) for table in tables)
    limits = np.append(begin, len(where))
    found: list[_Option] = []
    for at in np.argsort(-bounds, kind="stable"):
        if bounds[at] == NEVER or len(found) >= count and sorted((option.score for option in found), reverse=True)[count - 1] >= bounds[at]:
            break
        sound = int(names[at])
        if group.sound is None and sound in taken_sounds:
            continue
        option = _assign(tables, where[limits[at]:limits[at + 1]], onsets, sound)
        if option is not None:
            found.append(option)
    return sorted(found, key=lambda option: -option.score)[:count]


def _assign(tables, words, onsets, sound):
    """Different onsets, hence different words, for the lines of a group on one sound, the best sum; None where there are too few."""
    per_line = []
    for table in tables:
        best = {}
        for word in words[np.argsort(-table[words], kind="stable")]:
            if table[word] == NEVER:
                break
            best.setdefault(int(onsets[word]), (float(table[word]), int(word)))
            if len(best) >= len(tables):
                break
        per_line.append([_Option(score, frozenset({("onset", onset)}), (word,)) for onset, (score, word) in best.items()])
    order = sorted(range(len(tables)), key=lambda line: len(per_line[line]))
    chosen = _disjoint([per_line[line] for line in order])
    if chosen is None:
        return None
    ends = dict(zip(order, (option.words[0] for option in chosen)))
    given = tuple(ends[line] for line in range(len(tables)))
    return _Option(sum(option.score for option in chosen), frozenset({("sound", sound), *(("word", word) for word in given)}), given)


def _disjoint(items: list[list[_Option]], without=None, first: int = 0) -> list[_Option] | None:
    """One option of each list, best first in each, that use nothing twice, with the greatest sum; None where there is no way.

    `without(at, used)` gives better options of list `at`, from `first` on, where one of those that were given would use something twice.
    """
    if any(not options for options in items):
        return None
    ahead = np.append(np.cumsum([options[0].score for options in items][::-1])[::-1], 0.0)
    best: list = [NEVER, None]
    nodes = 0

    def descend(at, score, used, chosen):
        nonlocal nodes
        nodes += 1
        if at == len(items):
            if score > best[0]:
                best[:] = [score, list(chosen)]
            return
        options = items[at]
        if without is not None and at >= first and any(kind == "word" for option in options for kind, _ in option.uses & used):
            options = without(at, used)
        for option in options:
            if score + option.score + ahead[at + 1] <= best[0] or nodes > MOST_NODES * (10 if best[1] is None else 1):
                return
            if not option.uses & used:
                descend(at + 1, score + option.score, used | option.uses, [*chosen, option])

    descend(0, 0.0, frozenset(), [])
    return best[1]
