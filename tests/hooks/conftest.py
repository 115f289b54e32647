"""A gateway of WhatsApp, a spool of the test's own, and a door that remembers nothing of the test before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from simpul.hooks import keeping, setups, views
from simpul.lib.spool import Spool
from simpul.messages import transports
from simpul.messages.models import Gateway
from simpul.messages.transports import whatsapp
from tests import cast as cast_module
from tests.cast import Cast
from tests.hooks import senders

Post = Callable[..., Any]


@pytest.fixture
def cast(db: Any) -> Cast:
    """The village with its officers."""
    return cast_module.assemble()


@pytest.fixture
def gateway(cast: Cast) -> Gateway:
    """The call centre's WhatsApp number."""
    return make_gateway(cast)


def make_gateway(cast: Cast, code: str = "wa", **more: Any) -> Gateway:
    """A WhatsApp gateway; keyword arguments change it."""
    columns: dict[str, Any] = {
        "kind": "whatsapp",
        "road": "whatsapp",
        "name": "WhatsApp Call Center",
        "settings": {"phone_number_id": senders.PHONE_ID},
        "secrets": f'{{"app_secret": "{senders.APP_SECRET}", "verify_token": "token-kami"}}',
        "desk": cast.desk("centre"),
        "region_code": "7602",
        "added_at": cast.now,
    }
    return Gateway.objects.create(code=code, **(columns | more))


@pytest.fixture(autouse=True)
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    """No gateway, no fault and no refusal of another test."""
    fresh = setups.Setups()
    monkeypatch.setattr(setups, "SETUPS", fresh)
    monkeypatch.setattr(views, "SETUPS", fresh)
    monkeypatch.setattr(keeping, "BREAKER", keeping.Breaker())
    monkeypatch.setattr(keeping, "REFUSALS", keeping.Refusals())
    monkeypatch.setattr(transports, "PROVIDERS", {**transports.PROVIDERS, "whatsapp": whatsapp})


@pytest.fixture
def spool(settings: Any, tmp_path: Path) -> Spool:
    """A spool of the test's own."""
    settings.SIMPUL_SPOOL = tmp_path / "spool"
    return Spool(settings.SIMPUL_SPOOL)


@pytest.fixture
def post(spool: Spool) -> Post:
    """Deliver bytes, signed unless another signature is given."""

    def run(body: bytes, path: str = "/hook/whatsapp/wa/", sign: str | None = None, **extra: Any) -> Any:
        signed = senders.signature(body) if sign is None else sign
        return Client(enforce_csrf_checks=True).post(
            path, data=body, content_type="application/json", headers={"X-Hub-Signature-256": signed}, **extra
        )

    return run
