"""Gateways that the tests can switch off, for tests of how messages leave."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from simpul.desks.models import Desk
from simpul.lib.actor import MACHINE
from simpul.messages import actions, transports
from simpul.messages.models import Correspondent, Gateway, Template


class Provider:
    """All gateways of a test: each can be down, or refuse; it remembers what left, when the test asks for it."""

    def __init__(self) -> None:
        self.down: set[str] = set()
        self.refuses: set[str] = set()
        self.sent: list[tuple[str, transports.Outgoing]] = []
        self.calls: list[str] = []
        self.parts = 1

    def check(self, setup: transports.Setup, request: transports.RawRequest, at: object) -> Any:
        raise NotImplementedError

    def read(self, setup: transports.Setup, request: transports.RawRequest) -> Any:
        raise NotImplementedError

    def fetch(self, setup: transports.Setup, source: Any, most_bytes: int) -> bytes:
        raise NotImplementedError

    def send(self, setup: transports.Setup, outgoing: transports.Outgoing) -> transports.Sent:
        self.calls.append(setup.code)
        if setup.code in self.down:
            raise transports.Unreachable("ConnectionRefusedError")
        if setup.code in self.refuses:
            raise transports.Rejected("unknown number")
        self.sent.append((setup.code, outgoing))
        return transports.Sent(f"wamid.{len(self.sent)}", self.parts)

    @property
    def codes(self) -> list[str]:
        """The gateways that took a message, in order."""
        return [code for code, _outgoing in self.sent]


def add(now: datetime, code: str, kind: str = "http", **more: Any) -> Gateway:
    """A gateway of the centre."""
    desk = Desk.objects.get_or_create(
        code="pusat", defaults={"name": "Pusat Pengaduan", "kind": "centre", "opened_at": now}
    )[0]
    fields = cast("actions.GatewayFields", more)
    return actions.add_gateway(
        by=MACHINE, at=now, code=code, kind=kind, name=code, desk_id=desk.id, region_code="7602132001", more=fields
    )  # fmt: skip


def wrote(now: datetime, gateway: Gateway, address: str, **more: Any) -> Correspondent:
    """Somebody who wrote to a gateway."""
    given: dict[str, Any] = {
        "channel": gateway.road,
        "address": address,
        "number": address if address.startswith("+") else "",
        "gateway": gateway,
        "desk": gateway.desk,
        "region_code": "7602132001",
        "first_at": now,
        "last_in_at": now,
        "shown_name": "Nur",
    }
    return Correspondent.objects.create(**(given | more))


def approve(
    now: datetime, gateway: Gateway, text_key: str, body: str, variables: list[str], **more: Any
) -> Template:
    """A template that the provider has approved."""
    return Template.objects.create(
        gateway=gateway,
        name=f"simpul_{text_key}",
        text_key=text_key,
        body=body,
        variables=variables,
        state="approved",
        changed_at=now,
        **more,
    )
