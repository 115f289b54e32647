"""A line to the call centre for tests: a gateway that listens, people who write to it, and the machine that hears them."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from simpul.cases.actions import hearing
from simpul.lib.actor import MACHINE
from simpul.lib.files import FileStore
from simpul.messages.models import Correspondent, Gateway, Incoming, IncomingFile, Message
from tests.cast import DUNGKAIT, NOW, Cast

SITI = "+6281244556677"


class Line:
    """One gateway at the call centre's desk."""

    def __init__(self, cast: Cast, *, road: str = "sms", desk: str = "centre", **given: Any) -> None:
        self.cast, self.road, self.at, self.count = cast, road, NOW, 0
        kinds = {"sms": "android", "whatsapp": "whatsapp", "telegram": "telegram", "email": "email"}
        wanted: dict[str, Any] = {
            "code": f"{road}-{desk}",
            "kind": kinds[road],
            "road": road,
            "name": f"Jalur {road}",
            "number": "+628115550000",
            "desk": cast.desk(desk),
            "region_code": DUNGKAIT,
            "kind_code": "complaint",
            "part_rupiah": 350,
            "added_at": NOW,
            "heard_at": NOW,
        }
        self.gateway = Gateway.objects.create(**(wanted | given))

    def caller(self, address: str = SITI, **given: Any) -> Correspondent:
        """Somebody who writes; keyword arguments change them."""
        wanted: dict[str, Any] = {
            "number": address if address.startswith("+") else "",
            "shown_name": "Siti Aminah",
            "is_verified": self.road != "sms",
            "desk": self.gateway.desk,
            "region_code": self.gateway.region_code,
            "gateway": self.gateway,
            "first_at": self.at,
            "last_in_at": self.at,
        }
        found, _is_new = Correspondent.objects.get_or_create(
            channel=self.road, scope="", address=address, defaults=wanted | given
        )
        return found

    def came(self, text: str, *, who: Correspondent | None = None, **given: Any) -> Incoming:
        """A message that has come and was not looked at yet."""
        self.count += 1
        writer = who or self.caller()
        Correspondent.objects.filter(id=writer.id).update(last_in_at=self.at)
        wanted: dict[str, Any] = {
            "gateway": self.gateway,
            "correspondent": writer,
            "channel": self.road,
            "once_key": f"{self.gateway.code}:{self.count}",
            "external_id": f"in-{self.gateway.code}-{self.count}",
            "sender_shown": writer.shown_name,
            "received_at": self.at,
            "hear_at": self.at,
            "kind": "text",
            "text": text,
            "is_verified": writer.is_verified,
        }
        return Incoming.objects.create(**(wanted | given))

    def hear(self, message: Incoming) -> str:
        """Let the machine look at it; returns what became of it."""
        done = hearing.hear_incoming(by=MACHINE, at=self.at, incoming_id=message.id)
        message.refresh_from_db()
        return done

    def says(self, text: str, *, who: Correspondent | None = None, **given: Any) -> Incoming:
        """A message that came and was heard, one minute after the one before."""
        self.wait(minutes=1)
        message = self.came(text, who=who, **given)
        self.hear(message)
        return message

    def wait(self, **time: float) -> datetime:
        """Let time pass."""
        self.at += timedelta(**time)
        return self.at

    def replies(self, who: Correspondent | None = None) -> list[Message]:
        """What was written back, oldest first."""
        found = (
            Message.objects.filter(correspondent=who) if who else Message.objects.exclude(correspondent=None)
        )
        return list(found.order_by("queued_at", "id"))

    def last_reply(self) -> str:
        """The last words that were written back; "" for none."""
        found = self.replies()
        return found[-1].body if found else ""


def keep_file(message: Incoming, data: bytes, mime: str, kind: str = "image", **given: Any) -> IncomingFile:
    """A file of a message that was fetched and cleaned."""
    sha256 = FileStore(settings.SIMPUL_FILES).put(data)
    assert sha256 == hashlib.sha256(data).hexdigest()
    wanted: dict[str, Any] = {
        "place": message.files.count(),
        "kind": kind,
        "state": "kept",
        "next_try_at": message.received_at,
        "sha256": sha256,
        "mime": mime,
        "size": len(data),
        "fetched_at": message.received_at,
    }
    return IncomingFile.objects.create(incoming=message, **(wanted | given))
