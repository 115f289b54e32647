"""One working day's roads into the call centre: real providers and programs around an installation of its own.

Everything here speaks as the outside world does: signed webhooks, a modem's program, a mail server, chat services. The
installation is what ``simpul serve`` serves; it can lose its power and come back.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
import wave
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError

from PIL import Image

from simpul.lib import media
from tests.browser.conftest import ROOT, Site, _wait_for, free_port
from tests.hooks import senders
from tests.peers import webapi
from tests.peers.dovecot import ImapServer
from tests.peers.gammu import Modem

GATEWAYS = """
import json, sys, django
django.setup()
from django.utils import timezone
from simpul.lib.actor import MACHINE
from simpul.messages import actions
from simpul.desks import actions as desk_actions
from simpul.desks.models import Desk
from datetime import time
# No quiet hours: the day is played at whatever hour it is.
desk_actions.change_institution(by=MACHINE, at=timezone.now(), quiet_from=time(0), quiet_to=time(0))
desk = Desk.objects.get(code="call-center-mamuju")
for given in json.load(sys.stdin):
    more = {"kind_code": "complaint", **given.pop("more", {})}
    actions.add_gateway(by=MACHINE, at=timezone.now(), desk_id=desk.id, region_code="7602", more=more, **given)
"""
SAID = """
import json, sys, django
django.setup()
from simpul.messages.models import Delivery, Incoming, Message
came = {"received_at__gte": sys.argv[1]}
incoming = Incoming.objects.filter(**came).order_by("received_at")
stuck = Delivery.objects.filter(**came, state__in=("broken", "stored"))
queued = Message.objects.filter(queued_at__gte=sys.argv[1]).order_by("queued_at")
print(json.dumps({
    "incoming": [[one.channel, one.text, one.state, one.outcome, one.sealed] for one in incoming],
    "broken": list(stuck.values_list("reason", flat=True)),
    "messages": [
        [one.asked_key, one.text_key, one.road, one.state, one.to_address, one.body, one.sealed, one.last_error]
        for one in queued
    ],
}))
"""


class Phone(webapi.Service):
    """The app of an Android phone: takes messages to send."""

    def respond(
        self, method: str, path: str, headers: dict[str, str], values: dict[str, Any]
    ) -> webapi.Reply:
        """Accepted, under the name it was given."""
        return webapi.as_json(202, {"id": values.get("id") or f"p{self.number()}", "state": "Pending"})


@dataclass
class Office:
    """The installation: its data, its port, its process."""

    data: Path
    env: dict[str, str]
    port: int = field(default_factory=free_port)
    demo: dict[str, Any] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def site(self) -> Site:
        return Site(self.url, self.demo, self.data)

    def prepare(self) -> None:
        """Load the sample regency."""
        loaded = self._simpul("demo", "--cases", "6", "--json")
        self.demo = json.loads(loaded)

    def add_gateways(self, gateways: list[dict[str, Any]]) -> None:
        """Set the roads up, as an administrator does."""
        self._python(GATEWAYS, stdin=json.dumps(gateways))

    def start(self) -> None:
        """Switch it on."""
        command = [sys.executable, "-m", "simpul", "serve", "--port", str(self.port)]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.env, start_new_session=True, **quiet)  # type: ignore[call-overload]
        _wait_for(self.url + "/sehat/", self.process)

    def cut_power(self) -> None:
        """Everything stops in the middle of whatever it does."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """Switch it off in peace."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)

    def said(self, since: str) -> dict[str, Any]:
        """What came in and what went out since a moment."""
        return dict(json.loads(self._python(SAID, since)))

    def _simpul(self, *arguments: str) -> str:
        return self._run([sys.executable, "-m", "simpul", *arguments])

    def _python(self, script: str, *arguments: str, stdin: str = "") -> str:
        return self._run([sys.executable, "-c", script, *arguments], stdin)

    def _run(self, command: list[str], stdin: str = "") -> str:
        env = {**self.env, "DJANGO_SETTINGS_MODULE": "simpul.settings"}
        done = subprocess.run(
            command, cwd=ROOT, env=env, input=stdin, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout


@dataclass
class World:
    """Everybody outside."""

    office: Office
    whatsapp: webapi.CloudApi
    telegram: webapi.BotApi
    phone: Phone
    sims: tuple[Modem, Modem]
    mailbox: ImapServer
    letters: Any  # what the SMTP server took
    smtp_port: int

    def gateways(self) -> list[dict[str, Any]]:
        """Seven ways on four roads, as they are written down at ``/kelola/gerbang/``."""
        first, second = (sim.setup().settings for sim in self.sims)
        return [
            {"code": "wa", "kind": "whatsapp", "name": "WhatsApp Mamuju", "settings": {
                "phone_number_id": self.whatsapp.PHONE_ID, "api_url": self.whatsapp.url, "api_version": "v23.0"},
             "secrets": {"app_secret": senders.APP_SECRET, "verify_token": "v", "access_token": self.whatsapp.TOKEN}},
            {"code": "tg", "kind": "telegram", "name": "Telegram Mamuju", "settings": {"api_url": self.telegram.url},
             "secrets": {"bot_token": self.telegram.TOKEN, "secret_token": "tele-rahasia"}},
            {"code": "sim1", "kind": "gammu", "name": "Modem SIM 1", "settings": first,
             "more": {"number": "0811100001", "operator": "Operator A", "prefixes": "62811,62812", "rank": 5}},
            {"code": "sim2", "kind": "gammu", "name": "Modem SIM 2", "settings": second,
             "more": {"number": "0851100002", "operator": "Operator B", "prefixes": "62851,62852", "rank": 6}},
            {"code": "hp", "kind": "android", "name": "Ponsel kantor", "settings": {"api_url": self.phone.url},
             "secrets": {"signing_key": senders.SIGNING_KEY, "user": "sms", "password": "sms"},
             "more": {"menu": False, "prefixes": "62895", "rank": 20}},
            {"code": "surel", "kind": "email", "name": "Surel pengaduan", "settings": {
                "imap_host": self.mailbox.host, "imap_port": self.mailbox.port, "imap_tls": "none",
                "smtp_host": "127.0.0.1", "smtp_port": self.smtp_port, "smtp_tls": "none",
                "from": "Layanan Mamuju <pengaduan@mamuju.contoh>"},
             "secrets": {"user": "pengaduan", "password": "rahasia-contoh"}},
        ]  # fmt: skip

    # --- what people send ---

    def write_whatsapp(self, *messages: dict[str, Any], name: str = "", times: int = 1) -> None:
        """A delivery of WhatsApp, as often as it is repeated until somebody says 200."""
        body = self._envelope(messages, name)
        headers = {
            "X-Hub-Signature-256": senders.signature(body),
            "Content-Type": "application/json",
        }
        for _turn in range(times):
            self.post("/hook/whatsapp/", body, headers)

    def _envelope(self, messages: tuple[dict[str, Any], ...], name: str) -> bytes:
        value: dict[str, Any] = {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "62426", "phone_number_id": self.whatsapp.PHONE_ID},
            "contacts": [
                {"profile": {"name": name}, **({"wa_id": one["from"]} if "from" in one else {}),
                 **({"user_id": one["from_user_id"]} if "from_user_id" in one else {})}
                for one in messages
            ],
            "messages": list(messages),
        }  # fmt: skip
        entry = {"id": "waba", "changes": [{"field": "messages", "value": value}]}
        return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()

    def write_android(self, number: str, words: str, stamp: int) -> None:
        """A message to the office's phone, handed over by its app."""
        now = str(int(time.time()))
        body = senders.android(
            words, stamp, number, at=time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime())
        )
        signature = hmac.new(senders.SIGNING_KEY.encode(), body + now.encode(), hashlib.sha256).hexdigest()
        self.post("/hook/sms/hp/", body, {"X-Timestamp": now, "X-Signature": signature})

    def write_telegram(self, update: int, chat: int, words: str, name: str) -> None:
        """A message to the bot."""
        message = {
            "message_id": update, "date": int(time.time()), "text": words,
            "chat": {"id": chat, "type": "private"}, "from": {"id": chat, "is_bot": False, "first_name": name},
        }  # fmt: skip
        body = json.dumps({"update_id": update, "message": message}).encode()
        headers = {
            "X-Telegram-Bot-Api-Secret-Token": "tele-rahasia",
            "Content-Type": "application/json",
        }
        self.post("/hook/telegram/", body, headers)

    def write_mail(self, sender: str, subject: str, words: str, name: str, *, picture: bool = False) -> None:
        """A mail, laid into the mailbox by the mail server."""
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = sender, "pengaduan@mamuju.contoh", subject
        mail["Date"] = time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime())
        mail["Message-ID"] = f"<{name}@contoh.id>"
        mail.set_content(words)
        if picture:
            mail.add_attachment(a_photo(), maintype="image", subtype="jpeg", filename="lihat.jpg")
        self.mailbox.put(mail.as_bytes())

    def post(self, path: str, body: bytes, headers: dict[str, str]) -> None:
        """Deliver as a provider does: again and again until it is taken."""
        request = urllib.request.Request(self.office.url + path, body, headers)  # noqa: S310 - our own address
        ends = time.monotonic() + 60
        while True:
            try:
                with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
                    assert answer.status == 200
                    return
            except (HTTPError, URLError, ConnectionError, TimeoutError) as fault:
                if (isinstance(fault, HTTPError) and fault.code < 500) or time.monotonic() > ends:
                    raise
                time.sleep(0.3)


def a_photo() -> bytes:
    """A photo, as a phone sends it."""
    picture = io.BytesIO()
    Image.new("RGB", (400, 300), "darkgreen").save(picture, "JPEG")
    return picture.getvalue()


def a_voice() -> bytes:
    """A voice note of a second, as WhatsApp carries it: Opus in Ogg."""
    target = io.BytesIO()
    with wave.open(target, "wb") as tone:
        tone.setnchannels(1)
        tone.setsampwidth(2)
        tone.setframerate(16_000)
        tone.writeframes(b"\x00\x20" * 16_000)
    return media.inspect_and_clean(target.getvalue(), "rekaman.wav").data


def number_in(words: str) -> tuple[str, str]:
    """The number and PIN in the words of a receipt."""
    number = re.search(r"SPL-\d{4}-\d{5}-[A-Z]", words)
    pin = re.search(r"PIN\D{0,12}(\d{6})", words)
    assert number and pin, words
    return number[0], pin[1]
