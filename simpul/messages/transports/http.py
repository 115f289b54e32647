"""Any web gateway for text messages, as its profile describes it (``profiles``).

Settings: ``profile``, ``networks`` (addresses that may deliver), ``public_url`` (the address of the webhook as the gateway
knows it, when a proxy stands between), ``send_url``. Secrets: ``shared_secret`` (of deliveries, or the key of signatures),
``user`` and ``password`` (for sending).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, quote, quote_plus, urlencode, urlsplit

from simpul.messages.transports import calls, wire
from simpul.messages.transports.incoming import (
    Heard,
    HeardFile,
    RawRequest,
    Reading,
    Report,
    Setup,
    Unreadable,
    Verdict,
)
from simpul.messages.transports.outgoing import Outgoing, Rejected, Sent, Unreachable
from simpul.messages.transports.profiles import Profile, ProfileWrong, profile_of
from simpul.messages.transports.shortparts import cut

WITHIN = timedelta(seconds=4)
"""A gateway that gives neither a name nor a time: the same sender and words within this time are a repeat."""

SHORTEST_PATH = 16
"""Signs of a code that stands for a secret."""

MOST_FIELDS = 200
MOST_FILES = 10


# --- trust ----------------------------------------------------------------------------------------------------------


def check(setup: Setup, request: RawRequest, at: datetime) -> Verdict:
    """The address is on the list, and the secret or the signature is right."""
    try:
        profile = profile_of(setup.settings)
    except ProfileWrong as fault:
        return Verdict(ok=False, reason=fault.reason, status=500)
    if profile.networks and not _is_listed(request.sender, profile.networks):
        return Verdict(ok=False, reason="this address is not on the list", status=403)
    if profile.signature == "twilio":
        return _check_twilio(setup, request)
    if profile.trust == "none":
        return Verdict(ok=True)
    if profile.trust == "path":
        long_enough = len(setup.code) >= SHORTEST_PATH
        reason = "" if long_enough else "the code in the address is too short to be a secret"
        return Verdict(ok=long_enough, reason=reason, status=200 if long_enough else 403)
    return _check_secret(setup, profile, request)


def _check_secret(setup: Setup, profile: Profile, request: RawRequest) -> Verdict:
    true = setup.secrets.get("shared_secret", "")
    if not true:
        return Verdict(ok=False, reason="this gateway has no secret", status=403)
    try:
        if profile.trust == "header":
            said = request.headers.get(profile.trust_field.lower(), "")
        elif profile.trust == "query":
            said = _pairs(request.query.encode()).get(profile.trust_field, "")
        else:
            said = wire.word(_fields(profile, request), *profile.trust_field.split("."))
    except Unreadable as fault:
        return Verdict(ok=False, reason=fault.reason, status=400)
    if not hmac.compare_digest(true.encode(), said.encode("utf-8", "replace")):
        return Verdict(ok=False, reason="wrong secret", status=403)
    return Verdict(ok=True)


def _check_twilio(setup: Setup, request: RawRequest) -> Verdict:
    key = setup.secrets.get("shared_secret", "")
    if not key:
        return Verdict(ok=False, reason="this gateway has no key", status=403)
    url = str(setup.settings.get("public_url") or request.url)
    try:
        pairs = parse_qsl(request.body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except (ValueError, UnicodeDecodeError):
        return Verdict(ok=False, reason="no form", status=400)
    signed = url + "".join(f"{name}{value}" for name, value in sorted(set(pairs)))
    true = base64.b64encode(hmac.new(key.encode(), signed.encode(), hashlib.sha1).digest())
    said = request.headers.get("x-twilio-signature", "").encode()
    if not hmac.compare_digest(true, said):
        return Verdict(ok=False, reason="wrong signature", status=403)
    return Verdict(ok=True)


def _is_listed(sender: str, networks: tuple[str, ...]) -> bool:
    try:
        address = ipaddress.ip_address(sender)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None) or address
    for network in networks:
        try:
            if mapped in ipaddress.ip_network(network, strict=False):
                return True
        except ValueError:
            continue  # a mistyped network lets nobody in
    return False


def takes_get(setup: Setup) -> bool:
    """True for gateways that deliver in the address."""
    try:
        return profile_of(setup.settings).body in ("query", "any")
    except ProfileWrong:
        return False


def kept(setup: Setup, request: RawRequest) -> RawRequest:
    """The request without the shared secret in its body and address.

    A short secret is hidden in its own field alone: it may also be a piece of a number, or of what a person wrote.
    """
    secret = setup.secrets.get("shared_secret", "")
    if not secret:
        return request
    spellings = {secret, quote(secret), quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1]}
    said = b"|".join(re.escape(one.encode()) for one in sorted(spellings, key=len, reverse=True))
    found = b"()(?:" + said + b")"
    if len(secret) < SHORTEST_PATH:
        name = re.escape(profile_of(setup.settings).trust_field.rpartition(".")[2].encode())
        before = b"(?:^|[?&])" + name + b'=|"' + name + rb'"\s*:\s*"'
        found = b"(" + before + b")(?:" + said + b')(?=[&#"]|$)'
    query, url = (
        re.sub(found, rb"\1***", one.encode("utf-8", "replace")).decode()
        for one in (request.query, request.url)
    )
    return replace(request, body=re.sub(found, rb"\1***", request.body), query=query, url=url)


def repeat_key(setup: Setup, request: RawRequest) -> str:
    """The name or time that the gateway gives; without either, its bytes and the moment they came.

    The moment is cut into windows here. Two copies on both sides of an edge are kept as two deliveries, and become one
    message when they are read (``Heard.once_within``).
    """
    profile = profile_of(setup.settings)
    said = _fields(profile, request)
    if _at(said, profile.id) or _at(said, profile.time) or _at(said, profile.status):
        return ""
    moment = request.received_at.timestamp() if request.received_at else 0
    shown = kept(setup, request)
    digest = hashlib.sha256(shown.query.encode() + b"?" + shown.body).hexdigest()[:40]
    return f"{digest}:{int(moment // WITHIN.total_seconds())}"


def reply(setup: Setup, request: RawRequest) -> tuple[int, str, bytes]:
    """What the gateway wants to read when its delivery was taken."""
    profile = profile_of(setup.settings)
    return 200, profile.reply_type, profile.reply_body.encode()


# --- reading --------------------------------------------------------------------------------------------------------


def read(setup: Setup, request: RawRequest) -> Reading:
    """One message, or what became of one of ours."""
    try:
        profile = profile_of(setup.settings)
    except ProfileWrong as fault:
        raise Unreadable(fault.reason) from fault
    said = _fields(profile, request)
    if profile.status and _at(said, profile.status) and not _at(said, profile.text):
        report = _report(profile, said, request)
        if report is not None or not _at(said, profile.sender):
            return Reading(reports=(report,) if report else ())
    sender, words = _at(said, profile.sender), _at(said, profile.text)
    files = tuple(_files(profile, said))
    if not sender and not words and not files:
        raise Unreadable("neither a sender nor words: does the profile name the right fields?")
    when = _at(said, profile.time)
    sent_at = _moment(when, profile.time_unit)
    name = _at(said, profile.id)
    mark = "\x1f".join((sender, when, words, *(str(file.source["url"]) for file in files)))
    heard = Heard(
        channel=setup.road or "sms",
        address=sender,
        kind="text" if words or not files else files[0].kind,
        external_id=name,
        once=hashlib.sha256(mark.encode("utf-8", "replace")).hexdigest()[:40],
        once_within=None if name or when else WITHIN,
        shown_name=_at(said, profile.name),
        sent_at=sent_at,
        text=words,
        files=files,
    )
    return Reading(heard=(heard,))


def _fields(profile: Profile, request: RawRequest) -> dict[str, Any]:
    """What was delivered, by name."""
    kind = profile.body
    if kind == "any":
        given = request.headers.get("content-type", "").lower()
        kind = "query" if not request.body else "json" if "json" in given else "form"
        if kind == "form" and request.body.lstrip()[:1] == b"{":
            kind = "json"
    if kind == "json":
        said = wire.parsed(request.body)
        if not isinstance(said, dict):
            raise Unreadable("no object")
        return said
    return dict(_pairs(request.query.encode() if kind == "query" else request.body))


def _pairs(raw: bytes) -> dict[str, str]:
    try:
        text = raw.decode("utf-8")
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="replace")
    except UnicodeDecodeError as fault:
        raise Unreadable("not UTF-8") from fault
    except ValueError as fault:
        raise Unreadable("no form, or one with too many fields") from fault
    found: dict[str, str] = {}
    for name, value in pairs:
        found.setdefault(name.replace("\x00", ""), value.replace("\x00", ""))
    return found


def _at(said: Any, path: str) -> str:
    """The text at a path such as ``data.0.from``; a name that holds dots itself is found as well."""
    if not path:
        return ""
    if isinstance(said, Mapping) and path in said:
        return wire.word(said, path)
    value: Any = said
    for step in path.split("."):
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            return ""
    return wire.word({"value": value}, "value")


def _moment(text: str, unit: str) -> datetime | None:
    try:
        if unit == "iso":
            found = datetime.fromisoformat(text)
            return found.astimezone(UTC) if found.tzinfo else None
        return datetime.fromtimestamp(float(text) / (1000 if unit == "ms" else 1), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _report(profile: Profile, said: Mapping[str, Any], request: RawRequest) -> Report | None:
    name = _at(said, profile.status_id)
    status = profile.status_words.get(_at(said, profile.status), "")
    at = _moment(_at(said, profile.time), profile.time_unit) or request.received_at
    if not name or not status or at is None:
        return None
    return Report(external_id=name, status=status, at=at, code=_at(said, "ErrorCode")[:20])


def _files(profile: Profile, said: Mapping[str, Any]) -> list[HeardFile]:
    if not profile.file_url:
        return []
    count = _at(said, profile.file_count)
    most = min(int(count), MOST_FILES) if count.isascii() and count.isdigit() and len(count) < 4 else 1
    if profile.file_count and not count:
        most = 0
    found = []
    for place in range(most):
        url, name, mime = (
            _at(said, path.replace("{n}", str(place)))
            for path in (profile.file_url, profile.file_name, profile.file_mime)
        )
        if url:
            family = mime.partition("/")[0]
            kind = family if family in ("image", "audio", "video") else "document"
            found.append(HeardFile(kind=kind, source={"url": url}, name=name, mime=mime))
    return found


def fetch(setup: Setup, source: Mapping[str, object], most_bytes: int) -> bytes:
    """A file from the gateway's own hosts, over https; its sign-in goes to the place that takes our messages alone.

    Raises:
        Unreachable: the host does not answer.
        Rejected: another host, or the gateway will not give the file.
    """
    try:
        profile = profile_of(setup.settings)
    except ProfileWrong as fault:
        raise Unreachable(fault.reason) from fault
    url = str(source.get("url") or "")
    try:
        parts = urlsplit(url)
    except ValueError as fault:
        raise Rejected("the file has no web address") from fault
    host = parts.hostname or ""
    own = any(host == one or host.endswith("." + one) for one in profile.file_hosts)
    if not own or parts.scheme not in ("https", "http") or (parts.scheme == "http" and host != "127.0.0.1"):
        raise Rejected("the file lies on a host that is not the gateway's")
    trusted = profile.send_auth == "basic" and calls.same_place(url, _filled(profile.send_url, setup, None))
    headers = {"Authorization": _basic(setup)} if trusted else {}
    answer = calls.download(url, most_bytes, headers=headers)
    if not answer.ok:
        raise calls.refusal(answer)
    return answer.body


# --- sending --------------------------------------------------------------------------------------------------------


def send(setup: Setup, outgoing: Outgoing) -> Sent:
    """Hand one message over as the profile says.

    Raises:
        Unreachable: the gateway does not answer, is busy, does not know us, or cannot send at all.
        Rejected: it will not take this message.
    """
    try:
        profile = profile_of(setup.settings)
    except ProfileWrong as fault:
        raise Unreachable(fault.reason) from fault
    if not profile.send_url:
        raise Unreachable("this gateway only receives")
    try:
        parts = len(cut(outgoing.body).parts)
    except ValueError as fault:
        raise Rejected("too long for a short message") from fault
    answer = _called(profile, setup, outgoing)
    said: Any = answer.json()
    if not answer.ok:
        raise calls.refusal(answer, code=_at(said, "code"))
    for path, value in profile.sent_ok.items():
        if _raw(said, path) != value:
            raise Rejected("the gateway did not take it")
    return Sent(external_id=_at(said, profile.sent_id), parts=parts)


def _called(profile: Profile, setup: Setup, outgoing: Outgoing) -> calls.Answer:
    values = {name: _filled(value, setup, outgoing) for name, value in profile.send_fields.items()}
    headers = {name: _filled(value, setup, outgoing) for name, value in profile.send_headers.items()}
    if profile.send_auth == "basic":
        headers["Authorization"] = _basic(setup)
    url = _filled(profile.send_url, setup, outgoing, in_address=True)
    body: bytes | None = None
    if profile.send_body == "json":
        headers["Content-Type"], body = "application/json", json.dumps(values).encode()
    elif profile.send_body == "form" and profile.send_method != "GET":
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        body = urlencode(values).encode()
    elif values:
        url += ("&" if "?" in url else "?") + urlencode(values)
    return calls.call(profile.send_method, url, headers=headers, body=body)


def _filled(template: str, setup: Setup, outgoing: Outgoing | None, *, in_address: bool = False) -> str:
    """A template with its values in the places {to}, {text}, {reference}, {number}, {user}, {password}; one pass, so that
    braces in what a person wrote stay as they are."""
    values = {
        "to": outgoing.to_address if outgoing else "",
        "text": outgoing.body if outgoing else "",
        "reference": outgoing.reference if outgoing else "",
        "number": setup.number,
        "user": setup.secrets.get("user", ""),
        "password": setup.secrets.get("password", ""),
    }
    pieces = template.split("{")
    filled = [pieces[0]]
    for piece in pieces[1:]:
        name, closed, rest = piece.partition("}")
        if closed and name in values:
            filled.append((quote(values[name], safe="") if in_address else values[name]) + rest)
        else:
            filled.append("{" + piece)
    return "".join(filled)


def _raw(said: Any, path: str) -> Any:
    value = said
    for step in path.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _basic(setup: Setup) -> str:
    pair = f"{setup.secrets.get('user', '')}:{setup.secrets.get('password', '')}"
    return "Basic " + base64.b64encode(pair.encode()).decode()
