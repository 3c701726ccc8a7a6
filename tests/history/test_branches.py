"""The tree of branches, and where two drafts differ."""

import pytest

from dlm_editor.errors import OptionError
from dlm_editor.history import Branches, differences
from dlm_editor.sampling import Piece
from dlm_editor.tasks import FillOptions, Suggestion
from dlm_editor.text import Document

NONE = FillOptions()


def draft(*words):
    """One mark; an empty word is open."""
    return (tuple(Piece((" " if place else "") + word if word else "", "settled" if word else "open", 0.5, (place,)) for place, word in enumerate(words)),)


def grown():
    """A first run of two steps, and a branch that left it at the first, with one step of its own."""
    tree, first = Branches().leave(None, 0, None, NONE)
    tree = tree.step(first.id, (draft("the", ""),)).step(first.id, (draft("the", "sea"),)).finish(first.id, (Suggestion("the sea", (), -1.0, 2, 0.0, 0, ()),))
    tree, second = tree.leave(first.id, 1, ((7, None),), NONE)
    return tree.step(second.id, (draft("the", "lake"),)), first, second


def test_branches_know_where_they_left_and_what_they_read():
    tree, first, second = grown()
    assert tree[2].parent == 1 and tree[2].from_step == 1 and tree[2].pins == ((7, None),) and tree.children(1) == (tree[2],) and tree.children(None) == (tree[1],)
    assert tree.way(2) == (tree[1], tree[2])
    assert tree.drafts(1) == draft("the", "sea") and tree.drafts(1, 1) == tree.drafts(2, 0) == draft("the", "") and tree.drafts(2) == draft("the", "lake")
    assert Branches().all == () and len(first.steps) == 0, "an operation changes nothing that was there"


def test_where_two_branches_differ():
    tree, _, _ = grown()
    (found,) = differences(tree.drafts(1), tree.drafts(2))
    assert (found.mark, found.edit.before, found.edit.after) == (0, "sea", "lake")
    assert differences(tree.drafts(1), tree.drafts(1)) == ()
    (found,) = differences(tree.drafts(1, 1), tree.drafts(1))
    assert "…" in found.edit.before and "sea" in found.edit.after
    edits = [one.edit for one in differences(draft("a", "small", "lake", "here"), draft("one", "small", "sea", "here"))]
    assert Document("a small lake here").apply(*edits).text == "one small sea here" and [edit.before for edit in edits] == ["a", "lake"]


def test_what_no_tree_holds_is_refused():
    tree, _, _ = grown()
    for wrong, words in ((lambda: tree[3], "from 1 to 2; got 3"), (lambda: tree.leave(None, 0, None, NONE), "no parent"), (lambda: tree.leave(1, 3, None, NONE), "its 2 steps"),
                         (lambda: Branches().leave(1, 0, None, NONE), "no parent"), (lambda: tree.step(1, ()), "has its result"), (lambda: tree.drafts(2, 2), "has 1 steps"),
                         (lambda: Branches().leave(None, 0, None, NONE)[0].drafts(1), "no draft")):
        with pytest.raises(OptionError, match=words):
            wrong()
