"""Gateways: added, changed without showing secrets, and what they say of their own health."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from simpul.desks.models import Desk
from simpul.journal.models import Line
from simpul.lib.actor import ANYBODY, MACHINE, Actor
from simpul.lib.errors import NotAllowed, NotFound
from simpul.messages import actions
from simpul.messages.models import Gateway
from simpul.messages.queries import gateways as queries
from tests.peers import webapi

pytestmark = pytest.mark.django_db

ADMINISTRATOR = Actor(role="administrator", name="Andi", strong=True)
OFFICER = Actor(role="centre_admin", name="Rahma", region_code="7602")
VILLAGE = "7602132001"


@pytest.fixture
def desk(hamlet: Any, now: datetime) -> Desk:
    return Desk.objects.create(
        code="pusat", name="Pusat", kind="centre", level="regency", region_code="", opened_at=now
    )


def add(desk: Desk, now: datetime, **more: Any) -> Gateway:
    given: dict[str, Any] = {
        "by": ADMINISTRATOR,
        "at": now,
        "code": "wa",
        "kind": "whatsapp",
        "name": "WhatsApp  Mamuju ",
        "desk_id": desk.id,
        "region_code": VILLAGE,
        "settings": {"phone_number_id": "1065"},
        "secrets": {"app_secret": "rahasia-satu", "access_token": "rahasia-dua"},
    } | more
    return actions.add_gateway(**given)


def test_a_gateway_serves_the_road_of_its_kind_and_its_secrets_are_sealed(desk: Desk, now: datetime) -> None:
    gateway = add(desk, now, more={"number": "0821", "rank": 3})
    assert (gateway.road, gateway.name, gateway.number, gateway.rank) == (
        "whatsapp",
        "WhatsApp Mamuju",
        "0821",
        3,
    )
    assert gateway.is_active
    assert queries.setup_of(gateway).secrets["app_secret"] == "rahasia-satu"
    assert "rahasia" not in repr(queries.setup_of(gateway))
    line = Line.objects.get(kind="gateway.add")
    assert (line.subject_kind, line.subject_id, line.region_code) == ("gateway", gateway.id, VILLAGE)
    assert line.facts == {"gateway": "wa", "of": "whatsapp"}


def test_what_cannot_be_added_is_refused(desk: Desk, now: datetime) -> None:
    add(desk, now)
    with pytest.raises(actions.GatewayCodeTaken):
        add(desk, now)
    for missing in ({"name": " "}, {"code": ""}):
        with pytest.raises(actions.GatewayIncomplete) as refusal:
            add(desk, now, **({"code": "other"} | missing))
        assert refusal.value.field == next(iter(missing))
    for wrong in ({"desk_id": uuid4()}, {"region_code": "99"}):
        with pytest.raises(NotFound):
            add(desk, now, **({"code": "other"} | wrong))
    with pytest.raises(KeyError):
        add(desk, now, code="other", kind="pigeon")
    assert Gateway.objects.count() == 1


def test_a_code_is_fit_for_an_address(desk: Desk, now: datetime) -> None:
    for code in ("Wa Satu", "wa/1", "é", "x" * 41):
        with pytest.raises(actions.GatewayCodeWrong):
            add(desk, now, code=code)


def test_only_administrators_add_and_change(desk: Desk, now: datetime) -> None:
    gateway = add(desk, now)
    for by in (ANYBODY, OFFICER):
        with pytest.raises(NotAllowed):
            add(desk, now, by=by, code="other")
        with pytest.raises(NotAllowed):
            actions.change_gateway(by=by, at=now, gateway_id=gateway.id, changes={"name": "x"})
        with pytest.raises(NotAllowed):
            actions.report_gateway(by=by, at=now, gateway_id=gateway.id, answers=True)


def change(gateway: Gateway, now: datetime, **changes: Any) -> Gateway:
    return actions.change_gateway(by=ADMINISTRATOR, at=now, gateway_id=gateway.id, changes=changes)


def test_empty_secrets_stay_and_the_journal_names_fields_only(desk: Desk, now: datetime) -> None:
    gateway = add(desk, now)
    changed = change(gateway, now, name="WA", secrets={"app_secret": "", "access_token": "rahasia-tiga"})
    assert json.loads(changed.secrets) == {"app_secret": "rahasia-satu", "access_token": "rahasia-tiga"}
    line = Line.objects.get(kind="gateway.change")
    assert line.facts == {"gateway": "wa", "changed": ["name", "secrets"]}
    assert "rahasia" not in json.dumps(line.facts)


def test_switched_off_it_is_found_by_nobody_who_delivers(desk: Desk, now: datetime) -> None:
    gateway = add(desk, now)
    assert queries.gateway("wa") == gateway
    change(gateway, now, is_active=False)
    assert queries.gateway("wa") is None
    assert queries.gateway_by_id(gateway.id) == gateway
    assert queries.gateways() == []
    assert queries.gateways(kind="whatsapp", active=False) == [gateway]
    assert queries.open_roads(now) & {"whatsapp"} == set()


def test_a_change_of_what_is_not_there_is_refused(desk: Desk, now: datetime) -> None:
    gateway = add(desk, now)
    for wrong in ({"desk_id": uuid4()}, {"region_code": "99"}):
        with pytest.raises(NotFound):
            change(gateway, now, **wrong)
    with pytest.raises(NotFound):
        actions.change_gateway(by=ADMINISTRATOR, at=now, gateway_id=uuid4(), changes={})
    with pytest.raises(actions.GatewayIncomplete):
        change(gateway, now, name=" ")


def report(gateway_id: UUID, at: datetime, **more: Any) -> bool:
    return actions.report_gateway(by=MACHINE, at=at, gateway_id=gateway_id, **more)


def test_silence_and_return_leave_one_line_each_and_a_careful_next_try(desk: Desk, now: datetime) -> None:
    gateway = add(desk, now)
    assert not report(gateway.id, now, answers=True, battery=88, signal=41)
    later = now + timedelta(minutes=1)
    assert report(gateway.id, later, answers=False, reason="no_modem")
    assert not report(gateway.id, later + timedelta(minutes=1), answers=False, reason="no_modem")
    gateway.refresh_from_db()
    assert (gateway.down_since_at, gateway.down_reason) == (later, "no_modem")
    assert gateway.retry_at is not None
    assert gateway.retry_at > later
    assert (gateway.battery, gateway.signal) == (88, 41)
    back = later + timedelta(minutes=5)
    assert report(gateway.id, back, answers=True, cursor="77")
    gateway.refresh_from_db()
    assert (gateway.heard_at, gateway.cursor) == (back, "77")
    assert not gateway.down_since_at
    assert not gateway.retry_at
    lines = Line.objects.filter(kind="gateway.report").order_by("at")
    assert [line.facts["answers"] for line in lines] == [False, True]
    with pytest.raises(NotFound):
        report(uuid4(), now, answers=True)


def test_open_roads_follow_the_gateways(desk: Desk, now: datetime) -> None:
    gateway = add(desk, now)
    assert "whatsapp" in queries.open_roads(now)
    report(gateway.id, now, answers=False)
    assert "whatsapp" in queries.open_roads(now + timedelta(minutes=29))
    assert "whatsapp" not in queries.open_roads(now + timedelta(minutes=31))
    assert queries.ways("whatsapp", "+6281", now) == []


# --- trying one -------------------------------------------------------------------------------------------------------


@pytest.fixture
def api() -> Iterator[webapi.CloudApi]:
    with webapi.serving(webapi.CloudApi()) as service:
        yield service  # type: ignore[misc]


@pytest.fixture
def live(desk: Desk, api: webapi.CloudApi, now: datetime) -> Gateway:
    return add(
        desk,
        now,
        settings={"phone_number_id": api.PHONE_ID, "api_url": api.url},
        secrets={"access_token": api.TOKEN},
    )


def attempt(
    gateway: Gateway, now: datetime, to: str = "0812 3456 7890", by: Actor = ADMINISTRATOR
) -> actions.Tried:
    return actions.try_gateway(by=by, at=now, gateway_id=gateway.id, to=to)


def test_a_test_message_goes_out_at_once_and_its_number_stays_out_of_the_facts(
    live: Gateway, api: webapi.CloudApi, now: datetime
) -> None:
    assert attempt(live, now) == actions.Tried("sent", external_id="wamid.SENT1")
    assert api.asked[0][3]["to"] == "6281234567890"
    assert "pesan uji" in api.asked[0][3]["text"]["body"]
    line = Line.objects.get(kind="gateway.try")
    assert line.facts == {"gateway": "wa", "result": "sent", "reason": ""}
    assert "6281234567890" not in json.dumps(line.facts)


def test_what_the_provider_says_is_told(live: Gateway, api: webapi.CloudApi, now: datetime) -> None:
    outside = attempt(live, now, to=f"+{api.OUTSIDE}")
    assert (outside.result, outside.reason[:6]) == ("rejected", "131047")
    api.next = [webapi.Reply(503)]
    assert attempt(live, now).result == "unreachable"
    assert Line.objects.filter(kind="gateway.try").count() == 2


def test_an_opaque_id_may_be_tried_and_nobody_at_all_may_not(
    live: Gateway, api: webapi.CloudApi, now: datetime
) -> None:
    assert attempt(live, now, to="ID.134912").result == "sent"
    for nobody in ("  ", "bukan nomor", "a@b.id", "08"):
        with pytest.raises(actions.AddressWrong):
            attempt(live, now, to=nobody)
    for by in (ANYBODY, OFFICER):
        with pytest.raises(NotAllowed):
            attempt(live, now, by=by)
    with pytest.raises(NotFound):
        actions.try_gateway(by=ADMINISTRATOR, at=now, gateway_id=uuid4(), to="0812")


def test_a_text_message_needs_a_number(desk: Desk, now: datetime) -> None:
    gateway = add(desk, now, code="sms", kind="http", settings={}, secrets={})
    with pytest.raises(actions.AddressWrong):
        attempt(gateway, now, to="Pak Kadus")
