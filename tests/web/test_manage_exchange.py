"""The pages for other programs: keys shown once, addresses for events, and events sent again."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from simpul.exchange import actions as exchange_actions
from simpul.exchange import queries as exchange_queries
from simpul.exchange.models import Dispatch, Subscription, Token
from simpul.jobs import schedule
from simpul.lib.actor import MACHINE
from tests import cast as cast_module
from tests.web.test_manage import entering

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Any:
    return cast_module.assemble()


@pytest.fixture
def admin(cast: Any) -> Client:
    return entering(cast)("administrator")


def test_a_key_is_issued_shown_once_and_withdrawn(cast: Any, admin: Client) -> None:
    sent = {
        "name": "Sistem Atap",
        "scopes": ["cases.read", "cases.write"],
        "desk_id": str(cast.desk("partner").id),
        "jurisdictions": "Mamuju",
        "days": "90",
        "per_minute": "60",
    }
    page = admin.post(reverse("manage_token_issue"), sent)
    found = re.search(r'id="secret">(spl_[\w-]{43})<', page.content.decode())
    assert page.status_code == 200 and found is not None
    token = exchange_queries.find_token(found[1], timezone.now())
    assert (
        token is not None
        and token.scopes == ["cases.read", "cases.write"]
        and token.jurisdictions == ["7602"]
    )
    listed = admin.get(reverse("manage_exchange")).content.decode()
    assert "Sistem Atap" in listed and token.prefix in listed and found[1] not in listed
    address = reverse("manage_token_withdraw", args=[token.id])
    assert admin.get(address).status_code == 200
    assert admin.post(address).status_code == 302
    assert exchange_queries.find_token(found[1], timezone.now()) is None


@pytest.mark.parametrize(
    ("changed", "status"),
    [({"name": ""}, 422), ({"scopes": []}, 422), ({"desk_id": ""}, 422), ({"days": "0"}, 422)],
)
def test_what_is_wrong_stands_beside_its_field(
    cast: Any, admin: Client, changed: dict[str, Any], status: int
) -> None:
    sent = {
        "name": "A",
        "scopes": ["cases.read"],
        "desk_id": str(cast.desk("partner").id),
        "days": "9",
        "per_minute": "9",
    }
    page = admin.post(reverse("manage_token_issue"), {**sent, **changed})
    assert page.status_code == status and not Token.objects.exists()


def test_an_address_is_added_tested_changed_and_ended(cast: Any, admin: Client, settings: Any) -> None:
    settings.SIMPUL_WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    sent = {"desk_id": str(cast.desk("partner").id), "url": "http://127.0.0.1:9/", "events": ["case.refer"]}
    page = admin.post(reverse("manage_subscription_add"), sent)
    assert "whsec_" in page.content.decode()
    row = Subscription.objects.get()
    assert admin.post(reverse("manage_subscription_test", args=[row.id])).status_code == 302
    outcome = schedule.dispatch_events(timezone.now())
    assert outcome.done == 1
    assert Dispatch.objects.get().last_error == "ConnectionRefusedError"
    assert "ConnectionRefusedError" in admin.get(reverse("manage_exchange")).content.decode()
    address = reverse("manage_subscription_change", args=[row.id])
    assert admin.get(address).status_code == 200
    assert admin.post(address, {"url": "http://127.0.0.1:9/b", "events": ["case.recall"]}).status_code == 302
    row.refresh_from_db()
    assert (row.url, row.events, row.active) == ("http://127.0.0.1:9/b", ["case.recall"], False)
    assert admin.post(reverse("manage_subscription_withdraw", args=[row.id])).status_code == 302
    assert not exchange_queries.subscriptions_listed(cast.administrator)


def test_an_event_is_sent_again_by_a_button(cast: Any, admin: Client, settings: Any) -> None:
    settings.SIMPUL_WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    at = timezone.now()
    made = exchange_actions.add_subscription(
        by=cast.administrator,
        at=at,
        desk_id=cast.desk("partner").id,
        url="http://127.0.0.1:9/",
        events=["case.refer"],
    )
    row = exchange_actions.test_subscription(
        by=cast.administrator, at=at, subscription_id=made.subscription.id
    )
    address = reverse("manage_dispatch_retry", args=[row.id])
    assert admin.post(address, follow=True).status_code == 200
    Dispatch.objects.update(state="dead", tries=10, settled_at=at - timedelta(days=1))
    assert address in admin.get(reverse("manage_exchange")).content.decode()
    admin.post(address)
    assert Dispatch.objects.get().state == "waiting"


def test_work_waits_only_when_there_is_something_to_tell(cast: Any) -> None:
    at = timezone.now()
    assert exchange_queries.anything_to_tell(at)
    exchange_actions.gather_dispatches(by=MACHINE, at=at)
    assert not exchange_queries.anything_to_tell(at)


@pytest.mark.parametrize("part", ["admin", "manager", "protection_officer", "neighbour"])
def test_others_find_nothing_here(cast: Any, part: str) -> None:
    client = entering(cast)(part)
    for name in ("manage_exchange", "manage_token_issue", "manage_subscription_add"):
        assert client.get(reverse(name)).status_code == 404
