"""Raw deliveries and what is made of them: exactly once, in any order, and never the same fault twice."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, connections, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from simpul.journal.models import Line
from simpul.lib.actor import MACHINE
from simpul.lib.errors import NotFound
from simpul.messages import actions, transports
from simpul.messages.models import Correspondent, Delivery, Gateway, Incoming, IncomingFile, Message, Status
from simpul.messages.queries import incoming as queries
from simpul.messages.rules import incoming as rules
from simpul.messages.transports import android, trial, whatsapp
from tests import cast as cast_module
from tests.cast import Cast
from tests.hooks import senders
from tests.hooks.conftest import make_gateway

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
OK = transports.Verdict(ok=True)

Store = Callable[..., Delivery]


@pytest.fixture(autouse=True)
def providers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Real formats."""
    monkeypatch.setattr(
        transports, "PROVIDERS", {**transports.PROVIDERS, "whatsapp": whatsapp, "android": android}
    )


@pytest.fixture
def cast(db: Any) -> Cast:
    """The village with its officers."""
    return cast_module.assemble()


@pytest.fixture
def road(cast: Cast) -> Gateway:
    """The call centre's WhatsApp number."""
    return make_gateway(cast)


@pytest.fixture
def store(road: Gateway, now: datetime) -> Store:
    """Keep a body; keyword arguments change how."""

    def run(body: bytes, at: datetime = now, **given: Any) -> Delivery:
        wanted: dict[str, Any] = {"by": MACHINE, "at": at, "gateway_id": road.id, "verdict": OK}
        wanted |= {"request": transports.RawRequest("POST", body, received_at=at)} | given
        return actions.store_delivery(**wanted).delivery

    return run


def read(delivery: Delivery, at: datetime) -> str:
    return actions.read_delivery(by=MACHINE, at=at, delivery_id=delivery.id)


# --- kept -------------------------------------------------------------------------------------------------------------


def test_a_delivery_is_kept_with_a_line_and_the_same_one_is_counted(store: Store, now: datetime) -> None:
    first = store(b"one")
    again = store(b"one", now + SECOND)
    other = store(b"one", request=transports.RawRequest("POST", b"one", query="a=1"))
    assert first == again != other
    first.refresh_from_db()
    assert (first.repeats, first.received_at, first.state) == (1, now, "stored")
    assert Line.objects.filter(kind="delivery.store").count() == 2
    line = Line.objects.get(kind="delivery.store", subject_id=first.id)
    assert line.facts == {"state": "stored", "size": 3, "reason": ""} and line.role == "system"


def test_the_key_of_the_transport_decides_and_long_ones_are_not_cut(store: Store, now: datetime) -> None:
    long = "k" * 300
    kept = [store(b"same", repeat_key=key).id for key in ("a", "b", long + "1", long + "2", "a")]
    assert len(set(kept)) == 4 and kept[0] == kept[4]


def test_what_no_database_takes_is_kept_without_it(store: Store) -> None:
    request = transports.RawRequest(
        "POST", b"\x00\xff", query="a=\x00\ud800", headers={"content-type": "x\x00y"}, sender="\x00"
    )
    delivery = Delivery.objects.get(id=store(b"", request=request).id)
    assert bytes(delivery.body) == b"\x00\xff" and "\x00" not in delivery.query + str(delivery.headers)


def test_refused_ones_are_few_in_an_hour_and_the_rest_is_counted(store: Store, now: datetime) -> None:
    no = transports.Verdict(ok=False, reason="wrong signature", status=401)
    for number in range(rules.REFUSED_PER_HOUR + 30):
        store(str(number).encode(), now + number * SECOND, verdict=no)
    assert Delivery.objects.filter(reason="wrong signature").count() == rules.REFUSED_PER_HOUR
    assert Delivery.objects.get(reason__startswith="more").repeats == 29
    store(b"later", now + timedelta(hours=1), verdict=no)
    assert Delivery.objects.filter(reason="wrong signature").count() == rules.REFUSED_PER_HOUR + 1


def test_only_the_machine_keeps_and_reads(store: Store, cast: Cast, now: datetime, road: Gateway) -> None:
    delivery = store(senders.envelope([senders.text(1)]))
    for actor in (cast.administrator, cast.admin, cast.neighbour):
        with pytest.raises(NotFound):
            actions.read_delivery(by=actor, at=now, delivery_id=delivery.id)
        with pytest.raises(NotFound):
            actions.store_delivery(
                by=actor, at=now, gateway_id=road.id, request=transports.RawRequest("POST", b""), verdict=OK
            )
    assert not Incoming.objects.exists()
    with pytest.raises(NotFound):
        actions.read_delivery(by=MACHINE, at=now, delivery_id=road.id)


# --- read -------------------------------------------------------------------------------------------------------------


def test_a_delivery_becomes_messages_and_leaves_a_line(store: Store, now: datetime) -> None:
    delivery = store(senders.envelope([senders.text(1, "Jembatan putus."), senders.text(2, "Tolong.")]))
    assert read(delivery, now) == "read"
    assert list(Incoming.objects.order_by("external_id").values_list("text", flat=True)) == [
        "Jembatan putus.",
        "Tolong.",
    ]
    who = Correspondent.objects.get()
    assert (who.address, who.shown_name, who.is_verified) == ("+6281244556677", "Nurhayati", True)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.made, delivery.read_at) == ("read", 2, now)
    line = Line.objects.get(kind="delivery.read")
    assert line.facts == {"state": "read", "made": 2, "reason": ""}
    assert read(delivery, now + SECOND) == "read"  # nothing is done twice
    assert Line.objects.filter(kind="delivery.read").count() == 1


def test_what_is_not_the_providers_is_broken_with_the_reason_and_can_be_mended(
    store: Store, cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = store(b"<html>maintenance</html>")
    assert read(delivery, now) == "broken"
    delivery.refresh_from_db()
    assert delivery.reason and not Incoming.objects.exists()
    assert Line.objects.get(kind="delivery.read").facts["state"] == "broken"
    for nobody in (cast.admin, cast.neighbour_manager, cast.protection_officer):
        with pytest.raises(NotFound):
            actions.mend_delivery(by=nobody, at=now, delivery_id=delivery.id)
    later = now + timedelta(days=1)
    monkeypatch.setattr(whatsapp, "read", lambda _setup, _request: transports.Reading())
    actions.mend_delivery(by=cast.administrator, at=later, delivery_id=delivery.id)
    assert Line.objects.filter(kind="delivery.mend", subject_id=delivery.id).count() == 1
    assert read(delivery, later) == "read"
    with pytest.raises(NotFound):  # only a broken one
        actions.mend_delivery(by=cast.administrator, at=later, delivery_id=delivery.id)


def test_a_fault_of_ours_is_tried_again_later_and_then_put_before_a_person(
    store: Store, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(_setup: object, _request: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(whatsapp, "read", fault)
    delivery, at = store(senders.envelope([senders.text(1)])), now
    for wait in rules.READ_AGAIN:
        with pytest.raises(ZeroDivisionError):
            read(delivery, at)
        assert read(delivery, at) == "busy" and queries.deliveries_due(at) == []
        at += wait
        assert queries.deliveries_due(at) == [delivery.id]
    assert read(delivery, at) == "broken"
    delivery.refresh_from_db()
    assert delivery.reason == "could not be read: ZeroDivisionError"


def test_half_a_reading_leaves_nothing(store: Store, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    delivery = store(senders.envelope([senders.text(1)], [senders.status(1, "sent")]))
    with monkeypatch.context() as patch:
        patch.setattr(actions.receiving._receipts, "note", lambda *_given: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            read(delivery, now)
    assert not Incoming.objects.exists() and not Correspondent.objects.exists()
    assert read(delivery, now + timedelta(minutes=2)) == "read"
    assert Incoming.objects.count() == Status.objects.count() == 1


def test_one_that_killed_the_worker_is_read_apart_first(
    store: Store, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    deadly, harmless = store(senders.envelope([senders.text(1)])), store(senders.envelope([senders.text(2)]))
    Delivery.objects.update(tries=1)  # claimed, and the worker left no word
    asked: list[bytes] = []

    def survives(_setup: object, request: transports.RawRequest) -> bool:
        asked.append(request.body)
        return request.body != bytes(deadly.body)

    monkeypatch.setattr(trial, "survives", survives)
    assert [read(one, now) for one in (deadly, harmless)] == ["broken", "read"]
    assert len(asked) == 2
    deadly.refresh_from_db()
    assert deadly.reason == "the worker died while it was read"


def test_reading_apart_is_a_process_of_its_own(road: Gateway) -> None:
    setup = transports.Setup("wa", "whatsapp", "whatsapp", secrets={"app_secret": "rahasia"})
    body = senders.envelope([senders.text(1)])
    assert trial.survives(setup, transports.RawRequest("POST", body))
    assert trial.survives(setup, transports.RawRequest("POST", b"\xff<html>"))  # a refusal is an end too
    dead = transports.Setup("wa", "unknown-kind", "whatsapp")
    assert not trial.survives(dead, transports.RawRequest("POST", body))
    assert "rahasia" not in " ".join(sys.argv)


def test_a_slow_worker_does_not_undo_what_another_did_meanwhile(
    store: Store, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = store(senders.envelope([senders.text(1)]))
    whole = whatsapp.read

    def slow(setup: Any, request: Any) -> transports.Reading:
        monkeypatch.setattr(whatsapp, "read", whole)
        Delivery.objects.filter(id=delivery.id).update(reason="taken over")
        assert read(delivery, now + timedelta(minutes=5)) == "read"
        return whole(setup, request)

    monkeypatch.setattr(whatsapp, "read", slow)
    assert read(delivery, now) == "busy"
    delivery.refresh_from_db()
    assert (delivery.state, delivery.made, Incoming.objects.count()) == ("read", 1, 1)
    assert Line.objects.filter(kind="delivery.read").count() == 1


def test_a_message_without_a_sender_and_one_of_a_hidden_number_are_kept(store: Store, now: datetime) -> None:
    nobody = senders.text(1)
    del nobody["from"]
    hidden = senders.text(2, sender="ID.13491208655302741918")
    read(store(senders.envelope([nobody])), now)
    read(store(senders.envelope([hidden])), now)
    assert set(Correspondent.objects.values_list("is_nameless", "number")) == {(True, ""), (False, "")}
    assert Incoming.objects.count() == 2


def test_a_message_is_taken_back_also_when_that_is_read_first(store: Store, now: datetime) -> None:
    gone = {"from": "6281244556677", "id": "wamid.gone", "timestamp": "1795000009", "type": "revoke"}
    for number in (1, 2):
        gone = {**gone, "id": f"wamid.gone{number}", "revoke": {"original_message_id": f"wamid.{number}"}}
        bodies = [senders.envelope([senders.text(number)]), senders.envelope([gone])]
        for body in bodies if number == 1 else reversed(bodies):
            assert read(store(body), now) == "read"
    assert list(Incoming.objects.values_list("is_removed", "text").distinct()) == [(True, "Jembatan putus.")]


# --- receipts ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reports", "parts", "told"),
    [
        ([], 1, ""),
        ([(0, "delivered"), (0, "sent")], 1, "delivered"),
        ([(0, "failed"), (0, "sent")], 1, "failed"),
        ([(0, "failed"), (0, "delivered")], 1, "delivered"),
        ([(1, "delivered"), (2, "delivered")], 2, "delivered"),
        ([(1, "delivered")], 2, "accepted"),
        ([(1, "delivered"), (2, "failed")], 2, "failed"),
        ([(1, "delivered"), (2, "sent"), (0, "read")], 2, "read"),
        ([(0, "deleted")], 1, ""),
    ],
)
def test_a_message_of_several_parts_has_come_as_far_as_its_slowest(
    reports: list[tuple[int, str]], parts: int, told: str
) -> None:
    assert rules.receipt_of(reports, parts) == rules.receipt_of(reports[::-1], parts) == told


def sent_message(road: Gateway, cast: Cast, number: int, **more: Any) -> Message:
    at = cast.now
    return Message.objects.create(
        subject_kind="case", subject_id=road.id, once_key=f"m{number}", asked_key="answer", text_key="answer",
        road="whatsapp", language="id", body="", state="sent", queued_at=at, next_try_at=at, gateway=road,
        external_id=f"wamid.out.{number}", **more,
    )  # fmt: skip


def test_a_status_finds_its_message_before_and_after(
    store: Store, road: Gateway, cast: Cast, now: datetime
) -> None:
    message = sent_message(road, cast, 1)
    read(store(senders.envelope((), [senders.status(1, "read", 5), senders.status(1, "sent")])), now)
    message.refresh_from_db()
    assert message.receipt == "read" and message.receipt_at is not None
    read(store(senders.envelope((), [senders.status(2, "delivered", 3)])), now)
    late = sent_message(road, cast, 2, receipt="accepted")
    actions.receiving._receipts.match(late)
    late.refresh_from_db()
    assert late.receipt == "delivered"


@pytest.mark.parametrize(("word", "sends"), [("sent", 1), ("failed", 2)])
def test_a_message_whose_answer_was_lost_is_not_sent_again(
    store: Store,
    road: Gateway,
    cast: Cast,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    word: str,
    sends: int,
) -> None:
    """The provider took it and the line broke; the report, which gives our own name back, says that it has it."""
    who = Correspondent.objects.create(
        channel="whatsapp", address="+6281244556677", number="+6281244556677", desk=road.desk, gateway=road,
        first_at=now, last_in_at=now,
    )  # fmt: skip
    message = actions.write_message(by=MACHINE, at=now, correspondent_id=who.id, body="Sudah kami terima.")
    sent: list[str] = []

    def send(setup: transports.Setup, outgoing: transports.Outgoing) -> transports.Sent:
        sent.append(outgoing.reference)
        if len(sent) == 1:
            raise transports.Unreachable("TimeoutError")
        return transports.Sent("wamid.out.2")

    monkeypatch.setattr(whatsapp, "send", send)
    actions.deliver_message(by=MACHINE, at=now, message_id=message.id)
    told = senders.status(1, word) | {"biz_opaque_callback_data": sent[0]}
    read(store(senders.envelope((), [told])), now)
    later = now + timedelta(minutes=3)
    assert actions.deliver_message(by=MACHINE, at=later, message_id=message.id) == "sent"
    message.refresh_from_db()
    named = "wamid.out.1" if sends == 1 else "wamid.out.2"
    assert (len(sent), message.state, message.external_id, message.gateway) == (sends, "sent", named, road)
    read(store(senders.envelope((), [senders.status(1, "delivered", 9)])), later)
    message.refresh_from_db()
    assert message.receipt == ("delivered" if sends == 1 else "accepted")


# --- any order, any number of times -----------------------------------------------------------------------------------

MESSAGES = st.lists(
    st.tuples(
        st.integers(0, 7),
        st.sampled_from(["6281244556677", "6285311112222", "ID.13491208655302741918"]),
        st.sampled_from(["Nurhayati", "Nur", ""]),
    ),
    max_size=3,
    unique_by=lambda one: one[0],
)
STATUSES = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(["sent", "delivered", "read", "failed"]), st.integers(0, 4)),
    max_size=3,
)
DELIVERIES = st.lists(st.tuples(MESSAGES, STATUSES), min_size=1, max_size=6)


def body_of(delivery: tuple[Any, Any]) -> bytes:
    """A message is the same wherever its number stands: its sender and name follow from the number."""
    messages, statuses = delivery
    senders_of = ["6281244556677", "6285311112222", "ID.13491208655302741918", "6281200000003"]
    texts = [
        senders.text(number, f"pesan {number}", senders_of[number % 4]) for number, _sender, _name in messages
    ]
    return senders.envelope(texts, [senders.status(*one) for one in statuses])


def state() -> dict[str, Any]:
    """Everything that deliveries make, without keys and times of ours."""
    return {
        "incoming": sorted(
            Incoming.objects.values_list("once_key", "text", "state", "is_removed", "correspondent__address")
        ),
        "statuses": sorted(Status.objects.values_list("once_key", "status", "at")),
        "receipts": sorted(Message.objects.values_list("once_key", "receipt", "receipt_at")),
        "people": sorted(Correspondent.objects.values_list("address", "scope", "shown_name", "is_nameless")),
        "files": IncomingFile.objects.count(),
    }


@hypothesis_settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deliveries=DELIVERIES, data=st.data())
def test_repeats_and_any_order_change_nothing(
    store: Store, road: Gateway, cast: Cast, now: datetime, deliveries: list[Any], data: st.DataObject
) -> None:
    bodies = [body_of(delivery) for delivery in deliveries]
    stirred = data.draw(st.permutations([*bodies, *data.draw(st.lists(st.sampled_from(bodies), max_size=6))]))
    found = []
    for order in (bodies, stirred):
        with transaction.atomic():
            for number in range(3):
                sent_message(road, cast, number, receipt="accepted")
            for body in order:
                read(store(body), now)
                store(body)
            found.append(state())
            transaction.set_rollback(True)
    assert found[0] == found[1]


# --- side by side -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_workers_and_doors_side_by_side_make_every_message_once(now: datetime) -> None:
    if connection.vendor == "sqlite" and "memory" in str(connection.settings_dict["NAME"]):
        pytest.skip("a database in memory has no readers beside a writer: use PostgreSQL")
    cast = cast_module.assemble()
    road = make_gateway(cast)
    bodies = [senders.envelope([senders.text(number), senders.text(number + 1)]) for number in range(8)]
    start, faults = threading.Barrier(3), []

    def work() -> None:
        start.wait()
        try:
            for body in bodies:
                kept = actions.store_delivery(
                    by=MACHINE,
                    at=now,
                    gateway_id=road.id,
                    request=transports.RawRequest("POST", body),
                    verdict=OK,
                )
                actions.read_delivery(by=MACHINE, at=now, delivery_id=kept.delivery.id)
        except Exception as fault:  # noqa: BLE001 - told by the test
            faults.append(fault)
        connections.close_all()

    threads = [threading.Thread(target=work) for _worker in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert Delivery.objects.count() == 8 and Delivery.objects.filter(state="read").count() == 8
    assert Incoming.objects.count() == 9 and Correspondent.objects.count() == 1
    assert sum(Delivery.objects.values_list("repeats", flat=True)) == 16


def test_a_phones_delivery_is_known_by_its_content(cast: Cast, now: datetime) -> None:
    phone = make_gateway(
        cast, "hp", kind="android", road="sms", settings={}, secrets=json.dumps({"signing_key": "x"})
    )
    for number, words in enumerate(["TOLONG", "TOLONG", "Terima kasih"]):
        kept = actions.store_delivery(
            by=MACHINE,
            at=now + number * SECOND,
            gateway_id=phone.id,
            request=transports.RawRequest("POST", senders.android(words, number), received_at=now),
            verdict=OK,
        )
        assert read(kept.delivery, now + number * SECOND) == "read"
    assert sorted(Incoming.objects.values_list("text", "is_verified")) == [
        ("TOLONG", False),
        ("Terima kasih", False),
    ]
