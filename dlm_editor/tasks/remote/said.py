"""What a server said, as it may be told to the user."""

LEAST_PART = 6  # characters of a key that are not told either, where only its beginning came


def in_one_line(text: str) -> str:
    """What a server said, without line breaks and whatever else would steer a terminal."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def without_key(text: str, key: str | None) -> str:
    """`text` without the key, nor a beginning of it that was left where a text was cut."""
    for length in range(len(key), min(LEAST_PART, len(key)) - 1, -1) if key else ():
        text = text.replace(key[:length], "…")
    return text
