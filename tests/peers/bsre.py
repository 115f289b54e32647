"""A BSrE *eSign Client Service* of the documented shape: checks the account, the signer and the passphrase, and signs for real."""

from __future__ import annotations

import base64
import email.parser
import email.policy
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from simpul.letters.render import signing
from simpul.lib import typeset

NIK, PASSPHRASE = "7602130101700001", "gunung-tinggi-17"
USER, SECRET = "esign", "kunci-instansi"
AT = datetime(2026, 11, 1, tzinfo=UTC)


@dataclass
class Service:
    """Where it listens, what it was asked, and how it misbehaves: "", locked, other_file, html, gone."""

    url: str = ""
    mood: str = ""
    asked: list[str] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    pair: signing.Pair = field(
        default_factory=lambda: signing.make_certificate("BSrE contoh", "0000000000", "CONTOH", AT)
    )

    def signed(self, pdf: bytes) -> bytes:
        """The file with a signature of the service's own certificate."""
        return signing.sign(pdf, self.pair, village="BSrE contoh", at=AT)


@contextmanager
def running() -> Iterator[Service]:
    """The service on a port of its own, until the end of the block."""
    service = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            _status(self, service)

        def do_POST(self) -> None:
            _sign(self, service)

        def log_message(self, *_words: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()


def _say(request: BaseHTTPRequestHandler, code: int, kind: str, body: bytes) -> None:
    request.send_response(code)
    request.send_header("Content-Type", kind)
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)


def _json(request: BaseHTTPRequestHandler, code: int, body: dict[str, Any]) -> None:
    _say(request, code, "application/json", json.dumps(body).encode())


def _let_in(request: BaseHTTPRequestHandler) -> bool:
    wanted = "Basic " + base64.b64encode(f"{USER}:{SECRET}".encode()).decode()
    if request.headers.get("Authorization") == wanted:
        return True
    _json(request, 401, {"error": "Unauthorized"})
    return False


def _status(request: BaseHTTPRequestHandler, service: Service) -> None:
    service.asked.append(request.path)
    if not _let_in(request):
        return
    nik = request.path.rpartition("/")[2]
    if nik != NIK or service.mood == "locked":
        _json(
            request, 200, {"status_code": 2011, "status": "NOT_REGISTERED", "message": "User belum terdaftar"}
        )
    else:
        _json(request, 200, {"status_code": 1111, "status": "ISSUE", "message": "Sertifikat aktif"})


def _sign(request: BaseHTTPRequestHandler, service: Service) -> None:
    service.asked.append(request.path)
    body = request.rfile.read(int(request.headers["Content-Length"]))
    if not _let_in(request):
        return
    head = f"Content-Type: {request.headers['Content-Type']}\r\n\r\n".encode()
    message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + body)
    parts = {part.get_param("name", header="content-disposition"): part for part in message.iter_parts()}
    told = {str(name): part.get_payload(decode=True) or b"" for name, part in parts.items()}
    service.fields = {name: value.decode() for name, value in told.items() if name != "file"}
    if service.fields.get("passphrase") != PASSPHRASE:
        _json(request, 400, {"status_code": 2031, "error": "Passphrase anda salah"})
    elif service.mood == "html":
        _say(request, 200, "text/html", b"<html>Gateway</html>")
    elif service.mood == "other_file":
        _say(request, 200, "application/pdf", service.signed(_other()))
    elif service.mood == "unsigned":
        _say(request, 200, "application/pdf", told["file"])
    elif service.mood == "busy":
        _json(request, 500, {"error": "Internal error"})
    else:
        _say(request, 200, "application/pdf", service.signed(told["file"]))


def _other() -> bytes:
    return typeset.pdf(b"Surat lain", {})
