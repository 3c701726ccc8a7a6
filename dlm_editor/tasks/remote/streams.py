"""Answers in parts: server-sent events and JSON lines."""

import json
from collections.abc import Iterable, Iterator

from ...errors import RemoteError
from .said import in_one_line

DONE = "[DONE]"


def server_sent(lines: Iterable[bytes], host: str) -> Iterator[dict]:
    """The objects of a stream of server-sent events, up to its end mark; of a server that answers all at once, in plain JSON, that object.

    Raises RemoteError where an event is no JSON object, or the stream ends without its mark.
    """
    data: list[str] = []
    is_error = False
    texts = _texts(lines, host)
    for text in texts:
        if text.lstrip().startswith("{") and not data:
            yield parse("\n".join([text, *texts]), host)
            return
        is_error = is_error or text.replace(" ", "") == "event:error"
        is_end = text.startswith("data:") and text[5:].strip() == DONE
        if text.startswith("data:") and not is_end:
            data.append(text[5:].removeprefix(" "))
        if data and (is_end or not text):
            if is_error:
                raise _reported("\n".join(data), host)
            yield parse("\n".join(data), host)
            data = []
        is_error = is_error and bool(text)
        if is_end:
            return
    raise RemoteError(f"A stream ends with {DONE}; the one of {host} broke off before it. Try again.")


def _texts(lines: Iterable[bytes], host: str) -> Iterator[str]:
    """The lines as text; a mark of the byte order may begin the first one, and a lone carriage return ends one too."""
    for number, line in enumerate(lines):
        yield from decode(line, host).removeprefix("" if number else "\ufeff").split("\r")


def json_lines(lines: Iterable[bytes], host: str) -> Iterator[dict]:
    """The objects of a stream of JSON lines; the one that says `done` ends it."""
    for line in lines:
        if line.strip():
            found = parse(decode(line, host), host)
            yield found
            if found.get("done") is True:
                return
    raise RemoteError(f"A stream ends with a line that says it is done; the one of {host} broke off before it. Try again.")


def whole(lines: Iterable[bytes], host: str) -> dict:
    """The one object of an answer that is not streamed."""
    return parse("\n".join(decode(line, host) for line in lines), host)


def decode(line: bytes, host: str) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RemoteError(f"An answer must be UTF-8; that of {host} has the byte 0x{line[error.start]:02x}, which is not. Nothing of it "
                          "was taken.") from None


def parse(text: str, host: str) -> dict:
    """The object in `text`; RemoteError for anything else, and for an object that reports an error."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise RemoteError(f"An answer is made of JSON objects; {host} sent {text[:60]!r}. Check that the address is that of the right kind "
                          "of server.")
    if error := found.get("error") or (found if found.get("object") == "error" else None):
        raise _reported(error.get("message") if isinstance(error, dict) else error, host)
    return found


def _reported(said: object, host: str) -> RemoteError:
    return RemoteError(f"A hosted model must finish its answer; {host} reported an error ({in_one_line(str(said))[:160]}). Try again, or check the model.")


def text_of(value: object, host: str) -> str:
    """Text in an answer; null is none. RemoteError for another type, and for halves of characters."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise RemoteError(f"A part of an answer is text; {host} sent {str(value)[:60]!r}. Check that the address is that of the right kind "
                          "of server.")
    return value
