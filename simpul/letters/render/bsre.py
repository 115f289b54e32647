"""BSrE's *eSign Client Service* in the office's own network, as its integrations call it (domain page, section 3.4; confirmed there):

``GET api/user/status/{nik}``   the signer's state; HTTP Basic
``POST api/sign/pdf``           multipart ``file``, ``nik``, ``passphrase``, ``tampilan=invisible``; the reply's body is the signed PDF

Nothing is followed, kept or logged: redirects are answers we do not want, the passphrase lives in the one call that needs it.
Faults are told by ``code`` alone; what the other side says is shown only as a short text without our own inputs in it.
"""

from __future__ import annotations

import base64
import http.client
import json
import secrets
import ssl
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

TIMEOUT = 30
"""Seconds; signing is slow where the agency's line is."""
LARGEST = 20 * 1024 * 1024
ISSUED = 1111
"""What the service answers for a signer whose certificate is valid (unconfirmed in the state's own words; read in public clients)."""

FAULTS = frozenset({"unreachable", "not_allowed", "passphrase", "signer", "refused", "no_pdf"})


class BsreFault(Exception):  # noqa: N818 - told to people by the act that meets it
    """The service did not sign. ``code``: one of ``FAULTS``; ``said``: its own words, shortened."""

    def __init__(self, code: str, said: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.said = said


@dataclass(frozen=True, slots=True)
class Service:
    """Where the service is and who may ask it."""

    url: str
    user: str
    secret: str = field(repr=False)


def status(service: Service, nik: str) -> None:
    """Return when this signer can sign. Raises ``BsreFault``."""
    code, kind, body = _ask(service, "GET", f"api/user/status/{quote(nik, safe='')}")
    told = _told(kind, body)
    if code in (http.client.UNAUTHORIZED, http.client.FORBIDDEN):
        raise BsreFault("not_allowed")
    if code != http.client.OK or int(told.get("status_code") or ISSUED) != ISSUED:
        raise BsreFault("signer", _words(told))


def sign(service: Service, pdf: bytes, *, nik: str, passphrase: str) -> bytes:
    """The signed file. Raises ``BsreFault``; whether the file is ours and whole is the caller's to see."""
    boundary = f"simpul{secrets.token_hex(16)}"
    parts = [
        _part(boundary, "nik", nik.encode()),
        _part(boundary, "passphrase", passphrase.encode()),
        _part(boundary, "tampilan", b"invisible"),
        _part(boundary, "file", pdf, name="surat.pdf", kind="application/pdf"),
        f"--{boundary}--\r\n".encode(),
    ]
    code, kind, body = _ask(
        service, "POST", "api/sign/pdf", b"".join(parts), f"multipart/form-data; boundary={boundary}"
    )
    if code == http.client.OK and body.startswith(b"%PDF-"):
        return body
    if code in (http.client.UNAUTHORIZED, http.client.FORBIDDEN):
        raise BsreFault("not_allowed")
    words = _words(_told(kind, body))
    if "passphrase" in words.lower():
        raise BsreFault("passphrase")
    raise BsreFault("no_pdf" if code == http.client.OK else "refused", words)


def _part(boundary: str, field_name: str, value: bytes, *, name: str = "", kind: str = "") -> bytes:
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="{field_name}"'
    head += f'; filename="{name}"' if name else ""
    head += f"\r\nContent-Type: {kind}" if kind else ""
    return head.encode() + b"\r\n\r\n" + value + b"\r\n"


def _ask(
    service: Service, method: str, path: str, body: bytes | None = None, kind: str = ""
) -> tuple[int, str, bytes]:
    told = urlsplit(service.url)
    if told.scheme not in ("http", "https") or not told.hostname:
        raise BsreFault("unreachable")
    login = base64.b64encode(f"{service.user}:{service.secret}".encode()).decode()
    headers = {"Authorization": f"Basic {login}", "Accept": "application/pdf, application/json"}
    if kind:
        headers["Content-Type"] = kind
    made: http.client.HTTPConnection
    if told.scheme == "https":
        made = http.client.HTTPSConnection(
            told.hostname, told.port, timeout=TIMEOUT, context=ssl.create_default_context()
        )
    else:
        made = http.client.HTTPConnection(told.hostname, told.port, timeout=TIMEOUT)
    try:
        made.request(method, f"{told.path.rstrip('/')}/{path}", body, headers)
        answer = made.getresponse()
        return answer.status, answer.headers.get_content_type(), answer.read(LARGEST)
    except (OSError, http.client.HTTPException):
        raise BsreFault("unreachable") from None  # the fault's own text may hold the request
    finally:
        made.close()


def _told(kind: str, body: bytes) -> dict[str, Any]:
    if kind != "application/json":
        return {}
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _words(told: dict[str, Any]) -> str:
    for name in ("error", "message", "status"):
        if isinstance(told.get(name), str):
            return str(told[name])[:200]
    return ""
