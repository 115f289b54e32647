"""An Android phone as a gateway, with the app of sms-gate.app: signed webhooks in, its HTTP API out.

Settings: ``api_url`` (of the phone in local mode, of one's own server in private mode), ``device_id`` (when several phones
share a server), ``sim`` (1 or 2). Secrets: ``signing_key``, ``user``, ``password``.

What the app tells of a message (confirmed): ``simNumber`` may be null, times are the phone's own, and ``messageId`` of a
received message is made from its content and not unique. So a message is known by its sender, time and words.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from simpul.messages.transports import calls, wire
from simpul.messages.transports.incoming import (
    Heard,
    HeardFile,
    Pulse,
    RawRequest,
    Reading,
    Report,
    Setup,
    Unreadable,
    Verdict,
)
from simpul.messages.transports.outgoing import Outgoing, Rejected, Sent
from simpul.messages.transports.shortparts import cut

TOLERANCE = timedelta(minutes=5)
"""How far the phone's clock may be from ours; an older signature is a replay."""

_REPORTS = {
    "sms:sent": ("sent", "sentAt"),
    "sms:delivered": ("delivered", "deliveredAt"),
    "sms:failed": ("failed", "failedAt"),
    "sms:cancelled": ("failed", "cancelledAt"),
}
_CALLS = frozenset({"call:missed", "call:received", "message.call.missed"})
_DUPLICATE = 409


def check(setup: Setup, request: RawRequest, at: datetime) -> Verdict:
    """The signature is over the raw body and the timestamp beside it, and the timestamp is new."""
    key = setup.secrets.get("signing_key", "")
    stamp = request.headers.get("x-timestamp", "")
    signature = request.headers.get("x-signature", "").strip().lower()
    if not key:
        return Verdict(ok=False, reason="this gateway has no signing key", status=403)
    if not stamp.isascii() or not stamp.isdigit() or len(stamp) > 12 or not signature:
        return Verdict(ok=False, reason="not signed", status=401)
    true = hmac.new(key.encode(), request.body + stamp.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(true.encode(), signature.encode()):
        return Verdict(ok=False, reason="wrong signature", status=401)
    if abs(at.timestamp() - int(stamp)) > TOLERANCE.total_seconds():
        return Verdict(ok=False, reason="the signature is too old, or the phone's clock is wrong", status=401)
    return Verdict(ok=True)


def read(setup: Setup, request: RawRequest) -> Reading:
    """One event, or a batch of them."""
    said = wire.parsed(request.body)
    if not isinstance(said, list):
        return _event(request, said)
    readings, notes = [], []
    for event in said:  # one that we do not know takes no other with it
        try:
            readings.append(_event(request, event))
        except Unreadable as fault:
            notes.append(fault.reason)
    if notes and not readings:
        raise Unreadable(notes[0])
    return Reading(
        heard=tuple(heard for reading in readings for heard in reading.heard),
        reports=tuple(report for reading in readings for report in reading.reports),
        pulse=next((reading.pulse for reading in reversed(readings) if reading.pulse), None),
        notes=tuple(dict.fromkeys(notes)),
    )


def _event(request: RawRequest, event: object) -> Reading:
    if not isinstance(event, dict) or not isinstance(event.get("event"), str):
        raise Unreadable("no event of the app")
    name, payload = event["event"], event.get("payload")
    payload = payload if isinstance(payload, dict) else {}
    if name in _REPORTS:
        return Reading(reports=(_report(name, payload, request),))
    if name in ("system:ping", "app:started"):
        return Reading(pulse=_pulse(payload, request))
    if name == "mms:received":
        return Reading()  # only announces: the words and files come with mms:downloaded
    if name.startswith(("sms:", "mms:")) or name in _CALLS:
        return Reading(heard=(_heard(name, payload, event),))
    raise Unreadable("an event that is not known")


def _heard(name: str, payload: Mapping[str, Any], event: Mapping[str, Any]) -> Heard:
    sender = wire.word(payload, "sender") or wire.word(payload, "phoneNumber")
    words = _words(name, payload)
    when = (
        wire.word(payload, "receivedAt") or wire.word(payload, "timestamp") or wire.word(payload, "startedAt")
    )
    kind = "call" if name in _CALLS else "mms" if name.startswith("mms:") else "text"
    kind = "binary" if name == "sms:data-received" else kind
    sim = payload.get("simNumber")
    data: dict[str, Any] = {"sim": sim} if isinstance(sim, int) else {}
    if kind == "binary":
        data["base64"] = wire.word(payload, "data")[:2000]
    mark = "\x1f".join((name, sender, when or str(event.get("id") or ""), words, str(data.get("base64", ""))))
    return Heard(
        channel="sms",
        address=sender,
        kind=kind,
        once=hashlib.sha256(mark.encode("utf-8", "surrogatepass")).hexdigest()[:40],
        sent_at=_moment(when),
        subject=wire.word(payload, "subject"),
        text=words,
        data=data,
        files=tuple(_files(payload)),
        is_missed_call=kind == "call",
    )


def _words(name: str, payload: Mapping[str, Any]) -> str:
    return "" if name == "sms:data-received" else wire.word(payload, "message") or wire.word(payload, "body")


def _files(payload: Mapping[str, Any]) -> list[HeardFile]:
    """Attachments of an MMS; the app sends them inside the event."""
    found = []
    attachments = payload.get("attachments")
    for place, given in enumerate(attachments if isinstance(attachments, list) else []):
        if not isinstance(given, dict):
            continue
        mime = wire.word(given, "contentType") or wire.word(given, "mimeType")
        family = mime.partition("/")[0]
        found.append(
            HeardFile(
                kind=family if family in ("image", "audio", "video") else "document",
                source={"base64": wire.word(given, "data"), "place": place},
                name=wire.word(given, "name") or wire.word(given, "filename"),
                mime=mime,
                size=given["size"] if isinstance(given.get("size"), int) and given["size"] >= 0 else None,
            )
        )
    return found


def _report(name: str, payload: Mapping[str, Any], request: RawRequest) -> Report:
    status, column = _REPORTS[name]
    reference = wire.word(payload, "messageId")
    at = _moment(wire.word(payload, column)) or request.received_at
    if not reference or at is None:
        raise Unreadable("a report without its message or time")
    return Report(
        external_id=reference,
        status=status,
        at=at,
        recipient=wire.word(payload, "recipient") or wire.word(payload, "phoneNumber"),
        detail=wire.word(payload, "reason")[:200],
    )


def _pulse(payload: Mapping[str, Any], request: RawRequest) -> Pulse:
    if request.received_at is None:
        raise Unreadable("a sign of life without a time")
    health = payload.get("health")
    checks = health.get("checks") if isinstance(health, dict) else None
    battery = checks.get("battery:level") if isinstance(checks, dict) else None
    level = battery.get("observedValue") if isinstance(battery, dict) else None
    known = isinstance(level, int | float) and not isinstance(level, bool) and 0 <= level <= 100
    return Pulse(request.received_at, battery=int(level) if known and level is not None else None)


def _moment(text: str) -> datetime | None:
    """A time with its zone as a moment; without one it says too little."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return None if found.tzinfo is None else _in_utc(found)


def _in_utc(moment: datetime) -> datetime | None:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return None


def fetch(setup: Setup, source: Mapping[str, object], most_bytes: int) -> bytes:
    """A file that came inside the event."""
    try:
        content = base64.b64decode(str(source.get("base64") or ""), validate=True)
    except (binascii.Error, ValueError) as fault:
        raise Rejected("the file is damaged") from fault
    if not content:
        raise Rejected("the app did not send the file")
    if len(content) > most_bytes:
        raise Rejected("too large")
    return content


def send(setup: Setup, outgoing: Outgoing) -> Sent:
    """Hand one message to the phone. The reference is the message's id there, so that a repeat is known by the app.

    Raises:
        Unreachable: the phone or its server does not answer, is busy, or does not know us.
        Rejected: it will not take this message.
    """
    try:
        parts = len(cut(outgoing.body).parts)
    except ValueError as fault:
        raise Rejected("too long for a short message") from fault
    said: dict[str, Any] = {
        "id": outgoing.reference,
        "textMessage": {"text": outgoing.body},
        "phoneNumbers": [outgoing.to_address],
        "withDeliveryReport": True,
    }
    if str(setup.settings.get("sim") or "").isdigit():
        said["simNumber"] = int(setup.settings["sim"])
    if setup.settings.get("device_id"):
        said["deviceId"] = str(setup.settings["device_id"])
    answer = calls.post_json(
        str(setup.settings.get("api_url") or "").rstrip("/") + "/message",
        said,
        headers={"Authorization": _basic(setup)},
    )
    if answer.ok or answer.status == _DUPLICATE:
        return Sent(external_id=outgoing.reference, parts=parts)
    raise calls.refusal(answer)


def _basic(setup: Setup) -> str:
    pair = f"{setup.secrets.get('user', '')}:{setup.secrets.get('password', '')}"
    return "Basic " + base64.b64encode(pair.encode()).decode()
