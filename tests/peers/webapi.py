"""The web services of WhatsApp and Telegram, as far as their published protocols go, on a port of this machine.

They know nothing of Simpul: they judge what they are sent by their own rules, and can be told to be busy, slow or closed.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, unquote, urlsplit


@dataclass
class Reply:
    """What is answered. ``length`` says another size than there is; ``slow`` waits before each piece of the body."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None
    slow: float = 0.0


def as_json(status: int, values: Any) -> Reply:
    """An answer in JSON."""
    return Reply(status, json.dumps(values).encode(), {"Content-Type": "application/json"})


class Service:
    """What both services share: what was asked of them, and the next answer that a test forces."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, dict[str, str], dict[str, Any]]] = []
        self.next: list[Reply] = []
        self.files: dict[str, bytes] = {}
        self.url = ""
        self._count = 0

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Reply:
        """Note the request and answer it."""
        try:
            values = json.loads(body) if body else {}
        except ValueError:
            values = {}
        self.asked.append((method, path, headers, values))
        return self.next.pop(0) if self.next else self.respond(method, path, headers, values)

    def respond(self, method: str, path: str, headers: dict[str, str], values: dict[str, Any]) -> Reply:
        """The answer by the rules of the protocol."""
        raise NotImplementedError

    def number(self) -> int:
        """The next number of a message."""
        self._count += 1
        return self._count


class CloudApi(Service):
    """WhatsApp Cloud API: messages, media by id, and Meta's error objects."""

    PHONE_ID: ClassVar[str] = "106540352242922"
    TOKEN: ClassVar[str] = "EAAG-test-token"
    OUTSIDE: ClassVar[str] = "6281100000001"
    UNKNOWN: ClassVar[str] = "6281100000002"
    templates: ClassVar[dict[tuple[str, str], int]] = {("jawaban", "id"): 2, ("kosong", "id"): 0}

    def respond(self, method: str, path: str, headers: dict[str, str], values: dict[str, Any]) -> Reply:
        if headers.get("authorization") != f"Bearer {self.TOKEN}":
            return self.error(401, 190, "Error validating access token")
        parts = urlsplit(path)
        if method == "POST" and re.fullmatch(rf"/v[\d.]+/{self.PHONE_ID}/messages", parts.path):
            return self._message(values)
        media = re.fullmatch(r"/v[\d.]+/([\w-]+)", parts.path)
        if method == "GET" and media:
            if media[1] not in self.files:
                return self.error(400, 100, "Unsupported get request. Object does not exist")
            told = {
                "id": media[1],
                "url": f"{self.url}/bytes/{media[1]}",
                "file_size": len(self.files[media[1]]),
            }
            return as_json(200, {"messaging_product": "whatsapp", **told})
        if method == "GET" and parts.path.startswith("/bytes/"):
            return Reply(200, self.files[parts.path.removeprefix("/bytes/")])
        return self.error(404, 100, "Unknown path")

    def _message(self, values: dict[str, Any]) -> Reply:
        to = values.get("to") or values.get("recipient") or ""
        if values.get("messaging_product") != "whatsapp" or not to:
            return self.error(400, 100, "Invalid parameter")
        if "to" in values and not re.fullmatch(r"\d{7,15}", to):
            return self.error(400, 131009, "Parameter value is not valid")
        if to == self.UNKNOWN:
            return self.error(400, 131026, "Message undeliverable")
        if values.get("type") == "template":
            fault = self._template_fault(values["template"])
            if fault:
                return fault
        elif to == self.OUTSIDE:
            return self.error(400, 131047, "Re-engagement message")
        elif not 0 < len(values.get("text", {}).get("body", "")) <= 4096:
            return self.error(400, 131009, "Parameter value is not valid")
        return as_json(
            200,
            {
                "messaging_product": "whatsapp",
                "contacts": [{"input": to, "wa_id": to}],
                "messages": [{"id": f"wamid.SENT{self.number()}"}],
            },
        )

    def _template_fault(self, template: dict[str, Any]) -> Reply | None:
        wanted = self.templates.get((template["name"], template["language"]["code"]))
        if wanted is None:
            return self.error(404, 132001, "Template name does not exist in the translation")
        given = [row["text"] for part in template.get("components", []) for row in part["parameters"]]
        if len(given) != wanted:
            return self.error(400, 132000, "Number of parameters does not match")
        if any("\n" in value or "\t" in value or "    " in value or not value for value in given):
            return self.error(400, 132012, "Parameter format does not match")
        return None

    @staticmethod
    def error(status: int, code: int, words: str) -> Reply:
        """An error as Meta writes it."""
        told = {"message": f"(#{code}) {words}", "type": "OAuthException", "code": code, "fbtrace_id": "A1"}
        return as_json(
            status, {"error": {**told, "error_data": {"messaging_product": "whatsapp", "details": words}}}
        )


class BotApi(Service):
    """Telegram's Bot API: sendMessage, getFile and the files."""

    TOKEN: ClassVar[str] = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
    BLOCKED: ClassVar[str] = "666"
    MOVED: ClassVar[str] = "-55"

    def respond(self, method: str, path: str, headers: dict[str, str], values: dict[str, Any]) -> Reply:
        parts = urlsplit(unquote(path))
        if parts.path.startswith(f"/file/bot{self.TOKEN}/"):
            name = parts.path.removeprefix(f"/file/bot{self.TOKEN}/documents/")
            return Reply(200, self.files[name]) if name in self.files else Reply(404, b"Not Found")
        call = re.fullmatch(rf"/bot{re.escape(self.TOKEN)}/(\w+)", parts.path)
        if not call:
            return self.error(401, "Unauthorized")
        if call[1] == "getFile":
            return self._file(parse_qs(parts.query).get("file_id", [""])[0])
        return self._message(values) if call[1] == "sendMessage" else self.error(404, "Not Found")

    def _file(self, name: str) -> Reply:
        if name not in self.files:
            return self.error(400, "Bad Request: invalid file_id")
        if len(self.files[name]) > 20_000_000:
            return self.error(400, "Bad Request: file is too big")
        told = {"file_id": name, "file_path": f"documents/{name}", "file_size": len(self.files[name])}
        return as_json(200, {"ok": True, "result": told})

    def _message(self, values: dict[str, Any]) -> Reply:
        chat = str(values.get("chat_id", ""))
        if chat == self.BLOCKED:
            return self.error(403, "Forbidden: bot was blocked by the user")
        if chat == self.MOVED:
            return self.error(
                400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-1001
            )
        if not chat.lstrip("-").isdigit():
            return self.error(400, "Bad Request: chat not found")
        if not 0 < len(values.get("text", "")) <= 4096:
            return self.error(400, "Bad Request: message is too long")
        sent = {
            "message_id": self.number(),
            "chat": {"id": int(chat), "type": "private"},
            "text": values["text"],
        }
        return as_json(200, {"ok": True, "result": sent})

    @staticmethod
    def error(code: int, words: str, **parameters: int) -> Reply:
        """An error as Telegram writes it."""
        told: dict[str, Any] = {"ok": False, "error_code": code, "description": words}
        return as_json(code, told | ({"parameters": parameters} if parameters else {}))


@contextmanager
def serving(service: Service) -> Iterator[Service]:
    """The service on a port of its own, until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = service.answer(self.command, self.path, headers, body)
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body) if reply.length is None else reply.length))
            self.end_headers()
            for start in range(0, len(reply.body), 65_536):
                time.sleep(reply.slow)
                self.wfile.write(reply.body[start : start + 65_536])

        do_GET = do_POST = _serve  # noqa: N815 - the names that http.server calls

        def log_message(self, *args: Any) -> None:
            """Nothing: tests are quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    service.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
