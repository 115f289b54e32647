"""A server in front of the server: it can pretend that the field app has a new version, and break off half way of giving it."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

NEXT = "ffffffffffff"
KEPT_HEADS = (
    "Content-Type",
    "Content-Security-Policy",
    "Cache-Control",
    "Authorization",
    "Range",
    "Content-Range",
)


class Front:
    """What the phone talks to. ``renewed``: there is a new version; ``broken``: its files break off."""

    def __init__(self, behind: str) -> None:
        self.behind = behind
        self.renewed = False
        self.broken = False
        self.url = ""
        with urllib.request.urlopen(behind + "/lapangan/keadaan.json") as answer:  # noqa: S310 - our own address
            self.version = str(json.load(answer)["version"])

    def given(
        self, method: str, path: str, heads: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        """An answer of the server behind, with the new version's name where the old one stands."""
        if self.broken and f"/{NEXT}/" in path:
            return 503, {}, b""
        asked = urllib.request.Request(  # noqa: S310 - our own address
            self.behind + path.replace(NEXT, self.version), data=body or None, method=method, headers=heads
        )
        try:
            answer = urllib.request.urlopen(asked)  # noqa: S310 - our own address
        except urllib.error.HTTPError as refused:
            answer = refused
        text = answer.read()
        if answer.headers.get("Content-Encoding") == "gzip":
            text = gzip.decompress(text)
        kept = {name: answer.headers[name] for name in KEPT_HEADS if answer.headers.get(name)}
        return answer.status, kept, self._renamed(path, text)

    def _renamed(self, path: str, body: bytes) -> bytes:
        if not (self.renewed or NEXT in path):
            return body
        if path == "/lapangan/sw.js":
            text = body.decode().replace(self.version, NEXT)
            shell = hashlib.sha256(self._shell()).hexdigest()
            return re.sub(r'\["kulit\.html","[0-9a-f]{64}"', f'["kulit.html","{shell}"', text).encode()
        if path.endswith(("/kulit.html", "/keadaan.json")) or path == "/lapangan/":
            return body.replace(self.version.encode(), NEXT.encode())
        return body

    def _shell(self) -> bytes:
        address = f"{self.behind}/lapangan/berkas/{self.version}/kulit.html"
        with urllib.request.urlopen(address) as answer:  # noqa: S310 - our own address
            return bytes(answer.read()).replace(self.version.encode(), NEXT.encode())


def _handler(front: Front) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            names = ("Content-Type", "Content-Encoding", "Authorization", "Range")
            heads = {name: self.headers[name] for name in names if self.headers.get(name)}
            status, kept, answer = front.given(self.command, self.path, heads, body)
            self.send_response(status)
            for name, value in kept.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_POST = do_PUT = _answer  # noqa: N815 - names of the library

        def log_message(self, *_said: object) -> None:
            """Nothing to say."""

    return Handler


@contextmanager
def fronting(behind: str) -> Iterator[Front]:
    """Serve in front of ``behind``."""
    front = Front(behind)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(front))
    front.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield front
    finally:
        server.shutdown()
        server.server_close()
