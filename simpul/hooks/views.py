"""The webhooks. Each takes the raw bytes, lets the transport check them, keeps them, and answers; nothing else happens here.

An unknown gateway and one of another road look the same: 404. A delivery that is too large is refused unread (413), one that
was cut off on its way is refused (400) and comes again. 503 means that it could be kept nowhere: the provider sends it again.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.utils import timezone

from simpul.hooks import keeping
from simpul.hooks.policy import provider
from simpul.hooks.setups import SETUPS, Known
from simpul.messages import transports
from simpul.messages.rules import incoming as rules
from simpul.messages.transports import requests

logger = logging.getLogger(__name__)

NO_HEADERS = frozenset({"cookie", "connection", "accept", "accept-encoding", "accept-language", "host"})
MOST_HEADER = 4_000
RETRY_AFTER = "60"


@provider
def whatsapp(request: HttpRequest, code: str = "") -> HttpResponse:
    """WhatsApp Cloud API: the handshake (GET) and deliveries."""
    return _answer(request, "whatsapp", code)


@provider
def telegram(request: HttpRequest, code: str = "") -> HttpResponse:
    """A Telegram bot's updates."""
    return _answer(request, "telegram", code)


@provider
def sms(request: HttpRequest, code: str) -> HttpResponse:
    """A phone, a modem's program or a web gateway that hands over text messages."""
    return _answer(request, "sms", code)


def _answer(request: HttpRequest, road: str, code: str) -> HttpResponse:
    at = timezone.now()
    found = SETUPS.of(road, code)
    if found is not None and not found:
        return _plain(404)
    if request.method in ("GET", "HEAD"):
        answer = _challenge(found or [], request.META.get("QUERY_STRING", ""))
        if answer is not None:
            return answer
        found = [known for known in found or [] if _takes_get(known)]
        if not found:
            return _plain(404)
    elif request.method != "POST":
        return _plain(405)
    try:
        body = _body(request)
    except UnreadablePostError:
        return _plain(400)
    if isinstance(body, int):
        return _plain(body)
    raw = _raw(request, body, at)
    if found is None:
        return _taken(keeping.keep_unchecked(road, code, raw))
    return _judge(found, raw, at)


def _judge(found: list[Known], raw: transports.RawRequest, at: datetime) -> HttpResponse:
    judged = requests.judge(transports.PROVIDERS, [known.setup for known in found], raw, at)
    if judged.place is None:
        return _plain(404)
    known = found[judged.place]
    if not judged.verdict.ok:
        keeping.note_refused(known, raw, judged.verdict, at)
        return _plain(judged.verdict.status if judged.verdict.status >= 400 else 403)
    if not keeping.keep(known, raw, judged.verdict, at):
        return _taken(False)
    return _reply(known, raw)


def _challenge(found: list[Known], query: str) -> HttpResponse | None:
    """The answer to a provider's handshake; None when it is none."""
    for known in found:
        ask = requests.option(transports.PROVIDERS.get(known.setup.kind), "challenge")
        said = ask(known.setup, query) if ask is not None else None
        if isinstance(said, str):
            return _plain(200, said)
        if isinstance(said, tuple) and said[0] == 200:
            return _plain(200, str(said[1]))
        if said is not None and len(found) == 1 and isinstance(said, tuple):
            return _plain(int(said[0]))
    return None


def _takes_get(known: Known) -> bool:
    takes = requests.option(transports.PROVIDERS.get(known.setup.kind), "takes_get")
    return takes is not None and bool(takes(known.setup))


def _reply(known: Known, raw: transports.RawRequest) -> HttpResponse:
    """What the provider wants to read. A reply that fails does not undo that the delivery is safe."""
    ask = requests.option(transports.PROVIDERS.get(known.setup.kind), "reply")
    if ask is None:
        return _plain(200)
    try:
        status, content_type, body = ask(known.setup, raw)
    except Exception:
        logger.exception("The reply to a delivery of %s could not be made", known.setup.code)
        return _plain(200)
    return HttpResponse(body, status=status, content_type=content_type)


def _taken(safe: bool) -> HttpResponse:
    if safe:
        return _plain(200)
    answer = _plain(503)
    answer["Retry-After"] = RETRY_AFTER
    return answer


def _plain(status: int, words: str = "") -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")


def _body(request: HttpRequest) -> bytes | int:
    """The raw bytes, or the status of the refusal: 413 for too many, unread; 400 for fewer than were announced."""
    said = request.META.get("CONTENT_LENGTH") or ""
    length = int(said) if said.isdecimal() else None
    if length is not None and length > rules.LARGEST_DELIVERY:
        return 413
    stream: Any = request
    if length is None and "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower():
        stream = request.META["wsgi.input"]  # Django reads nothing where no length is said
    try:
        body: bytes = stream.read(rules.LARGEST_DELIVERY + 1)
    except OSError:
        return 400
    if len(body) > rules.LARGEST_DELIVERY:
        return 413
    return 400 if length is not None and len(body) < length else body


def _raw(request: HttpRequest, body: bytes, at: datetime) -> transports.RawRequest:
    headers = {
        name.lower(): str(value)[:MOST_HEADER]
        for name, value in request.headers.items()
        if name.lower() not in NO_HEADERS
    }
    return transports.RawRequest(
        method=str(request.method),
        body=body,
        query=request.META.get("QUERY_STRING", ""),
        headers=headers,
        sender=str(request.META.get("REMOTE_ADDR", "")),
        url=request.build_absolute_uri(),
        received_at=at,
    )
