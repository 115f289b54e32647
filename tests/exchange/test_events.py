"""Events: told from the sealed journal to those who may see the matter, signed, tried again, and never sent inwards."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import json
import socket
import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from simpul.cases.actions import protection, referral
from simpul.cases.models import Case
from simpul.exchange import actions, queries, rules, wire
from simpul.exchange.models import Cursor, Dispatch, Subscription
from simpul.journal import actions as journal_actions
from simpul.journal.models import Line
from simpul.lib.actor import MACHINE
from simpul.lib.errors import NotAllowed, NotFound
from tests.cast import NOW, Cast, assemble
from tests.exchange.conftest import Receiver

EVENTS = ["case.refer", "case.recall"]


@pytest.fixture
def subscription(cast: Cast, receiver: Receiver) -> Subscription:
    made = actions.add_subscription(
        by=cast.administrator, at=NOW, desk_id=cast.desk("partner").id, url=receiver.url, events=EVENTS
    )
    gather()
    return made.subscription


def gather() -> int:
    """Seal everything, and gather what was sealed."""
    journal_actions.seal_journal(by=MACHINE, at=timezone.now())
    return actions.gather_dispatches(by=MACHINE, at=timezone.now())


def refer(cast: Cast, **given_: Any) -> Case:
    case = cast.case(**given_)
    referral.refer_case(
        by=cast.admin,
        at=NOW,
        case_id=case.id,
        to_desk_id=cast.desk("partner").id,
        note="Mohon.",
        extract="Terpal.",
    )
    return case


def send_all(at: datetime | None = None) -> list[str]:
    moment = at or timezone.now()
    return [
        actions.send_dispatch(by=MACHINE, at=moment, dispatch_id=key)
        for key, _subscription in queries.dispatches_due(moment, 100)
    ]


# --- gathering --------------------------------------------------------------------------------------------------------


def test_an_event_is_told_once_it_is_sealed_and_never_twice(cast: Cast, subscription: Subscription) -> None:
    case = refer(cast)
    assert actions.gather_dispatches(by=MACHINE, at=timezone.now()) == 0 and not Dispatch.objects.exists()
    assert gather() > 0
    found = Dispatch.objects.get()
    assert (found.event, found.case_id) == ("case.refer", case.id)
    assert found.payload["case"] == {
        "id": str(case.id),
        "number": case.number,
        "kind": "complaint",
        "state": "offered",
    }
    assert "Terpal" not in json.dumps(found.payload) and "Lampu" not in json.dumps(found.payload)
    Cursor.objects.update(position=0)
    Subscription.objects.update(added_at=NOW - timedelta(days=9))
    gather()
    assert Dispatch.objects.filter(event="case.refer").count() == 1


def test_only_events_asked_for_of_matters_the_desk_sees_are_told(
    cast: Cast, subscription: Subscription
) -> None:
    seen, other = refer(cast), cast.case()
    referral.refer_case(
        by=cast.admin, at=NOW, case_id=other.id, to_desk_id=cast.desk("shelter").id, note="Untuk hunian."
    )
    referral.recall_case(by=cast.admin, at=NOW, case_id=seen.id, reason="Salah alamat.")
    sealed = refer(cast)
    protection.seal_case(by=cast.admin, at=NOW, case_id=sealed.id, reason="Menyangkut anak.")
    gather()
    assert sorted(Dispatch.objects.values_list("event", "case_id")) == sorted(
        [("case.refer", seen.id), ("case.recall", seen.id)]
    )


def test_a_new_subscriber_is_told_nothing_of_before(cast: Cast, receiver: Receiver) -> None:
    gather()
    refer(cast)
    actions.add_subscription(
        by=cast.administrator,
        at=timezone.now(),
        desk_id=cast.desk("partner").id,
        url=receiver.url,
        events=EVENTS,
    )
    gather()
    assert not Dispatch.objects.exists()


def test_while_a_subscription_rests_nothing_is_gathered(cast: Cast, subscription: Subscription) -> None:
    actions.change_subscription(by=cast.partner, at=NOW, subscription_id=subscription.id, active=False)
    refer(cast)
    assert gather() == 0
    actions.change_subscription(by=cast.partner, at=NOW, subscription_id=subscription.id, active=True)
    refer(cast)
    gather()
    assert Dispatch.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_slow_transaction_is_not_passed_over(settings: Any) -> None:
    """A line recorded early and committed late gets its position when it is sealed, behind the cursor's last one."""
    settings.SIMPUL_WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    cast = assemble()
    actions.add_subscription(
        by=cast.administrator,
        at=NOW,
        desk_id=cast.desk("partner").id,
        url="http://127.0.0.1:9/",
        events=EVENTS,
    )
    slow_case, fast_case = cast.case(), cast.case()
    gather()
    begun, go_on = threading.Event(), threading.Event()

    def refer_one(case: Case, wait: bool) -> None:
        try:
            with transaction.atomic():
                referral.refer_case(
                    by=cast.admin, at=NOW, case_id=case.id, to_desk_id=cast.desk("partner").id, note="Mohon.", extract="Terpal."
                )  # fmt: skip
                begun.set()
                if wait:
                    go_on.wait(10)
        finally:
            connection.close()

    slow = threading.Thread(target=refer_one, args=(slow_case, True))
    slow.start()
    assert begun.wait(10)
    fast = threading.Thread(target=refer_one, args=(fast_case, False))
    fast.start()
    fast.join()
    gather()
    assert set(Dispatch.objects.values_list("case_id", flat=True)) == {fast_case.id}
    go_on.set()
    slow.join()
    gather()
    assert set(Dispatch.objects.values_list("case_id", flat=True)) == {fast_case.id, slow_case.id}


def test_gathering_costs_the_same_however_many_lines(
    cast: Cast, subscription: Subscription, django_assert_max_num_queries: Any
) -> None:
    for _turn in range(5):
        refer(cast)
    journal_actions.seal_journal(by=MACHINE, at=timezone.now())
    with django_assert_max_num_queries(14):
        actions.gather_dispatches(by=MACHINE, at=timezone.now())
    assert Dispatch.objects.count() == 5


# --- sending ----------------------------------------------------------------------------------------------------------


def test_what_arrives_is_signed_over_the_very_bytes(
    cast: Cast, subscription: Subscription, receiver: Receiver
) -> None:
    refer(cast)
    gather()
    at = timezone.now()
    assert send_all(at) == ["delivered"]
    [(path, headers, body)] = receiver.got
    assert path == "/hook?a=1" and headers["X-Simpul-Event"] == "case.refer"
    parts = dict(part.split("=", 1) for part in headers["X-Simpul-Signature"].split(","))
    secret = Subscription.objects.get().secret
    wanted = hmac.new(secret.encode(), f"{parts['t']}.".encode() + body, hashlib.sha256).hexdigest()
    assert hmac.compare_digest(wanted, parts["v1"]) and abs(int(parts["t"]) - at.timestamp()) < 2
    told = json.loads(body)
    assert told["id"] == headers["X-Simpul-Delivery"] == str(Dispatch.objects.get().id)
    assert told["event"] == "case.refer" and told["position"] == Line.objects.get(kind="case.refer").position
    assert send_all() == []


def test_a_failure_is_tried_again_later_and_given_up_in_the_end(
    cast: Cast, subscription: Subscription, receiver: Receiver
) -> None:
    refer(cast)
    gather()
    receiver.status, at = 503, timezone.now()
    for turn in range(1, len(rules.BACK_OFF) + 1):
        assert send_all(at) == ["waiting"]
        row = Dispatch.objects.get()
        assert row.tries == turn and row.next_try_at == at + rules.BACK_OFF[turn - 1]
        assert send_all(at) == [], "not before its time"
        at = row.next_try_at
    assert send_all(at) == ["dead"]
    row = Dispatch.objects.get()
    assert (row.last_status, row.last_error) == (503, "HTTP 503")
    receiver.status = 200
    actions.retry_dispatch(by=cast.administrator, at=at, dispatch_id=row.id)
    assert send_all(at) == ["delivered"] and Line.objects.filter(kind="dispatch.retry").count() == 1
    actions.retry_dispatch(by=cast.partner, at=at, dispatch_id=row.id)
    with pytest.raises(actions.DispatchOnItsWay):
        actions.retry_dispatch(by=cast.partner, at=at, dispatch_id=row.id)
    with pytest.raises(NotFound):
        actions.retry_dispatch(by=cast.admin, at=at, dispatch_id=row.id)


def test_a_redirect_is_a_failure_and_is_not_followed(
    cast: Cast, subscription: Subscription, receiver: Receiver
) -> None:
    receiver.status, receiver.headers = 307, {"Location": receiver.url.replace("/hook", "/inside")}
    actions.test_subscription(by=cast.partner, at=NOW, subscription_id=subscription.id)
    assert send_all() == ["waiting"] and len(receiver.got) == 1


def test_what_the_desk_may_not_see_any_more_is_not_sent(
    cast: Cast, subscription: Subscription, receiver: Receiver
) -> None:
    case = refer(cast)
    gather()
    protection.seal_case(by=cast.admin, at=NOW, case_id=case.id, reason="Menyangkut anak.")
    assert send_all() == ["dropped"] and receiver.got == []


def test_of_two_workers_one_sends_and_a_dead_ones_claim_is_taken_over(
    cast: Cast, subscription: Subscription, receiver: Receiver
) -> None:
    actions.test_subscription(by=cast.partner, at=NOW, subscription_id=subscription.id)
    at = timezone.now()
    Dispatch.objects.update(state="sending", claimed_at=at, tries=1)
    assert send_all(at) == []
    assert send_all(at + rules.CLAIM_LASTS + timedelta(seconds=1)) == ["delivered"]
    assert actions.send_dispatch(by=MACHINE, at=at, dispatch_id=Dispatch.objects.get().id) == "busy"


def test_a_receiver_that_is_down_keeps_no_other_waiting(
    cast: Cast, subscription: Subscription, receiver: Receiver
) -> None:
    for _turn in range(6):
        actions.test_subscription(by=cast.administrator, at=NOW, subscription_id=subscription.id)
    other = actions.add_subscription(
        by=cast.administrator, at=NOW, desk_id=cast.desk("partner").id, url=receiver.url, events=EVENTS
    ).subscription
    actions.test_subscription(by=cast.administrator, at=NOW + timedelta(minutes=1), subscription_id=other.id)
    due = queries.dispatches_due(NOW + timedelta(minutes=2), 3)
    assert [key for _dispatch, key in due] == [subscription.id, other.id, subscription.id]


def test_a_withdrawn_subscription_gets_nothing_more(
    cast: Cast, subscription: Subscription, receiver: Receiver
) -> None:
    refer(cast)
    gather()
    actions.withdraw_subscription(by=cast.administrator, at=NOW, subscription_id=subscription.id)
    assert send_all() == [] and receiver.got == []
    assert Dispatch.objects.get().state == "dropped"


def test_old_events_are_swept(cast: Cast, subscription: Subscription, receiver: Receiver) -> None:
    actions.test_subscription(by=cast.partner, at=NOW, subscription_id=subscription.id)
    send_all()
    later = timezone.now() + rules.DISPATCH_LASTS + timedelta(days=1)
    assert actions.forget_exchanges(by=MACHINE, at=later) == 1


def test_who_may_have_events_sent(cast: Cast, subscription: Subscription, receiver: Receiver) -> None:
    other = cast.desk("puskesos").id
    for by in (cast.partner, cast.admin, cast.neighbour_manager):
        with pytest.raises((NotFound, NotAllowed)):
            actions.add_subscription(by=by, at=NOW, desk_id=other, url=receiver.url, events=EVENTS)
    with pytest.raises(actions.SubscriptionDeskUnusable):
        actions.add_subscription(
            by=cast.administrator, at=NOW, desk_id=other, url=receiver.url, events=EVENTS
        )
    for by in (cast.admin, cast.neighbour):
        assert queries.subscriptions_listed(by) == [] and queries.recent_dispatches(by) == []
        with pytest.raises(NotFound):
            actions.withdraw_subscription(by=by, at=NOW, subscription_id=subscription.id)
        with pytest.raises(NotFound):
            actions.change_subscription(by=by, at=NOW, subscription_id=subscription.id, active=False)
        with pytest.raises(NotFound):
            actions.test_subscription(by=by, at=NOW, subscription_id=subscription.id)
    for machine_only in (actions.gather_dispatches,):
        with pytest.raises(NotAllowed):
            machine_only(by=cast.administrator, at=NOW)
    with pytest.raises(NotAllowed):
        actions.send_dispatch(by=cast.administrator, at=NOW, dispatch_id=subscription.id)
    kinds = set(Line.objects.filter(subject_kind="subscription").values_list("kind", flat=True))
    assert kinds == {"subscription.add"}


# --- addresses --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://localhost/",
        "https://10.0.0.7/",
        "https://192.168.1.1:8443/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[fe80::1]/",
        "https://[fd00::1]/",
        "https://[fec0::1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://0.0.0.0/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://224.0.0.1/",
        "http://93.184.216.34/",
        "ftp://93.184.216.34/",
        "https://user@93.184.216.34/",
        "https://93.184.216.34\\@127.0.0.1/",
        "https://127.0.0.1#@93.184.216.34/",
        "https:// 93.184.216.34/",
        "https://93.184.216.34:0/",
        "javascript:alert(1)",
        "",
    ],
)
def test_addresses_inside_the_walls_are_refused(
    cast: Cast, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def looked_up(host: str, port: int, **_options: Any) -> Any:
        name = {"localhost": "127.0.0.1", "2130706433": "127.0.0.1", "0x7f.1": "127.0.0.1"}.get(host, host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (name, port))]

    monkeypatch.setattr(wire.socket, "getaddrinfo", looked_up)
    with pytest.raises(actions.TargetUnusable):
        actions.add_subscription(
            by=cast.administrator, at=NOW, desk_id=cast.desk("partner").id, url=url, events=EVENTS
        )
    assert not Subscription.objects.exists()


def test_a_name_that_later_points_inside_is_refused_when_sending(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter(["93.184.216.34", "127.0.0.1"])

    def looked_up(_host: str, port: int, **_options: Any) -> Any:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    monkeypatch.setattr(wire.socket, "getaddrinfo", looked_up)
    made = actions.add_subscription(
        by=cast.administrator, at=NOW, desk_id=cast.desk("partner").id, url="https://mitra.contoh.invalid/", events=EVENTS
    )  # fmt: skip
    actions.test_subscription(by=cast.administrator, at=NOW, subscription_id=made.subscription.id)
    assert send_all() == ["waiting"]
    assert Dispatch.objects.get().last_error == "address inside the walls"


def test_the_connection_goes_to_the_address_that_was_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[Any] = []

    def looked_up(_host: str, port: int, **_options: Any) -> Any:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", port))]

    def connected(address: Any, **_options: Any) -> Any:
        called.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(wire.socket, "getaddrinfo", looked_up)
    monkeypatch.setattr(wire.socket, "create_connection", connected)
    target = rules.read_target("https://mitra.contoh.invalid:8443/a")
    assert target is not None
    with pytest.raises(wire.Unreachable):
        wire.post(target, b"{}", {})
    assert called == [("93.184.216.34", 8443)]


def test_a_receiver_reads_its_name_without_the_usual_port(
    settings: Any, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, port = socket.create_connection, int(receiver.url.split(":")[2].split("/")[0])
    monkeypatch.setattr(wire, "_encrypted", lambda plain, _host: plain)
    monkeypatch.setattr(
        wire.socket, "create_connection", lambda _at, **given: real(("127.0.0.1", port), **given)
    )
    for secure, number in ((True, 443), (False, 80), (True, 8443)):
        wire.post(rules.Target(secure, "127.0.0.1", number, "/"), b"{}", {})
    assert [headers["Host"] for _path, headers, _body in receiver.got] == ["127.0.0.1"] * 2 + [
        "127.0.0.1:8443"
    ]


def test_a_receiver_that_drips_is_cut_off(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SIMPUL_WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    monkeypatch.setattr(wire, "LONGEST_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as server:
        target = rules.read_target(f"http://127.0.0.1:{server.getsockname()[1]}/")
        assert target is not None
        with pytest.raises(wire.Unreachable):
            wire.post(target, b"{}", {})


@given(value=st.ip_addresses())
def test_only_the_open_internet_may_be_called(value: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    if rules.may_call(value, []):
        assert value.is_global and not (value.is_loopback or value.is_private or value.is_link_local)
    plain = getattr(value, "ipv4_mapped", None) or value
    assert rules.may_call(value, [ipaddress.ip_network(plain)])
