"""One POST to a hosted model and its answer, line by line: time-outs, bounded retries, plain errors.

No redirect is followed: the text goes where it was said. The key stands in one header and nowhere else: no message, record or log holds it.
"""

import http.client
import ipaddress
import math
import re
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from ...errors import OptionError, RemoteError
from .said import in_one_line, without_key

RETRIED = (429, 500, 502, 503, 504)
READ_BYTES = 65536
LONG_S = 86_400  # a longer wait is told as “later”


@dataclass(frozen=True)
class Limits:
    """What is waited for, and how much is read."""

    connect_s: float = 10.0
    begin_s: float = 120.0        # for an answer to begin: a server may load its model first
    silence_s: float = 60.0       # between two parts of an answer
    whole_s: float = 300.0        # for a whole answer
    attempts: int = 4
    first_wait_s: float = 0.5     # doubled after every attempt
    longest_wait_s: float = 30.0  # a server that asks for more is not waited for
    line_bytes: int = 2**20
    answer_bytes: int = 2**23


@dataclass(frozen=True)
class Endpoint:
    """Where to post. `key_name`: the environment variable with the key."""

    url: str
    key_name: str | None = None

    def __post_init__(self):
        try:
            parts = urlsplit(self.url)
            is_good = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        except ValueError:
            is_good = False
        is_plain = self.url.isascii() and self.url.isprintable() and " " not in self.url
        if not (is_good and is_plain) or "@" in parts.netloc or parts.query or parts.fragment:
            raise OptionError(f"An address is https://HOST[:PORT][/PATH], without a name, key or query in it; got {_shown(self.url)!r}. Put a "
                              "key into "
                              f"{self.key_name or 'the environment'}.")

    @property
    def host(self) -> str:
        """With the port, as people read it."""
        return urlsplit(self.url).netloc

    @property
    def is_here(self) -> bool:
        """True for this very machine."""
        name = urlsplit(self.url).hostname
        try:
            return name == "localhost" or ipaddress.ip_address(name).is_loopback
        except ValueError:
            return False


def _shown(url: str) -> str:
    """An address as a message tells it: what stands before @ or after ? or # may be a key."""
    return re.sub(r"(?<=[?#]).+", "…", re.sub(r"(?<=//)[^/]*@", "…@", url), flags=re.DOTALL)[:80]


def post(endpoint: Endpoint, body: bytes, key: str | None, limits: Limits = Limits()) -> Iterator[bytes]:
    """The lines of the answer, without their ends, as they come. Raises RemoteError. Closing the generator ends the request."""
    if key and not endpoint.is_here and endpoint.url.startswith("http:"):
        raise OptionError(f"A key is sent over https only, or to this machine; got the address {endpoint.url!r} with {endpoint.key_name} "
                          "set. Use https, "
                          "or unset the key.")
    connection, response = _connect(endpoint, body, key, limits)
    try:
        yield from _lines(response, endpoint, limits, time.monotonic() + limits.whole_s)
    except TimeoutError:
        raise RemoteError(f"An answer goes on at least every {limits.silence_s:g} s; {endpoint.host} fell silent. Try again, or ask for "
                          "less.") from None
    except (OSError, http.client.HTTPException):
        raise _cut(endpoint) from None
    finally:
        response.close()  # it outlives its connection where the server announced to close that
        connection.close()


def _connect(endpoint, body, key, limits):
    """The connection and its response of status 200, after as many attempts as are allowed."""
    for attempt in range(1, limits.attempts + 1):
        connection = _open(endpoint, limits)
        try:
            response = _send(connection, endpoint, body, key, limits)
            if response.status == 200:
                return connection, response
            wait_s = _wait_s(response, attempt, limits)
            if attempt == limits.attempts or response.status not in RETRIED or wait_s is None:
                raise _refusal(response, endpoint, key, attempt)
        except BaseException:
            connection.close()
            raise
        connection.close()
        time.sleep(wait_s)
    raise AssertionError("the last attempt returns or raises")


def _open(endpoint, limits):
    parts = urlsplit(endpoint.url)
    if parts.scheme == "https":
        return http.client.HTTPSConnection(parts.hostname, parts.port, timeout=limits.connect_s, context=ssl.create_default_context())
    return http.client.HTTPConnection(parts.hostname, parts.port, timeout=limits.connect_s)


def _send(connection, endpoint, body, key, limits):
    headers = {"User-Agent": "dlm-editor", "Content-Type": "application/json", "Accept": "text/event-stream, application/x-ndjson, "
                                                                                         "application/json"}
    if key:
        headers["Authorization"] = f"Bearer {key}"
    try:
        connection.connect()
        socket = connection.sock  # which the connection forgets where the server will close it
        socket.settimeout(limits.begin_s)
        connection.request("POST", urlsplit(endpoint.url).path or "/", body, headers)
        response = connection.getresponse()
        socket.settimeout(limits.silence_s)
        return response
    except TimeoutError:
        raise RemoteError(f"A hosted model must answer; {endpoint.host} did not in time ({limits.connect_s:g} s to connect, "
                          f"{limits.begin_s:g} s to begin). "
                          "Try again, or use `bundled`.") from None
    except ConnectionRefusedError:
        raise RemoteError(f"A hosted model must be there; nothing listens at {endpoint.host}. Start the server, or correct the "
                          "address.") from None
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        raise RemoteError(f"A hosted model must be reached; {endpoint.host} was not ({type(error).__name__}). Check the network and the "
                          "address, or use "
                          "`bundled`.") from None


def _wait_s(response, attempt, limits) -> float | None:
    """Seconds to wait before the next attempt; None where the server asks for too many."""
    asked = _retry_after_s(response.headers.get("Retry-After"))
    if asked is None:
        return min(limits.first_wait_s * 2 ** (attempt - 1), limits.longest_wait_s)
    return asked if asked <= limits.longest_wait_s else None


def _retry_after_s(text: str | None) -> float | None:
    """Of the header: a number of seconds, or a date."""
    if text is None:
        return None
    try:
        return float(max(0, int(text)))
    except OverflowError:
        return math.inf
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return None


def _refusal(response, endpoint, key, attempts) -> RemoteError:
    """What to tell the user of a status that is not 200. What a server says of a key is not repeated: it may hold a part of it."""
    status = response.status
    if status in (401, 403):
        name = endpoint.key_name or "a key"
        return RemoteError(f"{endpoint.host} takes no request without a valid key; it refused this one (status {status}). Set {name} to a "
                           "key of yours"
                           f"{'' if key else '; it is not set'}.")
    if status == 429:
        wait = _retry_after_s(response.headers.get("Retry-After"))
        return RemoteError(f"{endpoint.host} allows only so many requests; it refused {attempts} in a row (status 429). Try again "
                           f"{f'in {wait:.0f} s' if wait is not None and wait < LONG_S else 'later'}.")
    if 300 <= status < 400:
        return RemoteError(f"Text is sent to the address that was agreed to and no other; {endpoint.host} sent the request elsewhere "
                           f"(status {status}). "
                           "Name the final address.")
    said = _said(response, key)
    after = f" after {attempts} attempts" if attempts > 1 else ""
    return RemoteError(f"A hosted model must accept the request; {endpoint.host} answered with status "
                       f"{status}{after}{f': {said}' if said else ''}. "
                       f"{'Try again later.' if status >= 500 else 'Check the model and the options.'}")


def _said(response, key) -> str:
    """The beginning of an error's text, in one line and without the key."""
    try:
        text = response.read(2000).decode("utf-8", "replace")
    except (OSError, http.client.HTTPException):
        return ""
    return without_key(in_one_line(text), key)[:160].rstrip(".")


def _lines(response, endpoint, limits, deadline) -> Iterator[bytes]:
    """Read as it comes, not line by line: a line that drips in is not waited for longer than an answer."""
    read, rest = 0, b""
    while part := response.read1(READ_BYTES):
        read += len(part)
        *lines, rest = (rest + part).split(b"\n")
        if len(rest) > limits.line_bytes or read > limits.answer_bytes:
            raise RemoteError(f"An answer holds at most {limits.answer_bytes // 2**20} MiB; {endpoint.host} sent more. Try again, or ask "
                              "for less.")
        if time.monotonic() > deadline:
            raise RemoteError(f"An answer is done within {limits.whole_s:g} s; {endpoint.host} still went on. Try again, or ask for less.")
        yield from (line.removesuffix(b"\r") for line in lines)
    if response.length:  # of a body with a stated length, what did not come
        raise _cut(endpoint)
    if rest:
        yield rest.removesuffix(b"\r")


def _cut(endpoint) -> RemoteError:
    return RemoteError(f"An answer must be whole; the one of {endpoint.host} broke off. Try again.")
