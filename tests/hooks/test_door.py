"""The webhooks' door: kept first, answered at once, whatever comes; nothing unsigned is read."""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import time
from datetime import timedelta
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.db import IntegrityError, OperationalError, connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from simpul.hooks import keeping, setups, views
from simpul.jobs import schedule, spooled
from simpul.lib.actor import MACHINE
from simpul.lib.errors import NotFound
from simpul.lib.spool import Spool, SpoolFull
from simpul.messages import actions, transports
from simpul.messages.models import Delivery, Gateway, Incoming
from simpul.messages.rules import incoming as rules
from simpul.messages.transports import requests
from tests.cast import Cast
from tests.hooks import senders
from tests.hooks.conftest import Post, make_gateway

pytestmark = pytest.mark.django_db

BODY = senders.envelope([senders.text(1)])


# --- the handshake ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/hook/whatsapp/", "/hook/whatsapp/wa/"])
def test_the_handshake_gives_the_word_back_to_whoever_knows_the_token(gateway: Gateway, path: str) -> None:
    asked = {"hub.mode": "subscribe", "hub.verify_token": "token-kami", "hub.challenge": "1158201444"}
    answer = Client().get(path, asked)
    assert (answer.status_code, answer.content) == (200, b"1158201444")
    assert answer["Content-Type"].startswith("text/plain")
    for wrong in ({**asked, "hub.verify_token": "x"}, {}, {**asked, "hub.challenge": "<b>"}):
        assert Client().get(path, wrong).status_code == 404


# --- keeping ----------------------------------------------------------------------------------------------------------


def test_a_delivery_is_kept_raw_with_few_queries_and_no_cookie(gateway: Gateway, post: Post) -> None:
    post(senders.envelope([senders.text(0)]))  # the process knows its gateways now
    with CaptureQueriesContext(connection) as queries:
        answer = post(BODY)
    sent = [
        query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]
    ]  # the test's own transaction
    assert len(sent) <= 4, sent
    assert (answer.status_code, answer.content) == (200, b"")
    assert not answer.cookies and "no-cache" in answer["Cache-Control"]
    delivery = Delivery.objects.order_by("-received_at")[0]
    assert bytes(delivery.body) == BODY and delivery.state == "stored" and delivery.gateway == gateway
    assert delivery.sender == "127.0.0.1" and delivery.method == "POST"
    assert set(delivery.headers) == {"content-type", "x-hub-signature-256"}


def test_the_same_delivery_again_is_counted_and_answered_the_same(gateway: Gateway, post: Post) -> None:
    assert [post(BODY).status_code for _turn in range(4)] == [200] * 4
    assert Delivery.objects.get().repeats == 3


def test_several_gateways_on_one_address_are_told_apart(cast: Cast, post: Post) -> None:
    other = make_gateway(cast, "wa-bantaeng", settings={"phone_number_id": "20999"})
    mine = make_gateway(cast, "wa-mamuju")
    foreign = make_gateway(cast, "asing", secrets='{"app_secret": "lain"}')
    assert post(BODY, "/hook/whatsapp/").status_code == 200
    assert Delivery.objects.get().gateway == mine
    assert other.deliveries.count() == foreign.deliveries.count() == 0


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("/hook/whatsapp/nobody/", {}),
        ("/hook/telegram/wa/", {}),
        ("/hook/sms/wa/", {}),
        ("/hook/whatsapp/wa/", {"is_active": False}),
        ("/hook/whatsapp/", {"is_active": False}),
    ],
)
def test_an_unknown_gateway_is_not_found_and_leaves_nothing(
    gateway: Gateway, post: Post, path: str, change: dict[str, Any]
) -> None:
    Gateway.objects.update(**change) if change else None
    assert post(BODY, path).status_code == 404
    assert not Delivery.objects.exists()


def test_other_methods_are_refused(gateway: Gateway, spool: Spool) -> None:
    assert Client().put("/hook/whatsapp/wa/", data=BODY).status_code == 405
    assert Client().get("/hook/whatsapp/wa/").status_code == 404


# --- what may not be read ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sign", ["", "sha256=" + "0" * 64, "sha1=abc", senders.signature(BODY, "lain")])
def test_unsigned_and_wrongly_signed_is_refused_and_kept_shortened(
    gateway: Gateway, post: Post, sign: str
) -> None:
    long = senders.envelope([senders.text(1, "x" * 6_000)])
    assert post(long, sign=sign).status_code in (401, 403)
    kept = Delivery.objects.get()
    assert kept.state == "refused" and kept.reason and kept.size == len(long)
    assert len(kept.body) == rules.REFUSED_KEPT
    assert post(long).status_code == 200  # a forged copy does not stand in the way of the true one
    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["refused", "stored"]


def test_a_flood_of_refused_ones_is_counted_and_not_kept(
    gateway: Gateway, post: Post, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: cast.now)  # all within one hour
    for number in range(rules.REFUSED_PER_HOUR + 2 * rules.REFUSED_STEP):
        assert post(str(number).encode(), sign="").status_code == 401
    kept = Delivery.objects.filter(state="refused")
    assert kept.count() == rules.REFUSED_PER_HOUR + 1
    assert kept.get(reason__startswith="more were refused").repeats + 1 == 2 * rules.REFUSED_STEP
    assert post(BODY).status_code == 200


def test_too_large_is_refused_unread(gateway: Gateway, post: Post) -> None:
    assert post(b"x" * (rules.LARGEST_DELIVERY + 1)).status_code == 413
    assert not Delivery.objects.exists()
    large = senders.envelope([senders.text(1, "x" * 2_500_000)])  # above what a form may have
    assert post(large).status_code == 200


@pytest.mark.parametrize(("more", "status"), [({}, 200), ({"CONTENT_LENGTH": str(len(BODY) + 10)}, 400)])
def test_one_that_was_cut_off_comes_again(
    gateway: Gateway, spool: Spool, more: dict[str, str], status: int
) -> None:
    assert views.whatsapp(_request(more), "wa").status_code == status
    assert Delivery.objects.count() == (status == 200)


def test_one_without_a_length_is_read_to_its_end(gateway: Gateway, spool: Spool) -> None:
    chunked = {"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked"}
    assert views.whatsapp(_request(chunked), "wa").status_code == 200
    assert bytes(Delivery.objects.get().body) == BODY


def _request(more: dict[str, str]) -> WSGIRequest:
    signed = {"HTTP_X_HUB_SIGNATURE_256": senders.signature(BODY)}
    made = RequestFactory().post("/hook/whatsapp/wa/", data=BODY, content_type="application/json").environ
    return WSGIRequest({**made, "wsgi.input": io.BytesIO(BODY), **signed, **more})


def test_a_check_that_fails_refuses_and_the_door_stays_open(
    gateway: Gateway, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken:
        def check(self, *_given: object) -> None:
            raise RuntimeError("a fault of ours")

    with monkeypatch.context() as patch:
        patch.setattr(transports, "PROVIDERS", {"whatsapp": Broken()})
        assert post(BODY).status_code == 500
    assert Delivery.objects.get().reason == "could not be checked: RuntimeError"
    assert post(BODY).status_code == 200


@hypothesis_settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.binary(max_size=300),
    query=st.text(max_size=30),
    kind=st.sampled_from(["application/json", "text/html", "multipart/form-data; boundary=x", "\u00e9"]),
)
def test_whatever_comes_is_kept_or_refused(
    gateway: Gateway, post: Post, body: bytes, query: str, kind: str
) -> None:
    request = {
        "path": "/hook/whatsapp/wa/",
        "QUERY_STRING": query.encode("utf-8", "replace").decode("latin-1"),
    }
    path = str(request.pop("path"))
    answer = Client().post(
        path,
        data=body,
        content_type=kind,
        headers={"X-Hub-Signature-256": senders.signature(body)},
        **request,
    )
    assert answer.status_code == 200
    delivery = Delivery.objects.order_by("-id")[0]
    assert Delivery.objects.filter(digest=rules.digest(body)).exists()
    assert actions.read_delivery(by=MACHINE, at=delivery.received_at, delivery_id=delivery.id) in (
        "read",
        "broken",
    )


# --- while the database is away ---------------------------------------------------------------------------------------


@pytest.fixture
def no_database(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Storing fails as it does when the database is stopped or locked."""

    def down(**_given: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(actions, "store_delivery", down)
    return monkeypatch


def test_a_delivery_without_a_database_is_spooled_and_read_in_later(
    gateway: Gateway, post: Post, spool: Spool, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as away:
        away.setattr(actions, "store_delivery", _down)
        assert post(BODY).status_code == 200
        assert post(BODY).status_code == 200  # the provider sends it again
    assert not Delivery.objects.exists() and spool.length() == 2
    at = cast.now + timedelta(days=3)
    received = spooled_times(spool)
    assert schedule.read_spool(at).done == 2
    delivery = Delivery.objects.get()
    assert bytes(delivery.body) == BODY and delivery.repeats == 1 and delivery.gateway == gateway
    assert delivery.received_at == received[0]  # as of the moment when it came
    assert spool.length() == 0 and schedule.read_spool(at).done == 0
    assert schedule.read_deliveries(at).done == 1
    assert Incoming.objects.get().received_at == received[0]


def _down(**_given: object) -> None:
    raise OperationalError("database is locked")


def spooled_times(spool: Spool) -> list[Any]:
    return [requests.from_record(record.data).request.received_at for record in spool.take(10)]


def test_the_database_is_left_alone_for_a_moment_after_it_failed(
    gateway: Gateway, post: Post, spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as away:
        away.setattr(actions, "store_delivery", _down)
        post(BODY)
    assert not keeping.BREAKER.lets()
    post(senders.envelope([senders.text(2)]))
    assert not Delivery.objects.exists() and spool.length() == 2
    time.sleep(keeping.REST_SECONDS)
    post(senders.envelope([senders.text(3)]))
    assert Delivery.objects.count() == 1


def test_a_database_that_stays_away_is_tried_by_one_delivery_at_a_time_and_less_and_less_often(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = [100.0]
    monkeypatch.setattr(keeping.time, "monotonic", lambda: clock[0])
    breaker = keeping.Breaker()
    assert breaker.lets() and breaker.lets()
    rests = []
    for _failure in range(6):
        breaker.failed()
        start = clock[0]
        while not breaker.lets():
            clock[0] += 0.5
        rests.append(clock[0] - start)
        assert not breaker.lets()  # one is trying it out
    assert rests == [1.0, 2.0, 4.0, 8.0, 15.0, 15.0]
    breaker.answered()
    assert breaker.lets() and breaker.lets()


def test_the_signature_is_still_checked_without_a_database(
    gateway: Gateway, post: Post, spool: Spool, no_database: pytest.MonkeyPatch
) -> None:
    assert post(BODY, sign="sha256=" + "0" * 64).status_code == 403
    assert spool.length() == 0


def test_without_any_gateway_known_it_is_spooled_unchecked_and_checked_when_read_in(
    gateway: Gateway, post: Post, spool: Spool, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as away:
        away.setattr(setups.gateway_queries, "gateways", lambda **_given: _down())
        assert post(BODY, "/hook/whatsapp/").status_code == 200
        assert post(b"forged", sign="sha256=" + "0" * 64).status_code == 200
        assert post(BODY, "/hook/whatsapp/nobody/").status_code == 200
        assert post(b"x" * (rules.UNCHECKED_LARGEST + 1)).status_code == 503
        away.setattr(rules, "UNCHECKED_MOST", 3)
        answer = post(BODY)
        assert answer.status_code == 503 and answer["Retry-After"]
    assert spool.length() == 3
    assert schedule.read_spool(cast.now).done == 3
    stored = Delivery.objects.get(state="stored")
    assert stored.gateway == gateway and bytes(stored.body) == BODY
    refused = {delivery.reason: delivery for delivery in Delivery.objects.filter(state="refused")}
    assert set(refused) == {"wrong signature", "no gateway"}
    assert all("cookie" not in delivery.headers for delivery in Delivery.objects.all())


def test_when_even_the_disk_is_full_the_provider_is_asked_to_come_again(
    gateway: Gateway, post: Post, no_database: pytest.MonkeyPatch
) -> None:
    def full(_spool: Spool, _record: object) -> None:
        raise SpoolFull

    no_database.setattr(Spool, "add", full)
    answer = post(BODY)
    assert answer.status_code == 503 and answer["Retry-After"] == views.RETRY_AFTER


def test_a_spooled_record_that_nobody_can_read_is_laid_aside_and_said(
    gateway: Gateway, spool: Spool, cast: Cast, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool.add({"what": "something else"})
    with monkeypatch.context() as away:
        away.setattr(actions, "store_delivery", _down)
        post(BODY)
    outcome = schedule.read_spool(cast.now)
    assert outcome.done == 1 and "laid aside" in outcome.error
    assert spool.laid_aside() == 1 and spool.length() == 0


def test_one_that_no_database_ever_takes_does_not_stop_the_others(
    gateway: Gateway, spool: Spool, cast: Cast, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as away:
        away.setattr(actions, "store_delivery", _down)
        post(BODY)
        post(BODY + b" ")
    store, calls = actions.store_delivery, []

    def broken_once(**given: Any) -> Any:
        calls.append(given)
        if len(calls) == 1:
            raise IntegrityError("violates a constraint")
        return store(**given)

    monkeypatch.setattr(actions, "store_delivery", broken_once)
    assert spooled.read_in(cast.now) == (1, 1)
    assert (spool.length(), spool.laid_aside()) == (0, 1)


def test_the_spool_waits_while_the_database_is_away(
    gateway: Gateway, spool: Spool, cast: Cast, post: Post, no_database: pytest.MonkeyPatch
) -> None:
    post(BODY)
    with pytest.raises(OperationalError):
        spooled.read_in(cast.now)
    assert spool.length() == 1 and spool.laid_aside() == 0


def test_a_locked_database_keeps_a_provider_waiting_for_a_short_time_only() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no lock around all writers")
    with keeping._impatient():
        assert connection._wait == keeping.WAIT_SECONDS  # type: ignore[attr-defined]
    assert connection._wait > keeping.WAIT_SECONDS  # type: ignore[attr-defined]


def test_nobody_but_the_machine_keeps_deliveries(cast: Cast, gateway: Gateway) -> None:
    request = transports.RawRequest("POST", BODY)
    with pytest.raises(NotFound):
        actions.store_delivery(
            by=cast.admin,
            at=cast.now,
            gateway_id=gateway.id,
            request=request,
            verdict=transports.Verdict(ok=True),
        )


def test_the_phone_of_a_volunteer_delivers_too(cast: Cast, spool: Spool, settings: Any) -> None:
    if "android" not in transports.PROVIDERS:
        pytest.skip("no such kind")
    make_gateway(
        cast,
        "hp",
        kind="android",
        road="sms",
        settings={},
        secrets=json.dumps({"signing_key": senders.SIGNING_KEY}),
    )
    stamp = str(int(time.time()))
    body = senders.android("TOLONG", int(stamp))
    signed = hmac.new(senders.SIGNING_KEY.encode(), body + stamp.encode(), hashlib.sha256).hexdigest()
    for sent, status in ((signed, 200), ("0" * 64, 401)):
        answer = Client().post(
            "/hook/sms/hp/", data=body, content_type="application/json",
            headers={"X-Timestamp": stamp, "X-Signature": sent},
        )  # fmt: skip
        assert answer.status_code == status
