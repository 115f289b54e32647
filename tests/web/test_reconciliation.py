"""The books of a day: they agree when all is well, say in words what does not, and show nobody's words."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from simpul.jobs import schedule
from simpul.journal.models import Line
from simpul.lib.actor import MACHINE
from simpul.lib.spool import Spool
from simpul.messages import actions, transports
from simpul.messages.models import Delivery, Gateway, Incoming
from simpul.messages.queries import reconciliation as queries
from simpul.messages.rules import incoming as rules
from simpul.messages.transports import whatsapp
from tests import cast as cast_module
from tests.cast import Cast
from tests.hooks import senders
from tests.hooks.conftest import make_gateway
from tests.web.test_manage import Enter, entering

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return cast_module.assemble()


@pytest.fixture
def enter(cast: Cast) -> Enter:
    return entering(cast)


@pytest.fixture
def admin(enter: Enter) -> Client:
    return enter("administrator")


@pytest.fixture
def gateway(cast: Cast, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any) -> Gateway:
    settings.SIMPUL_SPOOL = tmp_path / "spool"
    monkeypatch.setattr(transports, "PROVIDERS", {**transports.PROVIDERS, "whatsapp": whatsapp})
    return make_gateway(cast)


def store(gateway: Gateway, body: bytes, **more: Any) -> Delivery:
    at = timezone.now()
    given: dict[str, Any] = {
        "by": MACHINE, "at": at, "gateway_id": gateway.id, "verdict": transports.Verdict(ok=True),
        "request": transports.RawRequest("POST", body, received_at=at),
    }  # fmt: skip
    return actions.store_delivery(**(given | more)).delivery


def page(client: Client, **query: str) -> str:
    answer = client.get(reverse("manage_reconciliation"), query)
    assert answer.status_code == 200
    return answer.content.decode()


def today() -> queries.Day:
    at = timezone.now()
    return queries.day(at - timedelta(hours=1), at + timedelta(hours=1), at)


def test_the_books_agree_when_all_was_read(admin: Client, gateway: Gateway) -> None:
    for body in (senders.envelope([senders.text(1), senders.text(2)], [senders.status(1, "sent")]),) * 3:
        store(gateway, body)
    schedule.read_deliveries(timezone.now())
    [row] = today().rows
    assert (row.received, row.repeats, row.heard, row.made, row.refused) == (1, 2, 2, 3, 0)
    assert (row.statuses, row.statuses_alone, row.messages) == (1, 1, {"new": 2})
    shown = page(admin)
    assert "hitungannya cocok" in shown and "WhatsApp Call Center" in shown and "2 belum diperiksa" in shown


def test_the_gateways_own_count_stands_beside_ours(
    admin: Client, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert queries.held(gateway) is None and "masih di gerbang" not in page(admin)
    monkeypatch.setattr(whatsapp, "holds", lambda _setup: 7, raising=False)
    assert "7 masih di gerbang" in page(admin)

    def silent(_setup: object) -> int:
        raise transports.Unreachable("no modem")

    monkeypatch.setattr(whatsapp, "holds", silent, raising=False)
    assert queries.held(gateway) is None


def test_every_difference_is_said_in_words(admin: Client, gateway: Gateway, caplog: Any) -> None:
    broken = store(gateway, b"<html>Nurhayati 7602132001900001</html>")
    schedule.read_deliveries(timezone.now())
    long_ago = timezone.now() - rules.SHOULD_BE_READ - timedelta(minutes=5)
    late = store(gateway, senders.envelope([senders.text(1)]))
    read = store(gateway, senders.envelope([senders.text(2)]))
    actions.read_delivery(by=MACHINE, at=timezone.now(), delivery_id=read.id)
    Delivery.objects.filter(id=late.id).update(received_at=long_ago)
    Incoming.objects.update(hear_at=long_ago)
    gone = store(gateway, b"gone")
    Delivery.objects.filter(id=gone.id).delete()
    no = transports.Verdict(ok=False, reason="wrong signature", status=403)
    store(gateway, b"x", verdict=no, times=100)
    found = {one.code: one.count for one in today().differences}
    assert found == {"unread": 1, "broken": 1, "unheard": 1, "missing": 1}
    assert today().rows[0].refused == 100
    shown = page(admin)
    for words in (
        "Hitungannya tidak cocok",
        "1 kiriman tidak dapat dibaca",
        "tanda tangan salah",
        "tidak ada di penyimpanan",
    ):
        assert words in shown
    assert "7602132001900001" not in shown and "Nurhayati" not in shown
    assert str(broken.size) in shown
    with caplog.at_level(logging.WARNING):
        assert schedule.reconcile(timezone.now()).error == ""
    assert "The books do not agree" in caplog.text and "broken: 1" in caplog.text


def test_a_broken_delivery_is_read_again_by_a_button(
    admin: Client, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = store(gateway, b"not yet")
    schedule.read_deliveries(timezone.now())
    where = reverse("manage_delivery_read_again", args=[delivery.id])
    assert where in page(admin)
    monkeypatch.setattr(whatsapp, "read", lambda _setup, _request: transports.Reading())
    answer = admin.post(where, follow=True)
    assert answer.status_code == 200 and "dibaca lagi" in answer.content.decode()
    assert Line.objects.get(kind="delivery.mend").actor_name == "Dian Pratiwi"
    schedule.read_deliveries(timezone.now())
    delivery.refresh_from_db()
    assert delivery.state == "read"
    assert admin.post(where).status_code == 404  # it is not broken any more
    assert admin.get(where).status_code == 405


@pytest.mark.parametrize(
    "part", ["admin", "manager", "focal", "custodian", "protection_officer", "neighbour"]
)
def test_others_find_nothing_there(enter: Enter, gateway: Gateway, part: str) -> None:
    delivery = store(gateway, b"not yet")
    schedule.read_deliveries(timezone.now())
    client = enter(part)
    assert client.get(reverse("manage_reconciliation")).status_code == 404
    assert client.post(reverse("manage_delivery_read_again", args=[delivery.id])).status_code == 404


def test_what_waits_outside_the_database_and_other_days_are_shown(
    admin: Client, gateway: Gateway, settings: Any
) -> None:
    spool = Spool(settings.SIMPUL_SPOOL)
    spool.add({"what": "delivery"})
    spool.lay_aside(spool.add({"what": "torn"}))
    shown = page(admin)
    assert "1 kiriman menunggu di luar basis data" in shown and "1 berkas kiriman disisihkan" in shown
    store(gateway, senders.envelope([senders.text(1)]))
    assert "hitungannya cocok" in page(admin, hari="2026-01-01")
    assert page(admin, hari="kemarin") and page(admin, hari="2999-01-01")
    assert page(admin, hari="0001-01-01")
