"""Calls to the web addresses of providers: short waits, bounded answers, no redirects, and one meaning for every failure.

A redirect is never followed: it would carry the token of this installation to an address that nobody chose.
"""

from __future__ import annotations

import http.client
import json
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO, Any
from urllib.parse import urlsplit

from simpul.messages.transports.outgoing import Rejected, TooLarge, Unreachable

WAIT_SECONDS = 10.0
"""How long one step of a call (connect, write, read) may take."""

LONGEST_SECONDS = 120.0
"""How long the bytes of a file may take: 16 MB over a line of about one megabit a second."""

LARGEST_ANSWER = 1_000_000
"""Bytes of an answer that is no file; the rest is not read."""

_CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class Answer:
    """What a provider answered: any status that is an answer at all."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """True for 2xx."""
        return 200 <= self.status < 300

    def json(self) -> dict[str, Any]:
        """The object in the body; an empty one when there is none."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}


def call(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    timeout: float = WAIT_SECONDS,
) -> Answer:
    """One call and its answer, whatever its status; the answer is cut off after a megabyte.

    Raises:
        Unreachable: nobody answered, or the address is none. The reason never holds the address: it may hold a token.
    """
    return _asked(method, url, headers or {}, body, timeout, LARGEST_ANSWER, whole=False)


def post_json(
    url: str,
    values: Mapping[str, Any],
    *,
    headers: Mapping[str, str] | None = None,
    timeout: float = WAIT_SECONDS,
) -> Answer:
    """Send an object as JSON.

    Raises:
        Unreachable: nobody answered.
    """
    sent = {"Content-Type": "application/json", **(headers or {})}
    return call("POST", url, headers=sent, body=json.dumps(values).encode(), timeout=timeout)


def download(url: str, most_bytes: int, *, headers: Mapping[str, str] | None = None) -> Answer:
    """A file, read piece by piece. An answer that is no file (not 2xx) is given back as it is.

    Raises:
        TooLarge: more than ``most_bytes``, by its own word or in fact.
        Unreachable: nobody answered, it broke off, or it took longer than ``LONGEST_SECONDS``.
    """
    return _asked("GET", url, headers or {}, None, WAIT_SECONDS, most_bytes, whole=True)


def same_place(url: str, other: str) -> bool:
    """True when two addresses have the same scheme, host and port."""
    one, two = urlsplit(url), urlsplit(other)
    return (one.scheme, one.netloc) == (two.scheme, two.netloc)


def _asked(
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes | None,
    timeout: float,
    most: int,
    *,
    whole: bool,
) -> Answer:
    ends = time.monotonic() + (LONGEST_SECONDS if whole else timeout * 3)
    try:
        if urlsplit(url).scheme not in ("http", "https"):
            raise Unreachable("no web address")
        request = urllib.request.Request(url, data=body, headers=dict(headers), method=method)  # noqa: S310 - checked above
        with _opener().open(request, timeout=timeout) as response:
            data = _bounded(response, most, ends, whole=whole)
            return Answer(response.status, data, _lower(response.headers))
    except urllib.error.HTTPError as fault:
        with fault:
            return Answer(
                fault.code, _bounded(fault, LARGEST_ANSWER, ends, whole=False), _lower(fault.headers)
            )
    except (OSError, http.client.HTTPException) as fault:
        raise Unreachable(_why(fault)) from None
    except ValueError:
        raise Unreachable("no web address") from None


def _opener() -> urllib.request.OpenerDirector:
    """Web addresses only, through the proxy of the machine when it has one, and no redirects."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.HTTPDefaultErrorHandler(),
    ):
        opener.add_handler(handler)
    return opener


def _bounded(stream: IO[bytes], most: int, ends: float, *, whole: bool) -> bytes:
    """At most ``most`` bytes: a file that is larger is refused, any other answer cut off."""
    said = str(getattr(stream, "headers", {}).get("Content-Length") or "")
    if whole and said.isdigit() and int(said) > most:
        raise TooLarge(f"{said} bytes")
    pieces, size = [], 0
    while piece := stream.read(min(_CHUNK, most + 1 - size)):
        pieces.append(piece)
        size += len(piece)
        if size > most:
            if whole:
                raise TooLarge(f"more than {most} bytes")
            break
        if time.monotonic() > ends:
            raise Unreachable("too slow")
    if whole and said.isdigit() and size < int(said):
        raise Unreachable("broke off")
    return b"".join(pieces)[:most]


def _lower(headers: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _why(fault: BaseException) -> str:
    """The kind of a failure; its words may hold an address with a token."""
    inner = getattr(fault, "reason", None)
    return type(inner if isinstance(inner, BaseException) else fault).__name__


def refusal(answer: Answer, code: str = "", detail: str = "") -> Rejected | Unreachable:
    """What an answer that is no success means when its provider says nothing better.

    408, 425, 429 and 5xx ask to come again; 401, 403 and redirects are a fault of our set-up, not of the message.
    """
    words = " ".join(f"{code or answer.status} {detail}".split())[:200]
    if answer.status in (401, 403, 408, 425, 429) or answer.status >= 500 or answer.status < 400:
        return Unreachable(words, code=code)
    return Rejected(words, code=code)
