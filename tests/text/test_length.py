"""Lengths as users write them."""

import pytest

from dlm_editor.errors import OptionError
from dlm_editor.text import AUTO, Tokens, Words, parse_length


@pytest.mark.parametrize(("value", "length"), [(None, AUTO), ("", AUTO), (" Auto ", AUTO), ("8", Tokens(8)), (8, Tokens(8)),
                                               ("3w", Words(3)), ("3W", Words(3))])
def test_lengths_are_auto_tokens_or_words(value, length):
    assert parse_length(value) == length
    assert parse_length(str(length)) == length


@pytest.mark.parametrize("value", ["0", "-1", "0w", "513", "257w", "x", "8 w", "1.5", 2.5, True, "٣"])
def test_other_lengths_are_refused_with_the_value_received(value):
    with pytest.raises(OptionError, match=r"(?i)" + str(value).replace("w", "")):
        parse_length(value)
