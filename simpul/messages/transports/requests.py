"""Requests of providers before and beside the database: who may read one, which of it is kept, how it lies in the spool.

A provider's module may offer more than ``Provider`` says; a door asks for it with ``option``:

* ``challenge(setup, query) -> Challenge | tuple[int, str]``: the answer to the provider's handshake (a GET).
* ``reply(setup, request) -> tuple[int, str, bytes]``: what the provider wants to read when its delivery was taken.
* ``repeat_key(setup, request) -> str``: what makes it the same delivery, when its bytes alone do not say so: a provider that
  gives neither a name nor a time sends the same bytes when a person writes the same word on two days.
* ``is_mine(setup, request) -> bool``: several gateways share one secret, and this delivery is for this one.
* ``takes_get(setup) -> bool``: deliveries come as GET.
* ``extract(setup, body, source) -> bytes``: the file of a message out of the delivery that carried it, in place of fetching it.
* ``holds(setup) -> int``: how many messages the gateway has received and not handed over, by its own count.
* ``kept(setup, request) -> RawRequest``: the request as it may be stored, without what is a secret in its address or body.
"""

from __future__ import annotations

import base64
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from simpul.messages.transports.incoming import RawRequest, Setup, Verdict

logger = logging.getLogger(__name__)

KEPT_HEADERS = frozenset(
    {
        "content-type",
        "content-encoding",
        "x-hub-signature-256",
        "x-signature",
        "x-timestamp",
        "x-twilio-signature",
    }
)
"""Headers that are stored with a delivery: they tell how to read it, or prove it. Tokens and cookies are never among them."""

UNCHECKED = Verdict(ok=False, reason="no gateway", status=404)


@dataclass(frozen=True, slots=True)
class Judged:
    """Whose request it is, and whether it may be read. ``place`` counts in the candidates; None when there were none."""

    place: int | None
    verdict: Verdict


def option(provider: Any, name: str) -> Any:
    """What a provider's module offers beyond the usual; None when it does not."""
    return getattr(provider, name, None)


def judge(
    providers: Mapping[str, Any], candidates: Sequence[Setup], request: RawRequest, at: datetime
) -> Judged:
    """The gateway among the candidates that takes the request: the first that trusts it, and knows it as its own.

    A check that fails by a fault of its own refuses with 500, so that the provider sends it again when the fault is mended.
    """
    trusted: list[tuple[int, Verdict]] = []
    refused: list[tuple[int, Verdict]] = []
    for place, setup in enumerate(candidates):
        provider = providers.get(setup.kind)
        if provider is None:
            continue
        verdict = _checked(provider, setup, request, at)
        (trusted if verdict.ok else refused).append((place, verdict))
    if len(trusted) > 1:
        own = [
            row
            for row in trusted
            if _is_mine(providers[candidates[row[0]].kind], candidates[row[0]], request)
        ]
        trusted = own or trusted
    best = trusted or refused
    return Judged(*best[0]) if best else Judged(None, UNCHECKED)


def _checked(provider: Any, setup: Setup, request: RawRequest, at: datetime) -> Verdict:
    try:
        verdict: Verdict = provider.check(setup, request, at)
    except Exception as fault:  # whatever is in the request, the door stays open
        logger.exception("A delivery to %s could not be checked", setup.code)
        return Verdict(ok=False, reason=f"could not be checked: {type(fault).__name__}", status=500)
    return verdict


def _is_mine(provider: Any, setup: Setup, request: RawRequest) -> bool:
    known = option(provider, "is_mine")
    try:
        return known is None or bool(known(setup, request))
    except (
        ValueError,
        TypeError,
        LookupError,
        AttributeError,
    ):  # no JSON: it belongs to nobody in particular
        return False


def repeat_key(providers: Mapping[str, Any], setup: Setup, request: RawRequest) -> str:
    """What makes it the same delivery; "" for its bytes."""
    known = option(providers.get(setup.kind), "repeat_key")
    try:
        return str(known(setup, request)) if known is not None else ""
    except Exception:  # then its bytes have to do
        logger.exception("A delivery to %s has no key of its own", setup.code)
        return ""


def for_keeping(providers: Mapping[str, Any], setup: Setup | None, request: RawRequest) -> RawRequest:
    """The request as it is stored: without tokens, cookies and the headers that nobody reads."""
    kept = replace(
        request, headers={name: value for name, value in request.headers.items() if name in KEPT_HEADERS}
    )
    known = option(providers.get(setup.kind), "kept") if setup is not None else None
    try:
        return known(setup, kept) if known is not None else kept
    except Exception:  # better kept as it is than lost
        logger.exception("A delivery to %s is kept as it is", setup.code if setup else "")
        return kept


# --- in the spool -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Spooled:
    """A request that waits outside the database. ``code`` is "" for an address without one; ``checked`` when it was trusted."""

    road: str
    code: str
    checked: bool
    request: RawRequest
    repeat_key: str = ""


def as_record(spooled: Spooled) -> dict[str, Any]:
    """The request for the spool."""
    request = spooled.request
    return {
        "what": "delivery",
        "road": spooled.road,
        "code": spooled.code,
        "checked": spooled.checked,
        "repeat_key": spooled.repeat_key,
        "method": request.method,
        "body": base64.b64encode(request.body).decode("ascii"),
        "query": request.query,
        "headers": dict(request.headers),
        "sender": request.sender,
        "url": request.url,
        "received_at": request.received_at.isoformat() if request.received_at else "",
    }


def from_record(data: Mapping[str, Any]) -> Spooled:
    """The request as it was.

    Raises:
        ValueError: the record is none of ours.
    """
    try:
        received = str(data["received_at"])
        request = RawRequest(
            method=str(data["method"]),
            body=base64.b64decode(data["body"], validate=True),
            query=str(data["query"]),
            headers={str(name): str(value) for name, value in data["headers"].items()},
            sender=str(data["sender"]),
            url=str(data["url"]),
            received_at=datetime.fromisoformat(received) if received else None,
        )
        return Spooled(
            road=str(data["road"]),
            code=str(data["code"]),
            checked=data["checked"] is True,
            request=request,
            repeat_key=str(data["repeat_key"]),
        )
    except (KeyError, TypeError, AttributeError) as fault:
        raise ValueError("not a delivery") from fault
